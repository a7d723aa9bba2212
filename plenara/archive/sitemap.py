"""Which pages the sitemap lists. Contributions are cut by key, so a file never shifts and none is found by counting."""

from collections.abc import Callable, Iterator

from django.db.models import F, Max, Q, QuerySet

from plenara.accounts.installation import PAGES
from plenara.archive.finding import public_consultations
from plenara.archive.formats.sitemaps import Page
from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition
from plenara.ledger.models import Revision

#: Pages of one file. Each has six addresses with six others beside each, five kilobytes a page.
BLOCK = 2_000
#: Consultations of one file, with all their questions.
CONSULTATIONS = 100


def _contributions() -> QuerySet[Edition]:
    found = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED)
    return found.filter(consultation__in=public_consultations())


def files() -> list[Page]:
    """Return the files of the sitemap, by path. Four queries."""
    blocks = _contributions().annotate(block=(F("pk") - 1) / BLOCK).values_list("block").order_by("block")
    found = [Page(f"/sitemaps/contributions-{block + 1}.xml", at) for block, at in blocks.annotate(Max("minted_at"))]
    counts = {
        "pages": 1,
        "consultations": _blocks(public_consultations(), CONSULTATIONS),
        "summaries": _blocks(_documents(), BLOCK),
    }
    return [Page(f"/sitemaps/{kind}-{k}.xml") for kind, n in counts.items() for k in range(1, n + 1)] + found


def _blocks(rows: QuerySet, size: int) -> int:
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    return -(-last // size)


def pages_of(kind: str, block: int) -> Iterator[Page] | None:
    """Return the pages of a file, none where there is no such file."""
    size = CONSULTATIONS if kind == "consultations" else BLOCK
    return KINDS[kind](Q(pk__gt=(block - 1) * size, pk__lte=block * size), block) if kind in KINDS else None


def _site(_keys: Q, block: int) -> Iterator[Page]:
    if block == 1:
        yield Page("")
        yield Page("consultations/")
        yield from (Page(f"about/{page}/") for page in PAGES)


def _consultations(keys: Q, _block: int) -> Iterator[Page]:
    """Yield consultations and their questions. Three queries."""
    found = {each.pk: each for each in public_consultations().filter(keys)}
    changed = dict(Revision.objects.filter(shelf__startswith="consultation:").values_list("shelf", "at"))
    numbers: dict[int, list[int]] = {}
    for key, number in Thread.objects.filter(consultation__in=list(found)).values_list("consultation_id", "number"):
        numbers.setdefault(key, []).append(number)
    for each in found.values():
        at = changed.get(each.shelf)
        yield Page(f"consultations/{each.slug}/", at)
        yield from (Page(f"consultations/{each.slug}/decisions/{below}", at) for below in ("", "turnaround/"))
        for number in sorted(numbers.get(each.pk, [])):
            yield Page(f"consultations/{each.slug}/threads/{number}/", at)


def _contribution_pages(keys: Q, _block: int) -> Iterator[Page]:
    rows = _contributions().filter(keys).order_by("pk").values_list("consultation__slug", "number", "minted_at")
    for slug, number, at in rows.iterator():
        yield Page(f"consultations/{slug}/contributions/{number}/", at)


def _documents() -> QuerySet[DocumentEdition]:
    return DocumentEdition.objects.filter(in_force=True, consultation__in=public_consultations())


def _summaries(keys: Q, _block: int) -> Iterator[Page]:
    rows = _documents().filter(keys).order_by("pk").values_list("kind", "consultation__slug", "number", "minted_at")
    for kind, slug, number, at in rows:
        path = kind_of(kind).url(slug, number, "en").removeprefix("/en/")
        yield Page(path, at)


KINDS: dict[str, Callable[[Q, int], Iterator[Page]]] = {
    "pages": _site,
    "consultations": _consultations,
    "summaries": _summaries,
    "contributions": _contribution_pages,
}
