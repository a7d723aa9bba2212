"""Documents as files: made by tasks when a document is published or changed, stored until their content is outdated."""

import datetime
import hashlib
import io
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

import plenara
from plenara.consultations.models import Consultation, State
from plenara.core import clock
from plenara.core.models import Revision
from plenara.core.rows import Json
from plenara.core.store import LOCK_FILE, Stored, exports, lock_folder
from plenara.core.tasks import Task, named
from plenara.core.transaction import writes
from plenara.documents.models import DocumentEdition, PublishedRendition
from plenara.documents.presenters import paper as papers
from plenara.documents.presenters import pdf
from plenara.documents.presenters.paper import Paper

#: The earliest time that a zip can store; every file in it has this time.
EPOCH = (1980, 1, 1, 0, 0, 0)


@contextmanager
def new_zip(folder: Stored, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip on the local disk; at the end of the block, move it into the folder."""
    beside = folder.workshop()
    for left in beside.glob("part.*"):
        shutil.rmtree(left, ignore_errors=True)  # left by a killed process
    with tempfile.TemporaryDirectory(prefix="part.", dir=beside) as workshop:
        path = Path(workshop) / name
        with path.open("xb") as file:
            with zipfile.ZipFile(file, "w") as target:
                yield target
            file.flush()
            os.fsync(file.fileno())
        (folder / name).take(path)


def add_to_zip(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip. PDF and DOCX are compressed already."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    target.writestr(info, content)


WORD_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(paper: Paper) -> bytes:
    """Return a paper as a Word document. The same paper gives the same bytes."""
    from plenara.documents.presenters.word_document import written

    found = io.BytesIO()
    written(paper).save(found)
    return _dateless(found)


def _dateless(file: io.BytesIO) -> bytes:
    """Return a zip with the same files in the same order, without their times."""
    found = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return found.getvalue()


#: The file with the last check of a consultation's documents.
CHECKED = "checked.json"
#: A consultation's documents are checked at most this often, unless a file is missing.
PAUSE = datetime.timedelta(minutes=5)
#: Seconds after which a task leaves the rest to another.
ENOUGH = 55.0
#: By ending: media type, and how a paper is written.
FORMS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "pdf": (pdf.MEDIA_TYPE, pdf.as_pdf),
    "docx": (WORD_MEDIA_TYPE, as_docx),
}


def endings() -> list[str]:
    """Return the formats that can be made on this machine."""
    return [ending for ending in FORMS if ending != "pdf" or pdf.is_possible()]


def read_description(path: Stored) -> Json:
    """Return the contents of a JSON file; empty if it is missing or damaged."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return {}


@dataclass(frozen=True)
class File:
    """One file."""

    sha256: str
    size: int


@dataclass(frozen=True)
class StoredFiles:
    """The files of a rendition, and the digests of their contents."""

    folder: Stored
    of: str
    digest: str  # of everything the paper showed
    people: list[str]  # the digests of all words and names of people that it showed
    revision: str  # of the record, when this was last checked
    made_at: datetime.datetime
    files: dict[str, File]

    def path(self, ending: str) -> Stored:
        """Return the path of a file."""
        return self.folder / self.files[ending].sha256

    def describe(self, rendition: PublishedRendition, revision: str) -> None:
        """Save the digests of the files' contents."""
        description = {
            "of": self.of,
            "digest": self.digest,
            "people": self.people,
            "revision": revision,
            "made_at": self.made_at.isoformat(),
            "files": {ending: vars(file) for ending, file in self.files.items()},
        }
        (self.folder / f"{rendition.pk}.json").put(json.dumps(description).encode())


@dataclass(frozen=True)
class Printer:
    """How one kind of document is printed, and the place of its files."""

    kind: str  # of document
    package: str  # of its tasks, `print_edition` and `print_changed`
    folder: str
    paper: Callable[[DocumentEdition, str], Paper]
    #: The cache tags that the papers of a consultation depend on, besides the installation's.
    cache_tags: Callable[[Consultation], list[str]]
    related: tuple[str, ...]  # the relations of an edition that its paper reads

    def folder_of(self, slug: str) -> Stored:
        """Return the folder of a consultation's printed documents."""
        return exports() / self.folder / slug

    def in_force(self, **which: object) -> QuerySet[DocumentEdition]:
        """Return editions in force, with everything that a paper reads."""
        found = DocumentEdition.objects.filter(kind=self.kind, in_force=True, **which)
        return found.select_related("consultation", *self.related).prefetch_related("renditions").order_by("number")

    def stored(self, edition: DocumentEdition, rendition: PublishedRendition) -> StoredFiles | None:
        """Return the files of a rendition, even if outdated. `edition` comes with its consultation."""
        folder = self.folder_of(edition.consultation.slug)
        try:
            description = read_description(folder / f"{rendition.pk}.json")
            files = {ending: File(**file) for ending, file in description.pop("files").items()}
            made_at = datetime.datetime.fromisoformat(description.pop("made_at"))
            found = StoredFiles(folder, files=files, made_at=made_at, **description)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return found if found.of == _name(edition, rendition) else None

    def for_download(self, edition: DocumentEdition, rendition: PublishedRendition, ending: str) -> StoredFiles | None:
        """Return a file that may be served; None if there is none, or it shows something that is no longer public.

        One or two queries while the record is unchanged; else as many as the document's page needs.
        """
        found = self.stored(edition, rendition)
        if found is None or ending not in found.files:
            return None
        if found.revision == self.revision_of(edition.consultation):
            return found
        return found if set(found.people) <= set(self.paper(edition, rendition.language).people()) else None

    def make(self, edition: DocumentEdition, rendition: PublishedRendition) -> bool:
        """Make the files of a rendition, unless they are up to date; return whether any was made.

        Raises `pdf.Unset`. If this machine cannot make PDFs, the other formats are made.
        """
        folder = self.folder_of(edition.consultation.slug)
        with lock_folder(folder):
            # Read before the record, so that a change in the meantime makes this outdated, never the other way round.
            revision = self.revision_of(edition.consultation)
            paper = self.paper(edition, rendition.language)
            found, wanted = self.stored(edition, rendition), endings()
            if found and found.digest == paper.digest() and set(wanted) <= set(found.files):
                if found.revision != revision:
                    found.describe(rendition, revision)
                return False
            files = {ending: _written(folder, FORMS[ending][1](paper)) for ending in wanted}
            name = _name(edition, rendition)
            new = StoredFiles(folder, name, paper.digest(), paper.people(), revision, clock.now(), files)
            new.describe(rendition, revision)
            for path in {found.path(ending) for ending in found.files} if found else ():
                if path.name not in {file.sha256 for file in files.values()}:
                    path.forget()
            return True

    def revision_of(self, consultation: Consultation) -> str:
        """Return the revision of all data that the papers of a consultation show."""
        cache_tags = [*self.cache_tags(consultation), "installation"]
        rows = (
            Revision.objects.filter(cache_tag__in=cache_tags).order_by("cache_tag").values_list("cache_tag", "number")
        )
        return " ".join(f"{cache_tag}={number}" for cache_tag, number in rows)

    def clear(self, slug: str, renditions: set[int]) -> None:
        """Delete all files of no rendition in force, and those left by a killed process."""
        folder = self.folder_of(slug)
        with lock_folder(folder):
            names_to_keep = {LOCK_FILE, CHECKED}
            for pk in renditions:
                description = read_description(folder / f"{pk}.json")
                if files := description.get("files"):
                    names_to_keep |= {f"{pk}.json", *(file["sha256"] for file in files.values())}
            for name in folder.listed():
                if name not in names_to_keep:
                    (folder / name).forget()

    def make_all(self, edition: DocumentEdition, until: float) -> bool:
        """Make the files of every rendition of an edition; return whether all was done before `until`.

        If one cannot be typeset, the others are made; then it raises `pdf.Unset`.
        """
        failure: pdf.Unset | None = None
        for rendition in edition.renditions.all():
            if not rendition.in_force:
                continue
            if time.monotonic() > until:
                return False
            try:
                self.make(edition, rendition)
            except pdf.Unset as error:
                failure = error
        if failure:
            raise failure
        return True

    def make_changed(self, consultation_id: int, until: float) -> bool:
        """Make the outdated files of a consultation; return whether all were made."""
        editions = list(self.in_force(consultation=consultation_id))
        if not editions:
            return True
        consultation = editions[0].consultation
        revision = self.revision_of(consultation)
        failure: pdf.Unset | None = None
        for edition in editions:
            try:
                if not self.make_all(edition, until):
                    return False
            except pdf.Unset as error:
                failure = error
        self.clear(consultation.slug, {each.pk for one in editions for each in one.renditions.all() if each.in_force})
        if failure:
            raise failure
        description = {"of": consultation.pk, "revision": revision, "at": clock.now().isoformat(), "endings": endings()}
        (self.folder_of(consultation.slug) / CHECKED).put(json.dumps(description).encode())
        return True

    def print_edition(self, edition_id: int, piece: int) -> None:
        """Make the files of an edition in each language that it has, if it is still in force; run by a task."""
        edition = self.in_force(pk=edition_id).first()
        if edition and not self.make_all(edition, time.monotonic() + ENOUGH):
            self._enqueue("print_edition", f"{edition_id}-{piece + 1}", edition_id=edition_id, piece=piece + 1)

    def print_changed(self, consultation_id: int, piece: int) -> None:
        """Make the outdated files of a consultation's documents; run by a task."""
        if not self.make_changed(consultation_id, time.monotonic() + ENOUGH):
            key = f"{consultation_id}-at-{time.time_ns()}"
            self._enqueue("print_changed", key, consultation_id=consultation_id, piece=piece + 1)

    def enqueue_prints(self) -> int:
        """Enqueue the printing of outdated files; return for how many consultations. The worker calls it regularly."""
        pending = self._task("print_changed").pending().values_list("arguments", flat=True)
        queued, count = {arguments.get("consultation_id") for arguments in pending}, 0
        published = DocumentEdition.objects.filter(kind=self.kind, in_force=True).values("consultation")
        for consultation in Consultation.objects.exclude(stage=State.DRAFT).filter(pk__in=published):
            if consultation.pk in queued:
                continue
            revision, checked = self.revision_of(consultation), self._checked(consultation)
            is_whole = bool(checked) and checked.get("endings") == endings()
            if is_whole and checked.get("revision") == revision:
                continue
            due = clock.now()
            if is_whole and not self._is_missing(consultation):
                due = max(due, datetime.datetime.fromisoformat(checked["at"]) + PAUSE)
            key = f"{consultation.pk}-{revision}-{'-'.join(endings())}"
            if not checked and not self.folder_of(consultation.slug).listed():
                key += f"-{clock.now():%Y%m%d%H%M}"  # somebody deleted it: the work must be done again
            self._enqueue("print_changed", key, due, consultation_id=consultation.pk)
            count += 1
        return count

    def _task(self, name: str) -> Task:
        return named(f"{self.package}.{name}")

    def _enqueue(self, name: str, key: str, due: datetime.datetime | None = None, **arguments: int) -> None:
        task = self._task(name)
        with writes():
            task.using(key=f"{task.label}-{key}"[:200], run_after=due).enqueue(**arguments)

    def _checked(self, consultation: Consultation) -> Json:
        """Return the last check and its time; None if unknown."""
        description = read_description(self.folder_of(consultation.slug) / CHECKED)
        try:
            datetime.datetime.fromisoformat(description["at"])
        except (ValueError, KeyError, TypeError):
            return {}
        return description if description.get("of") == consultation.pk else {}

    def _is_missing(self, consultation: Consultation) -> bool:
        """Return whether a rendition in force has no files at all. Two queries."""
        return any(
            self.stored(edition, rendition) is None
            for edition in self.in_force(consultation=consultation)
            for rendition in edition.renditions.all()
            if rendition.in_force
        )


def _name(edition: DocumentEdition, rendition: PublishedRendition) -> str:
    """Return a name that is unique to the rendition, the database and the version of the program."""
    return f"{edition.symbol} {edition.minted_at.isoformat()} {rendition.pk} {plenara.__version__} {papers.FORMAT}"


def _written(folder: Stored, content: bytes) -> File:
    name = hashlib.sha256(content).hexdigest()
    (folder / name).put(content)
    return File(name, len(content))
