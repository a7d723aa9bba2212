"""Whether two texts are the same or nearly so, and where to look for what is like a text.

A text is a row of units: words, or single characters where a script sets no spaces. Runs of three of them (five of
Chinese) are what two texts can share. The figure is plain: how many of its hundred words stand in runs that the other
text has too, the smaller of both directions.

Candidates come from a signature: of each of forty ways to order all runs, the first that the text has; two by two they
make twenty bands. Texts that share a band are compared in full. Broder 1997 (resemblance of documents), bands after
Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plenara.core.text import plain

ROWS, BANDS = 2, 20
#: Percent that two texts must share to be nearly the same.
LEAST = 80
#: Texts of fewer units say too little: thousands agree in four words and are no campaign.
FEWEST_UNITS = 8
#: A change of so few units can turn a sentence around.
SHORT_CHANGE = 4

_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+(?:[’'][^\W_]+)*")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# Vowel marks and the stretching line of Arabic, which some write and some do not.
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىة", "اااايه")

#: Words that turn a sentence around, in our six languages: a text with one more of them is another text, however
#: much it shares. Chinese has them as characters, Arabic also with what it writes before them.
_TURNS = frozenset(
    word
    for words in (
        "no not never none neither nor without cannot against unless except",
        "oppose opposes opposed reject rejects refuse disagree support supports agree accept",
        "ne n pas jamais aucun aucune sans ni non contre sauf refuse refusons opposons rejetons soutenons acceptons",
        "nunca jamás tampoco sin ningún ninguna contra salvo rechazamos rechazo apoyamos apoyo aceptamos",
        "не нет ни без никогда никакой против отвергаем возражаем поддерживаем",
        "لا لن لم ليس ليست غير بدون دون ولا ولن ولم ضد نرفض نعارض نويد ندعم الا",
        "不 没 無 无 非 未 勿 别 莫 否 反",
    )
    for word in words.split()
)
_CONTRACTED = re.compile(r"^n[’'](?=.)")


def units(text: str) -> list[str]:
    """Return what a text consists of for a comparison: words without case, accents of writing and marks."""
    text = unicodedata.normalize("NFKC", plain(text)).casefold().replace("’", "'")
    text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return _UNIT.findall(text)


@dataclass(frozen=True)
class Likened:
    """A text made ready for comparisons."""

    units: list[str]

    @classmethod
    def of(cls, text: str) -> "Likened":
        return cls(units(text))

    @cached_property
    def length(self) -> int:
        """How many units make a run."""
        wide = sum(1 for unit in self.units if _WIDE.match(unit))
        return 5 if wide * 2 > len(self.units) else 3

    @cached_property
    def runs(self) -> list[str]:
        return [" ".join(self.units[at : at + self.length]) for at in range(len(self.units) - self.length + 1)]

    @property
    def is_comparable(self) -> bool:
        """Whether the text is long enough for its likeness to say anything."""
        return len(self.units) >= FEWEST_UNITS * (2 if self.length == 5 else 1)

    @cached_property
    def bands(self) -> list[int]:
        """The bands of its signature, each a signed 64-bit number; none of a text that is too short."""
        return _bands(self.runs) if self.is_comparable else []

    def shared_with(self, other: "Likened") -> "Shared":
        """Return how much two texts share, and whether a small change turns one of them around."""
        if self.units == other.units:
            return Shared(100, turned=False)
        if not self.runs or not other.runs:
            return Shared(0, turned=False)
        mine, theirs = self._outside(other), other._outside(self)
        share = min(_percent(self.units, mine), _percent(other.units, theirs))
        return Shared(share, turned=_turns(mine) != _turns(theirs))

    def _outside(self, other: "Likened") -> list[list[str]]:
        """Return the pieces of this text that stand in no run of the other."""
        left = Counter(other.runs)
        covered = bytearray(len(self.units))
        for at, run in enumerate(self.runs):
            if left[run]:
                left[run] -= 1
                covered[at : at + self.length] = b"\1" * self.length
        pieces: list[list[str]] = []
        for unit, inside, before in zip(self.units, covered, b"\1" + covered, strict=False):
            if not inside:
                if before:
                    pieces.append([])
                pieces[-1].append(unit)
        return pieces


@dataclass(frozen=True)
class Shared:
    """How much of a hundred words two texts share; and whether they say the opposite somewhere, word for word."""

    percent: int
    turned: bool

    @property
    def is_same(self) -> bool:
        return self.percent >= LEAST and not self.turned


def _percent(all_of: Sequence[str], outside: list[list[str]]) -> int:
    inside = len(all_of) - sum(map(len, outside))
    return inside * 100 // len(all_of)


def _turns(pieces: list[list[str]]) -> Counter[str]:
    """Return the words that turn a sentence around, where a change is too short to be a thought of its own."""
    words = (unit for piece in pieces if len(piece) <= SHORT_CHANGE for unit in piece)
    return Counter(word for unit in words for word in _turning(unit))


def _turning(unit: str) -> list[str]:
    if unit in _TURNS or unit.endswith("n't"):
        return ["not" if unit.endswith("n't") or unit in {"cannot", "not"} else unit]
    return ["ne"] if _CONTRACTED.match(unit) else []


def _bands(runs: list[str]) -> list[int]:
    import numpy

    hashes = numpy.fromiter({zlib.crc32(run.encode()) for run in runs}, dtype=numpy.uint64)
    # Multiply and shift (Dietzfelbinger): odd factors order all runs anew, the upper half of the product is even.
    factors = _factors()
    firsts = ((hashes[None, :] * factors[:, :1] + factors[:, 1:]) >> numpy.uint64(32)).min(axis=1)
    high, low = firsts[0::ROWS], firsts[1::ROWS]
    # The place of a band is part of its number, or texts would meet in bands that do not belong together.
    place = numpy.arange(1, BANDS + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    mixed = ((high << numpy.uint64(32)) | low) * numpy.uint64(0xBF58476D1CE4E5B9) + place
    return [int(each) for each in mixed.astype(numpy.int64)]


def _factors() -> Any:
    """Return the forty pairs of numbers that order the runs. Never change them: what is kept would be worth nothing."""
    import numpy

    state, numbers = 0x243F6A8885A308D3, []
    for _each in range(ROWS * BANDS * 2):  # SplitMix64
        state = (state + 0x9E3779B97F4A7C15) & (2**64 - 1)
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
        numbers.append((mixed ^ (mixed >> 31)) | 1)
    return numpy.array(numbers, dtype=numpy.uint64).reshape(-1, 2)
