"""Words for numbers in five of the six languages, folded (`words.fold`). Chinese numerals stand in `chinese.py`."""

from functools import lru_cache

from plenara.documents.support.words import fold, without_prefix

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

#: "The one and twentieth": what follows these in Arabic is an ordinal too.
ORDINALS = {
    fold(f"ال{each}{end}")
    for each in ("حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع")
    for end in ("", "ة")
}
#: "Thousands", "millions": no number without one before it.
VAGUE = {fold(each) for each in ("آلاف", "ملايين", "مليارات")}
#: What may begin a number on its own; "thousands" and "millions" alone say no number.
BEGINS = {"fr": {100, 1000}, "es": {100, 1000}, "ru": {100}, "ar": {100, 1000}, "en": set()}
#: Between the parts of one number.
JOINERS = {"en": {"and"}, "fr": {"et"}, "es": {"y"}, "ru": set(), "ar": set()}
#: Days of the week that look like numbers.
_NEVER = {"ar": {fold("الاثنين"), fold("الأحد"), fold("لاحد"), fold("بعشر")}}


@lru_cache(maxsize=8)
def table(language: str) -> dict[str, int]:
    """Return the words for numbers of a language, folded, with their values; of another language none."""
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
    """Return the value of a word that says a number, else 0; and whether Arabic joins it by "and" to what precedes."""
    words, bare = table(language), fold(word)
    if language != "ar":
        return words.get(bare, 0), False
    if bare in _NEVER["ar"]:
        return 0, False
    found = next(((words[form], form) for form in without_prefix(bare) if form in words), None)
    return (found[0], bare.startswith("و") and found[1] != bare) if found else (0, False)


def combined(current: int, value: int, language: str, *, joined: bool) -> int | None:
    """Return what a number of `current` becomes with the next word; nothing where they are two numbers."""
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
