"""Pairs of figures: "7 of the 12", "12 份中的 7 份": a part and the whole it is of."""

import re
from dataclasses import dataclass
from itertools import pairwise

from plenara.documents.support.counted import NOUNS
from plenara.documents.support.figures import FRACTION, NUMBER, YEAR, Figure, all_figures, in_ascii, is_one


@dataclass(frozen=True)
class Pair:
    """A part and its whole, as a text says them."""

    part: Figure
    whole: Figure
    written: str
    begin: int
    end: int


#: What stands between the part and the whole, by language; in Chinese the whole comes first.
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
    """Return the pairs of a text in the order in which they stand. "One of the twelve" is one."""
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
    """Return figures that stand beside each other; "un total de" stands between none."""
    numbers = [each for each in found if not is_one(each)]
    return [
        *pairwise(numbers),
        *((one, two) for one, two in pairwise(found) if is_one(one) or is_one(two)),
    ]


def _pattern(language: str) -> re.Pattern[str] | None:
    written = _BETWEEN.get(language)
    return re.compile(written.replace("{noun}", f"(?:{NOUNS[language]})\\w*"), re.IGNORECASE) if written else None
