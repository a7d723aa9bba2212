"""The figures of a text: numbers, percentages, fractions, dates; pairs of them; and differences between two texts."""

import re
import sys
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from plenara.documents.validation import numerals
from plenara.documents.validation.counts import NOUNS
from plenara.documents.validation.numerals import (
    BEGINS,
    JOINERS,
    ORDINALS,
    VAGUE,
    Day,
    combined_value,
    dates,
    fractions,
    number_words,
    value_of,
)
from plenara.documents.validation.words import WORD, fold, masked, symbols

NUMBER, PERCENT, FRACTION, DATE, YEAR = "number", "percent", "fraction", "date", "year"


@dataclass(frozen=True)
class Figure:
    """A figure and its place in a text."""

    kind: str
    value: Decimal
    written: str
    begin: int
    end: int
    other: Decimal | None = None  # its value if the separators mean the other thing: 1.500
    day: Day | None = None
    is_word: bool = False  # written as a word

    @property
    def values(self) -> frozenset[Decimal]:
        """Its possible values."""
        return frozenset({self.value} if self.other is None else {self.value, self.other})

    def says_the_same(self, figure: "Figure") -> bool:
        """Return whether two figures have the same value, in whatever script and language."""
        if self.day or figure.day:
            one, other = self.day or _year_of(self), figure.day or _year_of(figure)
            return bool(one and other and one.may_be(other) and _share_a_part(one, other))
        kinds = {self.kind, figure.kind}
        return (len(kinds) == 1 or kinds == {NUMBER, YEAR}) and bool(self.values & figure.values)


def _year_of(figure: Figure) -> Day | None:
    return Day(int(figure.value), 0, 0) if figure.kind == YEAR else None


def _share_a_part(one: Day, other: Day) -> bool:
    return any(a and b for a, b in ((one.year, other.year), (one.month, other.month), (one.day, other.day)))


_SPACES = "\u00a0\u202f\u2009 "


def _grouped(spaces: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.,])(?:\d{{1,3}}(?P<gap>[{spaces}'’.,])\d{{3}}(?:(?P=gap)\d{{3}})*(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?![\d])"
    )


#: French, Russian and Spanish group digits by spaces; elsewhere a plain space separates two numbers.
_DIGITS = {True: _grouped(_SPACES), False: _grouped(_SPACES.strip(" "))}
_SPACED = {"fr", "ru", "es"}
_SECTION = re.compile(r"(?<!\d)\d++(?:\.\d+){2,}")
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th|er|re|ers|res|e|es|ème|èmes|eme|º|ª|°|\.º|\.ª|(?:-|–)?(?:й|я|е|го|м|х|му|ю|ми|ой|ом|ых|s))(?![^\W\d_])"
    r"|s(?![^\W\d_])|-[а-я]{1,3}(?![^\W\d_])|年代|世纪|世紀",
)
#: Decades are written as a year in some languages, with a suffix or in words in others.
_DECADE = re.compile(r"(?:années|años|decenio de|década de(?: los)?|الثمانينيات|التسعينيات)\s$", re.IGNORECASE)
#: "Number 3", "No. 3", "№ 3" name a thing.
_NAMED = re.compile(
    r"(?:\bnumber|\bno\.|\bn[o°º]\.?|№|\bnuméro|\bnúmero|(?<!\w)номер|(?<!\w)رقم|编号|編號)[\s\u00a0]*$", re.IGNORECASE
)
_PERCENT = re.compile(
    r"\s?(?:%|percent\b|per\s?cents?\b|pour\s?cent\b|p\.\s?100|por\s?ciento\b|процент\w*|في\s?(?:المائة|المئة|المية)"
    r"|ب(?:المائة|المئة))",
    re.IGNORECASE,
)
_CHINESE_PERCENT = re.compile(r"百分之\s?(?P<n>\d+(?:\.\d+)?|[〇零一二三四五六七八九十百两]+)")
_TIMES = {
    "en": {"bn": 10**9, "trillion": 10**12},
    "es": {"billon": 10**12, "billones": 10**12},
    "ru": {"тыс": 1000, "трлн": 10**12},
    "ar": {},
}


@lru_cache(maxsize=1)
def _ascii() -> dict[int, str]:
    signs = {"٫": ".", "٬": ",", "٪": "%", "％": "%", "﹪": "%", "．": ".", "⁄": "/"}
    every = (chr(code) for code in range(128, sys.maxunicode + 1))
    return {ord(sign): put for sign, put in signs.items()} | {
        ord(each): str(unicodedata.decimal(each)) for each in every if each.isdecimal()
    }


