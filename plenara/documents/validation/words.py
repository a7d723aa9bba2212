"""The words of a text for comparison: sentences, names, symbols, glossary terms, and near-duplicate texts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from plenara.core.text import plain
from plenara.core.vocabulary import country_names
from plenara.documents.models import Term

#: A sentence ends with its mark, and closing quotes after it; Chinese needs no space after it, other scripts do.
_SENTENCE = re.compile(
    r"""\S.*?(?: [.!?؟…]+ ["'”’»)\]]* (?=\s|$) | [。！？]+ [”’」』）]* | $ )""",
    re.VERBOSE,
)

#: The most sentences that a form offers; other words can be selected or copied.
MOST_SENTENCES = 200


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in their order, none twice, at most `MOST`."""
    found: dict[str, None] = {}
    for line in plain(text).split("\n"):
        for match in _SENTENCE.finditer(line):
            found.setdefault(match[0].strip())
            if len(found) == MOST_SENTENCES:
                return list(found)
    return list(found)


WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u064b-\u0655\u0670\u0640]")
_ARABIC = str.maketrans("أإآٱىة", "اااايه")
#: Prefixes that Arabic writes together with a word: and, so, with, for, as; and the article.
_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")


def fold(word: str) -> str:
    """Return a word for comparison: without case, accents and vowel marks, with one form of each Arabic letter."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return unicodedata.normalize("NFC", bare.translate(_ARABIC))


def without_prefix(word: str) -> list[str]:
    """Return a folded Arabic word, and the word without each possible prefix."""
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


#: The share of words that two texts have in common.
NEARLY = 0.75


def nearly_identical(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of texts, each with the first earlier one that is nearly identical.

    Sets of words are bits of an integer, so a thousand texts are compared in a fraction of a second.
    """
    bits: dict[str, int] = {}
    sets, found = [], []
    for text in texts:
        characters = CHINESE.findall(text)
        words = {fold(each) for each in WORD.findall(CHINESE.sub(" ", text))}
        words |= {one + two for one, two in pairwise(characters)}
        sets.append(sum(1 << bits.setdefault(word, len(bits)) for word in words))
    sizes = [each.bit_count() for each in sets]
    for place, word_set in enumerate(sets):
        for other in range(place):
            small, large = sorted((sizes[place], sizes[other]))
            if (
                small >= 4
                and small >= NEARLY * large
                and (word_set & sets[other]).bit_count() >= NEARLY * (word_set | sets[other]).bit_count()
            ):
                found.append((place, other))
                break
    return found


_ADDRESS = (
    r"https?://[^\s<>\"”»）)\]]+[^\s<>\"”»）)\].,;:!?。，؟]|\bwww\.[^\s<>\"]+\w|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+\w"
)
#: WGIG/2004/Q3/17, A/RES/70/125, WGIG/2004/SUM/2/Corr.1: parts between slashes, at least one with a digit.
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
    """Return how often each symbol, reference and address is in a text."""
    return Counter(written for written, _begin, _end in spans(text))


def masked(text: str) -> str:
    """Return a text of the same length, with spaces in place of its symbols and addresses."""
    for written, begin, end in spans(text):
        text = text[:begin] + " " * len(written) + text[end:]
    return text


_CASED = {"en", "fr", "es", "ru"}
_NAME = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?…:;\n•]|[«“\"(\[‘—–-]\s?)\s*$")
#: Words with a capital that are not names: English days and months, parts of a text.
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
    """Return the names of a text, folded, with their first spelling there.

    A word at the beginning of a sentence is left out, since it always has a capital; so are names in Arabic and
    Chinese, except words in Latin letters and countries (`places`).
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
    """Return the countries that a text names, by ISO 3166-1 code, with their spelling there."""
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
    """Return the folded names of countries in a language with their codes, without ambiguous ones."""
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


def has_term(text: str, term: str, language: str) -> bool:
    """Return whether a term is in a text: in Chinese as it is, elsewhere each of its words by its beginning.

    The words of a term may be inflected and have one word between them: "bridge the digital divide" has "digital
    divides".
    """
    if language == "zh":
        return _bare(term) in _bare(text)
    wanted = [(stem(word, language), len(word)) for word in WORD.findall(term) if len(word) > 2 or word.isupper()]
    if not wanted:
        return fold(term) in fold(text)
    words = [_forms(word, language) for word in WORD.findall(text)]
    places = [{at for at, forms in enumerate(words) if any(_begins(form, *each) for form in forms)} for each in wanted]
    return all(places) and any(_together(at, places) for at in places[0])


def _begins(form: str, wanted: str, length: int) -> bool:
    # An inflected word is hardly longer than the word itself: "art" is not in "article", nor "hub" in "hubris".
    return form.startswith(wanted) and len(form) <= length + (3 if length > 4 else 2)


def _together(at: int, places: list[set[int]]) -> bool:
    reach = 2 * len(places)
    return all(any(abs(other - at) <= reach for other in each) for each in places[1:])


def _forms(word: str, language: str) -> list[str]:
    bare = fold(word)
    return without_prefix(bare) if language == "ar" else [bare]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def has_any(text: str, terms: Iterable[str], language: str) -> bool:
    """Return whether any of some terms is in a text."""
    return any(has_term(text, term, language) for term in terms if term)


#: Other endings that a glossary word may have, and letters that Arabic joins to it.
_ENDING = {"ru": r"\w{0,4}", "zh": ""}
_BEFORE = {"ar": "(?:[وفبلك]{0,2}(?:ال|لل)?)"}
_RUSSIAN_ENDING = re.compile("[аеёиоуыэюяйь]{1,3}$")


@dataclass(frozen=True)
class FoundTerm:
    """A term in a text, with its start and end."""

    begin: int
    end: int
    term: Term


def find_terms(text: str, language: str, terms: Iterable[Term]) -> list[FoundTerm]:
    """Return the terms in a text in their order; where two overlap, the longer one."""
    folded = text.casefold()
    found = [
        FoundTerm(*match.span(), term)
        for term in terms
        for word in (term.words.get(language, ""), *term.also.get(language, ()))
        # Most terms are not in a text, so the quick test comes first.
        if word.strip() and _stem(word.split()[0], language).casefold() in folded
        for match in _pattern(word, language).finditer(text)
    ]
    kept: list[FoundTerm] = []
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
