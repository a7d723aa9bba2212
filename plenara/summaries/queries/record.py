"""Queries of the record: summaries in force, the compilation of their statements, contributions not covered yet."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from plenara.consultations.emails import MOST_NEWS, NewsLine, news_provider
from plenara.consultations.models import Consultation, Follow, Thread
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.contributions.queries.record import SIGNATORIES
from plenara.core.languages import Localized, current
from plenara.core.prepared import fill_related, prepared
from plenara.documents.models import (
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedRendition,
    PublishedText,
)
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import LeftOut

#: Statements on one page. A summary's statements on one question are never split.
COMPILATION_PAGE = 40
#: The number for statements without a question.
WHOLE = 0


@dataclass(frozen=True)
class Compiled:
    """A statement as the compilation shows it."""

    summary: int
    label: str  # "Summary 2"
    number: int
    kind: str
    heading: str
    text: str
    against: str  # of a disagreement
    language: str
    url: str
    cited: list[PublishedCitation]  # one of each contribution

    @property
    def is_frame(self) -> bool:
        return self.kind == "frame"


@dataclass(frozen=True)
class Part:
    """A question with its statements; `thread` is None for statements on the whole."""

    thread: Thread | None
    statements: list[Compiled]

    @property
    def number(self) -> int:
        return self.thread.number if self.thread else WHOLE


def statement_counts(consultation: Consultation) -> dict[int, int]:
    """Return how many statements each question has (0: on the whole). One query."""
    found = _statements_in_force(consultation).order_by().values_list("thread__number").annotate(Count("pk"))
    return dict(sorted((number or WHOLE, count) for number, count in found))


def whole_compilation(consultation: Consultation, threads: Sequence[Thread]) -> list[Part]:
    """Return the whole compilation: statements on the whole first, then question by question. Four queries."""
    return _parts(_with_texts(_statements_in_force(consultation)), consultation, threads)


def compilation_of_thread(
    consultation: Consultation, threads: Sequence[Thread], number: int, start: int = 0
) -> tuple[list[Part], int | None]:
    """Return a page on one question, from summary `start` on, and the summary with which the next page begins."""
    under = Q(thread__number=number) if number else Q(thread=None)
    found = _statements_in_force(consultation).filter(under, edition__number__gte=start)
    ahead = list(found.values_list("edition__number", flat=True)[: COMPILATION_PAGE + 1])
    after = None
    if len(ahead) > COMPILATION_PAGE:
        # The summary that the page would split begins the next page, unless it is the only one on this page.
        last = ahead[COMPILATION_PAGE]
        later = found.filter(edition__number__gt=last).values_list("edition__number", flat=True)
        after = last if last != ahead[0] else later.first()
    if after is not None:
        found = found.filter(edition__number__lt=after)
    return _parts(_with_texts(found), consultation, threads), after


def _statements_in_force(consultation: Consultation) -> QuerySet[PublishedParagraph]:
    found = PublishedParagraph.objects.filter(
        edition__consultation=consultation, edition__kind=NAME, edition__in_force=True
    )
    return found.order_by("edition__number", "number")


def _with_texts(paragraphs: QuerySet[PublishedParagraph]) -> QuerySet[PublishedParagraph]:
    shown = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    texts = PublishedText.objects.filter(shown, rendition__in_force=True)
    cited = PublishedCitation.objects.select_related("edition__byline")
    return paragraphs.select_related("edition", "thread").prefetch_related(
        Prefetch("texts", texts), Prefetch("citations", cited)
    )


def _parts(
    paragraphs: QuerySet[PublishedParagraph], consultation: Consultation, threads: Sequence[Thread]
) -> list[Part]:
    asked, slug = current(), consultation.slug
    found: dict[int, list[Compiled]] = {}
    for each in paragraphs:
        texts = {text.language: text for text in each.texts.all()}
        text = texts.get(asked) or texts.get(each.edition.source_language)
        if text is None:
            continue
        number = each.thread.number if each.thread else WHOLE
        cited = {citation.edition_id: citation for citation in each.citations.all()}
        found.setdefault(number, []).append(
            Compiled(
                summary=each.edition.number,
                label=SUMMARY.label(each.edition.number),
                number=each.number,
                kind=each.kind,
                heading=text.heading,
                text=text.text,
                against=text.against,
                language=text.language,
                url=f"{SUMMARY.url(slug, each.edition.number)}#s{each.number}",
                cited=list(cited.values()),
            )
        )
    by_number: dict[int, Thread | None] = {WHOLE: None} | {each.number: each for each in threads}
    return [Part(by_number[number], found[number]) for number in sorted(found) if number in by_number]


@news_provider(Follow.What.SUMMARIES)
def news_of_summaries(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[NewsLine]:
    """Return the summaries of a consultation that were published, or corrected, between two moments. One query."""
    found = DocumentEdition.objects.filter(
        consultation=follow.consultation, kind=NAME, minted_at__gt=since, minted_at__lte=until, in_force=True
    )
    return [
        NewsLine(
            "summaries/mail/news_line.txt",
            f"consultations/{each.consultation.slug}/summaries/{each.number}/",
            {"edition": each},
        )
        for each in found.select_related("consultation").order_by("minted_at", "pk")[: MOST_NEWS + 1]
    ]


@dataclass(frozen=True)
class ListedSummary:
    """A published summary as a list shows it."""

    edition: DocumentEdition
    number: int
    symbol: str
    slug: str  # the consultation's
    label: str  # "Summary 2", in the reader's language
    title: Localized  # blank where it has none
    is_translated: bool  # published in the reader's language
    url: str
    published_at: datetime.datetime | None
    period_from: datetime.datetime
    period_to: datetime.datetime
    cited: int
    contributions: int
    languages: list[str]  # those in which it can be read


def summaries_in_force(consultation_ids: Sequence[int]) -> QuerySet[DocumentEdition]:
    """Return the summaries in force, newest first."""
    return (
        DocumentEdition.objects.filter(consultation_id__in=consultation_ids, kind=NAME, in_force=True)
        .select_related("summary", "consultation")
        .order_by("-minted_at", "-number")
    )


@prepared
def editions_of(consultation: int, number: int) -> QuerySet[DocumentEdition]:
    """Return every edition of a summary, the first one first."""
    found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, number=number)
    return found.select_related("summary").order_by("revision")


@prepared
def left_out_of(summary: int) -> QuerySet[LeftOut]:
    """Return the contributions that a published summary leaves out, by number."""
    return LeftOut.objects.filter(summary=summary).select_related("edition__byline").order_by("edition__number")


def latest_summaries(consultation_ids: Sequence[int], limit: int | None = None) -> list[ListedSummary]:
    """Return the newest published summaries of some consultations. Two queries, whatever their number."""
    found = list(_all_in_force(list(consultation_ids)))[:limit]
    fill_related(found, "renditions", _renditions([each.pk for each in found]), "edition_id")
    return [listed_summary(each) for each in found]


@prepared
def _all_in_force(consultations: list[int]) -> QuerySet[DocumentEdition]:
    return summaries_in_force(consultations)


@prepared
def _renditions(editions: list[int]) -> QuerySet[PublishedRendition]:
    return PublishedRendition.objects.filter(edition__in=editions).order_by("edition", "pk")


def listed_summary(edition: DocumentEdition) -> ListedSummary:
    """Return a summary as a list shows it, in the active language. `renditions` are prefetched."""
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    asked, source = current(), renditions[edition.source_language]
    rendition = renditions.get(asked, source)
    titled = rendition if rendition.title else source
    ticks = edition.summary.figures.get("ticks", "")
    return ListedSummary(
        edition=edition,
        number=edition.number,
        symbol=edition.symbol,
        slug=edition.consultation.slug,
        label=SUMMARY.label(edition.number),
        title=Localized(titled.title, titled.language),
        is_translated=asked in renditions,
        url=SUMMARY.url(edition.consultation.slug, edition.number),
        published_at=edition.published_at,
        period_from=edition.summary.period_from,
        period_to=edition.summary.period_to,
        cited=ticks.count("1"),
        contributions=len(ticks),
        languages=sorted(renditions),
    )


UNCOVERED_PAGE = 20
#: Above this number the page only says that there are more: counting all would be slow.
MOST_UNCOVERED = 1_000


@dataclass(frozen=True)
class Uncovered:
    """A page of new contributions, by number."""

    last: DocumentEdition | None  # the summary whose period ended last
    editions: list[Edition]
    count: int  # at most `MOST` + 1
    next: int | None  # the number with which the next page begins

    @property
    def is_more(self) -> bool:
        return self.count > MOST_UNCOVERED


def last_covered(consultation: Consultation) -> DocumentEdition | None:
    """Return the summary in force whose period ended last. One query."""
    return summaries_in_force([consultation.pk]).order_by("-summary__period_to", "-number").first()


def uncovered_contributions(consultation: Consultation, last: DocumentEdition | None, start: int = 0) -> Uncovered:
    """Return the contributions published after the last summary's period, from number `start` on. Four queries."""
    found = _published_after(consultation, last.summary.period_to if last else None)
    count = found.values("pk")[: MOST_UNCOVERED + 1].count()
    shown = list(
        found.filter(number__gte=start)
        .select_related("text", "byline", "thread", "contribution")
        .prefetch_related(SIGNATORIES)
        .order_by("number")[: UNCOVERED_PAGE + 1]
    )
    attach_byline_statuses(shown[:UNCOVERED_PAGE])
    return Uncovered(
        last, shown[:UNCOVERED_PAGE], count, shown[UNCOVERED_PAGE].number if len(shown) > UNCOVERED_PAGE else None
    )


def _published_after(consultation: Consultation, moment: datetime.datetime | None) -> QuerySet[Edition]:
    found = Edition.objects.filter(LISTED, consultation=consultation, status=Edition.Status.PUBLISHED)
    if moment is None:
        return found
    # An edition in force is as old as its contribution or newer, so the index excludes the rest. Contributions that
    # were only revised since are covered. For an archive's undated ones the import counts, as in `coverage`.
    first = Q(contribution__editions__published_at__gt=moment) | Q(
        contribution__editions__published_at=None, contribution__editions__minted_at__gt=moment
    )
    return found.filter(first, contribution__editions__revision=0, minted_at__gt=moment)
