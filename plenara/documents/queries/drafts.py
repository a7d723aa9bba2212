"""A document as it is written: its paragraphs with what they cite, what each is called, and its headings and
reasons.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.text import digest
from plenara.documents.kinds import kind_of
from plenara.documents.models import Citation, Document, Kind, Paragraph, ParagraphText, Reason, Reference, Side


@dataclass(frozen=True)
class Finding:
    """One thing found. The sentence stands beside the paragraph's number."""

    paragraph: int  # its number; 0: the document as a whole
    code: str
    sentence: str


@dataclass(frozen=True)
class Statement:
    """A paragraph as the publication checks read it, in the document's own language."""

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
        """What it says on each side (`Side`), with what it cites for it."""
        held = [each for each in self.citations if each.side == Side.HELD]
        against = [each for each in self.citations if each.side == Side.AGAINST]
        if self.text is None:
            return []
        both = [(str(Side.HELD), self.text.text, held), (str(Side.AGAINST), self.text.against, against)]
        return [(side, said, cited) for side, said, cited in both if said]


@dataclass(frozen=True)
class LoadedDocument:
    """A document as the publication checks read it."""

    document: Document
    statements: list[Statement]
    #: What a kind of document looks up once, for what refuses and for what warns.
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.document.source_language


def load_document(document: Document) -> LoadedDocument:
    """Return a document as the publication checks read it. Four queries, whatever its length."""
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
    """Say whether others of its document have their numbers for good, and it has none yet."""
    return paragraph.mark is None and document.last_mark > 0


def number_of(document: Document, paragraph: Paragraph) -> str:
    """Return the number that stands beside a paragraph, or that it is new."""
    if is_new(document, paragraph):
        return pgettext("paragraph without a number", "new")
    return str(paragraph.mark or paragraph.number)


def part_of(document: Document, paragraph: Paragraph) -> str:
    """Return what a paragraph is called: "Statement 7", "Paragraph 12"."""
    if is_new(document, paragraph):
        return _("New paragraph, in place %(place)d") % {"place": paragraph.number}
    return kind_of(document.kind).part(paragraph.mark or paragraph.number)


def part_once(document: Document, paragraph: int | None, number: int) -> str:
    """Return what a paragraph is called that had a number once: by its id, or by that number where it is deleted.

    Numbers of a kind that numbers for good are places only until then: of what is deleted, no number is told.
    """
    if not kind_of(document.kind).numbers_for_good:
        return kind_of(document.kind).part(number)
    there = _paragraphs(document).get(paragraph or 0)
    return part_of(document, there) if there else _("A paragraph that was deleted")


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
    number: int  # of its section; of reasons 1, 2, … in the order in which they were first given
    source: str
    text: str  # "": not translated yet

    @property
    def key(self) -> str:
        """What names it in forms and files, for good."""
        return key_of(self.what, self.pk)

    @property
    def name(self) -> str:
        """What it is called."""
        if self.what == HEADING:
            return _("Section %(number)d") % {"number": self.number}
        return _("Reason %(number)d") % {"number": self.number}

    @property
    def was(self) -> str:
        """What a form that was opened now has to say of the translation."""
        return digest(self.text)

    @property
    def made_from(self) -> str:
        """What names its source's words."""
        return digest(self.source)


def key_of(what: str, pk: int) -> str:
    """Return what names a phrase in forms and files."""
    return f"{what}-{pk}"


def given_reasons(documents: Sequence[Document]) -> QuerySet[Reason]:
    """Return the reasons that some citation or reference has, in the order in which they were first given."""
    cited, referred = Citation.objects.filter(reason=OuterRef("pk")), Reference.objects.filter(reason=OuterRef("pk"))
    return Reason.objects.filter(Exists(cited) | Exists(referred), document__in=documents).order_by("document", "pk")


def phrases_of(document: Document, language: str) -> list[Phrase]:
    """Return what a document has of them, headings first. Two queries; none where its kind has no such."""
    return phrases_of_many([document], [language]).get((document.pk, language), [])


def phrases_of_many(documents: Sequence[Document], languages: Sequence[str]) -> dict[tuple[int, str], list[Phrase]]:
    """Return them of several documents in several languages, by document and language. Two queries for each kind."""
    sources: dict[int, list[tuple[str, int, int, dict[str, str]]]] = {}
    for kind in {each.kind for each in documents}:
        known, of_kind = kind_of(kind), [each for each in documents if each.kind == kind]
        if known.headings:
            for pk, headings in known.headings.of([each.pk for each in of_kind]).items():
                sources.setdefault(pk, []).extend((HEADING, each.pk, each.number, each.texts) for each in headings)
        if known.treats:
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
    """Return how many contributions each reason is given for, by its id; through statements too. One query."""
    itself = Citation.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", "edition__contribution"
    )
    beneath = Reference.objects.filter(paragraph__document=document, reason__isnull=False).values_list(
        "reason", F("statement__citations__edition__contribution")
    )
    found = itself.order_by().union(beneath.order_by()).order_by()
    return Counter(reason for reason, contribution in found if contribution)
