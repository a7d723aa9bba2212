"""Finding what a meeting can discuss: paragraphs, outcomes, summaries and contributions, by words, symbol or number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from plenara.contributions.models import Byline, Contribution, Edition
from plenara.core.languages import Localized, in_language
from plenara.core.text import first_words
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, DocumentEdition, PublishedText
from plenara.outcomes.kind import NAME
from plenara.outcomes.meeting_checks import consultations_of
from plenara.outcomes.models import Body, Outcome

#: Found of each kind, and characters of a text that are shown.
MOST, SHOWN = 12, 160


@dataclass(frozen=True)
class Candidate:
    """Something that an item could discuss. `value` is what its box sends."""

    value: str
    label: str
    words: Localized
    byline: Byline | None = None
    group: str = ""


def candidates(body: Body, query: str) -> list[Candidate]:
    """Return what is found; without a query, whole outcomes and summaries. A few queries."""
    query, number = query.strip()[:200], query.strip() if query.strip().isdecimal() and len(query.strip()) < 9 else ""
    where = consultations_of(body)
    found = [*_documents(where, query, number)]
    if query:
        found += [*_paragraphs(where, query, number), *_contributions(where, query, number)]
    return found


def chosen(body: Body, values: list[str]) -> Iterator[dict[str, object]]:
    """Yield what boxes have chosen, as the action takes it; what is not there any more is left out."""
    for value in values:
        kind, _colon, rest = value.partition(":")
        pk, _colon, mark = rest.partition(":")
        if not (pk.isdecimal() and len(pk) < 18 and len(mark) < 9 and (not mark or mark.isdecimal())):
            continue
        if kind == "outcome" and (outcome := Outcome.objects.filter(pk=pk).first()):
            yield {"outcome": outcome, "mark": int(mark) if mark else None}
        elif kind == "summary" and (summary := Document.objects.filter(pk=pk, kind="summary").first()):
            yield {"summary": summary}
        elif kind == "contribution" and (contribution := Contribution.objects.filter(pk=pk).first()):
            yield {"contribution": contribution}


def _in_force(where: set[int]) -> QuerySet[DocumentEdition]:
    return DocumentEdition.objects.filter(consultation__in=where, in_force=True)


def _documents(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    found = _in_force(where).select_related("document__outcome").prefetch_related("renditions")
    if query:
        asked = Q(renditions__title__icontains=query) | Q(symbol__icontains=query)
        found = found.filter(asked | Q(number=number) if number else asked).distinct()
    for each in found.order_by("kind", "-number")[: 2 * MOST]:
        titles = {one.language: one.title for one in each.renditions.all() if one.in_force}
        kind, pk = ("outcome", each.document.outcome.pk) if each.kind == NAME else ("summary", each.document_id)
        yield Candidate(f"{kind}:{pk}", f"{kind_of(each.kind).label(each.number)} ({each.symbol})", in_language(titles))


def _paragraphs(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    rows = PublishedText.objects.filter(
        paragraph__edition__in=_in_force(where).filter(kind=NAME), rendition__in_force=True
    )
    asked = Q(text__icontains=query) | Q(heading__icontains=query)
    rows = rows.filter(asked | Q(paragraph__mark=number) if number else asked)
    rows = rows.select_related("paragraph__edition__document__outcome").order_by(
        "paragraph__edition", "paragraph__number"
    )
    seen: dict[int, Candidate] = {}
    for each in rows[: 6 * MOST]:
        paragraph = each.paragraph
        label = _("%(title)s, paragraph %(number)d") % {
            "title": kind_of(NAME).label(paragraph.edition.number), "number": paragraph.told_as,
        }  # fmt: skip
        value = f"outcome:{paragraph.edition.document.outcome.pk}:{paragraph.told_as}"
        seen.setdefault(paragraph.pk, Candidate(value, label, Localized(first_words(each.text, SHOWN), each.language)))
    yield from islice(seen.values(), MOST)


def _contributions(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    found = Edition.objects.filter(consultation__in=where, in_force=True, status=Edition.Status.PUBLISHED)
    asked = Q(symbol__iexact=query) | Q(text__content__icontains=query) | Q(byline__name__icontains=query)
    found = found.filter(Q(number=number) if number else asked | Q(title__icontains=query))
    for each in found.select_related("text", "byline").order_by("-minted_at", "-pk")[:MOST]:
        words = Localized(first_words(each.text.content if each.text else "", SHOWN), each.language)
        yield Candidate(f"contribution:{each.contribution_id}", each.symbol, words, each.byline, each.stakeholder_group)
