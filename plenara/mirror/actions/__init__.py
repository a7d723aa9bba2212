"""Making a static copy, and bringing one up to date: every address from one moment of the record, references, and the
pages that a copy has of its own.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

import plenara
from plenara.accounts.queries import installation_row
from plenara.consultations.models import Consultation
from plenara.consultations.presenters import wording
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import Revision
from plenara.core.rows import Json
from plenara.core.snapshots import snapshot
from plenara.core.store import Stored
from plenara.exports.presenters import sitemaps
from plenara.exports.queries import files as export_files
from plenara.mirror import FORMAT, rendering
from plenara.mirror.actions.batches import CHOICE, OUTCOME_REFERENCE, SIZES, Batch, Batches, Made
from plenara.mirror.actions.processes import Processes
from plenara.mirror.folder import ASSET, FORM, OWN, PAGE, REFERENCE, Counts, Folder, Links, Run, file_of, lock_folder
from plenara.mirror.queries import contents
from plenara.mirror.queries.inventory import Record
from plenara.outcomes.presenters.paper import PRINTER as OUTCOMES
from plenara.outcomes.queries.bodies import outcomes_of
from plenara.summaries.printing.presenters.summaries import PRINTER as SUMMARIES
from plenara.summaries.queries.record import latest_summaries

#: Makes batches, in whatever order.
type Work = Callable[[Iterable[Batch]], Iterator[Made]]

#: Pages in one list for search engines: each has six addresses, and a list may have 50,000.
LISTED = 8_000
SITEMAP = "/sitemap.xml"


def choices(record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield (address, title, path after the language) of every address that redirects by language."""
    consultation, here = record.consultation, f"consultations/{record.consultation.slug}/"
    yield "/", consultation.symbol, ""
    yield f"/s/{consultation.symbol}/", consultation.symbol, here
    for number in record.threads:
        symbol = f"{consultation.symbol}/Q{number}"
        yield f"/s/{symbol}/", symbol, f"{here}threads/{number}/"
    for each in record.editions():
        page = f"{here}contributions/{each.number}/"
        if each.in_force:
            yield f"/c/{each.public_id}/", each.of_contribution, page
            yield f"/s/{each.of_contribution}/", each.of_contribution, page
        if each.revision == 0:
            yield f"/s/{each.symbol}/Rev.0/", f"{each.symbol}/Rev.0", f"{page}rev/0/"
        elif each.symbol != each.of_contribution:
            yield f"/s/{each.symbol}/", each.symbol, f"{page}rev/{each.revision}/"
    for symbol, path in record.documents():
        yield f"/s/{symbol}/", symbol, f"{here}{path}"
    for symbol, path in record.outcomes.symbols():
        yield f"/s/{symbol}/", symbol, path


def fronts(record: Record, made_at: datetime.datetime) -> Iterator[tuple[str, str]]:
    """Yield (address, page) of the first page in each language."""
    consultation = record.consultation
    for code in CODES:
        with rendering.in_language_of(f"/{code}/"):
            context = {
                "consultation": consultation,
                "threads": list(consultation.threads.all()),
                "summaries": latest_summaries([consultation.pk]),
                "outcomes": outcomes_of([consultation.pk], own=True),
                "files": record.exports,
                "made_at": made_at,
                "base": wording.address(consultation),
            }
            yield f"/{code}/", rendering.page(f"/{code}/", "mirror/front.html", context)


