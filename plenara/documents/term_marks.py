"""Where a consultation's terms stand in a text, so that a translator sees them: forms of a word are found by its stem.

This only points out. Whether a translation uses the right word is another question (`rendition_checks`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from plenara.documents.models import Term

#: Endings that a word may have besides the one in the glossary, and letters that Arabic writes together with it.
_ENDING = {"ru": r"\w{0,4}", "zh": ""}
_BEFORE = {"ar": "(?:[وفبلك]{0,2}(?:ال|لل)?)"}
_RUSSIAN_ENDING = re.compile("[аеёиоуыэюяйь]{1,3}$")


@dataclass(frozen=True)
class Found:
    """A term in a text, from a character to another."""

    begin: int
    end: int
    term: Term


def find_terms(text: str, language: str, terms: Iterable[Term]) -> list[Found]:
    """Return the terms in a text in their order; where two overlap, the longer one."""
    folded = text.casefold()
    found = [
        Found(*match.span(), term)
        for term in terms
        for word in (term.words.get(language, ""), *term.also.get(language, ()))
        # Most of a glossary does not stand in a text: what is quickly seen is asked first.
        if word.strip() and _stem(word.split()[0], language).casefold() in folded
        for match in _pattern(word, language).finditer(text)
    ]
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (one.begin, -one.end)):
        if not kept or each.begin >= kept[-1].end:
            kept.append(each)
    return kept


def _stem(word: str, language: str) -> str:
    return _RUSSIAN_ENDING.sub("", word) if language == "ru" and len(word) > 4 else word


@lru_cache(maxsize=4096)
def _pattern(word: str, language: str) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(re.escape(word.strip()), re.IGNORECASE)
    words = [re.escape(_stem(each, language)) for each in word.split()]
    ending, before = _ENDING.get(language, r"\w{0,2}"), _BEFORE.get(language, "")
    return re.compile(rf"(?<!\w){before}{rf'{ending}\s+{before}'.join(words)}{ending}(?!\w)", re.IGNORECASE)
