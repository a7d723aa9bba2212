"""The order of names in a reader's language, as bytes that every database compares alike.

Weights are Unicode's (UCA, the default table), tailored by CLDR for the six languages and their scripts: in Spanish ñ
is a letter of its own, in Arabic أ sorts with ا, ة with ت and ى with ي, Chinese characters sort by pinyin. The script
of the reader's language comes before all others. Anything before the first letter or digit of a name is ignored. Tables
are loaded when a key is first calculated, which pages never do.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyuca.collator import Collator_10_0_0

#: Bytes of a key, and of the part of it that accents and capitals do not change.
LONGEST, LONGEST_PRIMARY = 400, 340
#: The initials of names that begin with a digit, and of those in a script that readers may not know.
DIGITS, OTHER = "0–9", "#"

_LATIN = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SPANISH = (*_LATIN[:14], "Ñ", *_LATIN[14:])
_CYRILLIC = tuple("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ")
_ARABIC = tuple("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
#: The letters of an alphabet bar. Latin names are under their letters in every language.
LETTERS = {
    "ar": (*_ARABIC, *_LATIN),
    "en": _LATIN,
    "es": _SPANISH,
    "fr": _LATIN,
    "ru": (*_CYRILLIC, *_LATIN),
    "zh": _LATIN,
}
#: The script that comes first, as the Unicode names of its letters begin.
_OWN = {"ar": "ARABIC", "en": "LATIN", "es": "LATIN", "fr": "LATIN", "ru": "CYRILLIC", "zh": "CJK"}
#: Letters that are under another one in the bar, though they are letters of their own.
_UNDER = {
    **dict.fromkeys("أإآٱءؤئ", "ا"), "ى": "ي", "ی": "ي", "ة": "ت", "پ": "ب", "چ": "ج", "ژ": "ز", "ک": "ك", "گ": "ك",
    "Æ": "A", "Ð": "D", "Đ": "D", "Ł": "L", "Ø": "O", "Œ": "O", "ẞ": "S", "ß": "S", "Þ": "T", "İ": "I", "ı": "I",
    "Ё": "Е", "Є": "Е", "І": "И", "Ї": "И", "Ј": "И", "Ґ": "Г", "Ў": "У", "Ђ": "Д", "Љ": "Л", "Њ": "Н", "Ћ": "Т",
    "Ы": "Щ", "Ъ": "Щ", "Ь": "Щ",
}  # fmt: skip
#: The least weight of a letter in the default table (a); marks, signs and digits weigh less.
_FIRST_LETTER = 0x1CAD
#: Added to the weights of letters of other scripts, so that they come after those of the reader's own.
_AFTER = 0x8000
#: The first bytes of a Chinese character ordered by pinyin: after digits, before other scripts.
_PINYIN = 0x40
#: Letters of Arabic that CLDR sorts with others, decomposed: with the weight of these, and a lesser difference.
_ALIF = ("ء", "ا\u0654", "و\u0654", "ا\u0655", "ي\u0654", "ا")
_BESIDE = {
    "ar": {each: ("ا", at) for at, each in enumerate(_ALIF, 1)}
    | {"ا\u0653": ("اا", 1), "ٱ": ("ا", 8), "ة": ("ت", 1), "ت": ("ت", 2), "ى": ("ي", 1)}
}
_TILDE = "\u0303"
_COMMON = 0x20  # the weight of a letter without an accent


def sort_key(name: str, language: str) -> bytes:
    """Return the bytes by which a name is sorted, for readers of a language."""
    primary, secondary, tertiary = bytearray(), bytearray(), bytearray()
    for first, second, third in _elements(_beginning(name), language):
        primary += first
        if second:
            secondary.append(second)
            tertiary.append(third)
    key = bytes(primary[:LONGEST_PRIMARY]) + b"\0" + secondary.rstrip(b"\2") + b"\0" + tertiary.rstrip(b"\2")
    return key[:LONGEST]


def initial(name: str, language: str) -> str:
    """Return the letter of the alphabet bar for a name, `DIGITS` or `OTHER`."""
    first = _beginning(name)[:1]
    if not first:
        return OTHER
    if first.isdigit():
        return DIGITS
    if language == "zh" and _is_chinese(first):
        spelled = _spelled(_beginning(name)[:8])[0]
        letter = unicodedata.normalize("NFD", spelled)[:1].upper()
        return letter if letter in LETTERS["zh"] else OTHER
    letter = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", first).upper())[:1]
    if letter not in LETTERS[language]:
        letter = _UNDER.get(letter) or unicodedata.normalize("NFD", letter)[:1]
    return letter if letter in LETTERS[language] else OTHER


def _beginning(name: str) -> str:
    """Return a name from its first letter or digit on."""
    name = unicodedata.normalize("NFC", name)
    return next((name[at:] for at, each in enumerate(name) if each.isalnum()), "")


def _elements(name: str, language: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield the weights of a name on the three levels; the first is empty where only a mark differs."""
    at = 0
    while at < len(name):
        if language == "zh" and _is_chinese(name[at]):
            end = next((each for each in range(at, len(name)) if not _is_chinese(name[each])), len(name))
            for character, spelled in zip(name[at:end], _spelled(name[at:end]), strict=True):
                yield _by_pinyin(character, spelled), 2, 2
        else:
            end = at
            while end < len(name) and not (language == "zh" and _is_chinese(name[end])):
                end += 1
            yield from _by_table(name[at:end], language)
        at = end


