"""The traceability matrix of a version, and its answers question by question: we asked, you said, we did."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Min, Prefetch, Q, QuerySet, Value, When

from plenara.consultations.models import State, Thread
from plenara.contributions.models import Byline
from plenara.core.languages import Localized, current, in_language
from plenara.core.text import number_in
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import PublishedParagraph, PublishedReference, PublishedText, Response
from plenara.outcomes.kind import scope
from plenara.outcomes.models import Opening, Outcome, OutcomeEdition, Trace
from plenara.outcomes.presenters.outcomes import statement_label, statement_url
from plenara.outcomes.queries.consultations import first_of, in_order
from plenara.outcomes.queries.paragraphs import ReasonedResponse, reasoned_response

#: Rows of a page.
PAGE = 50


@dataclass(frozen=True)
class Filters:
    """The filters of the matrix."""

    treatment: str = ""
    group: str = ""
    thread: str = ""  # "internet-governance/3"
    paragraph: int = 0  # its permanent number

    @property
    def query(self) -> str:
        """The filters as the query of an address, in a fixed order; "" if there are none."""
        pairs = [(name, value) for name, value in vars(self).items() if value]
        return f"?{urlencode(pairs, safe='/')}" if pairs else ""


#: The parameters of the matrix.
PARAMETERS = ("treatment", "group", "thread", "paragraph")


def filters_of(asked: Mapping[str, str]) -> Filters:
    """Return the filters of an address; unknown values are left out."""
    treatment, group = asked.get("treatment", ""), asked.get("group", "")
    slug, stroke, number = asked.get("thread", "").rpartition("/")
    return Filters(
        treatment=treatment if treatment in Response.values else "",
        group=group if group in StakeholderGroup.values else "",
        thread=f"{slug}/{number_in(number)}" if stroke and number_in(number) and "\0" not in slug else "",
        paragraph=number_in(asked.get("paragraph", "")),
    )


def traces_of(version: OutcomeEdition, filters: Filters) -> QuerySet[Trace]:
    """Return the rows of the matrix, those of each consultation in their order (`consultations.in_order`)."""
    found = Trace.objects.filter(edition=version)
    if filters.treatment:
        found = found.filter(response=filters.treatment)
    if filters.group:
        found = found.filter(cited__stakeholder_group=filters.group)
    if filters.thread:
        slug, _stroke, number = filters.thread.rpartition("/")
        found = found.filter(cited__thread__consultation__slug=slug, cited__thread__number=int(number))
    if filters.paragraph:
        found = found.filter(paragraph__mark=filters.paragraph)
    return found.order_by("number", "pk")


@dataclass(frozen=True)
class Way:
    """A paragraph's response to a contribution with its reason; the statements through which it is cited, with URLs."""

    response: ReasonedResponse
    through: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """A paragraph that answers a contribution. A direct citation counts, else a cited statement."""

    mark: int
    ways: list[Way] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A contribution, with the paragraphs that answer it."""

    slug: str
    consultation: dict[str, str]  # its title
    number: int
    revision: int
    is_gone: bool
    group: str
    byline: Byline | None
    language: str
    thread: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/{current()}/consultations/{self.slug}/contributions/{self.number}/"


@dataclass(frozen=True)
class Page:
    """A page of the matrix."""

    rows: list[Row]
    next: int | None  # the key of the first row of the next page


def page_of(version: OutcomeEdition, filters: Filters, start: int | None) -> Page | None:
    """Return the page that begins with a row, or the first one; None if there is no such row. Three queries, and one
    for each further consultation on the page.
    """
    found = traces_of(version, filters)
    begins = None
    if start is not None:
        begin = Trace.objects.filter(edition=version, pk=start).values_list("consultation", "number", "pk").first()
        if begin is None:
            return None
        consultation, number, pk = begin
        begins = (consultation, Q(number__gt=number) | Q(number=number, pk__gte=pk))
    found = found.select_related(
        "cited__byline", "cited__thread", "consultation", "paragraph", "reason", "statement__edition__consultation"
    ).defer("consultation__intro", "cited__thread__guidance", "cited__thread__question")
    traces: list[Trace] = first_of(in_order(found, begins), PAGE + 1)
    rows = [
        _row(list(some), version.edition.source_language)
        for _key, some in groupby(traces[:PAGE], key=lambda each: each.contribution_id)
    ]
    return Page(rows, traces[PAGE].pk if len(traces) > PAGE else None)


def starts_of(version: OutcomeEdition) -> list[int]:
    """Return the first keys of the further pages of the whole matrix. A query for each consultation."""
    keys = traces_of(version, Filters()).values_list("pk", flat=True)
    every = chain.from_iterable(some.iterator(chunk_size=2_000) for some in in_order(keys))
    return [pk for k, pk in enumerate(every) if k and k % PAGE == 0]


def _row(traces: list[Trace], source: str) -> Row:
    first = traces[0]
    cited = first.cited
    is_gone = cited.is_gone or cited.byline is None
    by_paragraph: dict[int, list[Trace]] = {}
    for each in traces:
        by_paragraph.setdefault(each.paragraph_id, []).append(each)
    return Row(
        slug=first.consultation.slug,
        consultation=first.consultation.title,
        number=first.number,
        revision=cited.revision,
        is_gone=is_gone,
        group="gone" if is_gone else cited.stakeholder_group,
        byline=None if is_gone else cited.byline,
        language=cited.language,
        thread=cited.thread.number,
        cells=[_cell(some, source) for some in by_paragraph.values()],
    )


def _cell(traces: list[Trace], source: str) -> Cell:
    cell = Cell(traces[0].paragraph.public_number)
    ways: dict[tuple[str, int | None], Way] = {}
    for each in [one for one in traces if one.statement is None] or traces:
        key = (each.response, each.reason_id)
        if key not in ways:
            ways[key] = Way(reasoned_response(each.response, each.reason, source, current()))
            cell.ways.append(ways[key])
        if each.statement:
            through = (statement_label(each.statement), statement_url(each.statement))
            if through not in ways[key].through:
                ways[key].through.append(through)
    return cell


def counts_by_response(version: OutcomeEdition) -> list[tuple[ReasonedResponse, int]]:
    """Return how many contributions have each response from any paragraph. One query."""
    found = Trace.objects.filter(edition=version).values_list("response")
    counts = Counter(dict(found.annotate(Count("contribution", distinct=True)).order_by()))
    return [(ReasonedResponse(each.value, None), counts[each.value]) for each in Response]


def threads_answered_by(version: OutcomeEdition) -> list[Thread]:
    """Return the questions that a version answers, without those about itself or a later draft. Four queries."""
    later = Opening.objects.filter(outcome=version.outcome, edition__edition__revision__gte=version.edition.revision)
    asked_later = set(later.values_list("consultation", flat=True))
    return [each for each in threads_to_answer(version.outcome) if each.consultation_id not in asked_later]


def threads_to_answer(outcome: Outcome) -> list[Thread]:
    """Return the questions that an outcome answers, including those about its drafts. Three queries."""
    found = Thread.objects.filter(consultation__in=scope(outcome.document)).exclude(consultation__stage=State.DRAFT)
    return list(found.select_related("consultation").order_by("consultation__opens_at", "consultation__slug", "number"))


#: Questions on a page; statements and paragraphs shown with words for each.
ANSWERS_PAGE, ANSWER_STATEMENTS, ANSWER_PARAGRAPHS = 6, 3, 4


@dataclass(frozen=True)
class CitedStatement:
    """A statement of a summary that the outcome cites."""

    label: str
    url: str
    words: Localized


@dataclass(frozen=True)
class RespondingParagraph:
    """A paragraph that answers contributions to a question."""

    mark: int
    words: Localized
    responses: list[tuple[ReasonedResponse, int]]  # with the number of contributions


@dataclass(frozen=True)
class Answer:
    """A question, its contributions, and the responses."""

    thread: Thread
    all: int
    statements: list[CitedStatement]
    more_statements: int
    responses: list[tuple[ReasonedResponse, int]]
    paragraphs: list[RespondingParagraph]
    more_paragraphs: int

    @property
    def left(self) -> int:
        return max(0, self.all - sum(count for _response, count in self.responses))

    @property
    def key(self) -> str:
        """The question as a filter of the matrix."""
        return f"{self.thread.consultation.slug}/{self.thread.number}"


@dataclass(frozen=True)
class AnswersPage:
    """Some questions, and the first one of the next page."""

    answers: list[Answer]
    total: int
    next: int | None


def answers_page(version: OutcomeEdition, start: int = 1) -> AnswersPage | None:
    """Return a page of the answers, from the question in this place on; None if there is none. Ten queries."""
    threads = threads_answered_by(version)
    if start < 1 or (start - 1) % ANSWERS_PAGE or (start > 1 and start > len(threads)):
        return None
    chosen = threads[start - 1 : start - 1 + ANSWERS_PAGE]
    by_paragraph, by_response = _counted(version, chosen)
    cited = _cited(version, chosen)
    tops = {each.pk: _most(by_paragraph[each.pk], ANSWER_PARAGRAPHS) for each in chosen}
    words = _words(version, {pk for some in tops.values() for pk in some})
    statements = _statements({pk for some in cited.values() for pk in some[:ANSWER_STATEMENTS]})
    answers = []
    for each in chosen:
        every, _answered = version.figures.get("threads", {}).get(f"{each.consultation.slug}/{each.number}", (0, 0))
        answers.append(
            Answer(
                thread=each,
                all=every,
                statements=[statements[pk] for pk in cited[each.pk][:ANSWER_STATEMENTS] if pk in statements],
                more_statements=max(0, len(cited[each.pk]) - ANSWER_STATEMENTS),
                responses=_in_order(by_response[each.pk]),
                paragraphs=[
                    RespondingParagraph(*words[pk], _in_order(by_paragraph[each.pk][pk])) for pk in tops[each.pk]
                ],
                more_paragraphs=max(0, len(by_paragraph[each.pk]) - ANSWER_PARAGRAPHS),
            )
        )
    return AnswersPage(answers, len(threads), start + ANSWERS_PAGE if start - 1 + ANSWERS_PAGE < len(threads) else None)


def _counted(
    version: OutcomeEdition, threads: list[Thread]
) -> tuple[dict[int, dict[int, Counter[str]]], dict[int, Counter[str]]]:
    """Return, by question, the number of contributions for each response, of each paragraph and of all.

    In the second each contribution counts once, with a reason: with the response of a direct citation, else of a cited
    statement; of several responses the first in their order. So they add up to the answered contributions.
    """
    found = Trace.objects.filter(edition=version, cited__thread__in=threads).exclude(response="").order_by()
    by_paragraph: dict[int, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for thread, paragraph, response, count in found.values_list("cited__thread", "paragraph", "response").annotate(
        count=Count("contribution", distinct=True)
    ):
        by_paragraph[thread][paragraph][response] = count
    places = [When(response=each.value, then=Value(place)) for place, each in enumerate(Response)]
    through = Case(When(statement__isnull=False, then=Value(len(places))), default=Value(0))
    by_response: dict[int, Counter[str]] = defaultdict(Counter)
    answered = found.filter(reason__isnull=False).values_list("cited__thread", "contribution")
    for thread, _contribution, rank in answered.annotate(rank=Min(Case(*places) + through)).iterator():
        by_response[thread][Response.values[rank % len(places)]] += 1
    return by_paragraph, by_response


def _most(counts: dict[int, Counter[str]], limit: int) -> list[int]:
    return sorted(counts, key=lambda pk: (-counts[pk].total(), pk))[:limit]


def _in_order(counts: Counter[str]) -> list[tuple[ReasonedResponse, int]]:
    return [(ReasonedResponse(each.value, None), counts[each.value]) for each in Response if counts[each.value]]


def _cited(version: OutcomeEdition, threads: list[Thread]) -> dict[int, list[int]]:
    """Return the statements cited by question, the most cited first."""
    found = PublishedReference.objects.filter(paragraph__edition=version.edition_id, statement__thread__in=threads)
    rows = found.values_list("statement__thread", "statement").annotate(count=Count("pk"))
    cited: dict[int, list[int]] = defaultdict(list)
    for thread, statement, _count in rows.order_by("-count", "statement"):
        cited[thread].append(statement)
    return cited


def _statements(keys: set[int]) -> dict[int, CitedStatement]:
    in_words = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    texts = Prefetch("texts", PublishedText.objects.filter(in_words, rendition__in_force=True))
    found = PublishedParagraph.objects.filter(pk__in=keys).select_related("edition__consultation")
    return {
        each.pk: CitedStatement(statement_label(each), statement_url(each), _localized(list(each.texts.all())))
        for each in found.prefetch_related(texts)
    }


def _words(version: OutcomeEdition, keys: set[int]) -> dict[int, tuple[int, Localized]]:
    in_words = Q(language=current()) | Q(language=version.edition.source_language)
    texts = Prefetch("texts", PublishedText.objects.filter(in_words, rendition__in_force=True))
    found = PublishedParagraph.objects.filter(pk__in=keys).prefetch_related(texts)
    return {each.pk: (each.public_number, _localized(list(each.texts.all()))) for each in found}


def _localized(texts: list[PublishedText]) -> Localized:
    return in_language({each.language: each.text or each.heading for each in texts})
