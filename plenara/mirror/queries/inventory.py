"""The content of a consultation and of its outcomes: the numbers and names that their addresses are
made of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, pairwise

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q

from plenara.consultations.models import Consultation
from plenara.contributions.models import LISTED, Edition, Paper
from plenara.contributions.queries import campaigns
from plenara.contributions.queries.record import PAGE as THREAD_PAGE
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.exports import actions
from plenara.exports.presenters import attribution
from plenara.exports.presenters.feeds import BLOCK, full_blocks
from plenara.moderation.models import Decision
from plenara.moderation.queries.register import PAGE as DECISIONS_PAGE
from plenara.outcomes.models import OutcomeEdition
from plenara.outcomes.queries import bodies as outcome_bodies
from plenara.outcomes.queries import comments, contributions, matrix
from plenara.outcomes.queries.versions import (
    Place,
    changes_starts,
    contents_of,
    public_bodies,
    public_versions,
    section_pages,
)
from plenara.summaries.corrections import queries as corrections
from plenara.summaries.corrections.presenters import PAGE as CORRECTIONS_PAGE
from plenara.summaries.kind import NAME
from plenara.summaries.queries import record
from plenara.summaries.queries.record import last_covered, uncovered_contributions

#: Arguments of an address.
type Named = dict[str, object]


@dataclass(frozen=True)
class Outcomes:
    """The bodies of a consultation, and all versions of their documents."""

    consultation: Consultation

    @cached_property
    def bodies(self) -> dict[str, int]:
        """How many members there are, by the body's address."""
        found = public_bodies().filter(consultation=self.consultation).order_by("pk")
        return {each.slug: each.members.count() for each in found}

    @cached_property
    def versions(self) -> list[list[OutcomeEdition]]:
        """All versions of each outcome, the first one first."""
        found: dict[int, list[OutcomeEdition]] = {}
        rows = public_versions().filter(outcome__body__consultation=self.consultation)
        for each in rows.order_by("outcome", "edition__revision"):
            found.setdefault(each.outcome_id, []).append(each)
        return list(found.values())

    def places(self) -> Iterator[Place]:
        """Yield every version with its permanent address, and the one in force with the address of the outcome."""
        for versions in self.versions:
            for each in versions:
                yield Place(each, versions, is_for_good=True)
                if each.edition.in_force:
                    yield Place(each, versions, is_for_good=False)

    @cached_property
    def marks(self) -> dict[int, list[int]]:
        """The numbers of the paragraphs of each version, by the key of its edition."""
        found: dict[int, list[int]] = {}
        keys = [each.edition_id for versions in self.versions for each in versions]
        rows = PublishedParagraph.objects.filter(edition__in=keys, mark__isnull=False)
        for edition, mark in rows.order_by("mark").values_list("edition", "mark"):
            found.setdefault(edition, []).append(mark or 0)
        return found

    def marks_of(self, place: Place) -> list[int]:
        """Return the numbers that have an address there: below an outcome, also those of earlier versions."""
        if place.is_for_good:
            return self.marks.get(place.version.edition_id, [])
        return sorted({mark for each in place.versions for mark in self.marks.get(each.edition_id, [])})

    def symbols(self) -> Iterator[tuple[str, str]]:
        """Yield (symbol, path after the language) of each outcome and of every version of it."""
        for place in self.places():
            edition = place.version.edition
            path = place.here.split("/", 2)[2]
            if not place.is_for_good:
                yield place.permanent.rpartition("/s/")[2], path
            elif edition.symbol != place.permanent.rpartition("/s/")[2]:
                yield edition.symbol, path


def _names(place: Place) -> Named:
    named: Named = {"body": place.body.slug, "outcome": place.outcome.slug}
    return named | ({"revision": place.version.edition.revision} if place.is_for_good else {})


