"""The list of erasures that lies beside the database and in no backup, so that a restored one forgets them too.

`erasures.jsonl` in the data folder, a line of JSON for each: the person's number, when they joined, when they were
erased, what they chose, and a keyed hash of number and joining, by which another database's person 7 is not taken for
this one. Neither a name nor an address.

A line must stand for an erasure that happened, and none that happened may be missing. So it is written after the
commit, from the act that the erasure has left in the database; a task of the same transaction does it where the
process was killed in between, and the daily sweep where the file was lost. Written before the commit, a line could
name somebody whose erasure failed, and a restore would erase an account that its owner has kept.
"""

import datetime
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from plenara.accounts.models import Person
from plenara.core.models import Act

VERB = "person.erased"


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    person: int
    joined_at: datetime.datetime
    at: datetime.datetime
    choice: str
    mark: str

    def line(self) -> str:
        """Return the entry as the file has it."""
        told = {
            "person": self.person,
            "joined_at": self.joined_at.isoformat(),
            "at": self.at.isoformat(),
            "choice": self.choice,
            "mark": self.mark,
        }
        return json.dumps(told) + "\n"


class Unreadable(ValueError):
    """A line that is not one of ours. The number of the line is its argument."""


def path() -> Path:
    """Return where the list lies."""
    return Path(settings.DATA) / "erasures.jsonl"


def mark_of(person: Person, key: str = "") -> str:
    """Return the keyed hash that names a person of this database, whatever becomes of their row."""
    own = hmac.new((key or settings.SECRET_KEY).encode(), b"plenara.erasures", hashlib.sha256).digest()
    joined_at = person.joined_at.astimezone(datetime.UTC).isoformat()
    return hmac.new(own, f"{person.pk}:{joined_at}".encode(), hashlib.sha256).hexdigest()


def read(file: Path) -> list[Entry]:
    """Return the entries of a list; none of one that is not there. Raises `Unreadable`, `OSError`."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8") as lines:
        return list(_entries(lines))


def _entries(lines: Iterable[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        # The last line of a process that was killed while it wrote has no end; the next writer writes it again.
        if not line.endswith("\n") or not line.strip():
            continue
        try:
            yield _entry(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(number) from error


def _entry(told: dict[str, Any]) -> Entry:
    joined_at, at = (datetime.datetime.fromisoformat(told[name]) for name in ("joined_at", "at"))
    if joined_at.tzinfo is None or at.tzinfo is None:
        raise ValueError
    return Entry(int(told["person"]), joined_at, at, str(told["choice"]), str(told["mark"]))


def bring_up_to_date() -> int:
    """Write down the erasures of this database that the list does not name yet; return how many."""
    return add(_happened())


def missing() -> int:
    """Return how many erasures of this database the list does not name."""
    known = {each.mark for each in read(path())}
    return sum(each.mark not in known for each in _happened())


def _happened() -> Iterator[Entry]:
    for act in Act.objects.filter(verb=VERB).order_by("pk"):
        joined_at = datetime.datetime.fromisoformat(act.details["joined_at"])
        yield Entry(int(act.about_id), joined_at, act.at, act.details["choice"], act.details["mark"])


def add(entries: Iterable[Entry]) -> int:
    """Add entries to the list, each once, and return how many were new. They are on the disk when this returns."""
    with os.fdopen(os.open(path(), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = file.read()
        kept = whole[: whole.rfind(b"\n") + 1]
        known = {each.mark for each in _entries(kept.decode().splitlines(keepends=True))}
        new = {each.mark: each for each in entries if each.mark not in known}
        if not new:
            return 0
        # What a killed process has left of a line is written over.
        file.seek(len(kept))
        file.truncate()
        file.write("".join(each.line() for each in new.values()).encode())
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the file's name too
    finally:
        os.close(folder)
    return len(new)


@dataclass
class Standing:
    """What a list says of this database: who is still here, and how many seem to be, by a mark of another key."""

    here: list[Entry]
    doubtful: int = 0


def standing(keys: Iterable[str] = ()) -> Standing:
    """Hold the list against the database. `keys` are further secret keys whose marks are believed."""
    found = Standing([])
    entries = read(path())
    persons = Person.objects.in_bulk([each.person for each in entries])
    for entry in entries:
        person = persons.get(entry.person)
        if person is None or person.joined_at != entry.joined_at:
            continue
        if any(hmac.compare_digest(mark_of(person, key), entry.mark) for key in ("", *keys)):
            found.here.append(entry)
        else:
            found.doubtful += 1
    return found
