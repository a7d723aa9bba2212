"""The outcomes in a consultation's copy: those of the bodies whose home it is, with every version and paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from plenara.archive.formats import citations
from plenara.consultations.models import Consultation
from plenara.documents.models import PublishedParagraph
from plenara.outcomes import answering, commented, matrix, membership, unanswered
from plenara.outcomes.contents import all_pages, contents_of
from plenara.outcomes.models import OutcomeEdition
from plenara.outcomes.places import Place, public_bodies, public_versions
from plenara.outcomes.version_changes import starts_of

#: What an address names.
type Named = dict[str, Any]


@dataclass(frozen=True)
class Outcomes:
    """The bodies of a consultation, and all versions of what they wrote."""

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
        """Yield every version where it stands for good, and the one in force where whatever is in force stands."""
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
        """Return the numbers that have an address there: below an outcome, those that stand in it no more too."""
        if place.is_for_good:
            return self.marks.get(place.version.edition_id, [])
        return sorted({mark for each in place.versions for mark in self.marks.get(each.edition_id, [])})

    def symbols(self) -> Iterator[tuple[str, str]]:
        """Yield (symbol, what follows the language) of each outcome and of every version of it."""
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


def bodies(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the bodies."""
    return ({"body": slug} for slug in outcomes.bodies)


def member_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of members."""
    for slug, count in outcomes.bodies.items():
        yield from ({"body": slug, "start": start} for start in range(membership.PAGE + 1, count + 1, membership.PAGE))


def outcomes_in_force(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the outcomes."""
    return (_names(each) for each in outcomes.places() if not each.is_for_good)


def versions(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the versions for good."""
    return (_names(each) for each in outcomes.places() if each.is_for_good)


def sections(outcomes: Outcomes, *, is_for_good: bool, further: bool) -> Iterator[Named]:
    """Yield the pages of the sections of what has several; the further ones of each section, or the first ones."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            for slug, start in all_pages(contents_of(place.version)):
                if (start is not None) == further:
                    yield _names(place) | {"section": slug} | ({"start": start} if further else {})


def paragraphs(outcomes: Outcomes, *, is_for_good: bool) -> Iterator[Named]:
    """Yield the paragraphs."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            yield from (_names(place) | {"mark": mark} for mark in outcomes.marks_of(place))


def changes(outcomes: Outcomes, *, further: bool) -> Iterator[Named]:
    """Yield what each version changed: the first pages of it, or the further ones."""
    for versions in outcomes.versions:
        for earlier, later in pairwise(versions):
            named = _names(Place(later, versions, is_for_good=True))
            if further:
                yield from (named | {"start": start} for start in starts_of(earlier, later))
            else:
                yield named


def matrix_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of the matrices."""
    for place in outcomes.places():
        if not place.is_for_good:
            yield from (_names(place) | {"start": start} for start in matrix.starts_of(place.version))


def answers_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of what was asked, said and done."""
    for place in outcomes.places():
        if not place.is_for_good:
            count = len(matrix.threads_answered_by(place.version))
            yield from (_names(place) | {"start": k} for k in range(answering.PAGE + 1, count + 1, answering.PAGE))


def unanswered_pages(outcomes: Outcomes) -> Iterator[Named]:
    """Yield the further pages of who is left without an answer."""
    for place in outcomes.places():
        following: tuple[str, int] | None = ("", 0) if not place.is_for_good else None
        while following and (page := unanswered.page_of(place.version, *following)):
            following = page.next
            if following:
                yield _names(place) | {"consultation": following[0], "number": following[1]}


def comment_pages(outcomes: Outcomes, *, of: str, further: bool) -> Iterator[Named]:
    """Yield the pages of comments on a paragraph (`mark`) or a section (`thread`), their first or the further ones."""
    for place in outcomes.places():
        for revision, kind, key, start in commented.all_pages(place.version) if not place.is_for_good else ():
            if kind == of and (start is not None) == further:
                yield _names(place) | {"revision": revision, of: key} | ({"start": start} if further else {})


def cited(outcomes: Outcomes, *, is_for_good: bool) -> Iterator[Named]:
    """Yield the references to outcomes, or to versions for good."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            yield from (_names(place) | {"ending": ending} for ending in citations.FORMS)


def cited_paragraphs(outcomes: Outcomes, *, is_for_good: bool) -> Iterator[Named]:
    """Yield the references to paragraphs that stand there."""
    for place in outcomes.places():
        if place.is_for_good == is_for_good:
            for mark in outcomes.marks.get(place.version.edition_id, []):
                yield from (_names(place) | {"mark": mark, "ending": ending} for ending in citations.FORMS)
