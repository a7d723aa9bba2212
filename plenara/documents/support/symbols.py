"""Symbols, references and addresses in a text: what no translation changes, and no count reads as a number."""

import re
from collections import Counter

_ADDRESS = (
    r"https?://[^\s<>\"”»）)\]]+[^\s<>\"”»）)\].,;:!?。，؟]|\bwww\.[^\s<>\"]+\w|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+\w"
)
#: WGIG/2004/Q3/17, A/RES/70/125, WGIG/2004/SUM/2/Corr.1: parts between strokes, a figure among them.
_SYMBOL = r"(?<![\w/])[A-Z][A-Z0-9-]{0,60}(?:/[A-Za-z0-9][A-Za-z0-9.-]*)+"
_REFERENCE = r"\[\d{1,4}(?:[,;–-]\s?\d{1,4})*\]"
_FOUND = re.compile(f"(?P<address>{_ADDRESS})|(?P<symbol>{_SYMBOL})|(?P<reference>{_REFERENCE})")
_DIGIT = re.compile(r"\d")


def spans(text: str) -> list[tuple[str, int, int]]:
    """Return the symbols, references and addresses of a text with their places."""
    found = []
    for match in _FOUND.finditer(text):
        written = match[0].rstrip(".-")
        if match["symbol"] and not _DIGIT.search(written):
            continue  # TCP/IP, and/or: words
        found.append((written, match.start(), match.start() + len(written)))
    return found


def symbols(text: str) -> Counter[str]:
    """Return how often each symbol, reference and address stands in a text."""
    return Counter(written for written, _begin, _end in spans(text))


def masked(text: str) -> str:
    """Return a text of the same length, with spaces where its symbols and addresses stand."""
    for written, begin, end in spans(text):
        text = text[:begin] + " " * len(written) + text[end:]
    return text
