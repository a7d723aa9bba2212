"""The consultations behind outcomes, and the order of contributions to several of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.documents.models import Citation, PublishedCitation, Reference
from plenara.outcomes.models import Dossier, Opening, Outcome, Trace


def behind(outcomes: Collection[int] | QuerySet) -> QuerySet[Consultation]:
    """Return the consultations that outcomes answer, that their versions cite, or that drafts were opened as.

    One query.
    """
    answers = Outcome.consultations.through.objects.filter(consultation=OuterRef("pk"), outcome__in=outcomes)
    traces = Trace.objects.filter(consultation=OuterRef("pk"), edition__outcome__in=outcomes)
    openings = Opening.objects.filter(consultation=OuterRef("pk"), outcome__in=outcomes)
    return Consultation.objects.filter(Exists(answers) | Exists(openings) | Exists(traces)).order_by("pk")


def cache_tags_behind(outcomes: Collection[int] | QuerySet, *homes: Consultation) -> list[str]:
    """Return the cache tags of consultations behind outcomes and of their homes, in a fixed order. One query."""
    return sorted({each.cache_tag for each in (*homes, *behind(outcomes).only("pk"))})


def cache_tags_to_publish(outcome: Outcome) -> list[str]:
    """Return the cache tags that a version of the present draft will change, in a fixed order. Three queries."""
    cited = Citation.objects.filter(paragraph__document=outcome.document_id).values("edition__consultation")
    statements = Reference.objects.filter(paragraph__document=outcome.document_id).values("statement")
    beneath = PublishedCitation.objects.filter(paragraph__in=statements).values("edition__consultation")
    new = Consultation.objects.filter(pk__in=cited).union(Consultation.objects.filter(pk__in=beneath))
    return cache_tags_behind([outcome.pk], outcome.body.consultation, *new)


def quoted_elsewhere(homes: Iterable[int] | None = None) -> dict[int, list[int]]:
    """Return the other consultations that the versions of outcomes quote, by the consultation of their home.

    For some homes, or for all. One query.
    """
    home = F("edition__outcome__body__consultation")
    found = Trace.objects.exclude(consultation=home)
    if homes is not None:
        found = found.filter(edition__outcome__body__consultation__in=homes)
    elsewhere: dict[int, list[int]] = defaultdict(list)
    for at, other in found.order_by().values_list("edition__outcome__body__consultation", "consultation").distinct():
        elsewhere[at].append(other)
    return elsewhere


def with_meetings(homes: Iterable[int] | None = None) -> set[int]:
    """Return the consultations whose bodies have meetings with a published agenda. For some homes, or for all."""
    found = Dossier.objects.filter(published_at__isnull=False)
    if homes is not None:
        found = found.filter(body__consultation__in=homes)
    return set(found.values_list("body__consultation", flat=True))


def consultations_of(*found: QuerySet, also: int | None = None) -> list[int]:
    """Return the keys of the consultations of rows, the first opened first. One query.

    Those that opened at the same moment, or have no date, are in the order of their symbols. Databases sort symbols and
    NULL in different ways, so they are sorted here.
    """
    wanted = Q(pk=also)
    for each in found:
        wanted |= Q(Exists(each.order_by().filter(consultation=OuterRef("pk"))))
    known = Consultation.objects.filter(wanted).values_list("opens_at", "symbol", "pk")
    return [pk for *_place, pk in sorted(known, key=_place)]


def _place(known: tuple[object, str, int]) -> tuple[object, ...]:
    opens_at, symbol, _pk = known
    return (1, symbol) if opens_at is None else (0, opens_at, symbol)


def in_order(found: QuerySet, start: tuple[int, Q] | None = None) -> Iterator[QuerySet]:
    """Yield the rows of one consultation after the other, each in the order of `found`.

    `start` is the first consultation, and the condition for its rows.
    """
    first, those = start or (None, Q())
    order = consultations_of(found, also=first)
    for at in order[order.index(first) :] if first else order:
        rows = found.filter(consultation=at)
        yield rows.filter(those) if at == first else rows


def first_of(parts: Iterator[QuerySet], most: int) -> list:
    """Return so many rows, with one query for each consultation that they need."""
    rows: list = []
    for each in parts:
        rows += each[: most - len(rows)]
        if len(rows) == most:
            break
    return rows
