"""A document on the working side: its paragraphs with citations, their names, its headings and reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.text import digest
from plenara.documents.kinds import kind_of
from plenara.documents.models import Citation, Document, Kind, Paragraph, ParagraphText, Reason, Reference, Side


@dataclass(frozen=True)
class Finding:
    """A finding of a check, shown beside the paragraph's number."""

    paragraph: int  # its number; 0: the document as a whole
    code: str
    sentence: str


@dataclass(frozen=True)
class Statement:
    """A paragraph for the publication checks, in the document's own language."""

    paragraph: Paragraph
    text: ParagraphText | None
    citations: list[Citation]
    references: list[Reference] = field(default_factory=list)  # to statements of other documents

    @property
    def number(self) -> int:
        return self.paragraph.number

    @property
    def is_frame(self) -> bool:
        return self.paragraph.kind == Kind.FRAME

    @property
    def sides(self) -> list[tuple[str, str, list[Citation]]]:
        """Its words on each side (`Side`), with the citations."""
        held = [each for each in self.citations if each.side == Side.HELD]
        against = [each for each in self.citations if each.side == Side.AGAINST]
        if self.text is None:
            return []
        both = [(str(Side.HELD), self.text.text, held), (str(Side.AGAINST), self.text.against, against)]
        return [(side, text, cited) for side, text, cited in both if text]


@dataclass(frozen=True)
class LoadedDocument:
    """A document for the publication checks."""

    document: Document
    statements: list[Statement]
    #: Data that a kind of document reads once, for errors and warnings.
    memo: dict = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.document.source_language


def load_document(document: Document) -> LoadedDocument:
    """Return a document for the publication checks. Four queries, whatever its length."""
    citations = Citation.objects.select_related("edition__text", "edition__byline")
    cited: dict[int, list[Citation]] = {}
    for each in citations.filter(paragraph__document=document).order_by("position"):
        cited.setdefault(each.paragraph_id, []).append(each)
    referred: dict[int, list[Reference]] = {}
    for reference in Reference.objects.filter(paragraph__document=document).order_by("position"):
        referred.setdefault(reference.paragraph_id, []).append(reference)
    texts = {
        text.paragraph_id: text
        for text in ParagraphText.objects.filter(paragraph__document=document, language=document.source_language)
    }
    paragraphs = document.paragraphs.select_related("thread")
    return LoadedDocument(
        document,
        [Statement(each, texts.get(each.pk), cited.get(each.pk, []), referred.get(each.pk, [])) for each in paragraphs],
    )


def is_new(document: Document, paragraph: Paragraph) -> bool:
    """Return whether other paragraphs of its document have permanent numbers and it has none yet."""
    return paragraph.mark is None and document.last_mark > 0


def number_of(document: Document, paragraph: Paragraph) -> str:
    """Return a paragraph's number, or that it is new."""
    if is_new(document, paragraph):
        return pgettext("paragraph without a number", "new")
    return str(paragraph.mark or paragraph.number)


def part_of(document: Document, paragraph: Paragraph) -> str:
    """Return the name of a paragraph: "Statement 7", "Paragraph 12"."""
    if is_new(document, paragraph):
        return _("New paragraph, position %(place)d") % {"place": paragraph.number}
    return kind_of(document.kind).part(paragraph.mark or paragraph.number)


def part_once(document: Document, paragraph: int | None, number: int) -> str:
    """Return the name of a paragraph by its id; if it was deleted, by the number that it had.

    For a kind with permanent numbers, a deleted paragraph has no number: until publication numbers are only places.
    """
    if not kind_of(document.kind).numbers_for_good:
        return kind_of(document.kind).part(number)
    there = _paragraphs(document).get(paragraph or 0)
    return part_of(document, there) if there else _("A deleted paragraph")


def _paragraphs(document: Document) -> Mapping[int, Paragraph]:
    """Return a document's paragraphs by id, read once for a page."""
    if not hasattr(document, "_paragraphs_by_id"):
        document._paragraphs_by_id = {each.pk: each for each in document.paragraphs.all()}  # type: ignore[attr-defined]
    return document._paragraphs_by_id  # type: ignore[attr-defined, no-any-return]


HEADING, REASON = PHRASES = ("section", "reason")


@dataclass(frozen=True)
class Phrase:
    """A short text in its document's language, and its translation."""

    what: str  # HEADING or REASON
    pk: int
    number: int  # of its section; reasons are numbered 1, 2, … in the order of first use
    source: str
    text: str  # "": not translated yet

    @property
    def key(self) -> str:
        """Its permanent key in forms and files."""
        return key_of(self.what, self.pk)

    @property
    def name(self) -> str:
        """Its name."""
        if self.what == HEADING:
            return _("Section %(number)d") % {"number": self.number}
        return _("Reason %(number)d") % {"number": self.number}

    @property
    def was(self) -> str:
        """The stamp of the translation, for the form."""
        return digest(self.text)

    @property
    def made_from(self) -> str:
        """The digest of its source."""
        return digest(self.source)


def key_of(what: str, pk: int) -> str:
    """Return the key of a phrase in forms and files."""
    return f"{what}-{pk}"


def given_reasons(documents: Sequence[Document]) -> QuerySet[Reason]:
    """Return the reasons of citations and references, in the order of first use."""
    cited, referred = Citation.objects.filter(reason=OuterRef("pk")), Reference.objects.filter(reason=OuterRef("pk"))
    return Reason.objects.filter(Exists(cited) | Exists(referred), document__in=documents).order_by("document", "pk")


def phrases_of(document: Document, language: str) -> list[Phrase]:
    """Return the phrases of a document, headings first. Two queries; none if its kind has no phrases."""
    return phrases_of_many([document], [language]).get((document.pk, language), [])


def phrases_of_many(documents: Sequence[Document], languages: Sequence[str]) -> dict[tuple[int, str], list[Phrase]]:
    """Return the phrases of several documents by document and language. Two queries for each kind."""
    sources: dict[int, list[tuple[str, int, int, dict[str, str]]]] = {}
    for kind in {each.kind for each in documents}:
        known, of_kind = kind_of(kind), [each for each in documents if each.kind == kind]
        if known.headings:
            for pk, headings in known.headings.of([each.pk for each in of_kind]).items():
                sources.setdefault(pk, []).extend((HEADING, each.pk, each.number, each.texts) for each in headings)
        if known.has_responses:
            counts: Counter[int] = Counter()
            languages_of = {each.pk: each.source_language for each in of_kind}
            for reason in given_reasons(of_kind):
                counts[reason.document_id] += 1
                texts = {**reason.texts, languages_of[reason.document_id]: reason.text}
                row = (REASON, reason.pk, counts[reason.document_id], texts)
                sources.setdefault(reason.document_id, []).append(row)
    return {
        (document.pk, language): [
            Phrase(what, pk, number, texts[document.source_language], texts.get(language, ""))
            for what, pk, number, texts in sources.get(document.pk, [])
            if texts.get(document.source_language)
        ]
        for document in documents
        for language in languages
        if language != document.source_language
    }


def readers(document: Document) -> Counter[int]:
    """Return how many contributions each reason answers, by its id; also through statements. One query."""
    itself = Citation.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", "edition__contribution"
    )
    beneath = Reference.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", F("statement__citations__edition__contribution")
    )
    found = itself.order_by().union(beneath.order_by()).order_by()
    return Counter(reason for reason, contribution in found if contribution)
