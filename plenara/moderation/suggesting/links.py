"""Links in the first contribution of somebody: how most advertising comes."""

import re

_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"']+|\]\(\s*[^)\s]+", re.IGNORECASE)


def look(text: str) -> dict[str, int] | None:
    """Return how many links a text has, if it has any."""
    # [words](address) is found once: the address is taken with what stands before it.
    count = len(_LINK.findall(re.sub(r"\]\(\s*(?=https?:|www\.)", "", text)))
    return {"links": count} if count else None
