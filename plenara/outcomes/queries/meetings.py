"""The meetings of a body: their list, a dossier with items and decisions, and possible matters of an item."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Byline, Contribution, Edition
from plenara.core.languages import Localized, current, in_language
from plenara.core.text import first_words
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, DocumentEdition, PublishedText
from plenara.events.models import Event, Occurrence
from plenara.events.presenters import calendar_pages as events
from plenara.events.presenters.calendar_pages import Line
from plenara.events.queries.calendar import Dated, Key
from plenara.events.queries.events import Lead, provides_leads
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import AgendaItem, Body, DecisionParagraph, Dossier, ItemMatter, MeetingDecision, Outcome
from plenara.outcomes.queries.contributions import titles_of
from plenara.outcomes.validation.meetings import consultations_of_body

#: Matters of one item that the page shows; its files have all.
MOST_ITEM_MATTERS = 40


@dataclass(frozen=True)
class Matter:
    """A matter of an item, with its address."""

    kept: ItemMatter
    label: str
    url: str  # blank if nothing is published any more
    title: Localized | None = None
    words: Localized | None = None
    byline: Byline | None = None
    group: str = ""
    is_gone: bool = False


@dataclass(frozen=True)
class Item:
    """An item of the agenda."""

    kept: AgendaItem
    title: Localized
    note: Localized
    matters: list[Matter] = field(default_factory=list)
    more: int = 0  # that are not shown here

    @property
    def number(self) -> int:
        return self.kept.number


@dataclass(frozen=True)
class Changed:
    """A paragraph that a decision changed."""

    label: str
    url: str


@dataclass(frozen=True)
class Decision:
    """A decision."""

    kept: MeetingDecision
    text: Localized
    paragraphs: list[Changed]

    @property
    def number(self) -> int:
        return self.kept.number


def items_of(dossier: Dossier, most: int = MOST_ITEM_MATTERS) -> list[Item]:
    """Return the agenda. Seven queries."""
    items = list(dossier.items.all())
    found = ItemMatter.objects.filter(item__in=items).order_by("position", "pk")
    by_item: dict[int, list[ItemMatter]] = {}
    for each in found.select_related("outcome__body", "outcome__document", "summary__consultation"):
        by_item.setdefault(each.item_id, []).append(each)
    shown = {item.pk: by_item.get(item.pk, [])[:most] for item in items}
    described = _matters_of([each for matters in shown.values() for each in matters])
    return [
        Item(
            kept=each,
            title=in_language(each.title),
            note=in_language(each.note),
            matters=[described[matter.pk] for matter in shown[each.pk]],
            more=len(by_item.get(each.pk, [])) - len(shown[each.pk]),
        )
        for each in items
    ]


def decisions_of(dossier: Dossier) -> list[Decision]:
    """Return the decisions of a meeting. Three queries."""
    found = list(dossier.decisions.select_related("item").prefetch_related("paragraphs__outcome__document"))
    editions = _editions({one.outcome.document_id for each in found for one in each.paragraphs.all()})
    titles = titles_of((each.pk for each in editions.values()), current())
    decisions = []
    for each in found:
        changed = []
        for one in each.paragraphs.all():
            edition = editions.get(one.outcome.document_id)
            if edition is not None:
                label = _paragraph_label(edition, titles.get(edition.pk), one.mark)
                changed.append(Changed(label, f"/{current()}/{edition.address}paragraphs/{one.mark}/"))
        decisions.append(Decision(each, in_language(each.text), changed))
    return decisions


def _matters_of(matters: list[ItemMatter]) -> dict[int, Matter]:
    documents = {each.outcome.document_id for each in matters if each.outcome}
    documents |= {each.summary_id for each in matters if each.summary_id}
    editions = _editions(documents)
    titles = titles_of((each.pk for each in editions.values()), current())
    texts = _texts({each.pk for each in editions.values()}, {each.mark for each in matters if each.mark})
    contributions = _contributions({each.contribution_id for each in matters if each.contribution_id})
    found = {}
    for each in matters:
        if each.contribution_id:
            found[each.pk] = _contribution(each, contributions.get(each.contribution_id))
            continue
        document = each.outcome.document_id if each.outcome else each.summary_id
        edition = editions.get(document or 0)
        if edition is None:
            found[each.pk] = Matter(each, _("no longer published"), "", is_gone=True)
        elif each.mark:
            found[each.pk] = Matter(
                each,
                _paragraph_label(edition, titles.get(edition.pk), each.mark),
                f"/{current()}/{edition.address}paragraphs/{each.mark}/",
                words=texts.get((edition.pk, each.mark)),
            )
        else:
            kind = kind_of(edition.kind)
            url = kind.url(edition.consultation.slug, edition.number, address=edition.address)
            found[each.pk] = Matter(each, kind.label(edition.number), url, title=titles.get(edition.pk))
    return found


def _editions(documents: Iterable[int]) -> dict[int, DocumentEdition]:
    """Return the editions in force by document. One query."""
    found = DocumentEdition.objects.filter(document__in=set(documents), in_force=True).select_related("consultation")
    return {each.document_id: each for each in found}


def _texts(editions: set[int], marks: set[int | None]) -> dict[tuple[int, int | None], Localized]:
    """Return the words of paragraphs by edition and permanent number, in the reader's or the source language."""
    rows = PublishedText.objects.filter(
        Q(language=current()) | Q(language=F("paragraph__edition__source_language")),
        paragraph__edition__in=editions, paragraph__mark__in=marks, rendition__in_force=True,
    )  # fmt: skip
    found: dict[tuple[int, int | None], Localized] = {}
    for edition, mark, code, text in rows.values_list("paragraph__edition", "paragraph__mark", "language", "text"):
        if code == current() or (edition, mark) not in found:
            found[(edition, mark)] = Localized(text, code)
    return found


