"""A document as the publication checks read it: each paragraph in the document's own language, with what it cites."""

from dataclasses import dataclass, field
from typing import Any

from plenara.documents.models import Citation, Document, Kind, Paragraph, ParagraphText, Reference, Side


@dataclass(frozen=True)
class Fault:
    """One thing found. The sentence stands beside the paragraph's number."""

    paragraph: int  # its number; 0: the document as a whole
    code: str
    sentence: str


@dataclass(frozen=True)
class Statement:
    """A paragraph as the gate reads it, in the document's own language."""

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
    """Return a document as the gate reads it. Four queries, whatever its length."""
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
