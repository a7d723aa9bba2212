"""The pages of the sitemap. Contributions are divided by key, so that a file never shifts and no query counts."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from django.db.models import F, Max, Q, QuerySet

from plenara.accounts.queries import PAGES
from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.core.life_cycle import State
from plenara.core.models import Revision
from plenara.directory.index import findable
from plenara.directory.queries.lookup import FOLDERS, path_of
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.events.models import Event
from plenara.exports.presenters.sitemaps import Page
from plenara.exports.queries.record import public_consultations
from plenara.outcomes.kind import OUTCOME
from plenara.outcomes.queries.versions import public_bodies, public_versions
from plenara.themes.models import Theme

#: Pages of one file. Each has six addresses with six alternates each, five kilobytes for each page.
BLOCK = 2_000
#: Consultations of one file, with all their questions.
CONSULTATIONS = 90
#: Pages that every outcome has, below its own.
BESIDE = ("answers/", "matrix/", "coverage/", "unanswered/")
#: Pages that every consultation has, below its own.
BELOW = ("decisions/", "decisions/turnaround/", "figures/", "downloads/", "summaries/")


def _contributions() -> QuerySet[Edition]:
    found = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED)
    return found.filter(consultation__in=public_consultations())


def files() -> list[Page]:
    """Return the files of the sitemap, by path. Nine queries."""
    blocks = _contributions().annotate(block=(F("pk") - 1) / BLOCK).values_list("block").order_by("block")
    found = [Page(f"/sitemaps/contributions-{block + 1}.xml", at) for block, at in blocks.annotate(Max("changed_at"))]
    counts = {
        "pages": 1,
        "consultations": _blocks(public_consultations(), CONSULTATIONS),
        "summaries": _blocks(_documents(), BLOCK),
        "directory": _blocks(findable(), BLOCK),
        "events": _blocks(_events(), BLOCK),
        "themes": _blocks(_themes(), BLOCK),
        "outcomes": _blocks(public_bodies(), CONSULTATIONS),
        "paragraphs": _blocks(_paragraphs(), BLOCK),
    }
    return [Page(f"/sitemaps/{kind}-{k}.xml") for kind, n in counts.items() for k in range(1, n + 1)] + found


def _blocks(rows: QuerySet, size: int) -> int:
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    return -(-last // size)


def pages_of(kind: str, block: int) -> Iterator[Page] | None:
    """Return the pages of a file; none if there is no such file."""
    size = CONSULTATIONS if kind in {"consultations", "outcomes"} else BLOCK
    return KINDS[kind](Q(pk__gt=(block - 1) * size, pk__lte=block * size), block) if kind in KINDS else None


def _site(_keys: Q, block: int) -> Iterator[Page]:
    if block == 1:
        yield Page("")
        yield Page("consultations/")
        yield Page("outcomes/")
        yield Page("events/")
        yield Page("themes/")
        for folder in FOLDERS.values():
            yield Page(f"{folder}/")
            yield Page(f"{folder}/figures/")
        yield from (Page(f"about/{page}/") for page in PAGES)


def _consultations(keys: Q, _block: int) -> Iterator[Page]:
    """Yield consultations and their questions. Three queries."""
    found = {each.pk: each for each in public_consultations().filter(keys)}
    changed = dict(Revision.objects.filter(cache_tag__startswith="consultation:").values_list("cache_tag", "at"))
    numbers: dict[int, list[int]] = {}
    for key, number in Thread.objects.filter(consultation__in=list(found)).values_list("consultation_id", "number"):
        numbers.setdefault(key, []).append(number)
    for each in found.values():
        at = changed.get(each.cache_tag)
        yield Page(f"consultations/{each.slug}/", at)
        yield from (Page(f"consultations/{each.slug}/{below}", at) for below in BELOW)
        for number in sorted(numbers.get(each.pk, [])):
            yield Page(f"consultations/{each.slug}/threads/{number}/", at)


def _contribution_pages(keys: Q, _block: int) -> Iterator[Page]:
    rows = _contributions().filter(keys).order_by("pk").values_list("consultation__slug", "number", "changed_at")
    for slug, number, at in rows.iterator():
        yield Page(f"consultations/{slug}/contributions/{number}/", at)


def _documents() -> QuerySet[DocumentEdition]:
    return DocumentEdition.objects.filter(in_force=True, consultation__in=public_consultations())


def _summaries(keys: Q, _block: int) -> Iterator[Page]:
    rows = _documents().filter(keys).order_by("pk")
    for kind, slug, number, address, at in rows.values_list(
        "kind", "consultation__slug", "number", "address", "minted_at"
    ):
        path = kind_of(kind).url(slug, number, "en", address=address).removeprefix("/en/")
        yield Page(path, at)


def _bodies(keys: Q, _block: int) -> Iterator[Page]:
    """Yield bodies, and the pages of each outcome. Two queries."""
    bodies = list(public_bodies().filter(keys).order_by("pk").values_list("pk", "slug"))
    for _pk, slug in bodies:
        yield Page(f"outcomes/{slug}/")
    found = public_versions().filter(edition__in_force=True, outcome__body__in=[pk for pk, _slug in bodies])
    for address, at in found.order_by("pk").values_list("edition__address", "edition__minted_at"):
        yield from (Page(f"{address}{below}", at) for below in BESIDE)


def _paragraphs() -> QuerySet[PublishedParagraph]:
    found = PublishedParagraph.objects.filter(edition__in_force=True, edition__kind=OUTCOME.name, mark__isnull=False)
    return found.filter(edition__consultation__in=public_consultations())


def _paragraph_pages(keys: Q, _block: int) -> Iterator[Page]:
    rows = _paragraphs().filter(keys).order_by("pk").values_list("edition__address", "mark", "edition__minted_at")
    for address, mark, at in rows.iterator():
        yield Page(f"{address}paragraphs/{mark}/", at)


def _listing_pages(keys: Q, _block: int) -> Iterator[Page]:
    rows = findable().filter(keys).order_by("pk").values_list("of", "number", "changed_at")
    for of, number, at in rows.iterator():
        yield Page(path_of(of, number or 0, "en").removeprefix("/en/"), at)


def _events() -> QuerySet[Event]:
    return Event.objects.filter(state=State.PUBLISHED)


def _event_pages(keys: Q, _block: int) -> Iterator[Page]:
    for number, at in _events().filter(keys).order_by("pk").values_list("number", "changed_at").iterator():
        yield Page(f"events/{number}/", at)


def _themes() -> QuerySet[Theme]:
    return Theme.objects.filter(retired_at=None)


def _theme_pages(keys: Q, _block: int) -> Iterator[Page]:
    for code in _themes().filter(keys).order_by("pk").values_list("code", flat=True):
        yield Page(f"themes/{quote(code)}/")


KINDS: dict[str, Callable[[Q, int], Iterator[Page]]] = {
    "pages": _site,
    "consultations": _consultations,
    "summaries": _summaries,
    "contributions": _contribution_pages,
    "directory": _listing_pages,
    "events": _event_pages,
    "themes": _theme_pages,
    "outcomes": _bodies,
    "paragraphs": _paragraph_pages,
}
