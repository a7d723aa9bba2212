"""How near in meaning texts are, as far as a worker has calculated it, and the pairs that are not compared yet.

A pair of texts is identified by their digests, so a changed text is compared again, and the same two texts are never
compared twice. Each statement is compared with the words it cites, each translation with its source.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from plenara.core.text import digest
from plenara.documents.models import Citation, Document, Nearness, ParagraphText, Side


class Wanted(NamedTuple):
    """A pair to compare. Of a statement each sentence counts: words may support one alone."""

    one: str
    other: str
    by_sentence: bool


def compared_text(text: ParagraphText) -> str:
    """Return the text of a paragraph that is compared with another language."""
    return f"{text.text}\n{text.against}".strip()


def digests(texts: Iterable[str]) -> set[str]:
    """Return the digests of texts."""
    return {digest(each) for each in texts}


def known(ones: Collection[str]) -> dict[tuple[str, str], float]:
    """Return the calculated cosines of these texts by (digest, other digest). One query."""
    rows = Nearness.objects.filter(one__in=ones).values_list("one", "other", "cosine")
    return {(one, other): cosine for one, other, cosine in rows}


def of_renditions(document: Document, language: str) -> dict[int, float]:
    """Return how near translations are to their sources, by paragraph id, as far as calculated.

    Two queries.
    """
    texts = _texts(document, language)
    pairs = {
        key: (digest(compared_text(source)), digest(compared_text(target)))
        for key, source, target in _translated(document, texts)
    }
    found = known({one for one, _other in pairs.values()})
    return {key: found[pair] for key, pair in pairs.items() if pair in found}


def _texts(document: Document, language: str | None = None) -> list[ParagraphText]:
    texts = ParagraphText.objects.filter(paragraph__document=document)
    return list(texts.filter(language__in=[document.source_language, language]) if language else texts)


def _translated(
    document: Document, texts: Iterable[ParagraphText]
) -> Iterator[tuple[int, ParagraphText, ParagraphText]]:
    texts = list(texts)
    sources = {each.paragraph_id: each for each in texts if each.language == document.source_language}
    for each in texts:
        source = sources.get(each.paragraph_id)
        if source and each is not source and compared_text(each) and compared_text(source):
            yield each.paragraph_id, source, each


def wanted(document: Document) -> list[Wanted]:
    """Return the pairs of a document's texts that are not compared yet. Three queries."""
    texts = _texts(document)
    sources = {each.paragraph_id: each for each in texts if each.language == document.source_language}
    pairs: dict[Wanted, None] = {}
    for key, words, side in Citation.objects.filter(paragraph__document=document).values_list(
        "paragraph_id", "words", "side"
    ):
        source = sources.get(key)
        compared = (source.against if side == Side.AGAINST else source.text) if source else ""
        if compared and words:
            pairs[Wanted(compared, words, True)] = None
    for _key, original, target in _translated(document, texts):
        pairs[Wanted(compared_text(original), compared_text(target), False)] = None
    found = known(digests(each.one for each in pairs))
    return [each for each in pairs if (digest(each.one), digest(each.other)) not in found]
