"""What a machine returned, made harmless: text stays text, without what turns, hides or floods a page."""

import re
from typing import Any

from plenara.core.machines.failing import Failed
from plenara.core.text import clean

# Isolates, and what no reader sees: zero-width spaces, word joiners, tags, annotation marks. Joiners and the plain
# marks of direction stay, since Arabic and Persian are written with them.
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
# What makes one letter of a heap: more marks on a letter than any of the six languages sets.
_HEAPED = re.compile("([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+")

#: Objects within objects; a real answer has three or four.
MOST_DEPTH = 8
MOST_ITEMS = 2_000


def harmless(text: str) -> str:
    """Return a machine's text as it may be kept: as a person's, and without what cannot be seen."""
    return clean(_HEAPED.sub(r"\1", _UNSEEN.sub("", text)))


def harmless_values(value: Any, most: int, depth: int = MOST_DEPTH) -> Any:
    """Return a JSON value with all its texts harmless; raises `Failed` where one is longer than `most` characters."""
    if depth == 0:
        raise Failed("wrong_shape")
    if isinstance(value, str):
        if len(value) > most:
            raise Failed("too_large")
        return harmless(value)
    if isinstance(value, list | dict) and len(value) > MOST_ITEMS:
        raise Failed("too_large")
    if isinstance(value, list):
        return [harmless_values(each, most, depth - 1) for each in value]
    if isinstance(value, dict):
        return {harmless(key): harmless_values(each, most, depth - 1) for key, each in value.items()}
    return value


_ADDRESS = re.compile(r"(?:https?:|mailto:|www\.)[^\s<>()\[\]\"“”«»]+|[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)


def addresses(text: str) -> set[str]:
    """Return the addresses of pages and mailboxes that a text names."""
    return {each.rstrip(".,;:!?。，；：").lower() for each in _ADDRESS.findall(text)}
