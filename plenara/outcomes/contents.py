"""How a version of an outcome is cut into pages: whole where it is short, else by section, and a long section further.

A version never changes, so neither do its pages. Four queries, whatever its length.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Length

from plenara.documents.models import PublishedCitation, PublishedReference, PublishedText
from plenara.outcomes.models import OutcomeEdition, PublishedSection

#: What one page carries, in bytes as they travel: it must stay light.
BUDGET = 10_000
#: Citations of a paragraph that are quoted below it, of contributions and of statements each; of a short version, and
#: of one that has several pages.
QUOTED, QUOTED_OF_MANY = 6, 3
#: Bytes of a character, of what is around a paragraph, of a quotation with its byline and reason, of a statement with
#: its beginning and reason.
_PER_CHARACTER = {"en": 0.42, "es": 0.42, "fr": 0.42, "ru": 0.7, "ar": 0.7, "zh": 1.7}
_AROUND, _QUOTE, _STATEMENT = 150, 120, 200


@dataclass(frozen=True)
class Row:
    """A paragraph as the contents know it."""

    pk: int
    mark: int
    agreement: str
    weight: float
    citations: int
    statements: int


@dataclass(frozen=True)
class SectionEntry:
    """A section in the contents, and the pages that it has."""

    section: PublishedSection
    rows: list[Row] = field(default_factory=list)
    pages: list[list[Row]] = field(default_factory=list)

    @property
    def marks(self) -> list[int]:
        return [each.mark for each in self.rows]

    @property
    def path(self) -> str:
        """Where its first page stands, below a version that has several."""
        return f"sections/{self.section.slug}/"

    def path_of(self, page: int) -> str:
        """Return where a page of it stands."""
        return f"{self.path}from/{self.pages[page][0].mark}/" if page else self.path


@dataclass(frozen=True)
class Contents:
    """The sections of a version, and how they are cut."""

    sections: list[SectionEntry]
    is_whole: bool  # all of it stands on one page

    @property
    def rows(self) -> list[Row]:
        return [row for each in self.sections for row in each.rows]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def standing(self) -> Counter[str]:
        """How many paragraphs are agreed, in brackets, open."""
        return Counter(each.agreement for each in self.rows)

    @property
    def quoted(self) -> int:
        """How many citations of a paragraph are quoted below it."""
        return QUOTED if self.is_whole else QUOTED_OF_MANY

    def address_of(self, mark: int) -> str:
        """Return where a paragraph stands, below its version."""
        if self.is_whole:
            return f"#s{mark}"
        for each in self.sections:
            for page, rows in enumerate(each.pages):
                if any(row.mark == mark for row in rows):
                    return f"{each.path_of(page)}#s{mark}"
        return ""


def contents_of(version: OutcomeEdition) -> Contents:
    """Return the contents of a version."""
    edition = version.edition
    cited, referred = (
        Counter(dict(of.objects.filter(paragraph__edition=edition).values_list("paragraph").annotate(Count("pk"))))
        for of in (PublishedCitation, PublishedReference)
    )
    texts = PublishedText.objects.filter(
        paragraph__edition=edition, language=edition.source_language, rendition__in_force=True
    )
    factor = _PER_CHARACTER[edition.source_language]
    weighed: dict[int, list[Row]] = {}
    for pk, number, mark, agreement, section, length in (
        texts.annotate(length=Length("text"))
        .order_by("paragraph__number")
        .values_list(
            "paragraph", "paragraph__number", "paragraph__mark", "paragraph__stand__agreement",
            "paragraph__stand__section", "length",
        )
    ):  # fmt: skip
        weight = _AROUND + factor * length
        weighed.setdefault(section, []).append(
            Row(pk, mark or number, agreement, weight, citations=cited[pk], statements=referred[pk])
        )
    sections = list(version.sections.all())
    rows = [row for each in sections for row in weighed.get(each.pk, [])]
    is_whole = sum(_weight(each, QUOTED) for each in rows) <= BUDGET
    return Contents([_entry(each, weighed.get(each.pk, [])) for each in sections], is_whole)


def _weight(row: Row, quoted: int) -> float:
    return row.weight + _QUOTE * min(row.citations, quoted) + _STATEMENT * min(row.statements, quoted)


def _entry(section: PublishedSection, rows: list[Row]) -> SectionEntry:
    pages: list[list[Row]] = []
    carried = 0.0
    for row in rows:
        weight = _weight(row, QUOTED_OF_MANY)
        if not pages or carried + weight > BUDGET:
            pages.append([])
            carried = 0.0
        pages[-1].append(row)
        carried += weight
    return SectionEntry(section, rows, pages or [[]])


def page_of(contents: Contents, slug: str, start: int | None) -> tuple[SectionEntry, int] | None:
    """Return the section and the page that an address names; nothing where there is no such page.

    Without `start` it is the section's first; with it, the one that begins with the paragraph of this number.
    """
    for each in contents.sections:
        if each.section.slug == slug:
            if start is None:
                return each, 0
            begin = [page[0].mark if page else 0 for page in each.pages]
            return (each, begin.index(start)) if start in begin[1:] else None
    return None


def all_pages(contents: Contents) -> list[tuple[str, int | None]]:
    """Return the further pages of a version that has several: the section, and the paragraph with which one begins."""
    if contents.is_whole:
        return []
    return [
        (each.section.slug, each.pages[page][0].mark if page else None)
        for each in contents.sections
        for page in range(len(each.pages))
    ]
