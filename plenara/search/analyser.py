"""One analyser for every language and every database: a text becomes the same tokens in any database, and words
lose their endings.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

_SNOWBALL = {"en": "english", "es": "spanish", "fr": "french", "ru": "russian"}


def without_ending(word: str, language: str) -> str:
    """Return a folded word without its ending; unchanged if its language has no stemmer."""
    known = _STEMMERS.get(language)
    return known(word) or word if known else word


class _Stemmers(threading.local):
    """A thread's own stemmers: they are not thread-safe. The caller caches their results."""

    def __init__(self) -> None:
        import Stemmer

        self.of = {language: Stemmer.Stemmer(name, 0) for language, name in _SNOWBALL.items()}


@cache
def _stemmers() -> _Stemmers:
    return _Stemmers()


def _snowball(word: str, language: str) -> str:
    found: str = _stemmers().of[language].stemWord(word)
    return found


#: One spelling for British and American words.
_SPELT = {
    "centre": "center", "centres": "centers", "programme": "program", "programmes": "programs", "defence": "defense",
    "offence": "offense", "licence": "license", "licences": "licenses", "cheque": "check", "cheques": "checks",
}  # fmt: skip
_ISE = re.compile(r"(?<=..[a-z])is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")
_YSE = re.compile(r"(?<=.[a-z])ys(?=(?:e|ed|er|ers|ing)$)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|able|al|ite|hood)?$)")


def _english(word: str) -> str:
    word = _SPELT.get(word, word)
    if len(word) > 5:
        word = _OUR.sub("or", _YSE.sub("yz", _ISE.sub("iz", word)))
    return _snowball(word, "en")


_FRENCH_WORDS = {"travaux": "travail", "yeux": "oeil"}


def _french(word: str) -> str:
    word = _FRENCH_WORDS.get(word, word)
    if word.endswith(("ees", "ois")) and len(word) > 3:
        word = word[:-1]
    while word.endswith("ee") and len(word) > 3:
        word = word[:-1]  # a participle's "ée" is its "é", and that an "e"
    found = _snowball(word, "fr")
    if found.endswith("iqu"):
        return f"{found[:-3]}ic"  # publique, public
    return found[:-1] if found.endswith("i") and len(found) > 4 else found  # publié, publier


def _spanish(word: str) -> str:
    if len(word) > 5 and word.endswith("es") and word[-3] in "nrldsz" and word[-4] in "aeiou":
        word = word[:-2]  # mujeres, jóvenes
    elif len(word) > 3 and word.endswith(("os", "as")) and not word.endswith(("amos", "emos")):
        word = word[:-1]  # años; gobiernos, of which "nos" is no pronoun
    found = _snowball(word, "es")
    return f"{found[:-1]}c" if found.endswith("z") else found  # voz, voces


def _russian(word: str) -> str:
    return _snowball(word, "ru")


_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "ال", "لل")
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _arabic(word: str) -> str:
    article = next((each for each in _ARTICLES if word.startswith(each) and len(word) - len(each) >= 2), "")
    word = word[len(article) :]
    if word.startswith("و") and len(word) > 3:
        word = word[1:]  # "and"; of a word that begins so by itself too, with or without its article
    article = "" if article else next((each for each in ("ال", "لل") if word.startswith(each) and len(word) > 3), "")
    word = word[len(article) :]
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[: -len(ending)]
    return word


_STEMMERS: dict[str, Callable[[str], str]] = {
    "ar": _arabic,
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "ru": _russian,
}


#: Increase it when the same text gives other tokens: an index of another version is rebuilt.
VERSION = "4"
#: The most tokens of one entry, and bytes of them. PostgreSQL stores positions up to 16,383, and at most a megabyte.
MOST_TOKENS, MOST_BYTES = 16_000, 600_000
#: The most tokens of a title, and of the names of authors.
MOST_NAMES = 1_000
#: More occurrences of a token in one entry are left out: PostgreSQL stores 255 positions of one.
MOST_OF_ONE = 250
LONGEST = 64
#: A gap that matches nothing: between a title and its text, and for what is left out. It is no letter, so no word.
GAP = "¤"

_LATIN = ("en", "es", "fr")