def in_ascii(text: str) -> str:
    """Return a text of the same length with ASCII digits, points and per cent signs."""
    return text if text.isascii() else text.translate(_ascii())


def figures(text: str, language: str) -> list[Figure]:
    """Return the figures of a text in their order; "one" is left out."""
    return [each for each in all_figures(text, language) if not is_one(each)]


def is_one(figure: Figure) -> bool:
    """Return whether it is the word "one", which is an article as often as a number."""
    return figure.is_word and figure.value == 1 and figure.kind == NUMBER


def all_figures(text: str, language: str) -> list[Figure]:
    """Return the figures of a text, including "one", which is a figure as part of a pair."""
    language = language.split("-")[0].lower()
    plain = masked(in_ascii(text))
    found: list[Figure] = []

    def take(figure: Figure) -> None:
        nonlocal plain
        found.append(figure)
        plain = plain[: figure.begin] + "\x01" * (figure.end - figure.begin) + plain[figure.end :]

    for day, begin, end in dates(plain, language):
        kind = DATE if day.month else YEAR
        if not day.year and not day.day:
            plain = plain[:begin] + "\x01" * (end - begin) + plain[end:]  # 11月: a month alone is not a figure
            continue
        take(Figure(kind, Decimal(day.year or day.day or day.month), text[begin:end], begin, end, day=day))
    plain = _SECTION.sub(lambda match: " " * len(match[0]), plain)
    for value, begin, end in fractions(plain, language):
        take(Figure(FRACTION, value, text[begin:end], begin, end))
    if language == "zh":
        for match in _CHINESE_PERCENT.finditer(plain):
            number = (
                Decimal(match["n"]) if match["n"][0].isdigit() else Decimal(numerals.chinese_value(match["n"]) or 0)
            )
            take(Figure(PERCENT, number, text[match.start() : match.end()], *match.span()))
    for figure in list(_digits(plain, text, language)):
        take(figure)
    if language == "zh":
        for number, begin, end in numerals.chinese_numerals(plain):
            take(Figure(NUMBER, number, text[begin:end], begin, end, is_word=True))
    for figure in list(_words(plain, text, language)):
        take(figure)
    return sorted(found, key=lambda figure: (figure.begin, figure.end))


def _digits(plain: str, text: str, language: str) -> list[Figure]:
    found = []
    for match in _DIGITS[language in _SPACED].finditer(plain):
        begin, end = match.span()
        if (
            _glued(plain, begin)
            or _NAMED.search(plain[max(0, begin - 12) : begin])
            or (_ORDINAL.match(plain, end) and language != "zh")
            or _chinese_order(plain, begin, end)
        ):
            continue
        value, other = _value(plain[begin:end], language)
        after = re.compile(r"[A-Za-zÀ-ÿА-яё]+").match(plain, end)
        if after and (len(after[0]) > 4 or after[0][0].isupper()):
            continue  # 5G, 3D: a name
        factor, end = _times(plain, end, language)
        kind = NUMBER
        if percent := _PERCENT.match(plain, end):
            kind, end = PERCENT, percent.end()
        elif factor == 1 and not match["gap"] and other is None and 1900 <= value <= 2100 and end - begin == 4:
            if _DECADE.search(plain[max(0, begin - 20) : begin]):
                continue
            kind = YEAR
        found.append(
            Figure(
                kind, value * factor, text[begin:end], begin, end, other=other * factor if other is not None else None
            )
        )
    return found


def _glued(plain: str, begin: int) -> bool:
    """Return whether a number is the end of a name: G20, COVID-19, Q3."""
    before = plain[max(0, begin - 2) : begin]
    latin = re.compile(r"[A-Za-zА-Яа-яÀ-ÿ]")
    if before[-1:] and latin.match(before[-1]):
        return True
    return len(before) == 2 and before[1] in "-‑" and bool(latin.match(before[0]))


def _chinese_order(plain: str, begin: int, end: int) -> bool:
    return plain[max(0, begin - 1) : begin] == "第" or plain.startswith(("年代", "世纪", "世紀"), end)


def _value(written: str, language: str) -> tuple[Decimal, Decimal | None]:
    """Return the value of digits by a language's separators, and by the other convention, if that differs."""
    bare = re.sub(rf"[{_SPACES}'’]", "", written)
    points, commas = bare.count("."), bare.count(",")
    if not points and not commas:
        return Decimal(bare), None
    if points and commas:  # the last one is the decimal's
        whole, part = (",", ".") if bare.rfind(".") > bare.rfind(",") else (".", ",")
        return Decimal(bare.replace(whole, "").replace(part, ".")), None
    mark = "." if points else ","
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", bare)
    decimal = Decimal(bare.replace(mark, ".")) if max(points, commas) == 1 else None
    if not grouped:
        return (decimal if decimal is not None else Decimal(bare.replace(mark, ""))), None
    thousands = Decimal(bare.replace(mark, ""))
    customary = "," if language in {"en", "zh", "ar"} else "."
    return (thousands, decimal) if mark == customary or decimal is None else (decimal, thousands)