def bodies_of(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the bodies."""
    return ({"body": slug} for slug in outcomes.bodies)


def member_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of members."""
    for slug, count in outcomes.bodies.items():
        yield from (
            {"body": slug, "start": start}
            for start in range(outcome_bodies.MEMBERS_PAGE + 1, count + 1, outcome_bodies.MEMBERS_PAGE)
        )


def outcomes_in_force(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the outcomes."""
    return (_names(each) for each in outcomes.places() if not each.is_for_good)


def versions(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the versions with permanent addresses."""
    return (_names(each) for each in outcomes.places() if each.is_for_good)


def sections(outcomes: Outcomes, *, is_for_good: bool, further: bool) -> Iterator[Named]:
    """Yield the pages of sections, for documents with several; the further ones of each section, or the first ones."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            for slug, start in section_pages(contents_of(place.version)):
                if (start is not None) == further:
                    yield _names(place) | {"section": slug} | ({"start": start} if further else {})


def paragraphs(outcomes: Outcomes, *, is_for_good: bool) -> Iterator[Named]:
    """Yield the paragraphs."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            yield from (_names(place) | {"mark": mark} for mark in outcomes.marks_of(place))


def changes(outcomes: Outcomes, *, further: bool) -> Iterator[Named]:
    """Yield the pages of changes of each version: the first ones, or the further ones."""
    for versions in outcomes.versions:
        for earlier, later in pairwise(versions):
            named = _names(Place(later, versions, is_for_good=True))
            if further:
                yield from (named | {"start": start} for start in changes_starts(earlier, later))
            else:
                yield named


def matrix_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of the matrices."""
    for place in outcomes.places():
        if not place.is_for_good:
            yield from (_names(place) | {"start": start} for start in matrix.starts_of(place.version))


def answers_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of responses ("asked, said, done")."""
    for place in outcomes.places():
        if not place.is_for_good:
            count = len(matrix.threads_answered_by(place.version))
            yield from (
                _names(place) | {"start": k} for k in range(matrix.ANSWERS_PAGE + 1, count + 1, matrix.ANSWERS_PAGE)
            )


def unanswered_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of contributions without a response."""
    for place in outcomes.places():
        following: tuple[str, int] | None = ("", 0) if not place.is_for_good else None
        while following and (page := contributions.unanswered_page(place.version, *following)):
            following = page.next
            if following:
                yield _names(place) | {"consultation": following[0], "number": following[1]}


def comment_pages(outcomes: Outcomes, *, of: str, further: bool) -> Iterator[Named]:
    """Yield the pages of comments on a paragraph (`mark`) or a section (`thread`), their first or the further ones."""
    for place in outcomes.places():
        for revision, kind, key, start in comments.comment_pages(place.version) if not place.is_for_good else ():
            if kind == of and (start is not None) == further:
                yield _names(place) | {"revision": revision, of: key} | ({"start": start} if further else {})


def marks(outcomes: Outcomes, *, is_for_good: bool) -> Iterator[Named]:
    """Yield the paragraphs that are in each version: these alone have references."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            yield from (_names(place) | {"mark": mark} for mark in outcomes.marks.get(place.version.edition_id, []))


#: A page of a list: the number with which its address begins it, and all the numbers on it.
type Pages = list[tuple[int, tuple[int, ...]]]


@dataclass(frozen=True)
class EditionFacts:
    """What the addresses of an edition need."""

    number: int
    revision: int
    in_force: bool
    is_gone: bool
    symbol: str
    of_contribution: str  # the symbol without /Rev.1
    public_id: str
    paper_ending: str  # of its paper, if there is a public one


class Record:
    """The numbers in a consultation's record. Every query is within the snapshot around it."""

    def __init__(self, consultation: Consultation):
        self.consultation = consultation

    @cached_property
    def threads(self) -> dict[int, int]:
        """The keys of the threads, by number."""
        return dict(self.consultation.threads.order_by("number").values_list("number", "pk"))

    @cached_property
    def exports(self) -> list[str]:
        """The files of the whole record, which are made if they are missing."""
        return list(actions.make(self.consultation).files)

    def editions(self) -> Iterator[EditionFacts]:
        """Yield every edition by number, some hundred in memory at a time."""
        has_words = ExpressionWrapper(Q(text__isnull=False) & ~Q(text__content=""), output_field=BooleanField())
        found = Edition.objects.filter(consultation=self.consultation).order_by("number", "revision")
        rows = found.annotate(has_words=has_words).values_list(
            "number", "revision", "in_force", "status", "symbol", "contribution__symbol", "contribution__public_id",
            "paper__media_type", "has_words",
        )  # fmt: skip
        for number, revision, in_force, status, symbol, of_contribution, public_id, media_type, words in rows.iterator(
            500
        ):
            is_gone = status != Edition.Status.PUBLISHED
            ending = ""
            if media_type is not None and words and not is_gone:
                ending = attribution.paper_name(Paper(media_type=media_type)).removeprefix("document.")
            yield EditionFacts(
                number, revision, in_force, is_gone, symbol, of_contribution or "", public_id or "", ending
            )

    def blocks(self, thread: int | None) -> list[int]:
        """Return the archive pages of a feed that hold anything."""
        last = full_blocks(self.consultation)
        found = Edition.objects.filter(consultation=self.consultation, in_force=True, number__lte=last * BLOCK)
        if thread is not None:
            found = found.filter(thread=self.threads[thread])
        blocks = found.annotate(block=(F("number") - 1) / BLOCK).values_list("block", flat=True).distinct()
        return sorted(int(block) + 1 for block in blocks.order_by("block"))

    def thread_pages(self, thread: int) -> Pages:
        """Return the pages of a thread, oldest first."""
        found = Edition.objects.filter(LISTED, thread=self.threads[thread]).order_by("root", "number")
        return _pages(found.values_list("number", flat=True).iterator(2_000), THREAD_PAGE)

    def decision_pages(self) -> Pages:
        """Return the pages of the register, newest first."""
        found = Decision.objects.filter(consultation=self.consultation).order_by("-number")
        return _pages(found.values_list("number", flat=True).iterator(2_000), DECISIONS_PAGE)

    @cached_property
    def campaigns(self) -> dict[int, int]:
        """The number of pages of signatories, by the number of a campaign's first contribution."""
        led = Edition.objects.filter(consultation=self.consultation, in_force=True, campaign_of__isnull=False)
        led = led.filter(status=Edition.Status.PUBLISHED)
        counts = dict(led.values_list("campaign_of").annotate(Count("pk")).order_by("campaign_of"))
        leads = Edition.objects.filter(consultation=self.consultation, in_force=True, number__in=list(counts))
        leads = leads.filter(status=Edition.Status.PUBLISHED).order_by("number")
        return {number: -(-counts[number] // campaigns.PAGE) for number in leads.values_list("number", flat=True)}

    @cached_property
    def summary_editions(self) -> list[tuple[int, int]]:
        """(number, revision) of every edition of a summary."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME)
        return list(found.order_by("number", "revision").values_list("number", "revision"))

    @cached_property
    def summaries(self) -> dict[int, int]:
        """The keys of the documents whose summaries are published, by number."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME, in_force=True)
        return dict(found.order_by("number").values_list("number", "document_id"))

    def documents(self) -> Iterator[tuple[str, str]]:
        """Yield (symbol, path after the consultation's address) of each summary and of every edition of it."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME).order_by("number", "revision")
        for number, revision, in_force, symbol, whole in found.values_list(
            "number", "revision", "in_force", "symbol", "document__symbol"
        ):
            if in_force and whole:
                yield whole, f"summaries/{number}/"
            if symbol != whole:
                yield symbol, f"summaries/{number}/rev/{revision}/"

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes of its bodies."""
        return Outcomes(self.consultation)

    def correction_pages(self, summary: int) -> Pages:
        """Return the pages of the requests for correction of a summary, oldest first."""
        found = corrections.public_corrections(self.summaries[summary]).order_by("number")
        return _pages((number for number in found.values_list("number", flat=True) if number), CORRECTIONS_PAGE)

    def since_pages(self) -> Iterator[int]:
        """Yield the first numbers of the further pages of what is new since the last summary."""
        last, start = last_covered(self.consultation), 0
        while following := uncovered_contributions(self.consultation, last, start).next:
            yield following
            start = following

    def compiled_pages(self) -> Iterator[tuple[int, int]]:
        """Yield (question, summary that begins the page) of the pages of the compilation; 0 for a first one."""
        threads = list(self.consultation.threads.all())
        for number in record.statement_counts(self.consultation):
            start: int | None = 0
            while start is not None:
                yield number, start
                _parts, start = record.compilation_of_thread(self.consultation, threads, number, start)


def _pages(numbers: Iterable[int], size: int) -> Pages:
    return [(members[0], members) for members in batched(numbers, size)]
