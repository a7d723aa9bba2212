"""The contributions that outcomes answer: with and without a response, in figures, and the trail of each."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import Channel, Edition
from plenara.core.languages import Localized, current, in_language
from plenara.core.life_cycle import State as ItemState
from plenara.core.prepared import prepared
from plenara.core.rows import Json
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.documents.models import (
    Citation,
    PublishedCitation,
    PublishedRendition,
    PublishedText,
    Reference,
    Response,
)
from plenara.outcomes.kind import scope
from plenara.outcomes.models import ItemMatter, Outcome, OutcomeEdition, Stage, Trace
from plenara.outcomes.queries.consultations import first_of, in_order

#: Contributions on a page, and the characters shown of each.
PAGE, OPENING_LENGTH = 40, 160


def to_answer(outcome: Outcome) -> QuerySet[Edition]:
    """Return the editions in force of every published contribution that the outcome answers, including replies."""
    return Edition.objects.filter(
        consultation__in=scope(outcome.document), in_force=True, status=Edition.Status.PUBLISHED
    ).order_by("consultation", "number")


def unanswered_by(edition: OutcomeEdition) -> QuerySet[Edition]:
    """Return those without a response and a reason in a version, neither directly nor through a statement."""
    answered = Trace.objects.filter(edition=edition, contribution=OuterRef("contribution"), reason__isnull=False)
    return to_answer(edition.outcome).filter(~Exists(answered.exclude(response="")))


def unanswered_now(outcome: Outcome) -> QuerySet[Edition]:
    """Return those that the present draft would leave unanswered."""
    itself = Citation.objects.filter(
        paragraph__document=outcome.document_id, edition__contribution=OuterRef("contribution"), reason__isnull=False
    ).exclude(response="")
    cited = Reference.objects.filter(paragraph__document=outcome.document_id, reason__isnull=False)
    beneath = PublishedCitation.objects.filter(
        paragraph__in=cited.exclude(response="").values("statement"), edition__contribution=OuterRef("contribution")
    )
    return to_answer(outcome).filter(~Exists(itself), ~Exists(beneath))


@dataclass(frozen=True)
class UnansweredPage:
    """A page of unanswered contributions."""

    editions: list[Edition]
    next: tuple[str, int] | None  # the consultation and number with which the next begins


def unanswered_page(edition: OutcomeEdition, slug: str = "", number: int = 0) -> UnansweredPage | None:
    """Return the page that begins at a consultation and a number; None if invalid. Three queries, and one for each
    further consultation on the page.
    """
    found = unanswered_by(edition)
    begins = None
    if number:
        start = Consultation.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if start is None:
            return None
        begins = (start, Q(number__gte=number))
    found = (
        found.select_related("byline", "thread", "consultation")
        .defer("consultation__intro", "thread__guidance")
        .annotate(opening=Substr("text__content", 1, OPENING_LENGTH))
    )
    rows: list[Edition] = first_of(in_order(found, begins), PAGE + 1)
    further = rows[PAGE] if len(rows) > PAGE else None
    return UnansweredPage(rows[:PAGE], (further.consultation.slug, further.number) if further else None)


#: The dimensions of coverage: the name in the stored figures, and the field of a contribution.
FIGURES_BY = {
    "groups": "stakeholder_group",
    "countries": "byline__country",
    "languages": "language",
    "channels": "channel",
}


def count_figures(version: OutcomeEdition) -> dict[str, object]:
    """Return the figures of a version with its traces: `answered`, `left`, and [all, answered] by each of `BY`
    and by question ("slug/number").

    Five queries. Missing countries and channels are counted as "".
    """
    answering = Trace.objects.filter(edition=version, contribution=OuterRef("contribution"), reason__isnull=False)
    found = to_answer(version.outcome).order_by().annotate(is_answered=Exists(answering.exclude(response="")))
    figures: Json = {}
    for name, of in FIGURES_BY.items():
        rows = found.values_list(of).annotate(all=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
        figures[name] = {str(value or ""): [every, answered] for value, every, answered in rows.order_by(of)}
    by_thread = found.values_list("consultation__slug", "thread__number").annotate(
        all=Count("pk"), answered=Count("pk", filter=Q(is_answered=True))
    )
    figures["threads"] = {
        f"{slug}/{number}": [every, answered]
        for slug, number, every, answered in by_thread.order_by("consultation", "thread__number")
    }
    figures["answered"] = sum(answered for _all, answered in figures["groups"].values())
    figures["left"] = sum(every - answered for every, answered in figures["groups"].values())
    return figures


@dataclass(frozen=True)
class FigureLine:
    """A line of a table of coverage."""

    key: str
    label: Localized
    all: int
    answered: int
    url: str = ""


@dataclass(frozen=True)
class FigureTable:
    """Coverage by one dimension."""

    name: str
    title: str
    lines: list[FigureLine]

    @property
    def most(self) -> int:
        return max((each.all for each in self.lines), default=0)


def figure_tables(figures: Json) -> list[FigureTable]:
    """Return the stored figures of a version as tables in the reader's language. One query.

    Every stakeholder group is listed, also those without contributions, to show who is missing.
    """
    groups = {each: [0, 0] for each in StakeholderGroup.values} | figures.get("groups", {})
    return [
        FigureTable("groups", pgettext("label", "By stakeholder group"), _lines(groups, _group)),
        FigureTable("threads", pgettext("label", "By question"), _threads(figures.get("threads", {}))),
        FigureTable("languages", pgettext("label", "By language"), _lines(figures.get("languages", {}), language_name)),
        FigureTable("channels", pgettext("label", "By channel"), _lines(figures.get("channels", {}), _channel)),
        FigureTable("countries", pgettext("label", "By country"), _lines(figures.get("countries", {}), _country)),
    ]


def _lines(rows: dict[str, list[int]], called: Callable[[str], str]) -> list[FigureLine]:
    found = [FigureLine(key, Localized(called(key), ""), every, answered) for key, (every, answered) in rows.items()]
    return sorted(found, key=lambda each: (-each.all, each.key))


def _group(code: str) -> str:
    return str(StakeholderGroup(code).label) if code in StakeholderGroup.values else code


def _channel(code: str) -> str:
    return str(Channel(code).label) if code in Channel.values else pgettext("label", "Not stated")


def _country(code: str) -> str:
    return country_name(code) if code else pgettext("label", "Not stated")


def _threads(rows: dict[str, list[int]]) -> list[FigureLine]:
    places = [key.rpartition("/") for key in rows]
    found = Thread.objects.select_related("consultation").filter(consultation__slug__in={each[0] for each in places})
    threads = {f"{each.consultation.slug}/{each.number}": each for each in found}
    return [
        FigureLine(key, thread_label(threads[key]), every, answered, thread_url(threads[key]))
        for key, (every, answered) in rows.items()
        if key in threads
    ]


def thread_label(thread: Thread) -> Localized:
    """Return a question with its number. Its consultation is loaded."""
    question = in_language(thread.question)
    return Localized(f"{thread.number}. {question.text}", question.language)


def thread_url(thread: Thread) -> str:
    """Return the address of a question."""
    return f"/{current()}/consultations/{thread.consultation.slug}/threads/{thread.number}/"


@dataclass(frozen=True)
class TrailResponse:
    """A response of a paragraph of a version in force to a contribution."""

    label: str  # "Report of the Working Group, paragraph 12"
    url: str
    stage: str
    draft: int
    response: str
    reason: Localized
    text: Localized  # the paragraph's words
    through: str  # the symbol and number of the statement through which it is cited; "" if it is cited itself
    outcome: int
    mark: int

    @property
    def response_label(self) -> str:
        return str(Response(self.response).label) if self.response else ""

    @property
    def is_final(self) -> bool:
        return self.stage == Stage.FINAL

    @property
    def stage_label(self) -> str:
        """The name of its version: "Draft 2"."""
        return version_name(self.stage, self.draft)


@dataclass(frozen=True)
class Discussed:
    """A meeting with a contribution, or a paragraph that answers it, on its agenda."""

    title: Localized
    item: Localized
    number: int
    url: str
    at: datetime.datetime | None
    is_cancelled: bool


@dataclass(frozen=True)
class Trail:
    """The responses to one contribution, and its meetings."""

    responses: list[TrailResponse]
    discussed: list[Discussed]

    @property
    def is_final(self) -> bool:
        """Whether a final text has a response."""
        return any(each.is_final for each in self.responses)


def version_name(stage: str, draft: int) -> str:
    """Return the name of a version."""
    return (
        pgettext("label", "Draft %(number)d") % {"number": draft}
        if stage == Stage.DRAFT and draft
        else str(Stage(stage).label)
    )


def trails_of(contribution_ids: Iterable[int], language: str | None = None) -> dict[int, Trail]:
    """Return the trails by contribution id, of those that have one."""
    ids, language = list(contribution_ids), language or current()
    traces = list(_traces(ids))
    texts = _texts({each.paragraph_id for each in traces}, language)
    titles = titles_of({each.edition.edition_id for each in traces}, language)
    responses: dict[int, list[TrailResponse]] = {}
    seen: set[tuple[int, int]] = set()
    for each in traces:
        # If cited both directly and through a statement, the direct citation says more and comes first.
        if (each.contribution_id, each.paragraph_id) in seen:
            continue
        seen.add((each.contribution_id, each.paragraph_id))
        responses.setdefault(each.contribution_id, []).append(_response(each, titles, texts, language))
    discussed = _discussed(ids, responses, language)
    return {pk: Trail(responses.get(pk, []), discussed.get(pk, [])) for pk in ids if pk in responses or pk in discussed}


@prepared
def _traces(ids: list[int]) -> QuerySet[Trace]:
    found = Trace.objects.filter(contribution__in=ids, edition__edition__in_force=True)
    found = found.exclude(edition__edition__consultation__stage=State.DRAFT)
    found = found.select_related("edition__edition", "paragraph", "reason__edition", "statement__edition")
    return found.order_by(
        F("edition__edition__published_at").asc(nulls_last=True),
        "edition__edition__symbol",
        "paragraph__number",
        F("statement").asc(nulls_first=True),
    )


def titles_of(edition_ids: Iterable[int], language: str) -> dict[int, Localized]:
    """Return the titles of editions by id, in a language where they are published in it. One query."""
    found: dict[int, Localized] = {}
    for edition, code, title in _titles(list(set(edition_ids)), language):
        if code == language or edition not in found:
            found[edition] = Localized(title, code)
    return found


@prepared
def _titles(editions: list[int], language: str) -> QuerySet[PublishedRendition, tuple[int, str, str]]:
    rows = PublishedRendition.objects.filter(edition__in=editions, in_force=True).exclude(title="")
    rows = rows.filter(Q(language=language) | Q(language=F("edition__source_language")))
    return rows.values_list("edition", "language", "title")


def _texts(paragraphs: set[int], language: str) -> dict[int, Localized]:
    found: dict[int, Localized] = {}
    for paragraph, code, text in _published_texts(list(paragraphs), language):
        if code == language or paragraph not in found:
            found[paragraph] = Localized(text, code)
    return found


@prepared
def _published_texts(paragraphs: list[int], language: str) -> QuerySet[PublishedText, tuple[int, str, str]]:
    rows = PublishedText.objects.filter(paragraph__in=paragraphs, rendition__in_force=True).filter(
        Q(language=language) | Q(language=F("paragraph__edition__source_language"))
    )
    return rows.values_list("paragraph", "language", "text")


def _response(trace: Trace, titles: dict[int, Localized], texts: dict[int, Localized], language: str) -> TrailResponse:
    edition, statement = trace.edition.edition, trace.statement
    title = titles.get(edition.pk)
    return TrailResponse(
        label=pgettext("label", "%(title)s, paragraph %(number)d")
        % {"title": title or edition.symbol, "number": trace.paragraph.public_number},
        url=f"/{language}/{edition.address}paragraphs/{trace.paragraph.public_number}/",
        stage=trace.edition.stage,
        draft=trace.edition.draft,
        response=trace.response,
        reason=in_language(trace.reason.words(), language) if trace.reason else Localized("", language),
        text=texts.get(trace.paragraph_id, Localized("", language)),
        through=f"{statement.edition.symbol}, {statement.public_number}" if statement else "",
        outcome=trace.edition.outcome_id,
        mark=trace.paragraph.public_number,
    )


@prepared
def _matters(contributions: list[int], outcomes: list[int]) -> QuerySet[ItemMatter]:
    shown = {"item__dossier__published_at__isnull": False, "item__dossier__event__state": ItemState.PUBLISHED}
    matters = ItemMatter.objects.filter(**shown).filter(Q(contribution__in=contributions) | Q(outcome__in=outcomes))
    return matters.select_related("item__dossier__event").order_by(
        "item__dossier__published_at", "item__number", "item"
    )


def _discussed(ids: list[int], responses: dict[int, list[TrailResponse]], language: str) -> dict[int, list[Discussed]]:
    """Return the meetings with a contribution, or a paragraph that answers it, on their agenda."""
    paragraphs: dict[tuple[int, int], set[int]] = {}
    for pk, found in responses.items():
        for one in found:
            paragraphs.setdefault((one.outcome, one.mark), set()).add(pk)
    rows = _matters(ids, list({outcome for outcome, _mark in paragraphs}))
    result: dict[int, list[Discussed]] = {}
    seen: set[tuple[int, int]] = set()
    for each in rows:
        if each.contribution_id:
            those = {each.contribution_id}
        else:
            those = {
                pk
                for (outcome, mark), some in paragraphs.items()
                if outcome == each.outcome_id and each.mark in (None, mark)
                for pk in some
            }
        for pk in sorted(those):
            if (pk, each.item_id) not in seen:
                seen.add((pk, each.item_id))
                result.setdefault(pk, []).append(_meeting(each, language))
    return result


def _meeting(matter: ItemMatter, language: str) -> Discussed:
    event = matter.item.dossier.event
    details = event.details or {}
    return Discussed(
        title=in_language(details.get("title"), language),
        item=in_language(matter.item.title, language),
        number=matter.item.number,
        url=f"/{language}/events/{event.number}/dossier/#item-{matter.item.number}",
        at=matter.item.dossier.published_at,
        is_cancelled=event.cancelled_at is not None,
    )
