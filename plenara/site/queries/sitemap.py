"""The files of the sitemap, and the pages in each.

Pages are divided by the key of what they show, so that a page stays in its file for good. A file's date is that of the
last change in it, also of what it no longer lists: a crawler needs only those that changed since it came.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from django.db.models import Aggregate, Count, F, Max, Model, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from plenara.accounts.queries import PAGES
from plenara.consultations.models import LIST_CACHE_TAG, Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.life_cycle import State
from plenara.core.models import Revision
from plenara.directory.actions.search_index import findable
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.directory.models import Listing
from plenara.directory.queries.lookup import FOLDERS, path_of
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.events.models import CACHE_TAG as EVENTS
from plenara.events.models import Event
from plenara.exports.presenters.sitemaps import Page
from plenara.exports.queries.record import public_consultations
from plenara.outcomes.kind import OUTCOME
from plenara.outcomes.queries.versions import public_bodies, public_versions
from plenara.themes.models import CACHE_TAG as THEMES
from plenara.themes.models import Theme

#: Pages of one file. Each has six addresses with six alternates each, five kilobytes for each page.
BLOCK = 2_000
#: A higher number is no file's: databases do not store the keys of its rows.
MOST_FILES = 1_000_000_000
#: Consultations of one file, with all their questions.
CONSULTATIONS = 90
#: Pages that every outcome has, below its own.
BESIDE = ("answers/", "matrix/", "coverage/", "unanswered/")
#: Pages that every consultation has, below its own.
BELOW = ("decisions/", "decisions/turnaround/", "figures/", "downloads/", "summaries/")


class Part(NamedTuple):
    """A file of the sitemap: its number, the last change in it, and how many things it lists."""

    number: int
    changed: datetime.datetime | None = None
    size: int = 0


class Revisions(dict[str, datetime.datetime]):
    """The time of the last change of each cache tag. One query."""

    def __init__(self) -> None:
        super().__init__(Revision.objects.values_list("cache_tag", "at"))

    def last(self, *cache_tags: str) -> datetime.datetime | None:
        """Return the last change of these cache tags, or of all."""
        found = (self.get(each) for each in cache_tags) if cache_tags else self.values()
        return max((each for each in found if each), default=None)


@dataclass(frozen=True)
class Kind[Row: Model]:
    """Pages of one kind: what they show, and how it is divided into files."""

    rows: Callable[[], QuerySet[Row]]
    pages: Callable[[Q, Revisions], Iterator[Page]]
    size: int | None = None  # None: BLOCK
    key: str = "pk"

    def within(self, number: int) -> Q:
        """Return which rows belong to a file."""
        size = self.size or BLOCK
        return Q((f"{self.key}__gt", (number - 1) * size), (f"{self.key}__lte", number * size))

    def parts(self, revisions: Revisions, number: int | None = None) -> Iterable[Part]:
        """Return the files, or only the one with a number."""
        raise NotImplementedError


_CHANGED = Max("changed_at")


@dataclass(frozen=True)
class Dated[Row: Model](Kind[Row]):
    """Pages whose rows have dates. `rows` includes what was listed once; `listed` says what is listed now."""

    changed: Aggregate | Greatest = _CHANGED
    listed: Q = field(kw_only=True)

    def parts(self, revisions: Revisions, number: int | None = None) -> Iterable[Part]:
        found = self.rows() if number is None else self.rows().filter(self.within(number))
        blocks = found.annotate(block=(F(self.key) - 1) / (self.size or BLOCK) + 1).order_by("block").values("block")
        blocks = blocks.annotate(last=self.changed, count=Count("pk", filter=self.listed)).filter(count__gt=0)
        return (Part(*row) for row in blocks.values_list("block", "last", "count"))


@dataclass(frozen=True)
class Tagged[Row: Model](Kind[Row]):
    """Pages that change with a cache tag: of the consultation that a row belongs to, or of all rows."""

    tag_of: str = ""  # the field with the key of a consultation
    tags: tuple[str, ...] = ()

    def parts(self, revisions: Revisions, number: int | None = None) -> Iterable[Part]:
        found = self.rows() if number is None else self.rows().filter(self.within(number))
        parts: dict[int, list[datetime.datetime | None]] = {}
        of_all = revisions.last(*self.tags) if self.tags else None
        for key, consultation in found.order_by("pk").values_list("pk", self.tag_of or "pk"):
            at = revisions.last(_tag(consultation)) if self.tag_of else of_all
            parts.setdefault((key - 1) // (self.size or BLOCK) + 1, []).append(at)
        return (Part(k, max((at for at in dates if at), default=None), len(dates)) for k, dates in parts.items())


def files() -> list[Page]:
    """Return the files of the sitemap, by path. A query for each kind, and one."""
    revisions = Revisions()
    found = [Page("/sitemaps/pages-1.xml", revisions.last())]
    for name, kind in KINDS.items():
        found += (Page(f"/sitemaps/{name}-{part.number}.xml", part.changed) for part in kind.parts(revisions))
    return found


def part_of(name: str, number: int) -> Part | None:
    """Return a file; none if there is no such file. The first one of a kind may be empty. Two queries."""
    if name not in KINDS or number > MOST_FILES:
        return Part(1, Revisions().last()) if (name, number) == ("pages", 1) else None
    found = next(iter(KINDS[name].parts(Revisions(), number)), None)
    return found or (Part(1) if number == 1 else None)


def pages_of(name: str, number: int) -> Iterator[Page]:
    """Return the pages of a file that there is."""
    revisions = Revisions()
    return KINDS[name].pages(KINDS[name].within(number), revisions) if name in KINDS else _site(revisions)


def _tag(consultation: int) -> str:
    return Consultation(pk=consultation).cache_tag


def _site(revisions: Revisions) -> Iterator[Page]:
    consultations = revisions.last(LIST_CACHE_TAG, *(each for each in revisions if each.startswith("consultation:")))
    yield Page("", revisions.last())
    yield Page("consultations/", consultations)
    yield Page("outcomes/", consultations)
    yield Page("events/", revisions.last(EVENTS))
    yield Page("themes/", revisions.last(THEMES))
    for folder in FOLDERS.values():
        yield Page(f"{folder}/", revisions.last(DIRECTORY))
        yield Page(f"{folder}/figures/", revisions.last(DIRECTORY))
    yield from (Page(f"about/{page}/", revisions.last("installation")) for page in PAGES)


def _consultations(keys: Q, revisions: Revisions) -> Iterator[Page]:
    """Yield consultations and their questions. Two queries."""
    found = {each.pk: each for each in public_consultations().filter(keys)}
    numbers: dict[int, list[int]] = {}
    for key, number in Thread.objects.filter(consultation__in=list(found)).values_list("consultation_id", "number"):
        numbers.setdefault(key, []).append(number)
    for each in found.values():
        at = revisions.get(each.cache_tag)
        yield Page(f"consultations/{each.slug}/", at)
        yield from (Page(f"consultations/{each.slug}/{below}", at) for below in BELOW)
        for number in sorted(numbers.get(each.pk, [])):
            yield Page(f"consultations/{each.slug}/threads/{number}/", at)


def _contributions() -> QuerySet[Edition]:
    return Edition.objects.filter(in_force=True, consultation__in=public_consultations())


_IS_PUBLISHED = Q(status=Edition.Status.PUBLISHED)
#: When the edition in force last changed, or appeared with its consultation.
_SINCE = Greatest(Max("changed_at"), Coalesce(Max("consultation__announced_at"), Max("changed_at")))


def _contribution_pages(keys: Q, _revisions: Revisions) -> Iterator[Page]:
    rows = _contributions().filter(keys, _IS_PUBLISHED).order_by("contribution")
    for slug, number, at in rows.values_list("consultation__slug", "number", "changed_at").iterator():
        yield Page(f"consultations/{slug}/contributions/{number}/", at)


def _documents() -> QuerySet[DocumentEdition]:
    """Return all editions: the earlier ones of a document are no longer listed."""
    return DocumentEdition.objects.filter(consultation__in=public_consultations())


#: When a document was last published, or a translation of it.
_MINTED = Greatest(Max("minted_at"), Coalesce(Max("renditions__published_at"), Max("minted_at")))


def _document_pages(keys: Q, _revisions: Revisions) -> Iterator[Page]:
    rows = _documents().filter(keys, in_force=True).order_by("document").annotate(last=_MINTED)
    for kind, slug, number, address, at in rows.values_list("kind", "consultation__slug", "number", "address", "last"):
        yield Page(kind_of(kind).url(slug, number, "en", address=address).removeprefix("/en/"), at)


def _bodies(keys: Q, revisions: Revisions) -> Iterator[Page]:
    """Yield bodies, and the pages of each outcome. Two queries."""
    bodies = list(public_bodies().filter(keys).order_by("pk").values_list("pk", "slug", "consultation_id"))
    for _pk, slug, consultation in bodies:
        yield Page(f"outcomes/{slug}/", revisions.get(_tag(consultation)))
    found = public_versions().filter(edition__in_force=True, outcome__body__in=[pk for pk, _slug, _key in bodies])
    rows = found.order_by("pk").values_list("edition__address", "outcome__body__consultation_id")
    for address, consultation in rows:
        yield from (Page(f"{address}{below}", revisions.get(_tag(consultation))) for below in BESIDE)


def _outcomes() -> QuerySet[DocumentEdition]:
    return _documents().filter(kind=OUTCOME.name)


def _paragraph_pages(keys: Q, _revisions: Revisions) -> Iterator[Page]:
    editions = {each.pk: each for each in _outcomes().filter(keys, in_force=True).annotate(last=_MINTED)}
    rows = PublishedParagraph.objects.filter(edition__in=list(editions), mark__isnull=False).order_by("edition", "mark")
    for edition, mark in rows.values_list("edition_id", "mark").iterator():
        yield Page(f"{editions[edition].address}paragraphs/{mark}/", editions[edition].last)  # type: ignore[attr-defined]


def _listings() -> QuerySet[Listing]:
    return Listing.objects.filter(number__isnull=False)


def _listing_pages(keys: Q, _revisions: Revisions) -> Iterator[Page]:
    rows = findable().filter(keys).order_by("pk").values_list("of", "number", "changed_at")
    for of, number, at in rows.iterator():
        yield Page(path_of(of, number or 0, "en").removeprefix("/en/"), at)


_IS_FINDABLE = Q(state=State.PUBLISHED, archived_at=None, merged_into=None)


def _events() -> QuerySet[Event]:
    return Event.objects.filter(number__isnull=False)


def _event_pages(keys: Q, _revisions: Revisions) -> Iterator[Page]:
    rows = _events().filter(keys, state=State.PUBLISHED).order_by("pk")
    for number, at in rows.values_list("number", "changed_at").iterator():
        yield Page(f"events/{number}/", at)


def _themes() -> QuerySet[Theme]:
    return Theme.objects.filter(retired_at=None)


#: A theme's page lists consultations, events and entries of the directory.
_ON_A_THEME = (THEMES, LIST_CACHE_TAG, EVENTS, DIRECTORY)


def _theme_pages(keys: Q, revisions: Revisions) -> Iterator[Page]:
    at = revisions.last(*_ON_A_THEME)
    for code in _themes().filter(keys).order_by("pk").values_list("code", flat=True):
        yield Page(f"themes/{quote(code)}/", at)


KINDS: dict[str, Kind] = {
    "consultations": Tagged(public_consultations, _consultations, CONSULTATIONS, tag_of="pk"),
    "summaries": Dated(_documents, _document_pages, key="document", changed=_MINTED, listed=Q(in_force=True)),
    "directory": Dated(_listings, _listing_pages, listed=_IS_FINDABLE),
    "events": Dated(_events, _event_pages, listed=Q(state=State.PUBLISHED)),
    "themes": Tagged(_themes, _theme_pages, tags=_ON_A_THEME),
    "outcomes": Tagged(public_bodies, _bodies, CONSULTATIONS, tag_of="consultation_id"),
    # One file for each outcome: a document has a thousand paragraphs at most.
    "paragraphs": Dated(
        _outcomes,
        _paragraph_pages,
        1,
        "document",
        changed=_MINTED,
        listed=Q(in_force=True, paragraphs__mark__isnull=False),
    ),
    "contributions": Dated(
        _contributions, _contribution_pages, key="contribution", changed=_SINCE, listed=_IS_PUBLISHED
    ),
}
