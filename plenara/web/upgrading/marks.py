"""The mark of an upgrade under way: whoever finds one knows that it was interrupted, and what it left behind."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from plenara.core import clock

NAME = "upgrade.json"


@dataclass(frozen=True)
class Mark:
    """When an upgrade began, and the backup that it makes."""

    began_at: str
    backup: str


def path() -> Path:
    """Return where the mark lies."""
    return Path(settings.DATA) / NAME


def put(backup: Path) -> None:
    """Write down that an upgrade begins now."""
    mark = Mark(f"{clock.now():%Y-%m-%d %H:%M} UTC", str(backup))
    part = path().with_name(f"{NAME}.{secrets.token_hex(4)}")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(mark)))
    part.replace(path())


def found() -> Mark | None:
    """Return the mark of an upgrade that was interrupted, where there is one."""
    try:
        return Mark(**json.loads(path().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return Mark("", "")  # the power went while it was written: it says that much


def remove() -> None:
    """Take the mark away: the upgrade has ended, one way or the other."""
    path().unlink(missing_ok=True)


def clear_after(mark: Mark) -> None:
    """Take away the mark of an interrupted upgrade, and the part of a backup that it left."""
    if mark.backup:
        backup = Path(mark.backup)
        for part in backup.parent.glob(f".{backup.name}.*.part"):
            part.unlink(missing_ok=True)
    for part in path().parent.glob(f"{NAME}.*"):
        part.unlink(missing_ok=True)
    remove()
