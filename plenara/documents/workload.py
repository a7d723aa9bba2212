"""How much is left to translate: statements and words, of many documents in many languages at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from plenara.core.text import digest
from plenara.documents.models import Document, ParagraphText, Rendition, RenditionState, digest_of
from plenara.documents.phrases import Phrase, phrases_of_many

_WORD = re.compile(r"[^\W_]+(?:[’'\-.,][^\W_]+)*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Left:
    """What is left of a document in one language."""

    document: Document
    language: str
    rendition: Rendition | None
    total: int  # statements
    missing: int
    outdated: int
    title_waits: bool
    phrases: int  # headings of sections and reasons that are missing
    words: int  # of what is missing or outdated, in the source: characters, where that is Chinese

    @property
    def state(self) -> RenditionState:
        """Where the rendition stands."""
        return RenditionState(self.rendition.state) if self.rendition else RenditionState.MISSING

    @property
    def ready(self) -> int:
        """Statements that are translated from the present source."""
        return self.total - self.missing - self.outdated

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to translate."""
        return not (self.missing or self.outdated or self.title_waits or self.phrases)

    @property
    def in_draft(self) -> int:
        """Statements that are translated while others are not, or that nobody has reviewed."""
        return self.ready if self.state in (RenditionState.DRAFT, RenditionState.OUTDATED) else 0

    @property
    def to_review(self) -> int:
        """Statements that only a reviewer has still to see."""
        return self.in_draft if self.is_complete else 0


def length_of(text: str, language: str) -> int:
    """Return how much there is to translate: words, of Chinese characters."""
    return len(_SPACE.sub("", text)) if language == "zh" else len(_WORD.findall(text))


def is_missing(mine: ParagraphText, source: ParagraphText) -> bool:
    """Say whether a translation lacks words that its source has: a heading, a text, what is held against it."""
    return lacks((mine.heading, mine.text, mine.against), (source.heading, source.text, source.against))


def lacks(now: Sequence[str], source: Sequence[str]) -> bool:
    """Say whether any of some texts is not there whose source is."""
    return any(there and not here for there, here in zip(source, now, strict=True))


def workload(documents: Sequence[Document], languages: Mapping[int, Collection[str]]) -> list[Left]:
    """Return what is left of documents, each in the languages that its id has. Two queries, whatever their number.

    Of a kind with reasons and sections, two more.
    """
    codes = {code for some in languages.values() for code in some} | {each.source_language for each in documents}
    rows = ParagraphText.objects.filter(paragraph__document__in=documents, language__in=codes).values_list(
        "paragraph__document", "paragraph", "language", "heading", "text", "against", "source_digest"
    )
    texts: dict[tuple[int, str], dict[int, tuple[str, ...]]] = {}
    for document, paragraph, code, *words in rows.iterator(chunk_size=2000):
        texts.setdefault((document, code), {})[paragraph] = tuple(words)
    renditions = {
        (each.document_id, each.language): each
        for each in Rendition.objects.filter(document__in=documents, language__in=codes).select_related("translator")
    }
    phrases = phrases_of_many(documents, sorted(codes))
    return [
        _left(document, code, texts, renditions.get((document.pk, code)), phrases.get((document.pk, code), []))
        for document in documents
        for code in languages.get(document.pk, ())
        if code != document.source_language
    ]


def _left(
    document: Document,
    code: str,
    texts: dict[tuple[int, str], dict[int, tuple[str, ...]]],
    rendition: Rendition | None,
    phrases: Sequence[Phrase],
) -> Left:
    sources = texts.get((document.pk, document.source_language), {})
    mine = texts.get((document.pk, code), {})
    missing = outdated = words = 0
    for paragraph, (*source, _none) in sources.items():
        *now, made_from = mine.get(paragraph, ("", "", "", ""))
        is_absent = lacks(now, source)
        is_old = not is_absent and made_from != digest_of(*source)
        missing, outdated = missing + is_absent, outdated + is_old
        if is_absent or is_old:
            words += sum(length_of(each, document.source_language) for each in source)
    title = document.title.get(document.source_language, "")
    title_waits = bool(title) and (
        not document.title.get(code) or rendition is None or rendition.title_digest != digest(title)
    )
    if title_waits:
        words += length_of(title, document.source_language)
    beside = [each for each in phrases if not each.text]
    words += sum(length_of(each.source, document.source_language) for each in beside)
    return Left(document, code, rendition, len(sources), missing, outdated, title_waits, len(beside), words)
