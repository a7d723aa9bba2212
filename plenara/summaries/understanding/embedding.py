"""From the text of a contribution to the vectors that are kept of it: of the whole, and of its key sentences."""

from collections.abc import Collection
from typing import Any

from plenara.core.text import digest, plain
from plenara.documents.sentences import sentences
from plenara.search import encoder
from plenara.search.actions import Row
from plenara.search.vectors import LENGTH, products, quantised
from plenara.summaries.understanding.choosing import MOST_KEY, candidates

#: The product of two vectors, from which on two sentences of a text say the same.
_SAME = round(0.75 * LENGTH**2)


def encoder_name() -> str:
    """Return what makes the vectors: the model, and the way in which sentences are chosen and rounded."""
    return f"{encoder.name()}/1"


def embedded(text: str, also: Collection[str] = ()) -> dict[int, Row]:
    """Return the vectors of a text by place: 0 is the whole, from 1 its key sentences as they can be cited.

    `also` are sentences that somebody put into a group: they are kept, whatever they are. Each text is encoded in a
    call of its own, so that its vectors do not hang on what is encoded beside it.
    """
    chosen = candidates(text)
    if not chosen:
        return {0: Row(digest(text), quantised(encoder.vectors([plain(text)]))[0])}
    known = {place for place, _sentence in chosen}
    put = [
        (place, sentence)
        for place, sentence in enumerate(sentences(text), 1)
        if sentence in also and place not in known
    ]
    every = [*chosen, *put]
    numbers = quantised(encoder.vectors([plain(text), *(sentence for _place, sentence in every)]))
    keys = key_sentences(numbers[0], numbers[1 : 1 + len(chosen)])
    kept = [at for at, (_place, sentence) in enumerate(every) if at in keys or sentence in also]
    rows = {every[at][0]: Row(digest(every[at][1]), numbers[at + 1]) for at in kept}
    return {0: Row(digest(text), numbers[0]), **rows}


def key_sentences(whole: Any, rows: Any, most: int = MOST_KEY) -> set[int]:
    """Return which of a text's sentences carry it: close to the whole, and each unlike those chosen before it."""
    close, alike = products(rows, whole[None])[:, 0], products(rows, rows)
    chosen: list[int] = []
    while len(chosen) < min(most, len(rows)):
        nearest = alike[:, chosen].max(axis=1) if chosen else 0 * close
        # Whole numbers all the way: of two that are equally good the first is taken.
        score = 3 * close - 2 * nearest
        score[nearest > _SAME] -= 10 * _SAME  # said already: only where nothing else is left
        score[chosen] = float("-inf")
        chosen.append(int(score.argmax()))
    return set(chosen)
