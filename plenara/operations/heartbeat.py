"""Heartbeat files of this machine's processes in the data folder: of the worker, and of the last backup.

They are hints for operators. Nothing depends on them, so that nothing fails if they cannot be
written.
"""

import contextlib
import datetime
import json
import shutil
import time
from pathlib import Path

from django.conf import settings

from plenara.core import clock
from plenara.core.rows import Json
from plenara.email import delivery

#: Seconds between two heartbeats of a worker, and without one before a warning.
PAUSE, SILENCE = 10.0, 300
WORKER, BACKUP = "run/worker.json", "last-backup"

_last_sign = float("-inf")


def worker_lives() -> None:
    """Write the heartbeat of a worker, with the e-mails that it has sent since its start."""
    global _last_sign
    if time.monotonic() - _last_sign < PAUSE:
        return
    _last_sign = time.monotonic()
    _leave(WORKER, {"at": clock.now().isoformat(), "emails": dict(delivery.delivery_counts)})


def backup_made() -> None:
    """Record that a backup was made now."""
    _leave(BACKUP, {"at": clock.now().isoformat()})


def worker() -> tuple[datetime.datetime | None, dict[str, int]]:
    """Return the last heartbeat of a worker of this machine, and its counts of e-mails; None if there is none."""
    found = _read(WORKER)
    return _moment(found), {str(name): int(count) for name, count in found.get("emails", {}).items()}


def last_backup() -> datetime.datetime | None:
    """Return when `plenara backup` last made a backup on this machine."""
    return _moment(_read(BACKUP))


def free_bytes() -> int:
    """Return how many bytes are free on the disk of the data folder."""
    return shutil.disk_usage(settings.DATA).free


def _leave(name: str, data: Json) -> None:
    path = Path(settings.DATA) / name
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_text(json.dumps(data))
        part.replace(path)


def _read(name: str) -> Json:
    try:
        return dict(json.loads((Path(settings.DATA) / name).read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def _moment(found: Json) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(found["at"])
    except (KeyError, TypeError, ValueError):
        return None
