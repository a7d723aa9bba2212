"""Documents as files: made by tasks, kept until what they were made from changes, never built inside a request.

`exports/{folder}/{slug}/` holds, for each published rendition, a file a form under its SHA-256 and
`{rendition}.json`, which says what they are and is put in place last: a kill leaves the earlier ones standing. (No
consultation's slug has a dot, as each kind's folder has, so the exports of none lie there.) All of it can be deleted:
it is made again.

What somebody withdrew is quoted no more from the moment on which it was withdrawn. A file is therefore served only
where everything of people that it shows would be shown by its paper today; that is known at once, as long as nothing
at all has changed, and reckoned from the record where something has.
"""

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import plenara
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.models import Revision
from plenara.core.store import Stored, exports
from plenara.core.store.alone import LOCK, alone
from plenara.documents.models import DocumentEdition, PublishedRendition
from plenara.documents.printing import paper as papers
from plenara.documents.printing import pdf, word
from plenara.documents.printing.paper import Paper

#: What was looked through last of a consultation's documents, and when.
CHECKED = "checked.json"
#: By ending: media type, and how a paper is written.
FORMS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "pdf": (pdf.MEDIA_TYPE, pdf.as_pdf),
    "docx": (word.MEDIA_TYPE, word.as_docx),
}


@dataclass(frozen=True)
class File:
    """One file."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Kept:
    """What is kept of a rendition, and what it was made from."""

    folder: Stored
    of: str
    digest: str  # of everything the paper showed
    people: list[str]  # what names each thing of people that it showed
    revision: str  # of the record, when that was known to be so
    made_at: datetime.datetime
    files: dict[str, File]

    def path(self, ending: str) -> Stored:
        """Return where a file lies."""
        return self.folder / self.files[ending].sha256


def endings() -> list[str]:
    """Return the forms that can be made on this machine."""
    return [ending for ending in FORMS if ending != "pdf" or pdf.is_possible()]


@dataclass(frozen=True)
class Printer:
    """How one kind of document is kept as files."""

    kind: str  # of document
    folder: str
    paper: Callable[[DocumentEdition, str], Paper]
    #: On which cache tags the papers of a consultation stand, besides the installation's.
    cache_tags: Callable[[Consultation], list[str]]
    related: tuple[str, ...]  # what of an edition its paper needs

    def folder_of(self, slug: str) -> Stored:
        """Return where a consultation's printed documents lie."""
        return exports() / self.folder / slug

    def kept(self, edition: DocumentEdition, rendition: PublishedRendition) -> Kept | None:
        """Return what is kept of a rendition, whatever has changed since. `edition` comes with its consultation."""
        folder = self.folder_of(edition.consultation.slug)
        try:
            told = json.loads((folder / f"{rendition.pk}.json").read_text())
            files = {ending: File(**file) for ending, file in told["files"].items()}
            made_at = datetime.datetime.fromisoformat(told["made_at"])
            found = Kept(folder, told["of"], told["digest"], told["people"], told["revision"], made_at, files)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if found.of == _name(edition, rendition) else None

    def for_download(self, edition: DocumentEdition, rendition: PublishedRendition, ending: str) -> Kept | None:
        """Return what may be served now; None where there is no such file, or it shows what nobody may read any more.

        As many queries as the document's page asks where the record stands no more as it did; one or two where it does.
        """
        found = self.kept(edition, rendition)
        if found is None or ending not in found.files:
            return None
        if found.revision == self.revision_of(edition.consultation):
            return found
        return found if set(found.people) <= set(self.paper(edition, rendition.language).people()) else None

    def make(self, edition: DocumentEdition, rendition: PublishedRendition) -> bool:
        """Make the files of a rendition, unless they are there and show what its page shows; return whether any was
        made.

        Raises `pdf.Unset`. Where PDFs cannot be made there is none, and the rest is made.
        """
        folder = self.folder_of(edition.consultation.slug)
        with alone(folder):
            # Read before the record: what changes meanwhile makes this stale, never the other way round.
            revision = self.revision_of(edition.consultation)
            paper = self.paper(edition, rendition.language)
            found, wanted = self.kept(edition, rendition), endings()
            if found and found.digest == paper.digest() and set(wanted) <= set(found.files):
                if found.revision != revision:
                    _tell(found, rendition, revision)
                return False
            files = {ending: _written(folder, FORMS[ending][1](paper)) for ending in wanted}
            name = _name(edition, rendition)
            new = Kept(folder, name, paper.digest(), paper.people(), revision, clock.now(), files)
            _tell(new, rendition, revision)
            for path in {found.path(ending) for ending in found.files} if found else ():
                if path.name not in {file.sha256 for file in files.values()}:
                    path.forget()
            return True

    def revision_of(self, consultation: Consultation) -> str:
        """Return the revision of everything that the papers of a consultation are made from."""
        cache_tags = [*self.cache_tags(consultation), "installation"]
        rows = (
            Revision.objects.filter(cache_tag__in=cache_tags).order_by("cache_tag").values_list("cache_tag", "number")
        )
        return " ".join(f"{cache_tag}={number}" for cache_tag, number in rows)

    def clear(self, slug: str, renditions: set[int]) -> None:
        """Take away everything that belongs to none of the renditions in force, and what a kill left."""
        folder = self.folder_of(slug)
        with alone(folder):
            kept_names = {LOCK, CHECKED}
            for pk in renditions:
                try:
                    told = json.loads((folder / f"{pk}.json").read_text())
                    kept_names |= {f"{pk}.json", *(file["sha256"] for file in told["files"].values())}
                except (OSError, ValueError, KeyError, TypeError):
                    continue
            for name in folder.listed():
                if name not in kept_names:
                    (folder / name).forget()


def _name(edition: DocumentEdition, rendition: PublishedRendition) -> str:
    """Return what tells a rendition from one of a database that was made anew, and a paper from an older program's."""
    return f"{edition.symbol} {edition.minted_at.isoformat()} {rendition.pk} {plenara.__version__} {papers.FORMAT}"


def _written(folder: Stored, content: bytes) -> File:
    name = hashlib.sha256(content).hexdigest()
    (folder / name).put(content)
    return File(name, len(content))


def _tell(it: Kept, rendition: PublishedRendition, revision: str) -> None:
    told = {
        "of": it.of,
        "digest": it.digest,
        "people": it.people,
        "revision": revision,
        "made_at": it.made_at.isoformat(),
        "files": {ending: vars(file) for ending, file in it.files.items()},
    }
    (it.folder / f"{rendition.pk}.json").put(json.dumps(told).encode())