def _times(plain: str, end: int, language: str) -> tuple[int, int]:
    """Return the multiplier of "million" or 万 after digits, and its end."""
    if language == "zh":
        gap = len(plain[end:]) - len(plain[end:].lstrip(" "))
        factor, after = numerals.chinese_times(plain, end + gap)
        return (factor, after) if factor > 1 else (1, end)
    factor, words = 1, {**{key: by for key, by in number_words(language).items() if by >= 1000 and by != 2000}}
    words |= _TIMES.get(language, {})
    while match := re.compile(rf"[{_SPACES}-]?([^\W\d_]+)").match(plain, end):
        by = words.get(match[1].casefold()) or _big(match[1], language)
        if by < 1000:
            break
        factor, end = factor * by, match.end()
    return factor, end


def _big(word: str, language: str) -> int:
    value, _joined = value_of(word, language)
    return value if value >= 1000 and value % 1000 == 0 and value != 2000 else 0


def _says_no_number(tokens: list[tuple[str, int, int]], at: int) -> bool:
    word, before = fold(tokens[at][0]), fold(tokens[at - 1][0]) if at else ""
    return word in ORDINALS or before in ORDINALS or word in VAGUE


def _words(plain: str, text: str, language: str) -> list[Figure]:
    """Return the numbers that are written as words."""
    tokens = [(match[0], match.start(), match.end()) for match in WORD.finditer(plain)]
    found, at = [], 0
    while at < len(tokens):
        value, _joined = value_of(tokens[at][0], language)
        if language == "ar" and _says_no_number(tokens, at):
            at += 1
            continue
        if not value or (
            value >= 100
            and value not in BEGINS.get(language, set())
            and value % 100 == 0
            and value not in {200, 300, 400, 500, 600, 700, 800, 900, 2000}
        ):
            at += 1
            continue
        total, current, begin, last = 0, value, tokens[at][1], at
        step = at + 1
        while step < len(tokens):
            gap = plain[tokens[step - 1][2] : tokens[step][1]]
            if gap.strip(" \u00a0-‑"):
                break
            more, joined = value_of(tokens[step][0], language)
            skip = tokens[step][0].casefold() in JOINERS.get(language, set())
            if skip and step + 1 < len(tokens):
                step += 1
                more, joined = value_of(tokens[step][0], language)
                if not more or (current and combined_value(current, more, language, joined=True) is None):
                    break
            if not more:
                break
            if more >= 1000:
                if current == 0 or current >= more:
                    break
                total, current = total + current * more, 0
            elif current == 0 and total:
                current = more
            elif (grown := combined_value(current, more, language, joined=joined)) is not None:
                current = grown
            else:
                break
            last = step
            step += 1
        end = tokens[last][2]
        kind = NUMBER
        if percent := _PERCENT.match(plain, end):
            kind, end = PERCENT, percent.end()
        found.append(Figure(kind, Decimal(total + current), text[begin:end], begin, end, is_word=True))
        at = last + 1
        while at < len(tokens) and tokens[at][1] < end:
            at += 1  # the words of "per cent"
    return found


@dataclass(frozen=True)
class Differing:
    """The figures that only one of two texts has."""

    missing: list[Figure]  # in the source, not in the target
    added: list[Figure]  # in the target, not in the source


def differing_figures(source: str, target: str, source_language: str, language: str) -> Differing:
    """Return the figures that only one of two texts has, with repetitions.

    A small number word in one language may be a dual, a pronoun or an idiom in the other, so it may be missing there.
    """
    source_figures, target_figures = figures(source, source_language), figures(target, language)
    left = list(target_figures)
    missing = []
    for figure in source_figures:
        found = next((each for each in left if figure.says_the_same(each)), None)
        if found is None:
            missing.append(figure)
        else:
            left.remove(found)
    missing = [each for each in missing if not _is_written_otherwise(each, target, target_figures, language)]
    added = [each for each in left if not _is_written_otherwise(each, source, source_figures, source_language)]
    return Differing(missing, added)