def _contributions(ids: set[int]) -> dict[int, Edition]:
    """Return the editions in force by contribution. One query."""
    found = Edition.objects.filter(contribution__in=ids, in_force=True).select_related("consultation", "byline", "text")
    return {each.contribution_id: each for each in found}


def _contribution(kept: ItemMatter, edition: Edition | None) -> Matter:
    if edition is None:
        return Matter(kept, _("no longer published"), "", is_gone=True)
    url = f"/{current()}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"
    is_gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    if is_gone:
        return Matter(kept, edition.symbol, url, is_gone=True)
    return Matter(
        kept,
        edition.symbol,
        url,
        title=Localized(edition.title, edition.language) if edition.title else None,
        byline=edition.byline,
        group=edition.stakeholder_group,
    )


def _paragraph_label(edition: DocumentEdition, title: Localized | None, mark: int) -> str:
    name = title.text if title else kind_of(edition.kind).label(edition.number)
    return pgettext("label", "%(title)s, paragraph %(number)d") % {"title": name, "number": mark}


@provides_leads
def dossier_of(event: Event) -> list[Lead]:
    """Return the dossier of an event, if published. One query."""
    found = Dossier.objects.filter(event=event, published_at__isnull=False).only("reported_at").first()
    if found is None:
        return []
    label = _("Agenda, report and decisions") if found.reported_at else _("Agenda and documents of the meeting")
    return [(label, f"/{current()}/events/{event.number}/dossier/")]


#: The most results of each kind, and the characters of a text that are shown.
MOST_CANDIDATES, CANDIDATE_LENGTH = 12, 160


@dataclass(frozen=True)
class Candidate:
    """A possible matter of an item. `value` is the value of its checkbox."""

    value: str
    label: str
    words: Localized
    byline: Byline | None = None
    group: str = ""


def candidates(body: Body, query: str) -> list[Candidate]:
    """Return the matters found; without a query, whole outcomes and summaries. A few queries."""
    query, number = query.strip()[:200], query.strip() if query.strip().isdecimal() and len(query.strip()) < 9 else ""
    where = consultations_of_body(body)
    found = [*_document_candidates(where, query, number)]
    if query:
        found += [*_paragraph_candidates(where, query, number), *_contribution_candidates(where, query, number)]
    return found


def chosen_matters(body: Body, values: list[str]) -> Iterator[dict[str, object]]:
    """Yield the chosen matters for the action, without those that no longer exist."""
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


def _editions_in_force(where: set[int]) -> QuerySet[DocumentEdition]:
    return DocumentEdition.objects.filter(consultation__in=where, in_force=True)


