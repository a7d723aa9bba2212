"""Chinese numerals: 十二, 三百零五, 二〇二六, 两万."""

import re
from decimal import Decimal

_DIGITS = {**{each: value for value, each in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

NUMERAL = re.compile("[〇零一二三四五六七八九十百千万萬亿億两兩]+")
#: What is counted stands behind one of these; a bare numeral is more often part of a word.
_COUNTED = (
    "个個份项項条條名位人国國种種次家方类類年月日天周岁倍组組封篇则則句段成票件届屆场場期页頁轮輪世语語门門座所艘架部"
)
#: Words that begin with a numeral and count nothing.
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


def value(numeral: str) -> int | None:
    """Return what a Chinese numeral comes to; nothing where it is none."""
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


def times(text: str, at: int) -> tuple[int, int]:
    """Return by what 万 or 亿 behind digits multiplies them, and where that ends."""
    factor, end = 1, at
    while end < len(text) and (text[end] in _LARGE or text[end] in _SMALL):
        factor *= _LARGE.get(text[end]) or _SMALL[text[end]]
        end += 1
    return factor, end


def numerals(text: str) -> list[tuple[Decimal, int, int]]:
    """Return the numerals that count something, each with its place; one included, ordinals and idioms not."""
    found = []
    for match in NUMERAL.finditer(text):
        begin, end = match.span()
        after, before = text[end : end + 1], text[max(0, begin - 1) : begin]
        if before in {"第", "初", "每", "统", "之", "分", "周", "期"} or text.startswith(_NOT, begin):
            continue
        if before in {"上", "数", "數", "几", "幾", "成", "近"} and match[0][0] in (*_SMALL, *_LARGE):
            continue  # 数百: hundreds
        if after in {"世", "带"} or text.startswith(("年代", "世纪", "世紀", "分之"), end):
            continue
        whole = any(each in _SMALL or each in _LARGE for each in match[0])
        number = value(match[0])
        if number is None:
            continue
        if (after and after in _COUNTED) or (whole and len(match[0]) > 1):
            found.append((Decimal(number), begin, end))
    return found
