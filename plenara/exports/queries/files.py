"""The files of a consultation: their names, their description, and whether they may be served."""

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

#: By name, in the order of the page: the media type.
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
    """The state of a consultation's record: its revision, the number of withdrawals, its last change."""

    revision: int
    gone: int
    changed_at: datetime.datetime


@dataclass(frozen=True)
class Made:
    """The files of a consultation: the record that they are from, the settings, and the time."""

    folder: Stored
    of: str
    how: str
    record: Record
    made_at: datetime.datetime
    files: dict[str, File]

    def path(self, name: str) -> Stored:
        """Return the path of a file."""
        return self.folder / self.files[name].sha256

    def download_name(self, name: str) -> str:
        """Return the name of a file on a reader's disk: with the record and the time (ISO 8601)."""
        return f"{self.folder.name}-{self.record.changed_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}-{name}"

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files.values())

    def is_of(self, record: Record, how: str) -> bool:
        """Return whether it is of this state of a record, created with the present settings."""
        return (self.record.revision, self.record.gone, self.how) == (record.revision, record.gone, how)

    def is_whole(self, names: Iterable[str] = FILES) -> bool:
        """Return whether every file exists, in its size. No byte of them is read: the folder is listed once."""
        there = self.folder.listed()
        known = [self.files.get(name) for name in names]
        return all(file and file.sha256 in there and there[file.sha256].size == file.size for file in known)


def folder_of(consultation: Consultation) -> Stored:
    """Return the folder of a consultation's files."""
    return exports() / consultation.slug


def name_of(consultation: Consultation) -> str:
    """Return the name that distinguishes a consultation from one of a recreated database, which counts from 1 again."""
    return f"{consultation.pk} {consultation.created_at.isoformat()}"


def record_of(consultation: Consultation) -> Record:
    """Return the state of a record. Three queries.

    Its outcomes quote contributions to other consultations too, and its meetings are events of the calendar:
    withdrawals there affect its files.
    """
    cache_tag, others = consultation.cache_tag, quoted_elsewhere([consultation.pk])[consultation.pk]
    gone = withdrawn_tags(consultation, others, has_meetings=bool(with_meetings([consultation.pk])))
    found = Revision.objects.filter(cache_tag__in=[cache_tag, *gone]).values_list("cache_tag", "number", "at")
    rows = {name: (number, at) for name, number, at in found}
    revision, changed_at = rows.get(cache_tag, (0, consultation.created_at))
    return Record(revision, sum(rows[name][0] for name in gone if name in rows), changed_at)


def withdrawn_tags(consultation: Consultation, others: Iterable[int], *, has_meetings: bool) -> list[str]:
    """Return the cache tags that count withdrawals of anything that a consultation's files may contain."""
    calendar = [withdrawn_from(CALENDAR)] if has_meetings else []
    return [*(withdrawn_from(f"consultation:{pk}") for pk in (consultation.pk, *others)), *calendar]


def made(consultation: Consultation) -> Made | None:
    """Return the last files, whatever has changed since; None where they are not whole, or another database's."""
    found = read_made(consultation)
    return found if found and found.is_whole() else None


def read_made(consultation: Consultation) -> Made | None:
    """Return the content of `made.json`, whether or not the files exist."""
    return read_made_in(folder_of(consultation), name_of(consultation))


def read_made_in(folder: Stored, of: str) -> Made | None:
    """Return the content of `made.json` in a folder, if it is for this name. Raises `Away`."""
    try:
        content = json.loads((folder / "made.json").read_text())
        files = {name: File(**file) for name, file in content["files"].items()}
        changed_at, made_at = (datetime.datetime.fromisoformat(content[name]) for name in ("changed_at", "made_at"))
        record = Record(content["revision"], content["gone"], changed_at)
        found = Made(folder, content["of"], content["how"], record, made_at, files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if found.of == of else None


def for_download(consultation: Consultation) -> Made | None:
    """Return the files that may be served now; None without files or if something may have gone. Three queries."""
    found = made(consultation)
    return found if found and found.record.gone == record_of(consultation).gone else None
