"""Who uses the data of an installation on this machine: servers and workers together, or an upgrade alone.

It is a lock that the kernel frees when its holder is killed. What older versions and other machines do, the upgrade
asks the database for.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plenara.web.terminal import Failed

NAME = "in-use.lock"
#: Seconds that a server which was told to stop has before an upgrade is refused because of it.
PATIENCE = 5.0


@contextmanager
def in_use() -> Iterator[None]:
    """Keep an upgrade away during the block. Raises `Failed` while one runs."""
    with _file() as file:
        if not _locked(file, fcntl.LOCK_SH, 0.0):
            raise Failed("`plenara upgrade` is at work on this data: start again when it has ended.")
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Keep servers, workers and other upgrades away during the block. Raises `Failed` while there is one."""
    with _file() as file:
        if not _locked(file, fcntl.LOCK_EX, PATIENCE):
            raise Failed("Plenara is running on this data: stop it first (systemctl stop plenara).")
        yield


def _file() -> IO[str]:
    from django.conf import settings

    return (Path(settings.DATA) / NAME).open("a")


def _locked(file: IO[str], how: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.1)
        else:
            return True
