"""The memory of translations: what was published before, and what translators brought from elsewhere, beside new words.

Nothing is learned or kept for it: the pairs are read from the record (two languages of one published statement, made
from the same source) and from `MemoryUnit`. The work is bounded: two queries, some thousand pairs, and so many
characters compared; of more, the newest and those of the same consultation count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from rapidfuzz import fuzz, process

from plenara.core.text import digest
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, MemoryUnit, PublishedText

#: The number of a published paragraph that readers and links have (`PublishedParagraph.told_as`).
TOLD_AS = Coalesce("paragraph__mark", "paragraph__number")
#: Below so much in a hundred, two texts have only words in common that every text has.
LEAST = 70
#: Matches shown for one text.
MOST_MATCHES = 3
#: Pairs that are read from the record, and from what was brought.
MOST_PUBLISHED, MOST_BROUGHT = 3_000, 2_000
#: Characters of all texts sought, times characters of all candidates: about a second.
MOST_COMPARED = 60_000_000_000


@dataclass(frozen=True)
class Segment:
    """A text and its translation, and where they stand. `number` 0: brought from elsewhere."""

    source: str
    target: str
    is_heading: bool | None  # None: may be either
    kind: str = ""
    number: int = 0
    statement: int = 0
    symbol: str = ""

    @property
    def name(self) -> str:
        """What the paragraph is called, within its document; "" of what was brought from elsewhere."""
        return kind_of(self.kind).passage(self.number, self.statement) if self.number else ""


@dataclass(frozen=True)
class Match:
    """A segment whose source is like a text that is to be translated: 100 is the same, character by character."""

    score: int
    segment: Segment

    @property
    def is_exact(self) -> bool:
        """Whether the text is the same."""
        return self.score == 100


def name_of(match: Match) -> str:
    """Return what a form calls a match: the memory may have grown by the time that it comes back."""
    return digest(match.segment.target)[:16]


def segments(document: Document, language: str, texts: Iterable[str], digests: Iterable[str]) -> list[Segment]:
    """Return what the memory holds from a document's language into another, the likeliest first. Two queries.

    `texts` are what is to be translated, `digests` name whole paragraphs of it: what is exactly the same comes first,
    then the same consultation, then what is newer.
    """
    return [*_published(document, language, list(digests)), *_brought(document, language, texts)]


def _published(document: Document, language: str, digests: list[str]) -> Iterable[Segment]:
    # Both languages of one statement count, whichever of them was the source, if they were made from the same words.
    pairs = PublishedText.objects.filter(
        language=language,
        rendition__in_force=True,
        paragraph__texts__language=document.source_language,
        paragraph__texts__rendition__in_force=True,
        paragraph__texts__source_digest=F("source_digest"),
    ).exclude(text="")
    pairs = pairs.order_by(
        _first(source_digest__in=digests),
        _first(paragraph__edition__consultation=document.consultation_id),
        "-paragraph__edition_id",
        "paragraph__number",
    )
    edition = "paragraph__edition__"
    rows = pairs.values_list(
        *(f"paragraph__texts__{each}" for each in ("heading", "text", "against")), "heading", "text", "against",
        f"{edition}kind", f"{edition}number", TOLD_AS, f"{edition}symbol",
    )  # fmt: skip
    for row in rows[:MOST_PUBLISHED]:
        for place in range(3):
            if row[place] and row[place + 3]:
                yield Segment(row[place], row[place + 3], place == 0, *row[6:])


def _brought(document: Document, language: str, texts: Iterable[str]) -> Iterable[Segment]:
    units = MemoryUnit.objects.filter(
        consultation=document.consultation_id, source_language=document.source_language, language=language
    )
    exact = [digest(each) for each in texts if each]
    rows = units.order_by(_first(source_digest__in=exact), "-pk").values_list("source", "target")
    for source, target in rows[:MOST_BROUGHT]:
        yield Segment(source, target, None)


def _first(**condition: Any) -> Case:
    """Return an order in which what fulfils a condition comes first."""
    if [] in condition.values():
        return Case(default=Value(1), output_field=IntegerField())
    return Case(When(**condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def matches[K](
    wanted: Mapping[K, str], found: list[Segment], *, headings: bool = False, most: int = MOST_MATCHES
) -> dict[K, list[Match]]:
    """Return the best matches of each text, by its key, the best first; of equals the one that `found` has first."""
    wanted = {key: text for key, text in wanted.items() if text}
    found = [each for each in found if each.is_heading in (None, headings)]
    if not wanted or not found:
        return {}
    room = MOST_COMPARED // sum(len(each) for each in wanted.values())
    candidates: list[str] = []
    for each in found:
        room -= len(each.source)
        if room < 0:
            break
        candidates.append(_plain(each.source))
    return {key: _best(text, candidates, found, most) for key, text in wanted.items()}


def _best(text: str, candidates: list[str], found: list[Segment], most: int) -> list[Match]:
    plain, best = _plain(text), dict[str, Match]()
    # Some more than are shown: the same translation may stand in several editions.
    near = process.extract(plain, candidates, scorer=fuzz.ratio, processor=None, score_cutoff=LEAST, limit=most * 8)
    for source, score, place in near:
        segment = found[place]
        # Only what is the same is a hundred: a figure that differs in a long text must not look like none.
        best.setdefault(segment.target, Match(100 if source == plain else min(int(score), 99), segment))
    return list(best.values())[:most]


def _plain(text: str) -> str:
    return " ".join(text.split())
