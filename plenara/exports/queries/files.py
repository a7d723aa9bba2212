"""The files of a consultation: their names, what was made of them, and whether it may be served."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass

from plenara.consultations.models import Consultation
from plenara.core.cache_tags import withdrawn_from
from plenara.core.models import Revision
from plenara.core.store import Stored, exports
from plenara.events.models import CACHE_TAG as CALENDAR
from plenara.exports.presenters.dictionary import DICTIONARY, METADATA
from plenara.outcomes.queries.consultations import quoted_elsewhere, with_meetings

BUNDLE, CSV, JSON_LINES, TEXT, FIGURES, BAG = (
    "bundle.zip",
    "contributions.csv",
    "contributions.jsonl",
    "contributions.txt",
    "figures.json",
    "bagit.zip",
)

#: By name, in the order in which a page lists them: the media type.
FILES = {
    CSV: "text/csv; charset=utf-8; header=present",
    DICTIONARY: "text/csv; charset=utf-8; header=present",
    METADATA: "application/csvm+json",
    JSON_LINES: "application/jsonl; charset=utf-8",
    TEXT: "text/plain; charset=utf-8",
    FIGURES: "application/json; charset=utf-8",
    BUNDLE: "application/zip",
    BAG: "application/zip",
}


@dataclass(frozen=True)
class File:
    """One file of an export."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Record:
    """How a consultation's record stands: its revision, how often something may have gone, when it changed last."""

    revision: int
    gone: int
    changed_at: datetime.datetime


@dataclass(frozen=True)
class Made:
    """What was made of a consultation, from which record, how, and when."""

    folder: Stored
    of: str
    how: str
    record: Record
    made_at: datetime.datetime
    files: dict[str, File]

    def path(self, name: str) -> Stored:
        """Return where a file lies."""
        return self.folder / self.files[name].sha256

    def download_name(self, name: str) -> str:
        """Return what a file is called on a reader's disk: it says of what record it is, and of when (ISO 8601)."""
        return f"{self.folder.name}-{self.record.changed_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}-{name}"

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files.values())

    def is_of(self, record: Record, how: str) -> bool:
        """Say whether it is of a record as that stands, made as it would be made now."""
        return (self.record.revision, self.record.gone, self.how) == (record.revision, record.gone, how)

    def is_whole(self, names: Iterable[str] = FILES) -> bool:
        """Say whether every file is there, in its size. No byte of them is read: the folder is listed once."""
        there = self.folder.listed()
        known = [self.files.get(name) for name in names]
        return all(file and file.sha256 in there and there[file.sha256].size == file.size for file in known)


def folder_of(consultation: Consultation) -> Stored:
    """Return where a consultation's files lie."""
    return exports() / consultation.slug


def name_of(consultation: Consultation) -> str:
    """Return what tells a consultation from one of a database that was made anew, which counts from the beginning."""
    return f"{consultation.pk} {consultation.created_at.isoformat()}"


def record_of(consultation: Consultation) -> Record:
    """Return how a record stands. Three queries.

    Its outcomes quote contributions to other consultations too, and its meetings are events of the calendar: what goes
    from there goes from here.
    """
    cache_tag, others = consultation.cache_tag, quoted_elsewhere([consultation.pk])[consultation.pk]
    gone = withdrawn_tags(consultation, others, has_meetings=bool(with_meetings([consultation.pk])))
    found = Revision.objects.filter(cache_tag__in=[cache_tag, *gone]).values_list("cache_tag", "number", "at")
    rows = {name: (number, at) for name, number, at in found}
    revision, changed_at = rows.get(cache_tag, (0, consultation.created_at))
    return Record(revision, sum(rows[name][0] for name in gone if name in rows), changed_at)


def withdrawn_tags(consultation: Consultation, others: Iterable[int], *, has_meetings: bool) -> list[str]:
    """Return the cache tags that say how often something has gone that the files of a consultation may hold."""
    calendar = [withdrawn_from(CALENDAR)] if has_meetings else []
    return [*(withdrawn_from(f"consultation:{pk}") for pk in (consultation.pk, *others)), *calendar]


def made(consultation: Consultation) -> Made | None:
    """Return what was made last, whatever has changed since; None where it is not whole, or another database's."""
    found = read_made(consultation)
    return found if found and found.is_whole() else None


def read_made(consultation: Consultation) -> Made | None:
    """Return what `made.json` says, whether or not the files are there."""
    return read_made_in(folder_of(consultation), name_of(consultation))


def read_made_in(folder: Stored, of: str) -> Made | None:
    """Return what `made.json` in a folder says, if it is of what has this name. Raises `Away`."""
    try:
        said = json.loads((folder / "made.json").read_text())
        files = {name: File(**file) for name, file in said["files"].items()}
        changed_at, made_at = (datetime.datetime.fromisoformat(said[name]) for name in ("changed_at", "made_at"))
        record = Record(said["revision"], said["gone"], changed_at)
        found = Made(folder, said["of"], said["how"], record, made_at, files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if found.of == of else None


def for_download(consultation: Consultation) -> Made | None:
    """Return what may be served now; None where nothing is made, or something may have gone since. Three queries."""
    found = made(consultation)
    return found if found and found.record.gone == record_of(consultation).gone else None
