"""Numbers and dates that are written in words, in the six languages: number words, Chinese numerals, fractions, days
and months.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale

from plenara.core.languages import html_code
from plenara.documents.validation.words import fold, without_prefix

_DIGITS = {**{each: value for value, each in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

CHINESE_NUMERAL = re.compile("[〇零一二三四五六七八九十百千万萬亿億两兩]+")
#: Measure words, which follow a numeral that counts; a bare numeral is more often part of a word.
_COUNTED = (
    "个個份项項条條名位人国國种種次家方类類年月日天周岁倍组組封篇则則句段成票件届屆场場期页頁轮輪世语語门門座所艘架部"
)
#: Words that begin with a numeral and do not count.
_NOT = (
    "十分",
    "十足",
    "万一",
    "千万",
    "百姓",
    "三角",
    "四处",
    "八卦",
    "一些",
    "一般",
    "两者",
    "二者",
    "三方",
    "万物",
    "万国",
)


def chinese_value(numeral: str) -> int | None:
    """Return the value of a Chinese numeral; None if it is not one."""
    if all(each in _DIGITS for each in numeral):
        if len(numeral) == 2 and "〇" not in numeral and "零" not in numeral:
            return None  # 三四个: three or four
        return int("".join(str(_DIGITS[each]) for each in numeral))
    total = section = 0
    digit: int | None = None
    for each in numeral:
        if each in _DIGITS:
            digit = _DIGITS[each]
        elif each in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[each]
            digit = None
        else:
            section += digit or 0
            if not section and not total:
                return None
            total = (total + section) * _LARGE[each] if section else total * _LARGE[each]
            section, digit = 0, None
    return total + section + (digit or 0)


def chinese_times(text: str, at: int) -> tuple[int, int]:
    """Return the multiplier of 万 or 亿 after digits, and its end."""
    factor, end = 1, at
    while end < len(text) and (text[end] in _LARGE or text[end] in _SMALL):
        factor *= _LARGE.get(text[end]) or _SMALL[text[end]]
        end += 1
    return factor, end


def chinese_numerals(text: str) -> list[tuple[Decimal, int, int]]:
    """Return the numerals that count, each with its place: including one, without ordinals and idioms."""
    found = []
    for match in CHINESE_NUMERAL.finditer(text):
        begin, end = match.span()
        after, before = text[end : end + 1], text[max(0, begin - 1) : begin]
        if before in {"第", "初", "每", "统", "之", "分", "周", "期"} or text.startswith(_NOT, begin):
            continue
        if before in {"上", "数", "數", "几", "幾", "成", "近"} and match[0][0] in (*_SMALL, *_LARGE):
            continue  # 数百: hundreds
        if after in {"世", "带"} or text.startswith(("年代", "世纪", "世紀", "分之"), end):
            continue
        whole = any(each in _SMALL or each in _LARGE for each in match[0])
        number = chinese_value(match[0])
        if number is None:
            continue
        if (after and after in _COUNTED) or (whole and len(match[0]) > 1):
            found.append((Decimal(number), begin, end))
    return found


#: The months as the Levant and the United Nations write them, beside those of CLDR.
_LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """The parts of a date that a text has; 0 for a missing part."""

    year: int
    month: int
    day: int

    def may_be(self, other: "Day") -> bool:
        """Return whether two dates agree in all parts that both have."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(not one or not another or one == another for one, another in pairs)


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
        # Only English has the month first. Elsewhere any case is valid, but May and March begin with a capital.
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
    """Return the dates of a text (with ASCII digits), each with its place; a year alone only in Chinese."""
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
                first_day = Day(int(match["year"] or 0), int(match["month"]), int(match["day"] or 0))
                found.append((first_day, *match.span()))
                if match["last"]:
                    found.append((Day(first_day.year, first_day.month, int(match["last"])), *match.span()))
        return found
    try:
        pattern, months = _pattern(language), _months(language)
    except Exception:  # a language that CLDR does not have: numeric dates are still read
        return found
    for match in pattern.finditer(text):
        got = match.groupdict()
        month = months[fold(got["month"] or got["month2"] or got["month3"])]
        year = int(got["year"] or got["year2"] or got["year3"] or 0)
        if got["first"]:
            found.append((Day(year, month, int(got["first"])), *match.span()))
        found.append((Day(year, month, int(got["day"] or got["day2"] or 0)), *match.span()))
    return found


_UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "vingt trente quarante cinquante soixante septante huitante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
_MORE: dict[str, dict[str, int]] = {
    "en": {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
    "fr": {
        "une": 1, "vingts": 20, "octante": 80, "cent": 100, "cents": 100, "mille": 1000, "million": 10**6,
        "millions": 10**6, "milliard": 10**9, "milliards": 10**9,
    },
    "es": {
        "un": 1, "una": 1, "veintiun": 21, "veintiuna": 21, "cien": 100, "ciento": 100, "mil": 1000,
        "millon": 10**6, "millones": 10**6,
        **{f"{word}{end}": value * 100 for word, value in (
            ("doscient", 2), ("trescient", 3), ("cuatrocient", 4), ("quinient", 5), ("seiscient", 6), ("setecient", 7),
            ("ochocient", 8), ("novecient", 9),
        ) for end in ("os", "as")},
    },
    "ru": {},
    "ar": {},
}  # fmt: skip

#: Every case of the numerals; "семью" is left out, since it also says "family".
_RUSSIAN = """1 один одна одно одного одной одному одним одном одну
2 два две двух двум двумя двое двоих
3 три трех трем тремя трое троих
4 четыре четырех четырем четырьмя четверо
5 пять пяти пятью пятеро
6 шесть шести шестью шестеро
7 семь семи семеро
8 восемь восьми восемью
9 девять девяти девятью
10 десять десяти десятью
11 одиннадцать одиннадцати
12 двенадцать двенадцати двенадцатью
13 тринадцать тринадцати
14 четырнадцать четырнадцати
15 пятнадцать пятнадцати
16 шестнадцать шестнадцати
17 семнадцать семнадцати
18 восемнадцать восемнадцати
19 девятнадцать девятнадцати
20 двадцать двадцати двадцатью
30 тридцать тридцати тридцатью
40 сорок сорока
50 пятьдесят пятидесяти пятьюдесятью
60 шестьдесят шестидесяти
70 семьдесят семидесяти
80 восемьдесят восьмидесяти
90 девяносто девяноста
100 сто ста
200 двести двухсот
300 триста трехсот
400 четыреста четырехсот
500 пятьсот пятисот
600 шестьсот шестисот
700 семьсот семисот
800 восемьсот восьмисот
900 девятьсот девятисот
1000 тысяча тысячи тысяч тысячу
1000000 миллион миллиона миллионов миллионы млн
1000000000 миллиард миллиарда миллиардов миллиарды млрд"""

_ARABIC = """1 واحد واحدة احدى احد
2 اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي
3 ثلاثة ثلاث
4 اربعة اربع
5 خمسة خمس
6 ستة ست
7 سبعة سبع
8 ثمانية ثماني ثمان
9 تسعة تسع
10 عشرة عشر
20 عشرون عشرين
30 ثلاثون ثلاثين
40 اربعون اربعين
50 خمسون خمسين
60 ستون ستين
70 سبعون سبعين
80 ثمانون ثمانين
90 تسعون تسعين
100 مئة مائة
200 مئتان مئتين مائتان مائتين
300 ثلاثمئة ثلاثمائة
400 اربعمئة اربعمائة
500 خمسمئة خمسمائة
600 ستمئة ستمائة
700 سبعمئة سبعمائة
800 ثمانمئة ثمانمائة
900 تسعمئة تسعمائة
1000 الف الاف
2000 الفان الفين
1000000 مليون ملايين
1000000000 مليار مليارات بليون"""

#: "The one and twentieth": in Arabic the word after these is an ordinal too.
ORDINALS = {
    fold(f"ال{each}{end}")
    for each in ("حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع")
    for end in ("", "ة")
}
#: "Thousands", "millions": a number only with another before it.
VAGUE = {fold(each) for each in ("آلاف", "ملايين", "مليارات")}
#: Words that may begin a number; "thousands" and "millions" alone are not numbers.
BEGINS = {"fr": {100, 1000}, "es": {100, 1000}, "ru": {100}, "ar": {100, 1000}, "en": set()}
#: Words between the parts of one number.
JOINERS = {"en": {"and"}, "fr": {"et"}, "es": {"y"}, "ru": set(), "ar": set()}
#: Days of the week that look like numbers.
_NEVER = {"ar": {fold("الاثنين"), fold("الأحد"), fold("لاحد"), fold("بعشر")}}


@lru_cache(maxsize=8)
def number_words(language: str) -> dict[str, int]:
    """Return the number words of a language, folded, with their values; none for an unknown language."""
    if language not in _MORE:
        return {}
    found = {word: value for value, word in enumerate(_UNITS.get(language, "").split(), 1)}
    found |= {word: value for value, word in zip(range(20, 100, 10), _TENS.get(language, "").split(), strict=False)}
    if language == "fr":
        found["nonante"] = 90
    for line in {"ru": _RUSSIAN, "ar": _ARABIC}.get(language, "").splitlines():
        value, *forms = line.split()
        found |= {fold(form): int(value) for form in forms}
    return found | _MORE[language]


def value_of(word: str, language: str) -> tuple[int, bool]:
    """Return the value of a number word, else 0; and whether an Arabic "and" joins it to the word before."""
    words, bare = number_words(language), fold(word)
    if language != "ar":
        return words.get(bare, 0), False
    if bare in _NEVER["ar"]:
        return 0, False
    found = next(((words[form], form) for form in without_prefix(bare) if form in words), None)
    return (found[0], bare.startswith("و") and found[1] != bare) if found else (0, False)


def combined_value(current: int, value: int, language: str, *, joined: bool) -> int | None:
    """Return the value of `current` with the next word; None if they are two numbers."""
    last = current % 100
    if value == 100:
        return current * 100 if 1 <= current <= 9 else None
    if language == "fr" and value == 20 and last == 4:
        return current + 76  # quatre-vingts
    if language == "ar":
        if value == 10 and 1 <= last <= 9 and not joined:
            return current + 10
        if value % 10 == 0 and 20 <= value <= 90 and 1 <= last <= 9 and joined:
            return current + value
        return current + value if joined and last == 0 and current >= 100 and value < 100 else None
    if value < 100 and current >= 100 and last == 0:
        return current + value
    if value < 10 and 20 <= last <= 90 and last % 10 == 0:
        return current + value
    if language == "fr":
        if last in (60, 80) and 10 <= value <= 19:
            return current + value
        if last in (10, 70, 90) and value in (7, 8, 9):
            return current + value
    return None


_PARTS = {
    "en": r"thirds:3 quarters:4 fourths:4 fifths:5 sixths:6 sevenths:7 eighths:8 ninths:9 tenths:10",
    "fr": r"tiers:3 quarts:4 cinquiemes:5 sixiemes:6 septiemes:7 huitiemes:8 neuviemes:9 dixiemes:10",
    "es": r"tercios:3 terceras:3 cuartos:4 cuartas:4 quintos:5 quintas:5 sextos:6 septimos:7 octavos:8 decimos:10 "
    r"decimas:10",
    "ru": r"трети:3 третей:3 третями:3 четверти:4 четвертей:4 четвертями:4 пятых:5 шестых:6 седьмых:7 восьмых:8 "
    r"девятых:9 десятых:10",
    "ar": r"ارباع:4 اخماس:5 اسداس:6 اسباع:7 اثمان:8 اعشار:10",
}
# Each match begins at the start of a word or number, so that an endless run is scanned only once.
_WORDS = re.compile(r"((?<![^\W\d_])[^\W\d_]+|\d{1,2})[\s\u00a0-]+([^\W\d_]+)")
_DUAL = re.compile(r"(?<!\w)[وبل]?(?:ال)?ثلث(?:ا|ي|ين|ان)(?!\w)")
_STROKE = re.compile(r"(?<![\d/.])([1-9]\d?)\s?/\s?([2-9]|10|12)(?![\d/])")
_CHINESE_FRACTION = re.compile(r"(?<![二三四五六七八九十\d])([二三四五六七八九十\d]+)分之([一二两三四五六七八九\d]+)")


def fractions(plain: str, language: str) -> list[tuple[Decimal, int, int]]:
    """Return the fractions of a text with their places."""
    found = []
    for stroke in _STROKE.finditer(plain):
        if int(stroke[1]) < int(stroke[2]):
            found.append((_of(int(stroke[1]), int(stroke[2])), *stroke.span()))
    if language == "zh":
        for each_of in _CHINESE_FRACTION.finditer(plain):
            whole, part = (int(each) if each.isdigit() else chinese_value(each) for each in each_of.groups())
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
