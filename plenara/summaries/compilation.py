"""The standing compilation: every statement of every summary in force, by question, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from plenara.consultations.models import Consultation, Thread
from plenara.core.languages import current
from plenara.documents.models import PublishedCitation, PublishedParagraph, PublishedText
from plenara.summaries.kind import NAME, SUMMARY

#: Statements on one page. A summary's statements on one question are never parted.
PAGE = 40
#: The number under which statements of no question stand.
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
    """A question with its statements; `thread` is nothing for what is said of the whole."""

    thread: Thread | None
    statements: list[Compiled]

    @property
    def number(self) -> int:
        return self.thread.number if self.thread else WHOLE


def counts(consultation: Consultation) -> dict[int, int]:
    """Return how many statements stand under each question (0: of the whole). One query."""
    found = _in_force(consultation).order_by().values_list("thread__number").annotate(Count("pk"))
    return dict(sorted((number or WHOLE, count) for number, count in found))


def all_of(consultation: Consultation, threads: Sequence[Thread]) -> list[Part]:
    """Return the whole compilation: what is said of the whole first, then question by question. Four queries."""
    return _parts(_read(_in_force(consultation)), consultation, threads)


def of_thread(
    consultation: Consultation, threads: Sequence[Thread], number: int, start: int = 0
) -> tuple[list[Part], int | None]:
    """Return a page on one question, from summary `start` on, and the summary with which the next page begins."""
    under = Q(thread__number=number) if number else Q(thread=None)
    found = _in_force(consultation).filter(under, edition__number__gte=start)
    ahead = list(found.values_list("edition__number", flat=True)[: PAGE + 1])
    after = None
    if len(ahead) > PAGE:
        # The summary that the page would part begins the next one, unless it is alone on this one.
        last = ahead[PAGE]
        later = found.filter(edition__number__gt=last).values_list("edition__number", flat=True)
        after = last if last != ahead[0] else later.first()
    if after is not None:
        found = found.filter(edition__number__lt=after)
    return _parts(_read(found), consultation, threads), after


def _in_force(consultation: Consultation) -> QuerySet[PublishedParagraph]:
    found = PublishedParagraph.objects.filter(
        edition__consultation=consultation, edition__kind=NAME, edition__in_force=True
    )
    return found.order_by("edition__number", "number")


def _read(paragraphs: QuerySet[PublishedParagraph]) -> QuerySet[PublishedParagraph]:
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
