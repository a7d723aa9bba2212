"""Starting the front process: its socket, the file with its settings, and restarts."""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from plenara.core.languages import NAMES, django_code, html_code
from plenara.core.rows import Json
from plenara.front import children
from plenara.operations import environment

#: The most bytes of the path of a socket (sun_path, less the zero at its end).
_LONGEST_PATH = 107
_START = "import sys; from plenara.front.process import main; main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"


@contextlib.contextmanager
def sockets(listener: socket.socket) -> Iterator[Path]:
    """Listen on the public socket, and yield the path of the one that Django listens on behind it."""
    from django.conf import settings

    folder = Path(settings.DATA) / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    with contextlib.ExitStack() as stack:
        behind = folder / f"behind-{os.getpid()}.sock"
        if len(os.fsencode(behind)) > _LONGEST_PATH:
            behind = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plenara-"))) / "behind.sock"
        stack.enter_context(listener)
        listener.listen(1024)
        stack.callback(behind.unlink, missing_ok=True)
        yield behind


@contextlib.contextmanager
def front(
    listener: socket.socket, behind: Path, *, processes: int, threads: int, is_passed: bool = False
) -> Iterator[Callable[[], None]]:
    """Keep the front process running beside the block; yield a function that stops it.

    Behind it are `processes` processes of Django with `threads` threads each. A socket that was passed stays open.
    """
    from django.conf import settings

    from plenara.operations.server import restarted_when_dead

    file = Path(settings.DATA) / "run" / f"front-{os.getpid()}.json"
    file.touch(mode=0o600)
    own = {"processes": processes, "threads": threads, "is_passed": is_passed}
    file.write_text(json.dumps({**_front_settings(behind), **own}))

    def start() -> subprocess.Popen[bytes]:
        command = children.command(_START, str(os.getpid()), str(file), str(listener.fileno()))
        return subprocess.Popen(
            command, env=children.environment(), start_new_session=True, pass_fds=[listener.fileno()]
        )

    try:
        with restarted_when_dead("front process", start) as stop:
            yield stop
    finally:
        file.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Delete the remains of killed servers."""
    for file in folder.iterdir():
        number = file.stem.rpartition("-")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            file.unlink(missing_ok=True)


def _front_settings(behind: Path) -> Json:
    """Return the settings of the front, which loads neither Django nor its settings."""
    from django.conf import settings

    return {
        "behind": str(behind),
        "cache_bytes": environment.number("PLENARA_CACHE_MB") * 1_000_000,
        "database": _database(),
        "hosts": settings.ALLOWED_HOSTS,
        "logging": {**settings.LOGGING, "loggers": {}},
        "observation": settings.OBSERVATION,
        "redis_url": environment.text("PLENARA_REDIS_URL"),
        "sorry": {language: _sorry(language) for language in NAMES},
        "static_root": str(settings.STATIC_ROOT),
        "trusted_proxies": settings.TRUSTED_PROXIES,
    }


def _database() -> str | dict[str, str | int]:
    """Return the database of the revisions, which is that of the pages: a file, or the parameters of a server."""
    from django.db import connections

    connection = connections["replica" if "replica" in connections.settings else "default"]
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    parameters = connection.get_connection_params()
    # The front sets its own timeouts: its reading must never hang.
    own = {"connect_timeout", "options", "tcp_user_timeout"}
    return {name: value for name, value in parameters.items() if isinstance(value, str | int) and name not in own}


def _sorry(language: str) -> dict[str, str]:
    """Return the front's own error pages in a language, by kind: see `Relay`.

    For a reader, that the site is unavailable; for a sender of a form, why it was refused, with what was sent in the
    place of the mark, or without it if nothing can be shown again.
    """
    from django.template.loader import render_to_string
    from django.utils import translation

    from plenara.front.relay import NOT_TAKEN
    from plenara.front.resubmission import MARK
    from plenara.operations.resubmission import Field, Sent

    def page(template: str, sent: Sent | None = None, **more: object) -> str:
        context = {"lang": language, "html_lang": html_code(language), "sent": sent or Sent(), **more}
        return render_to_string(template, context)

    unavailable, cut = "core/away.html", "core/not_taken.html"
    marked = Sent(fields=[Field("given-back-here", "")])
    with translation.override(django_code(language)):
        pages = {"read": page(unavailable, is_form=False)}
        for kind in ("form", "unsure"):
            is_unsure = kind == "unsure"
            pages[kind] = page(unavailable, marked, is_form=True, is_unsure=is_unsure, with_files=True)
            pages[f"{kind} empty"] = page(unavailable, is_form=True, is_unsure=is_unsure)
        for status, kind in NOT_TAKEN.items():
            pages[kind], pages[f"{kind} empty"] = page(cut, marked, status=int(status)), page(cut, status=int(status))
    assert all((MARK in text) != (kind == "read" or kind.endswith(" empty")) for kind, text in pages.items())
    return pages
