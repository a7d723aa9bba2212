"""Rendering and writing some of a copy's files: the same in the one process of a run and in each of several."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import translation

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import CODES, NAMES, direction, django_code, html_code
from plenara.exports import addresses
from plenara.exports.presenters import references
from plenara.exports.presenters.references import FORMS
from plenara.mirror import rendering
from plenara.mirror.folder import ASSET, FORM, OWN, PAGE, REFERENCE, Counts, Folder, Links, file_of
from plenara.mirror.queries.inventory import Outcomes
from plenara.outcomes.queries.paragraphs import renditions_of
from plenara.outcomes.queries.versions import Place

#: Kinds of batches besides those of addresses: references to outcomes, and pages that offer the languages.
OUTCOME_REFERENCE, CHOICE = "outcome reference", "choice"
#: How many items make a batch, by its kind: a few seconds of work at most.
SIZES = {FORM: 5, REFERENCE: 50, OUTCOME_REFERENCE: 1, PAGE: 20, CHOICE: 200, OWN: 1, ASSET: 20}

#: A kind, and some items of it.
type Batch = tuple[str, Sequence]


class Unmirrored(Exception):
    """A page that belongs to the copy and could not be rendered; the text is one sentence."""


@dataclass
class Made:
    """What was done for a batch."""

    steps: int = 0
    files: list[tuple[str, str, int]] = field(default_factory=list)  # address, SHA-256, size
    counts: Counts = field(default_factory=Counts)
    assets: set[str] = field(default_factory=set)  # style sheets and pictures that its pages use
    redirects: list[tuple[str, str]] = field(default_factory=list)  # address, target
    missing: list[tuple[str, int]] = field(default_factory=list)  # address, status


class Batches:
    """Makes batches, one after the other. `links` opens the addresses of the copy: all are known before the pages."""

    def __init__(self, consultation: int, path: Path, links: Callable[[], Links]):
        self._key, self._path, self._open_links = consultation, path, links
        self._folder, self._made = Folder(path), Made()

    def make(self, kind: str, items: Iterable) -> Made:
        """Make a batch."""
        self._folder, self._made = Folder(self._path), Made()
        ways: dict[str, Callable[[Iterable], None]] = {
            FORM: self._forms,
            REFERENCE: self._references,
            OUTCOME_REFERENCE: self._outcome_references,
            PAGE: self._pages,
            CHOICE: self._choices,
            OWN: self._own_pages,
            ASSET: self._assets,
        }
        ways[kind](items)
        self._made.counts = self._folder.counts
        return self._made

    @cached_property
    def _consultation(self) -> Consultation:
        return Consultation.objects.get(pk=self._key)

    @cached_property
    def _links(self) -> Links:
        return self._open_links()

    @cached_property
    def _places(self) -> list[Place]:
        return list(Outcomes(self._consultation).places())

    @cached_property
    def _marks(self) -> dict[int, list[int]]:
        return Outcomes(self._consultation).marks

    def _wrote(self, address: str, file: tuple[str, int]) -> None:
        self._made.steps += 1
        self._made.files.append((address, *file))

    def _forms(self, some: Iterable[str]) -> None:
        for address in some:
            answer = rendering.respond(address)
            if answer.status_code == 302:
                self._made.steps += 1
                self._made.redirects.append((address, answer["Location"].removeprefix(settings.SITE_URL)))
            elif answer.status_code != 200:
                self._made.steps += 1
                self._made.missing.append((address, answer.status_code))
            else:
                self._wrote(address, self._folder.put(file_of(address), rendering.pieces(answer)))
            rendering.finish(answer)

    def _pages(self, some: Iterable[str]) -> None:
        for address in some:
            answer = rendering.respond(address)
            if answer.status_code not in {200, 410}:
                raise Unmirrored(f"{address} belongs to the copy, but returned status {answer.status_code}.")
            self._keep(address, b"".join(rendering.pieces(answer)).decode())
            rendering.finish(answer)

    def _references(self, editions: Iterable[int]) -> None:
        """Write the references to editions, by their keys."""
        found = Edition.objects.filter(pk__in=list(editions)).select_related("byline", "thread")
        site = addresses.site("")
        for edition in found.order_by("number", "revision"):
            for code in CODES:
                page = addresses.contribution(self._consultation.slug, edition.number, code).removeprefix(site)
                pages = [f"{page}rev/{edition.revision}/"]
                if edition.in_force:
                    pages.append(page)
                with translation.override(django_code(code)):
                    self._cite(references.of_edition(edition, self._consultation), pages)

    def _outcome_references(self, some: Iterable[int]) -> None:
        """Write the references to outcomes, to their versions and the paragraphs of each, by their places in order."""
        for place in (self._places[index] for index in some):
            renditions = renditions_of(place.version.edition)
            for mark in (None, *self._marks.get(place.version.edition_id, [])):
                for code in CODES:
                    page = place.in_other(code) + (f"paragraphs/{mark}/" if mark is not None else "")
                    with translation.override(django_code(code)):
                        self._cite(references.of_outcome(place, mark, renditions), [page])

    def _cite(self, reference: references.Reference, pages: Iterable[str]) -> None:
        for page in pages:
            for ending, (_media_type, write) in FORMS.items():
                address = f"{page}cite.{ending}"
                content = write(reference).encode(errors="replace")
                self._wrote(address, self._folder.keep(file_of(address), content))

    def _choices(self, some: Iterable[tuple[str, str, str]]) -> None:
        colours = installation().sheet_url
        for address, title, tail in some:
            self._keep(address, choice(address, title, tail, colours))

    def _own_pages(self, some: Iterable[tuple[str, str]]) -> None:
        """Write rendered pages, by address."""
        for address, html in some:
            self._keep(address, html)

    def _assets(self, some: Iterable[str]) -> None:
        for address in some:
            if address.startswith(settings.STATIC_URL):
                pieces = _static(address.removeprefix(settings.STATIC_URL))
                self._wrote(address, self._folder.put(file_of(address), pieces))
            else:
                self._forms([address])

    def _keep(self, address: str, html: str) -> None:
        """Write a page, with its links rewritten."""
        html = rendering.rewritten(html, address, site=settings.SITE_URL, where=self._where)
        self._wrote(address, self._folder.keep(file_of(address), html.encode(errors="replace")))

    def _where(self, path: str) -> str:
        """Return the target of a link in the copy; style sheets and pictures will be copied too."""
        if path.startswith((settings.STATIC_URL, "/mark/", "/look/")):
            self._made.assets.add(path)
            return path
        return self._links.where(path)


def choice(address: str, title: str, tail: str, colours: str) -> str:
    """Return the page that offers the six languages; `colours` is the address of the installation's stylesheet."""
    languages = [
        {"url": f"/{code}/{tail}", "name": name, "html_lang": html_code(code), "dir": direction(code)}
        for code, name in NAMES.items()
    ]
    context = {
        "title": title,
        "live": addresses.site(address if address == "/" else address.rstrip("/")),
        "stylesheet": static("plenara.css"),
        "colours": colours,
        "icon": static("favicon.svg"),
        "languages": languages,
    }
    return get_template("mirror/choice.html").render(context)


def _static(name: str) -> Iterator[bytes]:
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            yield from file.chunks()
    elif found := finders.find(name):
        yield Path(found).read_bytes()
    else:
        raise Unmirrored(f"The static file {name} is missing.")
