"""The names in a text, as far as letters tell: capitals where a script has them, countries in all six languages."""

import re
from functools import lru_cache

from plenara.core.vocabulary import country_names
from plenara.documents.support.symbols import masked
from plenara.documents.support.words import WORD, fold, stem, without_prefix

_CASED = {"en", "fr", "es", "ru"}
_NAME = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?…:;\n•]|[«“\"(\[‘—–-]\s?)\s*$")
#: Written with a capital, and no name: days and months in English, what a text calls its own parts.
_NOT = frozenset(
    each
    for line in (
        "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
        "september october november december question questions summary contribution statement state states group",
        "internet интернет вопрос pregunta etat etats estado estados article",
    )
    for each in line.split()
)


def names(text: str, language: str) -> dict[str, str]:
    """Return the names of a text, as they are compared, with how they are written there first.

    A word at the beginning of a sentence is left out, since its capital says nothing; so are names in Arabic and
    Chinese, but for words in Latin letters and countries (`places`).
    """
    language = language.split("-")[0].lower()
    plain = masked(text)
    found: dict[str, str] = {}
    for match in _NAME.finditer(plain):
        word = match[0]
        if not _is_name(word, plain[: match.start()], language):
            continue
        bare = word[2:] if re.match(r"[LDldQq][’']", word) else word
        bare = re.sub(r"['’]s$", "", bare)
        key = stem(bare, language) if language in _CASED and not bare.isupper() else fold(bare)
        if fold(bare) not in _NOT and len(bare) > 1:
            found.setdefault(key, bare)
    return found


def _is_name(word: str, before: str, language: str) -> bool:
    capitals = sum(each.isupper() for each in word)
    if language not in _CASED:
        return word.isascii() and word[0].isupper() and len(word) > 1
    if capitals >= 2:
        return True  # ICANN, IPv6, McDonald
    inner = word[2:3] if re.match(r"[ldq][’']", word) else word[:1]
    return bool(inner) and inner.isupper() and len(word) > 2 and not _BEGINS.search(before[-6:])


def places(text: str, language: str) -> dict[str, str]:
    """Return the countries that a text names, by their ISO 3166-1 codes, with how they are written there."""
    language = language.split("-")[0].lower()
    known = _places(language)
    if not known:
        return {}
    if language == "zh":
        return {known[match[0]]: match[0] for match in _chinese_places().finditer(text)}
    words = [(match[0], _key(match[0], language)) for match in WORD.finditer(text)]
    found: dict[str, str] = {}
    for at, (word, _keys) in enumerate(words):
        if language in _CASED and not word[:1].isupper() and "’" not in word and "'" not in word:
            continue
        for length in (4, 3, 2, 1):
            run = words[at : at + length]
            if len(run) == length and (code := known.get(" ".join(key for _word, key in run))):
                found.setdefault(code, " ".join(each for each, _key in run))
                break
    return found


def _key(word: str, language: str) -> str:
    bare = re.sub(r"^[ldLD][’']", "", re.sub(r"['’]s$", "", word))
    if language == "ru":
        return _RUSSIAN_END.sub("", fold(bare)) if len(bare) > 4 else fold(bare)
    if language == "ar":
        return min(without_prefix(fold(bare)), key=len)
    return fold(bare)


_RUSSIAN_END = re.compile("(?:иями|ями|ами|ией|иях|ях|ах|ом|ем|ой|ей|ию|ия|ии|ие|а|я|у|ю|е|ы|и|ь|и|о)$")


@lru_cache(maxsize=8)
def _places(language: str) -> dict[str, str]:
    """Return the names of countries in a language, as they are compared, with their codes; ambiguous ones left out."""
    if language not in {"ar", "en", "es", "fr", "ru", "zh"}:
        return {}
    found: dict[str, str] = {}
    several = set()
    for code, name in country_names(language).items():
        name = re.sub(r"\s*\(.*\)", "", name)
        key = name if language == "zh" else " ".join(_key(word, language) for word in WORD.findall(name))
        if len(key) < (2 if language == "zh" else 3):
            continue
        if key in found:
            several.add(key)
        found[key] = code
    return {key: code for key, code in found.items() if key not in several}


@lru_cache(maxsize=1)
def _chinese_places() -> re.Pattern[str]:
    return re.compile("|".join(sorted((re.escape(name) for name in _places("zh")), key=len, reverse=True)))