def sitemap(run: Run) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield (address, pieces) of the lists of the copy's pages, in parts where there are very many."""
    tails = [path.removeprefix("/en/") for path in run.of_kind("page") if path.startswith("/en/")]
    parts = [tails[i : i + LISTED] for i in range(0, len(tails), LISTED)]
    if len(parts) == 1:
        yield SITEMAP, _bytes(sitemaps.addresses(map(sitemaps.Page, parts[0])))
        return
    names = [f"/sitemaps/pages-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _bytes(sitemaps.addresses(map(sitemaps.Page, part)))
    yield SITEMAP, _bytes(sitemaps.index(map(sitemaps.Page, names)))


def _bytes(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)


type Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """The result of a run. Addresses in `missing` belong to the copy but are not available yet (with responses)."""

    counts: Counts = field(default_factory=Counts)
    files: int = 0
    size: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    is_unchanged: bool = False


def mirror(
    consultation: Consultation,
    path: Path,
    progress: Progress = lambda _done, _all: None,
    *,
    again: bool = False,
    processes: int = 1,
) -> Outcome:
    """Make the copy in a folder, or renew it. If nothing has changed since, nothing is rendered, unless `again`.

    Several processes make the same files. Raises `Unusable` for the folder, `Unmirrored` for a page, `Lost`.
    """
    with lock_folder(path, consultation.slug) as folder:
        mark = folder.mark()
        if not again and folder.is_whole and mark.get("stands_on") == json.loads(json.dumps(basis_of(consultation))):
            return Outcome(Counts(), mark["files"], mark["bytes"], mark["missing"], is_unchanged=True)
        installation_row()  # the first request for a page of the site creates it, and a snapshot cannot write
        with _work_of(consultation, path, processes) as (run, work):
            consultation.refresh_from_db()
            return Copying(consultation, folder, run, work, progress).make()


@contextmanager
def _work_of(consultation: Consultation, path: Path, processes: int) -> Iterator[tuple[Run, Work]]:
    """Return a run and how its batches are made, in this process or in others, from one moment of the record."""
    with ExitStack() as block:
        if processes == 1:
            run = Run()
            batches = Batches(consultation.pk, path, lambda: run)
            block.callback(run.close)
            with snapshot():
                yield run, lambda tasks: (batches.make(*task) for task in tasks)
            return
        file = f"{block.enter_context(TemporaryDirectory(prefix='plenara-mirror-'))}/addresses"
        batches = Batches(consultation.pk, path, lambda: Links.of(file))
        others = block.enter_context(Processes(processes, batches.make))
        run = Run(file)
        block.callback(run.close)
        with others.snapshot():
            yield run, others.map


def basis_of(consultation: Consultation) -> Json:
    """Return a digest of everything that the copy depends on: two copies with the same one are equal."""
    # It includes quotations of other consultations in its outcomes, and the comments on their drafts.
    cache_tags_of_copy = [*OUTCOMES.cache_tags(consultation), "installation"]
    cache_tags = Revision.objects.filter(cache_tag__in=cache_tags_of_copy).order_by("cache_tag")
    state = consultation.state
    made = export_files.made(consultation)
    return {
        "revisions": dict(cache_tags.values_list("cache_tag", "number")),
        # It changes with the clock: it opens and closes, and shows how many days are left.
        "state": state,
        "day": f"{clock.now():%Y-%m-%d}" if state in {"announced", "open"} else "",
        "printed": _digest_of(SUMMARIES.folder_of(consultation.slug)),
        "outcomes": _digest_of(OUTCOMES.folder_of(consultation.slug)),
        "exports": made.made_at.isoformat() if made else "",  # the page of downloads shows it
        "site": settings.SITE_URL,
        "version": plenara.__version__,
        "format": FORMAT,
    }


def _digest_of(folder: Stored) -> str:
    """Return a digest of the printed documents: they are made minutes after their content changes."""
    names = sorted(name for name in folder.listed() if len(name) == 64)
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


class Copying:
    """One run."""

    def __init__(self, consultation: Consultation, folder: Folder, run: Run, work: Work, progress: Progress):
        self.consultation, self.folder, self.run, self.progress = consultation, folder, run, progress
        self._work = work
        self.record = Record(consultation)
        self.outcome = Outcome(folder.counts)
        self.made_at = clock.now()
        self._done = self._all = 0

    def make(self) -> Outcome:
        """Render everything and write it."""
        run, folder = self.run, self.folder
        self._list()  # makes the exports too
        basis = basis_of(self.consultation)
        run.had(folder.earlier())
        folder.begin(self.consultation.slug, run.files())
        self._do(FORM, run.of_kind(FORM))
        self._do(REFERENCE, self._citable())
        self._do(OUTCOME_REFERENCE, range(len(list(self.record.outcomes.places()))))
        for file in run.left_over():
            if not file.startswith(("static/", "mark/", "look/", "sitemap")):
                folder.remove(file)
        run.share()
        self._do(PAGE, run.of_kind(PAGE))
        self._own_pages()
        self._do(ASSET, list(run.of_kind(ASSET)))
        for file in run.left_over():
            folder.remove(file)
        self.outcome.files, self.outcome.size = run.count()
        mark = {
            "format": FORMAT,
            "slug": self.consultation.slug,
            "symbol": self.consultation.symbol,
            "site": settings.SITE_URL,
            "made_at": f"{self.made_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "generator": f"Plenara {plenara.__version__}",
            "stands_on": basis,
            "files": self.outcome.files,
            "bytes": self.outcome.size,
            "missing": self.outcome.missing,
        }
        folder.end(mark, run.checksums())
        return self.outcome

    def _list(self) -> None:
        for table, kind in ((contents.FORMS, FORM), (contents.REFERENCES, REFERENCE), (contents.PAGES, PAGE)):
            for address, has_language in contents.addresses(self.record, table):
                for code in CODES if has_language else [""]:
                    self.run.add(f"/{code}{address.removeprefix('/en')}" if code else address, kind)
        for code in CODES:
            self.run.add(f"/{code}/", OWN)
        for address, _title, _tail in choices(self.record):
            self.run.add(address, OWN)
        self.run.add(SITEMAP, OWN)
        for address, target in self._aliases():
            self.run.lead(address, target)
        self._all = self.run.count()[0]

    def _aliases(self) -> Iterator[tuple[str, str]]:
        """Yield the targets of links to pages of a list that begin with other numbers than the copy's pages."""
        here = f"/consultations/{self.consultation.slug}/"
        lists = [(f"{here}threads/{number}/", self.record.thread_pages(number)) for number in self.record.threads]
        lists += [(f"{here}decisions/", self.record.decision_pages())]
        for number in self.record.summaries:
            lists.append((f"{here}summaries/{number}/corrections/", self.record.correction_pages(number)))
        for first, pages in lists:
            for place, (start, members) in enumerate(pages):
                target = f"{first}from/{start}/" if place else first
                yield from ((f"{first}from/{each}/", target) for each in members if each != start or not place)
            if len(pages) > 1:
                # The site's last page is full, and begins at another number: its link means the end of the list.
                (_start, before), (start, members) = pages[-2:]
                yield f"{first}from/{(*before, *members)[-len(before)]}/", f"{first}from/{start}/"

    def _citable(self) -> Iterator[int]:
        """Yield the keys of the editions that can be cited, in the order of their addresses."""
        found = Edition.objects.filter(consultation=self.consultation, status=Edition.Status.PUBLISHED)
        return found.order_by("number", "revision").values_list("pk", flat=True).iterator(2_000)

    def _do(self, kind: str, items: Iterable) -> None:
        """Make all of a kind, in batches."""
        for made in self._work((kind, some) for some in batched(items, SIZES[kind])):
            self._took(made)

    def _took(self, made: Made) -> None:
        for file in made.files:
            self.run.written(*file)
        for address, target in made.redirects:
            self.run.drop(address)
            self.run.lead(address, target)
        for address, status in made.missing:
            self.run.drop(address)
            self.outcome.missing[address] = status
        for address in made.assets:
            self.run.add(address, ASSET)
        self.folder.counts.add(made.counts)
        self._done += made.steps
        self.progress(min(self._done, self._all), self._all)

    def _own_pages(self) -> None:
        self._do(OWN, fronts(self.record, self.made_at))
        self._do(CHOICE, choices(self.record))
        for address, pieces in sitemap(self.run):
            self.run.add(address, OWN)
            self.run.written(address, *self.folder.put(file_of(address), pieces))
