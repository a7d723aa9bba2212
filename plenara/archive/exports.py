"""A consultation's record as files to download: made when the record has changed, kept until it changes again.

`$PLENARA_DATA/exports/{slug}/` holds the files under their SHA-256 and `made.json`, which says what they are; it is put
in place last, so a kill leaves the earlier ones standing. All of it can be deleted: it is made again.

A small record is made while somebody waits for it, in well under a second, so that its files are never behind it.
A large one is made by an errand, at most once an hour.
"""

import datetime
import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Sum
from django.utils import translation

from plenara.archive.bundle.exporting.bundle import export
from plenara.archive.bundle.writing import Unwritable, written
from plenara.archive.finding import public_consultations
from plenara.archive.formats import tables
from plenara.archive.scope import Scope, with_words
from plenara.archive.spool import spooled
from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.ledger.actions import owe
from plenara.ledger.models import Errand, Revision
from plenara.ledger.transaction import writes

log = logging.getLogger("plenara.exports")

BUNDLE, CSV = "bundle.zip", "contributions.csv"
ERRAND = "archive.make_export"
#: A large record is made at most this often.
PAUSE = datetime.timedelta(hours=1)
#: What is small: contributions, and bytes of the papers with them. Measured: half a second for both at once.
SMALL, SMALL_PAPERS = 500, 2_000_000


@dataclass(frozen=True)
class File:
    """One file of an export."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Made:
    """What was made of a consultation: of which revision of its record, when that stood, and when it was made."""

    folder: Path
    of: str
    revision: int
    changed_at: datetime.datetime
    made_at: datetime.datetime
    files: dict[str, File]

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.folder / self.files[name].sha256


class Busy(Exception):
    """Another process makes it just now."""


def made(consultation: Consultation) -> Made | None:
    """Return what was made of a consultation last, whatever has changed since."""
    folder = settings.DATA / "exports" / consultation.slug
    try:
        told = json.loads((folder / "made.json").read_text())
        files = {name: File(**file) for name, file in told["files"].items()}
        at, made_at = (datetime.datetime.fromisoformat(told[name]) for name in ("changed_at", "made_at"))
        found = Made(folder, told["of"], told["revision"], at, made_at, files)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # A database that was made anew counts its revisions from the beginning.
    return found if found.of == _name(consultation) else None


def for_download(consultation: Consultation) -> Made | None:
    """Return what to serve: of the record as it is where it is small, else the last that was made, if any."""
    found = made(consultation)
    if found and found.revision == _revision(consultation)[0]:
        return found
    if not is_small(consultation):
        return found
    try:
        return make(consultation, wait=False)
    except Busy:
        return found
    except (Unwritable, OSError):
        log.exception("export not made")
        return found


def is_small(consultation: Consultation) -> bool:
    """Say whether a record can be made while somebody waits. One query."""
    if consultation.last_number > SMALL:
        return False
    papers = Edition.objects.filter(consultation=consultation, paper__isnull=False)
    return (papers.aggregate(bytes=Sum("paper__size"))["bytes"] or 0) <= SMALL_PAPERS


def make(consultation: Consultation, *, wait: bool = True) -> Made:
    """Make the files of the record as it is, unless they are there. Raises `Busy` where it may not wait."""
    folder = settings.DATA / "exports" / consultation.slug
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder, wait=wait):
        # Read before the record: what changes meanwhile makes this stale, never the other way round.
        revision, changed_at = _revision(consultation)
        found = made(consultation)
        if found and found.revision == revision:
            return found
        with tempfile.TemporaryDirectory(prefix="part.", dir=folder) as part:
            parts = {BUNDLE: Path(part) / BUNDLE, CSV: Path(part) / CSV}
            with written(parts[BUNDLE]) as target:
                export(consultation, target)
            _write_csv(consultation, parts[CSV])
            files = {name: _file(path) for name, path in parts.items()}
            for name, path in parts.items():
                path.replace(folder / files[name].sha256)
            new = Made(folder, _name(consultation), revision, changed_at, clock.now(), files)
            _tell(new, Path(part))
        _clear(new)  # still alone: nobody else has begun to make anything
        return new


def owe_exports() -> int:
    """Owe what is to be made of the large records that have changed; return how many. The worker asks now and then."""
    shelves = {each.shelf: each for each in public_consultations()}
    revisions = dict(Revision.objects.filter(shelf__in=shelves).values_list("shelf", "number"))
    open_ones = Errand.objects.filter(kind=ERRAND, done_at=None, failed_at=None).values_list("arguments", flat=True)
    owed = {arguments.get("consultation_id") for arguments in open_ones}
    count = 0
    for shelf, consultation in shelves.items():
        revision, found = revisions.get(shelf, 0), made(consultation)
        if consultation.pk in owed or (found and found.revision == revision):
            continue
        due = max(clock.now(), found.made_at + PAUSE) if found else clock.now()
        with writes():
            owe(ERRAND, key=f"export-{consultation.pk}-{revision}", due_at=due, consultation_id=consultation.pk)
        count += 1
    return count


def expected_at(consultation: Consultation) -> datetime.datetime:
    """Return when the first files of a large record can be expected. One query."""
    owed = Errand.objects.filter(kind=ERRAND, done_at=None, failed_at=None, arguments__consultation_id=consultation.pk)
    due = owed.values_list("due_at", flat=True).first()
    return max(due or clock.now(), clock.now()) + datetime.timedelta(minutes=5)


def _name(consultation: Consultation) -> str:
    return f"{consultation.pk} {consultation.created_at.isoformat()}"


def _revision(consultation: Consultation) -> tuple[int, datetime.datetime]:
    found = Revision.objects.filter(shelf=consultation.shelf).values_list("number", "at").first()
    return found or (0, consultation.created_at)


@contextmanager
def _alone(folder: Path, *, wait: bool) -> Iterator[None]:
    """Hold the folder; the kernel lets go of it when we are killed."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield


def _write_csv(consultation: Consultation, path: Path) -> None:
    scope = Scope(consultation)
    questions = dict(consultation.threads.values_list("pk", "number"))
    editions = with_words(scope.editions()).order_by("number").iterator(200)
    # In one language, whoever asked for it: addresses have one.
    with translation.override("en"), path.open("xb") as out:
        with spooled(tables.as_csv(tables.row(each, scope, questions) for each in editions)) as file:
            while piece := file.read(65_536):
                out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _file(path: Path) -> File:
    with path.open("rb") as file:
        return File(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _tell(new: Made, part: Path) -> None:
    told = {
        "of": new.of,
        "revision": new.revision,
        "changed_at": new.changed_at.isoformat(),
        "made_at": new.made_at.isoformat(),
        "files": {name: vars(file) for name, file in new.files.items()},
    }
    file = part / "made.json"
    file.write_text(json.dumps(told))
    file.replace(new.folder / "made.json")


def _clear(new: Made) -> None:
    """Take away what was made before, and what a kill left. Whoever reads one of these has it open, and keeps it."""
    kept = {"made.json", "lock", *(file.sha256 for file in new.files.values())}
    for path in new.folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in kept:
            path.unlink(missing_ok=True)
