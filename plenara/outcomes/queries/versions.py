"""Public bodies and versions with their addresses, the pages of a version, and its changes against the one before."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.http import Http404

from plenara.consultations.models import Consultation, State
from plenara.core.languages import current
from plenara.core.metadata import edition_symbol, lasting_symbol
from plenara.documents.models import PublishedCitation, PublishedReference, PublishedText
from plenara.documents.queries.editions import SAME, Changed, changes_between
from plenara.outcomes.kind import OUTCOME
from plenara.outcomes.models import (
    Agreement,
    Body,
    Outcome,
    OutcomeEdition,
    PublishedOutcomeParagraph,
    PublishedSection,
)

#: The most compressed bytes of a page, which must stay light.
BUDGET = 10_000
#: Citations quoted below a paragraph, for contributions and statements each: in a short version, and in one with
#: several pages.
QUOTED, QUOTED_OF_MANY = 6, 3
#: Bytes of a character, of a paragraph's markup, of a quotation with byline and reason, and of a statement with its
#: beginning and reason.
_PER_CHARACTER = {"en": 0.42, "es": 0.42, "fr": 0.42, "ru": 0.7, "ar": 0.7, "zh": 1.7}
_AROUND, _QUOTE, _STATEMENT = 150, 120, 200


@dataclass(frozen=True)
class ContentsRow:
    """A paragraph in the contents."""

    pk: int
    mark: int
    agreement: str
    weight: float
    citations: int
    statements: int


@dataclass(frozen=True)
class SectionEntry:
    """A section in the contents, and its pages."""

    section: PublishedSection
    rows: list[ContentsRow] = field(default_factory=list)
    pages: list[list[ContentsRow]] = field(default_factory=list)

    @property
    def marks(self) -> list[int]:
        return [each.mark for each in self.rows]

    @property
    def path(self) -> str:
        """The path of its first page, in a version with several pages."""
        return f"sections/{self.section.slug}/"

    def path_of(self, page: int) -> str:
        """Return the path of one of its pages."""
        return f"{self.path}from/{self.pages[page][0].mark}/" if page else self.path


@dataclass(frozen=True)
class Contents:
    """The sections of a version, and their pages."""

    sections: list[SectionEntry]
    is_whole: bool  # everything is on one page

    @property
    def rows(self) -> list[ContentsRow]:
        return [row for each in self.sections for row in each.rows]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def agreement_counts(self) -> Counter[str]:
        """The numbers of paragraphs that are agreed, in brackets, open."""
        return Counter(each.agreement for each in self.rows)

    @property
    def quoted(self) -> int:
        """The number of citations quoted below a paragraph."""
        return QUOTED if self.is_whole else QUOTED_OF_MANY

    def address_of(self, mark: int) -> str:
        """Return the path of a paragraph below its version."""
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
    weighed: dict[int, list[ContentsRow]] = {}
    for pk, number, mark, agreement, section, length in (
        texts.annotate(length=Length("text"))
        .order_by("paragraph__number")
        .values_list(
            "paragraph", "paragraph__number", "paragraph__mark", "paragraph__outcome_paragraph__agreement",
            "paragraph__outcome_paragraph__section", "length",
        )
    ):  # fmt: skip
        weight = _AROUND + factor * length
        weighed.setdefault(section, []).append(
            ContentsRow(pk, mark or number, agreement, weight, citations=cited[pk], statements=referred[pk])
        )
    sections = list(version.sections.all())
    rows = [row for each in sections for row in weighed.get(each.pk, [])]
    is_whole = sum(_weight(each, QUOTED) for each in rows) <= BUDGET
    return Contents([_entry(each, weighed.get(each.pk, [])) for each in sections], is_whole)


def _weight(row: ContentsRow, quoted: int) -> float:
    return row.weight + _QUOTE * min(row.citations, quoted) + _STATEMENT * min(row.statements, quoted)


def _entry(section: PublishedSection, rows: list[ContentsRow]) -> SectionEntry:
    pages: list[list[ContentsRow]] = []
    carried = 0.0
    for row in rows:
        weight = _weight(row, QUOTED_OF_MANY)
        if not pages or carried + weight > BUDGET:
            pages.append([])
            carried = 0.0
        pages[-1].append(row)
        carried += weight
    return SectionEntry(section, rows, pages or [[]])


def section_page(contents: Contents, slug: str, start: int | None) -> tuple[SectionEntry, int] | None:
    """Return the section and the page that an address names; None if there is no such page.

    Without `start` it is the section's first; with it, the one that begins with the paragraph of this number.
    """
    for each in contents.sections:
        if each.section.slug == slug:
            if start is None:
                return each, 0
            begin = [page[0].mark if page else 0 for page in each.pages]
            return (each, begin.index(start)) if start in begin[1:] else None
    return None


def section_pages(contents: Contents) -> list[tuple[str, int | None]]:
    """Return the further pages of a version with several: the section, and the first paragraph of the page."""
    if contents.is_whole:
        return []
    return [
        (each.section.slug, each.pages[page][0].mark if page else None)
        for each in contents.sections
        for page in range(len(each.pages))
    ]


def public_bodies() -> QuerySet[Body]:
    """Return the published bodies of consultations that are at least announced."""
    found = Body.objects.filter(published_at__isnull=False).exclude(consultation__stage=State.DRAFT)
    return found.select_related("consultation")


def body_or_404(slug: str) -> Body:
    """Return a public body, with its consultation. One query."""
    found = public_bodies().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def public_versions() -> QuerySet[OutcomeEdition]:
    """Return all public versions of outcomes, with the relations that their addresses need."""
    found = OutcomeEdition.objects.filter(outcome__body__in=public_bodies().order_by())
    return found.select_related("edition", "outcome__body__consultation")


@dataclass(frozen=True)
class Place:
    """A version of an outcome with its addresses: the one in force, or an earlier one."""

    version: OutcomeEdition
    versions: list[OutcomeEdition]  # all, the oldest first
    is_for_good: bool  # its address names the version

    @property
    def outcome(self) -> Outcome:
        return self.version.outcome

    @property
    def body(self) -> Body:
        return self.outcome.body

    @property
    def consultation(self) -> Consultation:
        return self.body.consultation

    @property
    def in_force(self) -> OutcomeEdition:
        return next(each for each in self.versions if each.edition.in_force)

    @cached_property
    def outcome_url(self) -> str:
        """The outcome's address in the active language, for the version in force."""
        return url_of(self.version)

    @cached_property
    def here(self) -> str:
        """The version's address, as requested."""
        return version_url(self.version) if self.is_for_good else self.outcome_url

    @property
    def for_good(self) -> str:
        """The permalink of this version."""
        edition = self.version.edition
        return f"{settings.SITE_URL}/s/{edition_symbol(edition.symbol, edition.revision)}"

    @property
    def permanent(self) -> str:
        """The permalink of the version in force."""
        return f"{settings.SITE_URL}/s/{lasting_symbol(self.version.edition.symbol)}"

    def in_other(self, language: str) -> str:
        """Return the same page's address in another language."""
        return f"/{language}/{self.here.split('/', 2)[2]}"


