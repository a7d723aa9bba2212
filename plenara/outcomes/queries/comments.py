"""Public comments on drafts: for readers with responses, and for the desk grouped by paragraph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters.wording import AnnouncedExtension, extension
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.queries.record import PAGE, EditionsPage, listed, page_of
from plenara.core.languages import Localized, current
from plenara.documents.models import PublishedParagraph, PublishedText
from plenara.moderation.models import CampaignMember
from plenara.outcomes.models import Opening, Outcome, OutcomeEdition, OutcomeParagraph, SectionThread, Trace
from plenara.outcomes.presenters.outcomes import stage_of
from plenara.outcomes.queries.contributions import unanswered_now
from plenara.outcomes.queries.paragraphs import ReasonedResponse, reasoned_response
from plenara.outcomes.queries.versions import url_of


@dataclass(frozen=True)
class Row:
    """The number of comments on a paragraph, or on a section as a whole, and of the answered ones."""

    mark: int | None
    url: str
    count: int
    answered: int


@dataclass(frozen=True)
class SectionRows:
    """A section of a version with its comments; without a title "What is missing?"."""

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
    def moved_closings(self) -> list[AnnouncedExtension]:
        return [extension(each, self.consultation) for each in self.consultation.extensions.all()]

    @property
    def total(self) -> int:
        return sum(row.count for each in self.sections for row in each.rows)

    @property
    def answered(self) -> int:
        return sum(row.answered for each in self.sections for row in each.rows)


def openings_of(outcome: int) -> QuerySet[Opening]:
    """Return the versions of an outcome that were opened for comment, the newest first."""
    found = Opening.objects.filter(outcome=outcome).exclude(consultation__stage=State.DRAFT)
    return found.select_related("edition__edition", "consultation").order_by("-edition")


def openings_overview(version: OutcomeEdition) -> list[Opened]:
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
        ).values_list("edition", "mark", "outcome_paragraph__section")
    }
    counts = _answered_counts(children, version)
    return [_opened_comments(each, by_opening.get(each.pk, []), homes, counts) for each in openings]


type Key = tuple[int, int, int | None]


def _answered_counts(children: list[int], version: OutcomeEdition) -> dict[Key, tuple[int, int]]:
    """Return the numbers of published and answered comments by consultation, thread and paragraph."""
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
    return Exists(traces.exclude(response=""))


def _opened_comments(
    opening: Opening,
    threads: list[SectionThread],
    homes: dict[tuple[int, int], int],
    counts: dict[Key, tuple[int, int]],
) -> Opened:
    """Return an opening with its sections. A comment on a paragraph is listed in the section that had the paragraph."""
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
    """A response to a comment, in the version in force."""

    mark: int
    url: str
    response: ReasonedResponse


@dataclass(frozen=True)
class CommentsPage:
    """A page of comments with their responses, paged like a thread."""

    page: EditionsPage
    answers: dict[int, list[Answer]]

    @property
    def entries(self) -> list[dict[str, object]]:
        """The comments for `contributions/entry.html`, with their responses."""
        return [
            {
                "edition": each,
                "campaign": self.page.campaigns.get(each.number),
                "answered": self.page.answered.get(each.in_reply_to) if each.in_reply_to else None,
                "answers": self.answers.get(each.contribution_id, []),
            }
            for each in self.page.editions
        ]


def comments_page(
    consultation: Consultation, version: OutcomeEdition, start: int | None, **which: object
) -> CommentsPage:
    """Return the page of comments that begins with a number; `version` is the one in force. Seven queries."""
    onward, earlier = (Q(), Q(pk__in=[])) if start is None else (Q(number__gte=start), Q(number__lt=start))
    found = listed(consultation=consultation, **which)
    page = page_of(consultation.pk, found, order=["number"], onward=onward, earlier=earlier)
    return CommentsPage(page, _answers(page.editions, version))


def _answers(editions: Iterable[Edition], version: OutcomeEdition) -> dict[int, list[Answer]]:
    """Return a version's responses to contributions, paragraph by paragraph. One query."""
    traces = Trace.objects.filter(
        edition=version, contribution__in=[each.contribution_id for each in editions], reason__isnull=False
    ).exclude(response="")
    found: dict[int, dict[int, Answer]] = {}
    order = ("paragraph__number", F("statement").asc(nulls_first=True))
    for each in traces.select_related("paragraph", "reason").order_by(*order):
        mark = each.paragraph.public_number
        response = reasoned_response(each.response, each.reason, version.edition.source_language, current())
        answer = Answer(mark, f"{url_of(version)}paragraphs/{mark}/", response)
        found.setdefault(each.contribution_id, {}).setdefault(mark, answer)
    return {pk: list(answers.values()) for pk, answers in found.items()}


def words_of(version: OutcomeEdition, mark: int) -> Localized | None:
    """Return a paragraph's words in a version, in the reader's language or its own. One query."""
    source = version.edition.source_language
    texts = PublishedText.objects.filter(
        paragraph__edition=version.edition_id, paragraph__mark=mark, rendition__in_force=True,
        language__in={current(), source},
    )  # fmt: skip
    words = {each.language: each.text for each in texts}
    code = current() if current() in words else source
    return Localized(words[code], code) if code in words else None


def comment_pages(version: OutcomeEdition) -> Iterator[tuple[int, str, int, int | None]]:
    """Yield every page of comments on the drafts of an outcome: revision, `mark` or `thread`, which, and its begin."""
    for opened in openings_overview(version):
        revision = opened.version.edition.revision
        found = Edition.objects.filter(LISTED, consultation=opened.consultation).order_by("number")
        numbers: dict[tuple[str, int], list[int]] = {}
        for part, thread, number in found.values_list("part", "thread__number", "number"):
            numbers.setdefault(("thread", thread) if part is None else ("mark", part), []).append(number)
        for section in opened.sections:
            for row in section.rows:
                key = ("thread", section.number) if row.mark is None else ("mark", row.mark)
                yield (revision, *key, None)
                yield from ((revision, *key, start) for start in numbers.get(key, [])[PAGE::PAGE])


