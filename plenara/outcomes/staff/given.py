"""What a paragraph cites, as its desk lists it: contributions and statements, by how they are treated."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from plenara.core.languages import Localized, current, in_language
from plenara.core.text import excerpt
from plenara.documents.models import (
    Citation,
    Document,
    Kind,
    Paragraph,
    ParagraphText,
    PublishedCitation,
    PublishedParagraph,
    PublishedText,
    Reason,
    Reference,
    Treatment,
)
from plenara.documents.naming import number_of
from plenara.outcomes.reading import Treated
from plenara.outcomes.shown import statement_label, statement_url
from plenara.outcomes.staff.bench import pages_of

#: What a paragraph cites, on one page; and the most reasons that are offered again.
PAGE, MOST_REASONS = 40, 60

_ORDER = Case(
    *(When(treatment=each, then=Value(place)) for place, each in enumerate(Treatment.values)),
    default=Value(-1),  # what has no treatment yet comes first
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Given:
    """A contribution or a statement that a paragraph cites, with how it treats it."""

    citation: Citation | None = None
    reference: Reference | None = None
    words: Localized | None = None  # of a statement
    language: str = ""  # of the document, in which the reason is written

    @property
    def it(self) -> Citation | Reference:
        found = self.citation or self.reference
        assert found is not None
        return found

    @property
    def treated(self) -> Treated:
        reason = self.it.reason
        return Treated(self.it.treatment, Localized(reason.text, self.language) if reason else None)

    @property
    def label(self) -> str:
        """Return what a statement is called."""
        return statement_label(self.reference.statement) if self.reference else ""

    @property
    def url(self) -> str:
        """Return where a statement stands."""
        return statement_url(self.reference.statement) if self.reference else ""


def given_by(paragraph: Paragraph, page: int = 1) -> tuple[list[Given], int, dict[str, Any]]:
    """Return a page of what a paragraph cites, how much there is, and the links to the pages. Six queries."""
    citations, references = paragraph.citations.all(), paragraph.references.all()
    cited = citations.count()
    total = cited + references.count()
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    begin, end = (page - 1) * PAGE, page * PAGE
    language = paragraph.document.source_language
    rows = [
        Given(citation=each, language=language)
        for each in _of(citations, "edition__byline", "edition__consultation")[begin:end]
    ]
    if (rest := PAGE - len(rows)) > 0:
        first = max(0, begin - cited)
        referred = list(_of(references, "statement__edition__consultation")[first : first + rest])
        words = words_of([each.statement for each in referred])
        rows += [Given(reference=each, words=words.get(each.statement_id), language=language) for each in referred]
    return rows, total, pages_of(total, page, PAGE, lambda number: f"?page={number}#cites")


def _of(found: Any, *related: str) -> QuerySet[Any]:
    ordered: QuerySet[Any] = found.select_related("reason", *related).order_by(_ORDER, "position", "pk")
    return ordered


def words_of(statements: list[PublishedParagraph]) -> dict[int, Localized]:
    """Return the words of published paragraphs in the reader's language, or in their own, by id. One query."""
    texts: dict[int, dict[str, str]] = {}
    found = PublishedText.objects.filter(paragraph__in=[each.pk for each in statements], rendition__in_force=True)
    for each in found:
        texts.setdefault(each.paragraph_id, {})[each.language] = each.text
    own = {each.pk: each.edition.source_language for each in statements}
    mine = current()
    return {pk: in_language(several, mine if mine in several else own[pk]) for pk, several in texts.items()}


def beneath(statements: list[PublishedParagraph]) -> dict[int, int]:
    """Return how many contributions published statements cite, by the statement's id. One query."""
    found = PublishedCitation.objects.filter(paragraph__in=[each.pk for each in statements])
    counts = found.values_list("paragraph").annotate(count=Count("edition__contribution", distinct=True))
    return dict(counts.order_by("paragraph"))


def reasons_of(document: Document) -> list[str]:
    """Return the reasons given in a document, those that stand for most first."""
    found = Reason.objects.filter(document=document).annotate(count=Count("citations", distinct=True))
    return list(found.order_by("-count", "pk").values_list("text", flat=True)[:MOST_REASONS])


def citing_paragraphs(document: Document) -> list[tuple[str, str]]:
    """Return the paragraphs that can cite, as choices: ids, and their number and first words. Two queries."""
    texts = ParagraphText.objects.filter(paragraph__document=document, language=document.source_language)
    found = texts.exclude(paragraph__kind=Kind.FRAME).select_related("paragraph").order_by("paragraph__number")
    return [
        (str(each.paragraph_id), f"{number_of(document, each.paragraph)}. {excerpt(each.text, 90)[0]}")
        for each in found
    ]