def version_or_404(body: str, outcome: str, revision: int | None = None) -> Place:
    """Return the version that an address names. One query, with all versions."""
    found = public_versions().filter(outcome__body__slug=body, outcome__slug=outcome)
    versions = list(found.order_by("edition__revision"))
    for each in versions:
        if each.edition.in_force if revision is None else each.edition.revision == revision:
            each.edition.consultation = each.outcome.body.consultation  # already loaded: one query less
            return Place(each, versions, revision is not None)
    raise Http404


def url_of(version: OutcomeEdition, language: str | None = None) -> str:
    """Return an outcome's address in a language (default: the active one). Its edition is loaded."""
    edition = version.edition
    return OUTCOME.url("", edition.number, language, address=edition.address)


def version_url(version: OutcomeEdition, language: str | None = None) -> str:
    """Return the permanent address of one version."""
    return f"{url_of(version, language)}rev/{version.edition.revision}/"


def body_url(body: Body, language: str | None = None) -> str:
    """Return a body's address."""
    return f"/{language or current()}/outcomes/{body.slug}/"


#: The most compressed bytes of a page.
CHANGES_BUDGET = 6_000
#: Bytes of a character, in any language, and of a paragraph's markup.
_CHANGES_PER_CHARACTER, _CHANGES_AROUND = 0.6, 260


@dataclass(frozen=True)
class ChangedLine:
    """A paragraph before and after."""

    changed: Changed
    mark: int
    agreement_was: str  # blank if it is the same, or if one of both is missing
    agreement: str

    @property
    def differs(self) -> bool:
        return self.changed.what != SAME or bool(self.agreement_was)


@dataclass(frozen=True)
class ChangesPage:
    """Some of the changed paragraphs, and the numbers of all."""

    lines: list[ChangedLine]
    same: list[int]  # the numbers of unchanged ones
    pages: list[list[int]]  # the numbers of all changed ones, by page
    at: int

    @property
    def is_original(self) -> bool:
        """Whether any translation does not show the change."""
        return any(each.changed.is_original for each in self.lines)


def changes_page(
    earlier: OutcomeEdition, later: OutcomeEdition, language: str, start: int | None
) -> ChangesPage | None:
    """Return the page that begins with a paragraph, or the first; None if there is no such page. Eleven queries."""
    outcome_paragraphs = PublishedOutcomeParagraph.objects.filter(
        paragraph__edition__in=[earlier.edition_id, later.edition_id]
    )
    agreements = dict(outcome_paragraphs.values_list("paragraph", "agreement"))
    lines = [_line(each, agreements) for each in changes_between(earlier.edition, later.edition, language)]
    pages = _cut([each for each in lines if each.differs], _sizes(earlier) | _sizes(later))
    begin = [some[0].mark if some else 0 for some in pages]
    if start is not None and start not in begin[1:]:
        return None
    at = 0 if start is None else begin.index(start)
    same = [each.mark for each in lines if not each.differs]
    return ChangesPage(pages[at], same, [[each.mark for each in some] for some in pages], at)


def changes_starts(earlier: OutcomeEdition, later: OutcomeEdition) -> list[int]:
    """Return the first numbers of the further pages, which are the same in every language."""
    found = changes_page(earlier, later, later.edition.source_language, None)
    return [some[0] for some in found.pages[1:]] if found else []


def _cut(lines: list[ChangedLine], sizes: dict[int, int]) -> list[list[ChangedLine]]:
    """Return the pages. Their size is calculated from the original, whatever the language."""
    pages: list[list[ChangedLine]] = [[]]
    carried = 0.0
    for each in lines:
        both = (each.changed.was, each.changed.now)
        weight = _CHANGES_AROUND + _CHANGES_PER_CHARACTER * sum(sizes.get(it.pk, 0) for it in both if it is not None)
        if pages[-1] and carried + weight > CHANGES_BUDGET:
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


def _line(changed: Changed, agreements: dict[int, str]) -> ChangedLine:
    was, now = (agreements.get(each.pk, "") if each else "" for each in (changed.was, changed.now))
    paragraph = changed.now or changed.was
    assert paragraph is not None
    differs = bool(was and now and was != now)
    return ChangedLine(changed, paragraph.public_number, str(Agreement(was).label) if differs else "", _label(now))


def _label(agreement: str) -> str:
    return str(Agreement(agreement).label) if agreement else ""