def _document_candidates(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    found = _editions_in_force(where).select_related("document__outcome").prefetch_related("renditions")
    if query:
        asked = Q(renditions__title__icontains=query) | Q(symbol__icontains=query)
        found = found.filter(asked | Q(number=number) if number else asked).distinct()
    for each in found.order_by("kind", "-number")[: 2 * MOST_CANDIDATES]:
        titles = {one.language: one.title for one in each.renditions.all() if one.in_force}
        kind, pk = ("outcome", each.document.outcome.pk) if each.kind == NAME else ("summary", each.document_id)
        yield Candidate(f"{kind}:{pk}", f"{kind_of(each.kind).label(each.number)} ({each.symbol})", in_language(titles))


def _paragraph_candidates(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    rows = PublishedText.objects.filter(
        paragraph__edition__in=_editions_in_force(where).filter(kind=NAME), rendition__in_force=True
    )
    asked = Q(text__icontains=query) | Q(heading__icontains=query)
    rows = rows.filter(asked | Q(paragraph__mark=number) if number else asked)
    rows = rows.select_related("paragraph__edition__document__outcome").order_by(
        "paragraph__edition", "paragraph__number"
    )
    seen: dict[int, Candidate] = {}
    for each in rows[: 6 * MOST_CANDIDATES]:
        paragraph = each.paragraph
        label = pgettext("label", "%(title)s, paragraph %(number)d") % {
            "title": kind_of(NAME).label(paragraph.edition.number), "number": paragraph.public_number,
        }  # fmt: skip
        value = f"outcome:{paragraph.edition.document.outcome.pk}:{paragraph.public_number}"
        seen.setdefault(
            paragraph.pk, Candidate(value, label, Localized(first_words(each.text, CANDIDATE_LENGTH), each.language))
        )
    yield from islice(seen.values(), MOST_CANDIDATES)


def _contribution_candidates(where: set[int], query: str, number: str) -> Iterator[Candidate]:
    found = Edition.objects.filter(consultation__in=where, in_force=True, status=Edition.Status.PUBLISHED)
    asked = Q(symbol__iexact=query) | Q(text__content__icontains=query) | Q(byline__name__icontains=query)
    found = found.filter(Q(number=number) if number else asked | Q(title__icontains=query))
    for each in found.select_related("text", "byline").order_by("-minted_at", "-pk")[:MOST_CANDIDATES]:
        words = Localized(first_words(each.text.content if each.text else "", CANDIDATE_LENGTH), each.language)
        yield Candidate(f"contribution:{each.contribution_id}", each.symbol, words, each.byline, each.stakeholder_group)


#: Meetings that a body's page lists.
MOST_MEETINGS = 30


def meetings_of(body: Body) -> list[Line]:
    """Return the meetings of a body with a published agenda, the last one first, each with its first date."""
    found = Occurrence.objects.filter(
        event__dossier__body=body, event__dossier__published_at__isnull=False, is_shown=True
    )
    first: dict[int, Occurrence] = {}
    for each in found.select_related("event__prepares").order_by("-starts_at", "pk")[: 4 * MOST_MEETINGS]:
        first[each.event_id] = each
    return events.lines_of([Dated(Key(each.starts_at, 0, each.pk), each) for each in first.values()][:MOST_MEETINGS])


@dataclass(frozen=True)
class Decided:
    """A decision of a meeting on a paragraph."""

    number: int
    text: Localized
    meeting: Localized
    url: str  # of its dossier
    on: datetime.datetime


def decisions_on(outcome: Outcome, mark: int) -> list[Decided]:
    """Return the decisions of meetings that changed a paragraph, in their order."""
    found = DecisionParagraph.objects.filter(
        outcome=outcome, mark=mark, decision__dossier__reported_at__isnull=False
    ).select_related("decision__dossier__event")
    rows = []
    for each in found.order_by("decision__at", "pk"):
        decision, event = each.decision, each.decision.dossier.event
        rows.append(
            Decided(
                number=decision.number,
                text=in_language(decision.text),
                meeting=in_language(event.details.get("title") or {current(): _("no longer published")}),
                url=f"/{current()}/events/{event.number}/dossier/",
                on=decision.at,
            )
        )
    return rows
