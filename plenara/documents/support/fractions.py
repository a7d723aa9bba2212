"""Fractions: two thirds, 3/4, 三分之二. Halves and single thirds are left out: they are idioms too often."""

import re
from decimal import Decimal

from plenara.documents.support import chinese
from plenara.documents.support.number_words import value_of
from plenara.documents.support.words import fold

_PARTS = {
    "en": r"thirds:3 quarters:4 fourths:4 fifths:5 sixths:6 sevenths:7 eighths:8 ninths:9 tenths:10",
    "fr": r"tiers:3 quarts:4 cinquiemes:5 sixiemes:6 septiemes:7 huitiemes:8 neuviemes:9 dixiemes:10",
    "es": r"tercios:3 terceras:3 cuartos:4 cuartas:4 quintos:5 quintas:5 sextos:6 septimos:7 octavos:8 decimos:10 "
    r"decimas:10",
    "ru": r"трети:3 третей:3 третями:3 четверти:4 четвертей:4 четвертями:4 пятых:5 шестых:6 седьмых:7 восьмых:8 "
    r"девятых:9 десятых:10",
    "ar": r"ارباع:4 اخماس:5 اسداس:6 اسباع:7 اثمان:8 اعشار:10",
}
# Each begins where a word or a number begins, and nowhere within: a run without end is gone through once.
_WORDS = re.compile(r"((?<![^\W\d_])[^\W\d_]+|\d{1,2})[\s\u00a0-]+([^\W\d_]+)")
_DUAL = re.compile(r"(?<!\w)[وبل]?(?:ال)?ثلث(?:ا|ي|ين|ان)(?!\w)")
_STROKE = re.compile(r"(?<![\d/.])([1-9]\d?)\s?/\s?([2-9]|10|12)(?![\d/])")
_CHINESE = re.compile(r"(?<![二三四五六七八九十\d])([二三四五六七八九十\d]+)分之([一二两三四五六七八九\d]+)")


def fractions(plain: str, language: str) -> list[tuple[Decimal, int, int]]:
    """Return the fractions of a text with their places."""
    found = []
    for stroke in _STROKE.finditer(plain):
        if int(stroke[1]) < int(stroke[2]):
            found.append((_of(int(stroke[1]), int(stroke[2])), *stroke.span()))
    if language == "zh":
        for each_of in _CHINESE.finditer(plain):
            whole, part = (int(each) if each.isdigit() else chinese.value(each) for each in each_of.groups())
            if whole and part:
                found.append((_of(part, whole), *each_of.span()))
        return found
    if language == "ar":
        found += [(_of(2, 3), *match.span()) for match in _DUAL.finditer(plain)]
    names = dict(each.split(":") for each in _PARTS.get(language, "").split())
    at = 0
    while (match := _WORDS.search(plain, at)) is not None:
        whole = int(names.get(fold(match[2]), 0))
        part = int(match[1]) if match[1].isdigit() else value_of(match[1], language)[0]
        if whole and 1 < part < whole:
            found.append((_of(part, whole), *match.span()))
            at = match.end()
        else:
            at = match.end(1)
    return found


def _of(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))
