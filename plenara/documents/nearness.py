"""How near in meaning texts are: a worker calculates it in pieces, and pages read it from the database.

A pair of texts is identified by their digests, so a changed text is compared again, and the same two texts are never
compared twice. Each statement is compared with the words it cites, each translation with its source.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.db.models import QuerySet

from plenara.core.models import AuditEntry
from plenara.core.prepared import prepared
from plenara.core.tasks import task
from plenara.core.text import digest
from plenara.core.transaction import writes
from plenara.documents.models import Citation, Document, Nearness, ParagraphText, Side
from plenara.documents.validation.words import sentences

#: Texts that one task encodes: a few seconds of work.
AT_ONCE = 40
#: Sentences of a statement that are compared on their own; a longer statement is compared only as a whole.
MOST_SENTENCES = 6


class Wanted(NamedTuple):
    """A pair to compare. Of a statement each sentence counts: words may support one alone."""

    one: str
    other: str
    by_sentence: bool


def enqueue_look(document: Document) -> None:
    """Enqueue a comparison of a document's new texts, once for each audit entry, which an action adds last."""
    last = next(iter(_last_act()), 0)
    compare.using(key=f"compare-{document.pk}-{last}").enqueue(document_id=document.pk)


@prepared
def _last_act() -> QuerySet[AuditEntry, int]:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:1]


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


@task
def compare(*, document_id: int) -> None:
    """Compare the new texts of a document: statements with citations, translations with sources."""
    compare_next(document_id)


def compare_next(document_id: int) -> int:
    """Compare some pairs, and enqueue the rest; return how many were compared."""
    document = Document.objects.filter(pk=document_id).first()
    left = wanted(document) if document else []
    now: list[Wanted] = []
    texts: dict[str, None] = {}
    for each in left:
        more = dict.fromkeys([*_parts(each), each.other])
        if now and len(texts | more) > AT_ONCE:
            break
        texts |= more
        now.append(each)
    if not now:
        return 0
    rows = _cosines(now, list(texts))
    with writes():
        Nearness.objects.bulk_create(rows, ignore_conflicts=True)
        if len(now) < len(left):
            compare.using(key=f"compare-{document_id}-{uuid.uuid4().hex}").enqueue(document_id=document_id)
    return len(now)


def _parts(pair: Wanted) -> list[str]:
    """Return the texts to compare, of which the nearest counts: the whole and, of a statement, its sentences."""
    parts = sentences(pair.one) if pair.by_sentence else []
    return [pair.one, *(parts if 1 < len(parts) <= MOST_SENTENCES else [])]


def _cosines(pairs: list[Wanted], texts: list[str]) -> list[Nearness]:
    from plenara.search import encoder

    rows = encoder.vectors(texts)
    place = {text: at for at, text in enumerate(texts)}

    def cosine(pair: Wanted) -> float:
        other = rows[place[pair.other]]
        return max(float(rows[place[part]] @ other) for part in _parts(pair))

    return [Nearness(one=digest(each.one), other=digest(each.other), cosine=cosine(each)) for each in pairs]