def _by_table(text: str, language: str) -> Iterator[tuple[bytes, int, int]]:
    beside = _BESIDE.get(language, {})
    at, written = 0, unicodedata.normalize("NFD", text)
    while at < len(written):
        # A letter with the marks that follow it: contractions of the table are never longer in our scripts.
        end = at + 1
        while end < len(written) and unicodedata.combining(written[end]):
            end += 1
        letter, at = written[at:end], end
        if language == "es" and letter[0] in "nN" and _TILDE in letter:
            is_large = letter[0] == "N"
            yield _weight("n").to_bytes(2) + b"\xff\xff", 2, 8 if is_large else 2
            continue
        base = letter[:2] if letter[:2] in beside else letter[:1]
        instead, difference = beside.get(base, (base, 0))
        for first, second, third in _looked_up(instead + letter[len(base) :]):
            lesser = difference if first else 0
            moved = _moved(first, letter[0], language)
            yield moved.to_bytes(2) if moved else b"", _short(second) + lesser if second else 0, third


def _moved(weight: int, letter: str, language: str) -> int:
    """Return a weight in the order of scripts for readers of a language."""
    if weight < _FIRST_LETTER or weight >= _AFTER or _script(letter) == _OWN[language]:
        return weight
    return weight + _AFTER


def _short(weight: int) -> int:
    """Return a second-level weight in a byte: the usual one is 2, so that it may be left out at the end."""
    return min(max(weight - _COMMON + 2, 2), 250)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def _is_chinese(letter: str) -> bool:
    return _script(letter) == "CJK" and letter.isalpha()


def _by_pinyin(character: str, spelled: str) -> bytes:
    """Return syllable, tone and the character itself, so that each matters only where those before are equal."""
    tone = spelled[-1:] if spelled[-1:].isdigit() else "5"
    syllable = spelled.rstrip("12345").encode("ascii", "replace")[:8]
    return bytes([_PINYIN]) + syllable + b"\1" + tone.encode() + ord(character).to_bytes(3)


def _spelled(text: str) -> list[str]:
    """Return the pinyin of each character, with its tone at the end; a character without pinyin unchanged."""
    from pypinyin import Style, pinyin

    def spelled(some: str) -> list[str]:
        rows = pinyin(some, style=Style.TONE3, neutral_tone_with_five=True)
        return [row[0] for row in rows]

    found = spelled(text)
    # Where characters have no reading, there may be fewer rows than characters: then each is looked up alone.
    return found if len(found) == len(text) else [(spelled(each) or [each])[0] for each in text]


def _weight(letter: str) -> int:
    return _looked_up(letter)[0][0]


@lru_cache(maxsize=4096)
def _looked_up(letter: str) -> tuple[tuple[int, int, int], ...]:
    """Return the table's elements of a letter with its marks."""
    return tuple((first, second, third) for first, second, third in _table().collation_elements(letter))


@cache
def _table() -> "Collator_10_0_0":
    # Always the same version of the table, whatever the Python: stored keys stay comparable.
    from pyuca.collator import Collator_10_0_0

    return Collator_10_0_0()
