"""Making a static copy, and bringing one up to date: asks for every address from one moment of the record.

Other forms come first, so that pages know which of them are there. Then what belongs to the copy no more is taken
away, so that withdrawn words go before anything else is renewed. Pages follow; what says that all is whole comes last.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http.response import HttpResponseBase

import plenara
from plenara.accounts.installation import row as installation_row
from plenara.archive.exports import standing as kept_exports
from plenara.archive.mirroring import FORMAT, links, own_pages, places, references, rendering
from plenara.archive.mirroring.folder import Counts, Folder, held
from plenara.archive.mirroring.record import Record
from plenara.archive.mirroring.run import ASSET, FORM, OWN, PAGE, REFERENCE, Run, file_of
from plenara.archive.snapshot import snapshot
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import Revision
from plenara.core.store import Stored
from plenara.outcomes.printing.files import PRINTER as OUTCOMES
from plenara.summaries.printing.files import PRINTER as SUMMARIES

type Progress = Callable[[int, int], None]


class Unmirrored(Exception):
    """A page that belongs to the copy and could not be had; the text is one sentence."""


@dataclass
class Outcome:
    """What a run did. Addresses in `missing` belong to the copy and are not to be had yet, with what was answered."""

    counts: Counts = field(default_factory=Counts)
    files: int = 0
    size: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    is_unchanged: bool = False


def mirror(
    consultation: Consultation, path: Path, progress: Progress = lambda _done, _all: None, *, again: bool = False
) -> Outcome:
    """Make the copy in a folder, or renew it. Where nothing has changed since, nothing is asked, unless `again`.

    Raises `Unusable` for the folder, `Unmirrored` for a page.
    """
    with held(path, consultation.slug) as folder:
        told = folder.told()
        if not again and folder.is_whole and told.get("stands_on") == json.loads(json.dumps(standing(consultation))):
            return Outcome(Counts(), told["files"], told["bytes"], told["missing"], is_unchanged=True)
        installation_row()  # whoever asks first for a page of the site's makes it, and a snapshot takes no writing
        run = Run()
        try:
            with snapshot():
                consultation.refresh_from_db()
                return Copying(consultation, folder, run, progress).make()
        finally:
            run.close()


def standing(consultation: Consultation) -> dict[str, Any]:
    """Return everything that the copy depends on, in short: two copies that stand on the same are the same."""
    # What its outcomes quote of other consultations, and the comments on their drafts, are in it too.
    stands_on = [*OUTCOMES.cache_tags(consultation), "installation"]
    cache_tags = Revision.objects.filter(cache_tag__in=stands_on).order_by("cache_tag")
    state = consultation.state
    made = kept_exports.made(consultation)
    return {
        "revisions": dict(cache_tags.values_list("cache_tag", "number")),
        # Its clock runs without anybody's act: it opens and closes, and says how many days are left.
        "state": state,
        "day": f"{clock.now():%Y-%m-%d}" if state in {"announced", "open"} else "",
        "printed": _digest_of(SUMMARIES.folder_of(consultation.slug)),
        "outcomes": _digest_of(OUTCOMES.folder_of(consultation.slug)),
        "exports": made.made_at.isoformat() if made else "",  # the page of downloads tells it
        "site": settings.SITE_URL,
        "version": plenara.__version__,
        "format": FORMAT,
    }


def _digest_of(folder: Stored) -> str:
    """Return what tells whether printed documents have been made anew: they come minutes after what they show."""
    names = sorted(name for name in folder.listed() if len(name) == 64)
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


class Copying:
    """One run."""

    def __init__(self, consultation: Consultation, folder: Folder, run: Run, progress: Progress):
        self.consultation, self.folder, self.run, self.progress = consultation, folder, run, progress
        self.record = Record(consultation)
        self.outcome = Outcome(folder.counts)
        self.made_at = clock.now()
        self._done = self._all = 0

    def make(self) -> Outcome:
        """Ask for everything and put it down."""
        run, folder = self.run, self.folder
        self._list()  # makes the exports too
        stands_on = standing(self.consultation)
        run.had(folder.earlier())
        folder.begin(self.consultation.slug, run.files())
        for address in run.of_kind(FORM):
            self._form(address)
        for address, content in references.written(self.consultation):
            run.written(address, *folder.keep(file_of(address), content))
            self._step()
        for file in run.left_over():
            if not file.startswith(("static/", "mark/", "sitemap")):
                folder.remove(file)
        for address in run.of_kind(PAGE):
            self._page(address)
        self._own_pages()
        self._assets()
        for file in run.left_over():
            folder.remove(file)
        self.outcome.files, self.outcome.size = run.count()
        told = {
            "format": FORMAT,
            "slug": self.consultation.slug,
            "symbol": self.consultation.symbol,
            "site": settings.SITE_URL,
            "made_at": f"{self.made_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "generator": f"Plenara {plenara.__version__}",
            "stands_on": stands_on,
            "files": self.outcome.files,
            "bytes": self.outcome.size,
            "missing": self.outcome.missing,
        }
        folder.end(told, run.checksums())
        return self.outcome

    def _list(self) -> None:
        for table, kind in ((places.FORMS, FORM), (places.REFERENCES, REFERENCE), (places.PAGES, PAGE)):
            for address, has_language in places.addresses(self.record, table):
                for code in CODES if has_language else [""]:
                    self.run.add(f"/{code}{address.removeprefix('/en')}" if code else address, kind)
        for code in CODES:
            self.run.add(f"/{code}/", OWN)
        for address, _title, _tail in own_pages.choices(self.record):
            self.run.add(address, OWN)
        self.run.add(own_pages.SITEMAP, OWN)
        for address, target in self._aliases():
            self.run.lead(address, target)
        self._all = self.run.count()[0]

    def _aliases(self) -> Iterator[tuple[str, str]]:
        """Yield where a link to a page of a list leads that begins with another number than the copy's pages do."""
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
                # The site's last page is full, and begins elsewhere than ours: its link means the end of the list.
                (_start, before), (start, members) = pages[-2:]
                yield f"{first}from/{(*before, *members)[-len(before)]}/", f"{first}from/{start}/"

    def _form(self, address: str) -> None:
        answer = self._answer(address)
        if answer.status_code == 302:
            self.run.drop(address)
            self.run.lead(address, answer["Location"].removeprefix(settings.SITE_URL))
        elif answer.status_code != 200:
            self.run.drop(address)
            self.outcome.missing[address] = answer.status_code
        else:
            self._put(address, rendering.pieces(answer))
        rendering.finish(answer)

    def _page(self, address: str) -> None:
        answer = self._answer(address)
        if answer.status_code not in {200, 410}:
            raise Unmirrored(f"{address} was answered {answer.status_code}, and belongs to the copy.")
        self._keep(address, b"".join(rendering.pieces(answer)).decode())
        rendering.finish(answer)

    def _answer(self, address: str) -> HttpResponseBase:
        self._step()
        return rendering.ask(address)

    def _step(self) -> None:
        self._done += 1
        self.progress(self._done, self._all)

    def _own_pages(self) -> None:
        for address, html in own_pages.fronts(self.record, self.made_at):
            self._keep(address, html)
        for address, title, tail in own_pages.choices(self.record):
            self._keep(address, own_pages.choice(address, title, tail))
        for address, pieces in own_pages.sitemap(self.run):
            self.run.add(address, OWN)
            self._put(address, pieces)

    def _assets(self) -> None:
        for address in list(self.run.of_kind(ASSET)):
            if address.startswith(settings.STATIC_URL):
                self._put(address, _static(address.removeprefix(settings.STATIC_URL)))
            else:
                self._form(address)

    def _keep(self, address: str, html: str) -> None:
        html = links.rewritten(html, address, site=settings.SITE_URL, where=self._where)
        file = file_of(address)
        self.run.written(address, *self.folder.keep(file, html.encode(errors="replace")))

    def _put(self, address: str, pieces: Iterable[bytes]) -> None:
        self.run.written(address, *self.folder.put(file_of(address), pieces))

    def _where(self, path: str) -> str:
        """Return where a link leads to in the copy; a style sheet or a picture is taken along."""
        if path.startswith((settings.STATIC_URL, "/mark/")):
            self.run.add(path, ASSET)
            return path
        return self.run.where(path)


def _static(name: str) -> Iterator[bytes]:
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            yield from file.chunks()
    elif found := finders.find(name):
        yield Path(found).read_bytes()
    else:
        raise Unmirrored(f"The static file {name} is not there.")
