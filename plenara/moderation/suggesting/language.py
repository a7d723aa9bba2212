"""Whether a text is in another language than its author said, and how much of it."""

from collections import Counter

from plenara.core import language_guess
from plenara.core.text import plain

#: Letters that a text needs before a guess about it is worth telling.
FEWEST_LETTERS = 60
#: Percent of the text that must be in another language.
LEAST = 70


def look(text: str, declared: str) -> dict[str, str | int] | None:
    """Return the language found and how many of a hundred letters are in it, where that is not the one declared."""
    pieces = [(piece, letters) for piece in _pieces(text) if (letters := sum(map(str.isalpha, piece))) >= 20]
    total = sum(letters for _piece, letters in pieces)
    if total < FEWEST_LETTERS or not language_guess.is_known(declared):
        return None
    found: Counter[str] = Counter()
    for piece, letters in pieces:
        found[language_guess.detect(piece, declared)] += letters
    language, letters = found.most_common(1)[0]
    share = letters * 100 // total
    if not language or language == language_guess.base(declared) or share < LEAST:
        return None
    return {"found": language, "share": share}


def _pieces(text: str) -> list[str]:
    """Return a text in pieces of a few sentences: a quotation in another language shall not decide for all."""
    lines, pieces = plain(text).split("\n"), [""]
    for line in lines:
        if len(pieces[-1]) + len(line) > 400:
            pieces.append("")
        pieces[-1] += f"{line}\n"
    return [part for piece in pieces for part in _cut(piece)][:60]


def _cut(piece: str) -> list[str]:
    return [piece[at : at + 1000] for at in range(0, len(piece), 1000)]
