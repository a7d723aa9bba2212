"""Letters made comparable: folded case, accents and the spellings that a language lets vary."""

import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u064b-\u0655\u0670\u0640]")
_ARABIC = str.maketrans("أإآٱىة", "اااايه")
#: Prefixes that Arabic writes together with a word: and, so, with, for, as; and the article.
_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")


def fold(word: str) -> str:
    """Return a word as it is compared: without case, accents, vowel marks, and with one form of each Arabic letter."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return unicodedata.normalize("NFC", bare.translate(_ARABIC))


def without_prefix(word: str) -> list[str]:
    """Return a folded Arabic word, and what remains of it without each prefix that it may have."""
    found = [word]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            rest = word[len(prefix) :]
            found.append(rest)
            if prefix in {"و", "ف"} and rest.startswith("ال"):
                found.append(rest[2:])
    return found


def stem(word: str, language: str) -> str:
    """Return the beginning of a word that its inflections share, roughly: enough to find a term of a glossary."""
    bare = fold(word)
    if language == "ar":
        bare = min(without_prefix(bare), key=len) if len(bare) > 4 else bare
        for ending in ("ات", "ون", "ين", "ان", "يه", "هم", "ها", "ه", "ي"):
            if bare.endswith(ending) and len(bare) - len(ending) >= 3:
                return bare[: -len(ending)]
        return bare
    keep = {"ru": max(4, len(bare) - 3), "fr": max(4, len(bare) - 2), "es": max(4, len(bare) - 2)}
    return bare[: keep.get(language, max(4, len(bare) - 2))] if len(bare) > 4 else bare
