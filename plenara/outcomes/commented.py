"""Comments on the drafts of an outcome, for readers: by version, section and paragraph, with what became of each.

Everything is from the record: editions, and the traces of the version in force. A fixed number of queries.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from plenara.consultations.models import Consultation, State
from plenara.consultations.shown import ShownExtension, extension
from plenara.contributions.campaigns import Campaign, campaigns_of, named_in
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.organizations.reading import tell
from plenara.contributions.reading import SIGNATORIES, answered_by
from plenara.core.languages import Localized, current
from plenara.documents.models import PublishedParagraph, PublishedText
from plenara.outcomes.models import Opening, OutcomeEdition, SectionThread, Trace
from plenara.outcomes.places import url_of
from plenara.outcomes.reading import Treated, treated
from plenara.outcomes.shown import stage_of

#: Comments on one page.
PAGE = 20


@dataclass(frozen=True)
class Row:
    """How many comments there are on a paragraph, or on a section as a whole, and how many are answered."""

    mark: int | None
    url: str
    count: int
    answered: int


@dataclass(frozen=True)
class SectionRows:
    """A section of a version as it was commented on; without a title "What is missing?"."""

    number: int
    title: dict[str, str]
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """A version that was opened for comment."""

    version: OutcomeEdition
    consultation: Consultation
    sections: list[SectionRows]

    @property
    def stage(self) -> str:
        return stage_of(self.version)

    @property
    def moved_closings(self) -> list[ShownExtension]:
        return [extension(each, self.consultation) for each in self.consultation.extensions.all()]

    @property
    def total(self) -> int:
        return sum(row.count for each in self.sections for row in each.rows)

    @property
    def answered(self) -> int:
        return sum(row.answered for each in self.sections for row in each.rows)


def openings_of(outcome: int) -> QuerySet[Opening]:
    """Return the versions of an outcome that were opened in public, the newest first."""
    found = Opening.objects.filter(outcome=outcome).exclude(consultation__stage=State.DRAFT)
    return found.select_related("edition__edition", "consultation").order_by("-edition")


def overview(version: OutcomeEdition) -> list[Opened]:
    """Return all openings of an outcome with their comments counted; `version` is the one in force. Five queries."""
    openings = list(openings_of(version.outcome_id).prefetch_related("consultation__extensions"))
    children = [each.consultation_id for each in openings]
    threads = SectionThread.objects.filter(opening__in=openings).select_related("thread", "section")
    by_opening: dict[int, list[SectionThread]] = {}
    for thread in threads.order_by("thread__number"):
        by_opening.setdefault(thread.opening_id, []).append(thread)
    homes = {
        (edition, mark or 0): section
        for edition, mark, section in PublishedParagraph.objects.filter(
            edition__in=[each.edition.edition_id for each in openings]
        ).values_list("edition", "mark", "stand__section")
    }
    counts = _counts(children, version)
    return [_opened(each, by_opening.get(each.pk, []), homes, counts) for each in openings]


type Key = tuple[int, int, int | None]


def _counts(children: list[int], version: OutcomeEdition) -> dict[Key, tuple[int, int]]:
    """Return how many comments are published, and how many answered, by consultation, thread and paragraph."""
    found = Edition.objects.filter(consultation__in=children, in_force=True).annotate(is_answered=_answered(version))
    is_there = Q(status=Edition.Status.PUBLISHED)
    rows = found.values("consultation", "thread", "part").annotate(
        count=Count("pk", filter=is_there), answered=Count("pk", filter=is_there & Q(is_answered=True))
    )
    return {
        (row["consultation"], row["thread"], row["part"]): (row["count"], row["answered"])
        for row in rows.order_by("consultation", "part", "thread")
    }


def _answered(version: OutcomeEdition) -> Exists:
    traces = Trace.objects.filter(edition=version, contribution=OuterRef("contribution"), reason__isnull=False)
    return Exists(traces.exclude(treatment=""))


def _opened(
    opening: Opening,
    threads: list[SectionThread],
    homes: dict[tuple[int, int], int],
    counts: dict[Key, tuple[int, int]],
) -> Opened:
    """Return an opening with its sections. A comment on a paragraph stands where the paragraph stood."""
    edition = opening.edition.edition
    base = f"{url_of(opening.edition)}comments/{edition.revision}/"
    by_thread = {each.thread_id: SectionRows(each.thread.number, _title(each)) for each in threads}
    by_section = {each.section_id: by_thread[each.thread_id] for each in threads if each.section_id}
    marks: dict[int, tuple[int, int]] = {}
    wholes: dict[int, tuple[int, int]] = {}
    for (consultation, thread, part), (count, answered) in counts.items():
        if consultation != opening.consultation_id:
            continue
        of, key = (wholes, thread) if part is None else (marks, part)
        before = of.get(key, (0, 0))
        of[key] = (before[0] + count, before[1] + answered)
    for mark, (count, answered) in sorted(marks.items()):
        home = by_section.get(homes.get((edition.pk, mark), 0))
        if home:
            home.rows.append(Row(mark, f"{base}paragraphs/{mark}/", count, answered))
    for thread, (count, answered) in wholes.items():
        if thread in by_thread:
            home = by_thread[thread]
            home.rows.append(Row(None, f"{base}sections/{home.number}/", count, answered))
    return Opened(opening.edition, opening.consultation, list(by_thread.values()))


def _title(thread: SectionThread) -> dict[str, str]:
    return thread.section.title if thread.section else thread.thread.question


@dataclass(frozen=True)
class Answer:
    """What became of a comment, in the version in force."""

    mark: int
    url: str
    treated: Treated


@dataclass
class Page:
    """Some comments, and with which numbers the pages before and after begin."""

    editions: list[Edition]
    campaigns: dict[int, Campaign]
    answered: dict[int, Edition]
    answers: dict[int, list[Answer]]
    previous: int | None = None
    next: int | None = None

    @property
    def entries(self) -> list[dict[str, object]]:
        """Each comment as `contributions/entry.html` takes it, with what became of it."""
        return [
            {
                "edition": each,
                "campaign": self.campaigns.get(each.number),
                "answered": self.answered.get(each.in_reply_to) if each.in_reply_to else None,
                "answers": self.answers.get(each.contribution_id, []),
            }
            for each in self.editions
        ]


def page_of(found: QuerySet[Edition], consultation: Consultation, version: OutcomeEdition, start: int | None) -> Page:
    """Return the page of comments that begins with a number; `version` is the one in force. Seven queries."""
    found = found.filter(LISTED, consultation=consultation)
    onward = found if start is None else found.filter(number__gte=start)
    read = onward.select_related("text", "byline", "paper", "contribution").prefetch_related(SIGNATORIES)
    editions = list(read.order_by("number")[: PAGE + 1])
    before = found.filter(number__lt=start or 0).order_by("-number").values_list("number", flat=True)[:PAGE]
    earlier = list(before)
    further = editions[PAGE].number if len(editions) > PAGE else None
    editions = editions[:PAGE]
    campaigns = campaigns_of(consultation.pk, editions)
    tell([*editions, *named_in(campaigns)])
    return Page(
        editions,
        campaigns,
        answered_by(consultation.pk, editions),
        _answers(editions, version),
        previous=earlier[-1] if earlier else None,
        next=further,
    )


def _answers(editions: Iterable[Edition], version: OutcomeEdition) -> dict[int, list[Answer]]:
    """Return what a version says of contributions, paragraph by paragraph. One query."""
    traces = Trace.objects.filter(
        edition=version, contribution__in=[each.contribution_id for each in editions], reason__isnull=False
    ).exclude(treatment="")
    found: dict[int, dict[int, Answer]] = {}
    order = ("paragraph__number", F("statement").asc(nulls_first=True))
    for each in traces.select_related("paragraph", "reason").order_by(*order):
        mark = each.paragraph.told_as
        told = treated(each.treatment, each.reason, version.edition.source_language, current())
        answer = Answer(mark, f"{url_of(version)}paragraphs/{mark}/", told)
        found.setdefault(each.contribution_id, {}).setdefault(mark, answer)
    return {pk: list(answers.values()) for pk, answers in found.items()}


def words_of(version: OutcomeEdition, mark: int) -> Localized | None:
    """Return a paragraph's words as a version had them, in the reader's language or its own. One query."""
    source = version.edition.source_language
    texts = PublishedText.objects.filter(
        paragraph__edition=version.edition_id, paragraph__mark=mark, rendition__in_force=True,
        language__in={current(), source},
    )  # fmt: skip
    words = {each.language: each.text for each in texts}
    code = current() if current() in words else source
    return Localized(words[code], code) if code in words else None


def all_pages(version: OutcomeEdition) -> Iterator[tuple[int, str, int, int | None]]:
    """Yield every page of comments on the drafts of an outcome: revision, `mark` or `thread`, which, and its begin."""
    for opened in overview(version):
        revision = opened.version.edition.revision
        listed = Edition.objects.filter(LISTED, consultation=opened.consultation).order_by("number")
        numbers: dict[tuple[str, int], list[int]] = {}
        for part, thread, number in listed.values_list("part", "thread__number", "number"):
            numbers.setdefault(("thread", thread) if part is None else ("mark", part), []).append(number)
        for section in opened.sections:
            for row in section.rows:
                key = ("thread", section.number) if row.mark is None else ("mark", row.mark)
                yield (revision, *key, None)
                yield from ((revision, *key, start) for start in numbers.get(key, [])[PAGE::PAGE])