#: For comments on deleted sections, or on "What is missing?".
NOWHERE = 0


@dataclass(frozen=True)
class ListedComment:
    """A comment without its words."""

    pk: int
    contribution: int
    consultation: int
    number: int
    campaign_of: int | None
    part: int | None
    section: int  # the working section's id, or `NOWHERE`
    is_left: bool  # the present draft does not answer it


@dataclass
class CommentGroup:
    """Comments that are identical or nearly identical. The desk shows the first; one response answers all."""

    lead: ListedComment
    members: list[ListedComment] = field(default_factory=list)

    @property
    def left(self) -> list[ListedComment]:
        return [each for each in self.members if each.is_left]


@dataclass(frozen=True)
class CommentCount:
    """The number of comments, and of those without a response."""

    all: int = 0
    left: int = 0

    def __add__(self, other: "CommentCount") -> "CommentCount":
        return CommentCount(self.all + other.all, self.left + other.left)


def comments_on(outcome: Outcome) -> QuerySet[Edition]:
    """Return the published comments on all drafts of an outcome, in force, by consultation and number."""
    children = Opening.objects.filter(outcome=outcome).values("consultation")
    found = Edition.objects.filter(consultation__in=children, in_force=True, status=Edition.Status.PUBLISHED)
    return found.order_by("consultation", "number")


def listed_comments(outcome: Outcome, *, part: int | None = None) -> list[ListedComment]:
    """Return the comments without their words, all or those on one paragraph. Two queries, whatever their number."""
    sections = dict(SectionThread.objects.filter(opening__outcome=outcome).values_list("thread", "section__origin"))
    found = comments_on(outcome) if part is None else comments_on(outcome).filter(part=part)
    is_left = Exists(unanswered_now(outcome).filter(pk=OuterRef("pk")))
    columns = ("pk", "contribution", "consultation", "number", "campaign_of", "part", "thread", "is_left")
    return [
        ListedComment(pk, contribution, consultation, number, campaign_of, on, sections.get(thread) or NOWHERE, left)
        for pk, contribution, consultation, number, campaign_of, on, thread, left in found.annotate(
            is_left=is_left
        ).values_list(*columns)
    ]


def comment_count_on(outcome: Outcome, part: int | None) -> CommentCount:
    """Return the number of comments on a paragraph by its permanent number. Two queries; none for a new one."""
    return count_of(listed_comments(outcome, part=part) if part else [])


def count_of(comments: list[ListedComment]) -> CommentCount:
    """Return the number of these comments, and of those without a response."""
    return CommentCount(len(comments), sum(each.is_left for each in comments))


def grouped_comments(comments: Iterable[ListedComment]) -> list[CommentGroup]:
    """Return comments grouped as moderation groups identical ones; unanswered ones first. One query."""
    comments = list(comments)
    members = CampaignMember.objects.filter(kind="contribution", taken_out_at=None).values_list("object_id", "campaign")
    campaigns = dict(members.filter(campaign__consultation__in={each.consultation for each in comments}))
    #: The key of a comment's group: the number that represents it in lists, and its campaign.
    homes: dict[tuple[str, int, int], CommentGroup] = {}
    groups: list[CommentGroup] = []
    for each in comments:
        keys = [("number", each.consultation, each.campaign_of or each.number)]
        if each.contribution in campaigns:
            keys.append(("campaign", 0, campaigns[each.contribution]))
        home = next((homes[key] for key in keys if key in homes), None)
        if home is None:
            home = CommentGroup(each)
            groups.append(home)
        home.members.append(each)
        for key in keys:
            homes.setdefault(key, home)
    return sorted(groups, key=lambda group: not group.left)


@dataclass(frozen=True)
class CommentCounts:
    """The number of comments on each paragraph by permanent number, and on each section without a paragraph."""

    by_part: dict[int, CommentCount]
    by_section: dict[int, CommentCount]

    @property
    def whole(self) -> CommentCount:
        return sum([*self.by_part.values(), *self.by_section.values()], CommentCount())


def comment_counts(outcome: Outcome) -> CommentCounts:
    """Return the counts of all comments. Three queries."""
    parts, sections = _by_place(outcome)
    return CommentCounts(_counts(parts), _counts(sections))


def without_paragraph(outcome: Outcome, section: int) -> list[ListedComment]:
    """Return the comments on a section without a present paragraph; for `NOWHERE` the rest."""
    return _by_place(outcome)[1].get(section, [])


type Comments = dict[int, list[ListedComment]]


def _by_place(outcome: Outcome) -> tuple[Comments, Comments]:
    """Return the comments on each paragraph by permanent number, and the others by section. Three queries."""
    numbered = OutcomeParagraph.objects.filter(section__outcome=outcome, paragraph__mark__isnull=False)
    numbers = set(numbered.values_list("paragraph__mark", flat=True))
    present = set(outcome.sections.values_list("pk", flat=True))
    parts: Comments = {}
    sections: Comments = {}
    for each in listed_comments(outcome):
        if each.part is not None and each.part in numbers:
            parts.setdefault(each.part, []).append(each)
        else:
            sections.setdefault(each.section if each.section in present else NOWHERE, []).append(each)
    return parts, sections


def _counts(found: Comments) -> dict[int, CommentCount]:
    return {key: count_of(comments) for key, comments in found.items()}