def _is_written_otherwise(figure: Figure, text: str, found: list[Figure], language: str) -> bool:
    """Return whether the other text has a figure in a form that is not read as the same."""
    if any(figure.says_the_same(each) for each in found):
        return True  # once where the source has it twice: a pronoun, or a shorter phrase
    if figure.is_word and figure.value <= 12:
        return True
    if figure.value == 1 and any(is_one(each) for each in all_figures(text, language)):
        return True  # "one" where the other has 1
    # "1条" of "une contribution": where "one" is an article too, it is not read as a figure.
    if figure.value == 1 and any(each.value == 1 for each in all_figures(text, language)):
        return True
    digits = set(_runs(in_ascii(text)))
    runs = _runs(in_ascii(figure.written))
    if figure.kind in {DATE, YEAR, NUMBER} and runs and set(runs) <= digits:
        return True
    return bool(figure.day) and any(_is_part(figure, each) for each in found)


def _is_part(figure: Figure, other: Figure) -> bool:
    assert figure.day is not None
    return other.kind in {YEAR, NUMBER} and other.value in {figure.day.year, figure.day.day}


def _runs(text: str) -> list[str]:
    run, found = "", []
    for each in f"{text} ":
        if each.isdigit():
            run += each
        elif run:
            found.append(run)
            run = ""
    return found


def differing_symbols(source: str, target: str) -> tuple[list[str], list[str]]:
    """Return the symbols, references and addresses only in the source, and those only in the target."""
    in_source, in_target = symbols(source), symbols(target)
    return sorted((in_source - in_target).elements()), sorted((in_target - in_source).elements())


@dataclass(frozen=True)
class Pair:
    """A part and its whole, as in "7 of 38"."""

    part: Figure
    whole: Figure
    written: str
    begin: int
    end: int


#: The words between the part and the whole, by language; in Chinese the whole comes first.
_BETWEEN = {
    "en": r"(?:\s+{noun})?\s+(?:out\s+)?of\s+(?:(?:the|all|these|those|its|our|a\s+total\s+of)\s+)*",
    "fr": r"(?:\s+{noun})?\s+(?:(?:sur|parmi)(?:\s+(?:les|ces|un\s+total\s+de))?|des|de\s+ces"
    r"|d[’'](?:un\s+total\s+de)?)\s*",
    "es": r"(?:\s+{noun})?\s+de\s+(?:(?:las|los|estas|estos|un\s+total\s+de|entre\s+(?:las|los))\s+)?",
    "ru": r"(?:\s+{noun})?\s+из\s+(?:(?:всех|этих|общего\s+числа)\s+)*",
    "ar": r"(?:\s+{noun})?\s+(?:من\s+(?:(?:أصل|بين|مجموع|جملة)\s+)?)(?:الـ|ال)?\s*",
    "zh": r"[\s]*(?:[份个個项項条條名位国國种種篇封则則]?[^\d，。；,;]{0,14}?)(?:当中|之中|中|里|裡)(?:的|，|,"
    r"|有|共有|\s){0,4}",
}  # fmt: skip
_STROKE = re.compile(r"\s?/\s?")


def pairs(text: str, language: str) -> list[Pair]:
    """Return the pairs of a text in their order. "One of the twelve" is one."""
    language = language.split("-")[0].lower()
    plain = in_ascii(text)
    found = [each for each in all_figures(text, language) if each.kind in {NUMBER, YEAR}]
    between = _pattern(language)
    made = []
    for first, second in _neighbours(found):
        gap = plain[first.end : second.begin]
        part, whole = (second, first) if language == "zh" else (first, second)
        if (between and between.fullmatch(gap) and part.kind == NUMBER) or (
            _STROKE.fullmatch(gap) and YEAR not in {part.kind, whole.kind}
        ):
            if _STROKE.fullmatch(gap):
                part, whole = first, second
            if part.value <= whole.value and whole.value > 1:
                made.append(Pair(part, whole, text[first.begin : second.end], first.begin, second.end))
    for each in all_figures(text, language):
        if each.kind == FRACTION and re.fullmatch(r"\d+\s?/\s?\d+", in_ascii(each.written)):
            one, two = in_ascii(each.written).split("/")
            part, whole = (all_figures(side.strip(), language)[0] for side in (one, two))
            made.append(Pair(part, whole, each.written, each.begin, each.end))
    return sorted(made, key=lambda pair: pair.begin)


def _neighbours(found: list[Figure]) -> list[tuple[Figure, Figure]]:
    """Return figures that are next to each other; "un total de" may not be between them."""
    numbers = [each for each in found if not is_one(each)]
    return [
        *pairwise(numbers),
        *((one, two) for one, two in pairwise(found) if is_one(one) or is_one(two)),
    ]


def _pattern(language: str) -> re.Pattern[str] | None:
    written = _BETWEEN.get(language)
    return re.compile(written.replace("{noun}", f"(?:{NOUNS[language]})\\w*"), re.IGNORECASE) if written else None