#: Scripts without spaces between words: Chinese, Japanese, Korean; Thai, Lao, Burmese, Khmer.
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3"
)
#: Vowel signs of Indian scripts are parts of words, though Unicode does not class them as letters.
_INDIC = "\u0900-\u0963\u0966-\u0dff"
# Possessive: Indian letters are in both classes, so backtracking could take exponential time.
_WORD = rf"[^\W_{_UNSPACED}]++(?:[{_INDIC}][^\W_{_UNSPACED}]*+)*+"
_RUN = re.compile(rf"{_WORD}|[{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
#: Words that hyphens join, also over the end of a line. Searched at the beginning of a word, not at each letter.
_COMPOUND = re.compile(rf"(?<![^\W_{_UNSPACED}])(?<![{_INDIC}]){_WORD}(?:[-\u2010]\n?{_WORD})+")
_MOST_JOINED = 3
#: A number with marks or spaces between its thousands.
_NUMBER = re.compile(r"\d(?<![\d.,A-Za-z_]\d)\d{0,2}(?:[ .,'’\u00a0\u202f\u066c]\d{3})+(?![\d]|[.,]\d)")
_CYRILLIC, _ARABIC = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[\u0620-\u06ff]")
#: The breve of й is a part of the letter; every other mark is removed, as is what has no width.
_MARKS = re.compile(
    r"(?<![\u0438\u0418])\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7"
    r"\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ء": None,
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ی": "ي", "ک": "ك",
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return a text in the form in which words are compared: no case, no accents, simplified Chinese."""
    text = whole_numbers(text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _MARKS.sub("", text).translate(_LETTERS)
    return unicodedata.normalize("NFC", text).translate(_simplified())


def whole_numbers(text: str) -> str:
    """Return a text without the separators of thousands in its numbers."""
    return _NUMBER.sub(_without_marks, text)


def _without_marks(number: re.Match[str]) -> str:
    return "".join(filter(str.isdigit, number[0]))


@cache
def _simplified() -> dict[int, str]:
    """Return the simplified form of each traditional Chinese character that has one."""
    from opencc import OpenCC

    codes = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]
    # All at once takes a fifth of the time; on lines of their own, none is read as a part of a word.
    simple = OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    return {code: each for code, each in zip(codes, simple, strict=True) if len(each) == 1 and each != chr(code)}


def words(text: str) -> Iterator[str]:
    """Yield the folded words of a text in their order; a run of Chinese is one."""
    yield from _cut(fold(text))


def tokens(text: str, language: str) -> list[str]:
    """Return the tokens of a text in a language (a BCP 47 tag), in their order."""
    return _tokens(fold(text), _own(language))


def _tokens(folded: str, own: str) -> list[str]:
    found: list[str] = []
    for word in _RUN.findall(folded):
        if is_unspaced(word):
            found += pairs(word)
        else:
            found.append(_token(word, own))
    return found


def _own(language: str) -> str:
    return language.split("-")[0].lower()


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the folded words of a text in their order, hyphenated ones together."""
    folded, at = fold(text), 0
    for match in _COMPOUND.finditer(folded):
        yield from ((word,) for word in _cut(folded[at : match.start()]))
        yield tuple(_cut(match[0]))
        at = match.end()
    yield from ((word,) for word in _cut(folded[at:]))


def joined(parts: tuple[str, ...]) -> str:
    """Return the single spelling of hyphenated words; "" if nobody would write it so."""
    whole = "".join(parts)
    is_word = 1 < len(parts) <= _MOST_JOINED and len(whole) <= LONGEST and not whole.isdigit()
    return whole if is_word and not any(map(is_unspaced, parts)) else ""


def _joined_tokens(folded: str, own: str) -> list[str]:
    """Return the tokens of a text's hyphenated words in their single spelling; each once."""
    if "-" not in folded and "\u2010" not in folded:
        return []
    parts = (tuple(_cut(match[0])) for match in _COMPOUND.finditer(folded))
    return list(dict.fromkeys(_token(whole, own) for whole in map(joined, parts) if whole))


def _cut(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        yield run[: LONGEST * 8] if is_unspaced(run) else run[:LONGEST]


def pairs(run: str) -> list[str]:
    """Return a run of Chinese as pairs of characters, and its last one, for a search of that one alone."""
    return [run[at : at + 2] for at in range(len(run))]


def for_index(title: str, text: str, language: str, names: Iterable[str] = ()) -> list[list[str]]:
    """Return the tokens of a text for the index: title, names and words, in parts of at most `MOST_TOKENS`.

    The single spellings of hyphenated words are at the end.
    """
    own, heading, folded = _own(language), fold(title), fold(text)
    head, body = _tokens(heading, own)[:MOST_NAMES], _tokens(folded, own)
    if signed := [token for name in names for token in (*_tokens(fold(name), own), GAP)]:
        head += [GAP, *signed[:MOST_NAMES]]
    if whole := [*_joined_tokens(heading, own), *_joined_tokens(folded, own)]:
        body += [GAP, *whole]
    parts = list(_parts(body, MOST_TOKENS - len(head) - 1, MOST_BYTES - _bytes(head))) or [[]]
    return [_thinned([*head, GAP, *part]) for part in parts]


def _parts(body: list[str], room: int, most: int) -> Iterator[list[str]]:
    """Yield tokens in parts within the limits of count and bytes."""
    for at in range(0, len(body), room):
        part = body[at : at + room]
        while part and _bytes(part) > most:
            fits = len(part) // 2 or 1
            yield from _parts(part[:fits], fits, most) if fits > 1 else [part[:fits]]
            part = part[fits:]
        if part:
            yield part


def _bytes(found: list[str]) -> int:
    return len("".join(found).encode()) + 4 * len(found)


def _thinned(found: list[str]) -> list[str]:
    if len(found) <= MOST_OF_ONE:
        return found
    often = {token for token, count in Counter(found).items() if count > MOST_OF_ONE}
    if not often:
        return found
    seen: Counter[str] = Counter()
    limited = []
    for token in found:
        if token in often:
            seen[token] += 1
            token = token if seen[token] <= MOST_OF_ONE else GAP
        limited.append(token)
    return limited


def languages_of(word: str) -> tuple[str, ...]:
    """Return the languages whose stemmers may have processed a searched word."""
    if _CYRILLIC.search(word):
        return ("ru",)
    return ("ar",) if _ARABIC.search(word) else _LATIN


def stem(word: str, language: str) -> str:
    """Return the token of a folded word in a text of a language."""
    return _token(word, _own(language))


def is_unspaced(word: str) -> bool:
    return not word.isascii() and bool(_IS_UNSPACED.match(word))


@lru_cache(maxsize=200_000)
def _token(word: str, language: str) -> str:
    word = word[:LONGEST]
    if word.isdigit():
        return word
    if not word.isascii():
        if _CYRILLIC.search(word):
            language = "ru"
        elif _ARABIC.search(word):
            language = "ar"
    if language in ("ru", "ar", "zh") and word.isascii():
        language = "en"  # a Latin word in a text of another script
    return without_ending(word, language)[:LONGEST]
