"""What a version of an outcome changed of the one before it, by paragraph, in pages. From the record alone."""

from dataclasses import dataclass

from django.db.models.functions import Length

from plenara.documents.edition_changes import SAME, Changed, changes_between
from plenara.documents.models import PublishedText
from plenara.outcomes.models import Agreement, OutcomeEdition, PublishedStand

#: What one page carries, in bytes as they travel.
BUDGET = 6_000
#: Bytes of a character, in whatever language it is told; of what is around a paragraph.
_PER_CHARACTER, _AROUND = 0.6, 260


@dataclass(frozen=True)
class Line:
    """A paragraph before and after."""

    changed: Changed
    mark: int
    agreement_was: str  # blank where it is the same, or where one of both is not there
    agreement: str

    @property
    def differs(self) -> bool:
        return self.changed.what != SAME or bool(self.agreement_was)


@dataclass(frozen=True)
class Page:
    """Some of the paragraphs that differ, and what there is besides."""

    lines: list[Line]
    same: list[int]  # the numbers of those that are as they were
    pages: list[list[int]]  # the numbers of all that differ, by page
    at: int

    @property
    def is_original(self) -> bool:
        """Whether the translation of any does not tell the change."""
        return any(each.changed.is_original for each in self.lines)


def page_of(earlier: OutcomeEdition, later: OutcomeEdition, language: str, start: int | None) -> Page | None:
    """Return the page that begins with a paragraph, or the first; nothing where no page begins so. Eleven queries."""
    stands = PublishedStand.objects.filter(paragraph__edition__in=[earlier.edition_id, later.edition_id])
    agreements = dict(stands.values_list("paragraph", "agreement"))
    lines = [_line(each, agreements) for each in changes_between(earlier.edition, later.edition, language)]
    pages = _cut([each for each in lines if each.differs], _sizes(earlier) | _sizes(later))
    begin = [some[0].mark if some else 0 for some in pages]
    if start is not None and start not in begin[1:]:
        return None
    at = 0 if start is None else begin.index(start)
    same = [each.mark for each in lines if not each.differs]
    return Page(pages[at], same, [[each.mark for each in some] for some in pages], at)


def starts_of(earlier: OutcomeEdition, later: OutcomeEdition) -> list[int]:
    """Return the numbers with which the further pages begin: the same in every language."""
    found = page_of(earlier, later, later.edition.source_language, None)
    return [some[0] for some in found.pages[1:]] if found else []


def _cut(lines: list[Line], sizes: dict[int, int]) -> list[list[Line]]:
    """Return the pages. What is told in one language or another, the pages are cut by the original."""
    pages: list[list[Line]] = [[]]
    carried = 0.0
    for each in lines:
        both = (each.changed.was, each.changed.now)
        weight = _AROUND + _PER_CHARACTER * sum(sizes.get(it.pk, 0) for it in both if it is not None)
        if pages[-1] and carried + weight > BUDGET:
            pages.append([])
            carried = 0.0
        pages[-1].append(each)
        carried += weight
    return pages


def _sizes(version: OutcomeEdition) -> dict[int, int]:
    """Return how many characters each paragraph of a version has in its own language."""
    edition = version.edition
    texts = PublishedText.objects.filter(
        paragraph__edition=edition, language=edition.source_language, rendition__in_force=True
    )
    return dict(texts.annotate(size=Length("text")).values_list("paragraph", "size"))


def _line(changed: Changed, agreements: dict[int, str]) -> Line:
    was, now = (agreements.get(each.pk, "") if each else "" for each in (changed.was, changed.now))
    paragraph = changed.now or changed.was
    assert paragraph is not None
    differs = bool(was and now and was != now)
    return Line(changed, paragraph.told_as, str(Agreement(was).label) if differs else "", _label(now))


def _label(agreement: str) -> str:
    return str(Agreement(agreement).label) if agreement else ""
