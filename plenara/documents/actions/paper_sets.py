"""Sets of papers, as in a conference pack or the dossier of a meeting: made one by one, put into one zip."""

import errno
import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Model
from django.utils import translation

from plenara.contributions.models import Edition
from plenara.core.languages import django_code
from plenara.core.store import Stored, exports
from plenara.documents.actions import printed_files
from plenara.documents.presenters import pdf, plain_text
from plenara.documents.presenters.paper import Paper

#: The folder of papers that are made and not in the zip yet.
PIECES = "pieces"


@dataclass(frozen=True)
class PaperSet:
    """Several papers, and the folder in which their files are made."""

    folder: Stored
    papers: dict[str, Callable[[], Paper]]  # by the name of their files, without the ending
    has_text: bool = False  # each also as plain text

    @property
    def pieces(self) -> Stored:
        """The folder of papers that are made and not in the zip yet."""
        return self.folder / PIECES

    def endings(self) -> list[str]:
        """Return the file formats of each paper."""
        return [*printed_files.endings(), *(["txt"] if self.has_text else [])]

    def read(self, name: str, ending: str) -> bytes:
        """Return a finished paper in one format."""
        return (self.pieces / f"{name}.{ending}").read_bytes()

    def make(self, until: float, report: Callable[[int, int], None]) -> bool:
        """Make missing papers; return whether all are there and up to date.

        At least one is made, whatever the time. `report` is called with the number made and the number of all.
        Raises `pdf.Unset`.
        """
        listed, made = set(self.pieces.listed()), 0
        done = sum(self._digest_of(name, listed) is not None for name in self.papers)
        report(done, len(self.papers))
        for is_check in (False, True):  # first the missing ones, then the outdated ones
            for name, paper in self.papers.items():
                known = self._digest_of(name, listed)
                if known is not None and not is_check:
                    continue
                found = paper()
                if known == found.digest():
                    continue
                if made and time.monotonic() > until:
                    return False
                self.write(name, found)
                listed |= self._names(name)
                made += 1
                done = min(done + 1, len(self.papers))
                report(done, len(self.papers))
        return True

    def write(self, name: str, paper: Paper) -> None:
        """Write a paper in each format, and then the digest of its contents."""
        for ending in self.endings():
            with translation.override(django_code(paper.language)):
                if ending == "txt":
                    content = plain_text.as_text(paper).encode(errors="replace")
                else:
                    content = printed_files.FORMS[ending][1](paper)
            (self.pieces / f"{name}.{ending}").put(content)
        (self.pieces / f"{name}.json").put(json.dumps({"digest": paper.digest()}).encode())

    def bind(self, name: str, readme: str) -> str:
        """Put all papers into one zip; return the digest of everything that they show."""
        listed, digest = self.pieces.listed(), hashlib.sha256()
        with printed_files.new_zip(self.folder, name) as target:
            printed_files.add_to_zip(target, "README.txt", readme.encode(errors="replace"))
            for paper in self.papers:
                digest.update(f"{paper} {self._digest_of(paper, listed)}\n".encode())
                for ending in self.endings():
                    printed_files.add_to_zip(target, f"{paper}.{ending}", self.read(paper, ending))
        return digest.hexdigest()

    def _names(self, name: str) -> set[str]:
        return {f"{name}.{ending}" for ending in (*self.endings(), "json")}

    def _digest_of(self, name: str, listed: Collection[str]) -> str | None:
        """Return the digest of a finished paper; None if it or one of its formats is not in the folder."""
        if not self._names(name) <= set(listed):
            return None
        digest = printed_files.read_description(self.pieces / f"{name}.json").get("digest")
        return None if digest is None else str(digest)


def mark_of_people(editions: Iterable[int], names: Iterable[tuple[object, ...]]) -> str:
    """Return a digest of contributions with their bylines and of other names. It changes when one is removed."""
    shown = Edition.objects.filter(pk__in=editions).order_by("pk", "signatories__place")
    rows = shown.values_list(
        "pk", "status", "text__erased_at", "byline__name", "byline__erased_at", "signatories__byline__name"
    )
    return hashlib.sha256(json.dumps([list(rows), list(names)], default=str).encode()).hexdigest()


@contextmanager
def report_failure(fail: Callable[[str], None]) -> Iterator[None]:
    """Call `fail` with a code if the papers cannot be made, now or in an hour, so that it is shown."""
    try:
        yield
    except pdf.Unset:
        fail("unset")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        fail("disk")


def key_of(asked: Model, piece: int) -> str:
    """Return the end of a task's key, which is unique to the database and the time of the request."""
    return f"{asked.pk}-{asked.asked_at:%Y%m%d%H%M%S%f}-{piece}"  # type: ignore[attr-defined]


def folders_in(area: str) -> set[str]:
    """Return the names of the folders in an area of the exports."""
    return {name.partition("/")[0] for name in (exports() / area).listed()}
