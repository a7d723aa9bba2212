"""Dates in a text, in the six languages: a day, a month of a year, or both."""

import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from plenara.core.languages import html_code
from plenara.documents.support.words import fold

#: The months as the Levant and the United Nations write them, beside those of CLDR.
_LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """As much of a date as a text tells; 0 where it does not tell."""

    year: int
    month: int
    day: int

    def may_be(self, other: "Day") -> bool:
        """Say whether two dates agree in whatever both tell."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


@lru_cache(maxsize=8)
def _months(language: str) -> dict[str, int]:
    locale = Locale.parse(html_code(language).replace("-", "_"))
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        found |= {fold(name): number for number, name in locale.months[context]["wide"].items()}
    if language == "ar":
        found |= {fold(name): number for number, name in enumerate(_LEVANT, 1)}
    if language == "es":
        found["setiembre"] = 9
    return found


@lru_cache(maxsize=8)
def _pattern(language: str) -> re.Pattern[str]:
    locale = Locale.parse(html_code(language).replace("-", "_"))
    names = {name for context in ("format", "stand-alone") for name in locale.months[context]["wide"].values()}
    names |= set(_LEVANT) if language == "ar" else {"setiembre"} if language == "es" else set()
    any_of = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))
    month = rf"(?P<month>{any_of})(?:\s?/\s?(?:{any_of}))?"
    link = r"(?:\s*(?:[-–—]|to|and|au|et|al|a|y|по|до|и|إلى|و|حتى)\s*)"
    day = rf"(?:(?P<first>\d{{1,2}}){link})?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|-го|-е)?"
    year = r"(?:,?\s*(?:de\s+|del\s+|год[а-я]*\s+|عام\s+|سنة\s+)?(?P<year>\d{4})(?!\d))"
    return re.compile(
        rf"\b{day}\s*(?:de\s+|of\s+|من\s+)?{month}\b{year}?"
        rf"|\b{month.replace('month', 'month2')}\b\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%.])"
        rf"{year.replace('year', 'year2')}?"
        rf"|\b{month.replace('month', 'month3')}\b{year.replace('year', 'year3')}",
        # The month first is English alone; any case is right elsewhere, but May and March begin with a capital.
        0 if language == "en" else re.IGNORECASE,
    )


_CHINESE = re.compile(
    r"(?:(?P<year>\d{4})\s?年\s?)?(?P<month>\d{1,2})\s?月(?:份|\s?(?P<day>\d{1,2})\s?[日号號])?"
    r"(?:\s?[-–—至到]\s?(?P<last>\d{1,2})\s?[日号號])?|(?P<year3>\d{4})\s?年(?!代)"
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})(?P<s>[./])(?P<m2>\d{1,2})(?P=s)(?P<y2>\d{4}))(?![\d/-])"
)


def dates(text: str, language: str) -> list[tuple[Day, int, int]]:
    """Return the dates of a text (its digits are ASCII), each with its place; a year alone is none, but in Chinese."""
    found = []
    for match in _NUMERIC.finditer(text):
        year, month, day = (int(match[a] or match[b]) for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
        if month <= 12 and day <= 31:
            found.append((Day(year, month, day), *match.span()))
    if language == "zh":
        for match in _CHINESE.finditer(text):
            if match["year3"]:
                found.append((Day(int(match["year3"]), 0, 0), *match.span()))
            elif int(match["month"]) <= 12:
                told = Day(int(match["year"] or 0), int(match["month"]), int(match["day"] or 0))
                found.append((told, *match.span()))
                if match["last"]:
                    found.append((Day(told.year, told.month, int(match["last"])), *match.span()))
        return found
    try:
        pattern, months = _pattern(language), _months(language)
    except Exception:  # a language that CLDR does not know: numeric dates are read all the same
        return found
    for match in pattern.finditer(text):
        got = match.groupdict()
        month = months[fold(got["month"] or got["month2"] or got["month3"])]
        year = int(got["year"] or got["year2"] or got["year3"] or 0)
        if got["first"]:
            found.append((Day(year, month, int(got["first"])), *match.span()))
        found.append((Day(year, month, int(got["day"] or got["day2"] or 0)), *match.span()))
    return found
