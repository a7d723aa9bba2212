"""The demo's folder: its path, its mark, and checks that a demo is never confused with an installation."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from plenara.operations import environment

NAME = "demo"
MARK = "this-is-a-demo"

type Environment = MutableMapping[str, str]


def require_harmless(names: Environment) -> None:
    """Raise `ImproperlyConfigured` if the environment is that of an installation that people use."""
    if names.get("PLENARA_DATABASE_URL"):
        raise ImproperlyConfigured(
            "PLENARA_DATABASE_URL is set, so this is an installation. A demo has its own database. Unset it to run a "
            "demo."
        )
    site = urlsplit(names.get("PLENARA_SITE_URL", ""))
    if site.geturl() and (site.scheme != "http" or site.hostname not in environment.LOOPBACK):
        raise ImproperlyConfigured(
            "PLENARA_SITE_URL is an address that others can reach, so this is an installation. Unset it to run a demo."
        )


@contextlib.contextmanager
def alone(names: Environment) -> Iterator[None]:
    """Let the settings that are read in the block be the demo's: its own folder and key, no e-mail, no other host."""
    saved = dict(names)
    folder = environment.data_folder() / NAME
    for name in environment.DEFAULTS:
        if name != "PLENARA_SITE_URL":
            names.pop(name, None)
    names["PLENARA_DATA"] = str(folder)
    names["PLENARA_LOG_LEVEL"] = saved.get("PLENARA_LOG_LEVEL", "WARNING")
    try:
        yield
    finally:
        for name in environment.DEFAULTS:
            names.pop(name, None)
        names.update(saved)


def is_marked(folder: Path) -> bool:
    """Return whether `plenara demo` made a folder."""
    return (folder / MARK).is_file()


def mark(folder: Path) -> None:
    """Create a folder, and mark it as a demo's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).write_text("Created by `plenara demo`. `plenara demo --reset` deletes this folder.\n")


@contextlib.contextmanager
def workshop(base: Path) -> Iterator[Path]:
    """Yield a folder in which a demo is built, and put the demo in place when the block ends.

    Built elsewhere and renamed, the demo exists completely or not at all. One is built at a time; the remains of a
    killed build are deleted.
    """
    for left in base.glob(f"{NAME}.building-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{NAME}.building-", dir=base))
    try:
        mark(folder / NAME)
        yield folder
        (folder / NAME).rename(base / NAME)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def turn(base: Path) -> Iterator[None]:
    """Allow one demo at a time to be built or reset in a data folder. The folder itself is the lock."""
    lock = os.open(base, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Prevent a reset of a demo while it runs."""
    with (folder / MARK).open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def delete(folder: Path) -> bool:
    """Delete a demo; return whether it was possible: not while it runs."""
    with (folder / MARK).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # Renamed first: a half-deleted folder must not count as a demo.
        doomed = Path(tempfile.mkdtemp(prefix=f"{NAME}.building-", dir=folder.parent))
        folder.rename(doomed / NAME)
    shutil.rmtree(doomed, ignore_errors=True)
    return True


def environment_of(base: Path, port: int) -> dict[str, str]:
    """Return the environment of a demo's processes."""
    return {
        **os.environ,
        "PLENARA_DATA": str(base),
        "PLENARA_SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "plenara.config.demo_settings",
    }
