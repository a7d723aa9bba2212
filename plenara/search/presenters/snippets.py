"""Snippets of texts that were found: the matching words, marked, with some words around them.

The analyser of the index finds them again word by word, since stems have no positions in the text.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from plenara.core.text import plain, sentence_ends
from plenara.search import analyser
from plenara.search.query import Query, Term

#: Characters of a snippet, and of one in a script in which one character is like a word.
LENGTH, DENSE_LENGTH = 280, 120
#: Characters before the first marked word.
_LEAD = 60
#: Of a longer text, only the surroundings of a likely place are parsed as Markdown and searched word by word.
_LONG, _AROUND = 12_000, 3_000
#: Characters of a long text that are searched for likely places, and how many of these are tried.
_MOST, _MOST_TRIED = 500_000, 10
#: Marks among which the best place is chosen.
_MOST_MARKS = 200

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
# A word as it is written: with the diacritics, which the analyser removes.
_WRITTEN = re.compile(
    rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])+"
)
_DENSE = re.compile(f"[{_UNSPACED}]")


class Piece(NamedTuple):
    """A part of a text, and whether it matches."""

    text: str
    is_marked: bool = False


class _Word(NamedTuple):
    token: str
    start: int
    end: int


class _Mark(NamedTuple):
    term: int
    start: int
    end: int


def snippet(text: str, language: str, query: Query, *, looks_far: bool = True) -> list[Piece]:
    """Return some words of a text (Markdown) with matches marked; its first words if nothing matches.

    All of a long text is searched only if it `looks_far`: that takes up to some tenths of a second.
    """
    looked_for = _LookedFor(query)
    line, marks = _read(text[: 2 * _AROUND] if len(text) > _LONG else text, language, looked_for)
    if looks_far and len(text) > _LONG and not marks:
        for place in islice(looked_for.likely(text[:_MOST]), _MOST_TRIED):
            there, marks = _read(_cut_out(text, place), language, looked_for)
            if marks:
                line = there
                break
    begin, end = _window(line, marks)
    shown = _pieces(line, begin, end, marks)
    if begin > 0:
        shown.insert(0, Piece("… "))
    if end < len(line) and end - begin not in _ends(line, begin, end):
        shown.append(Piece("\u00a0…"))
    return shown


def _read(text: str, language: str, looked_for: "_LookedFor") -> tuple[str, list["_Mark"]]:
    line = " ".join(plain(text).split())
    return line, list(islice(looked_for.found(line, language), _MOST_MARKS))


def marked(line: str, language: str, query: Query) -> list[Piece]:
    """Return all of a line, such as a title, with matches marked."""
    return _pieces(line, 0, len(line), list(_LookedFor(query).found(line, language)))


def spellings(text: str, language: str, runs: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the words of a text that become one of these runs of tokens, as they are written."""
    line = plain(text)
    for mark in _LookedFor(Query(((Term(tuple(runs)),),))).found(line, language):
        yield line[mark.start : mark.end]


def as_text(pieces: list[Piece]) -> str:
    """Return a snippet without its marks."""
    return "".join(piece.text for piece in pieces)


class _LookedFor:
    """The runs of tokens of a query, by the first token of each."""

    def __init__(self, query: Query):
        self.whole: dict[str, list[tuple[int, tuple[str, ...], bool]]] = defaultdict(list)
        self.begun: list[tuple[int, str]] = []
        for place, term in enumerate(query.terms):
            self._take(place, term)

    def _take(self, place: int, term: Term) -> None:
        for run in term.alternatives:
            if term.star and len(run) == 1:
                self.begun.append((place, run[0]))
            elif run:
                self.whole[run[0]].append((place, run, term.star))
        for run in term.shorter:
            self.whole[run[0]].append((place, run, False))

    def likely(self, text: str) -> Iterator[int]:
        """Yield likely positions of matches in a long text. Fast, and sometimes wrong."""
        tokens = {*self.whole, *(beginning for _place, beginning in self.begun)}
        if not tokens:
            return
        folded = analyser.fold(text)
        last = 0
        for match in re.finditer("|".join(map(re.escape, sorted(tokens))), folded):
            if match.start() > last:
                last = match.start() + _AROUND
                yield match.start() * len(text) // len(folded)

    def found(self, line: str, language: str) -> Iterator[_Mark]:
        """Yield the positions of matches, in the order of the text."""
        if not self.whole and not self.begun:
            return
        words = list(_words(line, language))
        for at, word in enumerate(words):
            for place, run, star in self.whole.get(word.token, ()):
                rest = words[at : at + len(run)]
                if len(rest) == len(run) and all(map(_is, rest, run, [star and run[-1] == each for each in run])):
                    yield _Mark(place, word.start, rest[-1].end)
            for place, beginning in self.begun:
                if word.token.startswith(beginning):
                    dense = analyser.is_unspaced(beginning)
                    yield _Mark(place, word.start, word.start + len(beginning) if dense else word.end)


def _is(word: _Word, token: str, star: bool) -> bool:
    return word.token.startswith(token) if star else word.token == token


def _words(line: str, language: str) -> Iterator[_Word]:
    """Yield the tokens of a text with their positions."""
    for match in _WRITTEN.finditer(line):
        start, written = match.start(), match[0]
        if analyser.is_unspaced(written):
            folded = "".join(one if len(one := analyser.fold(each)) == 1 else each for each in written)
            for at, pair in enumerate(analyser.pairs(folded)):
                yield _Word(pair, start + at, start + at + len(pair))
        else:
            for word in analyser.words(written):
                yield _Word(analyser.stem(word, language), start, match.end())


def _cut_out(text: str, place: int) -> str:
    """Return the part of a long text around a place, in whole paragraphs if these are short enough."""
    begin, end = max(place - _AROUND, 0), min(place + _AROUND, len(text))
    if begin:
        begin = next((at for mark in "\n " if (at := text.find(mark, begin, place)) >= 0), begin)
    return text[begin:end] + ("" if end == len(text) else "\u00a0…")


def _window(line: str, marks: list[_Mark]) -> tuple[int, int]:
    """Return the beginning and end of the snippet: the earliest place with the most matches together."""
    around = marks[0].start if marks else 0
    length = DENSE_LENGTH if len(_DENSE.findall(line[around : around + 60])) > 20 else LENGTH
    if len(line) <= length + 20:
        return 0, len(line)
    best, most = 0, 0
    for mark in marks:
        within = {each.term for each in marks if mark.start <= each.start and each.end <= mark.start + length - _LEAD}
        if len(within) > most:
            best, most = mark.start, len(within)
    # Near the end there is room for more before.
    begin = _beginning(line, min(best, max(len(line) - length + _LEAD, 0)))
    end = _ending(line, begin + length, max((each.end for each in marks if each.start == best), default=0))
    least = max((each.end for each in marks if each.end <= end), default=begin + length // 3)
    return begin, next((begin + at for at in reversed(_ends(line, begin, end)) if begin + at >= least), end)


def _ends(line: str, begin: int, end: int) -> list[int]:
    """Return where sentences end in a stretch of a line, counted from its beginning."""
    return [at for at in sentence_ends(line[begin : end + 1]) if at <= end - begin]


def _beginning(line: str, place: int) -> int:
    """Return the beginning before a place: at its sentence, if that begins shortly before, or at a word."""
    if place <= _LEAD:
        return 0
    earliest = place - _LEAD
    first = max(earliest - 20, 0)
    sentences = [first + at + line.startswith(" ", first + at) for at in sentence_ends(line[first : place + 1])]
    if sentences and sentences[-1] <= place:
        return sentences[-1]
    return next((at for at in range(earliest, place) if _may_cut(line, at)), place)


def _ending(line: str, place: int, at_least: int) -> int:
    """Return the end at a place or before it, but never inside a match."""
    if place >= len(line):
        return len(line)
    return next((at for at in range(place, max(at_least, place - 60), -1) if _may_cut(line, at)), max(place, at_least))


def _may_cut(line: str, at: int) -> bool:
    """Return whether a text may be cut before a character: between words, or between two Chinese characters."""
    before, after = line[at - 1], line[at]
    if before == " ":
        return True
    if after == " ":
        return False  # one later
    if unicodedata.category(after)[0] in "MP" or unicodedata.category(after) == "Cf":
        return False
    return bool(_DENSE.match(before) and _DENSE.match(after)) or before in "。！？；，、"


def _pieces(line: str, begin: int, end: int, marks: list[_Mark]) -> list[Piece]:
    """Return a section of a text in pieces. Marks that touch, or that only a space separates, are one."""
    spans: list[tuple[int, int]] = []
    for mark in sorted(marks, key=lambda each: each.start):
        if mark.start < begin or mark.end > end:
            continue
        if spans and not line[spans[-1][1] : mark.start].strip():
            spans[-1] = (spans[-1][0], max(spans[-1][1], mark.end))
        else:
            spans.append((mark.start, mark.end))
    pieces, at = [], begin
    for start, stop in spans:
        pieces += [Piece(line[at:start]), Piece(line[start:stop], True)]
        at = stop
    pieces.append(Piece(line[at:end].rstrip() if end < len(line) else line[at:end]))
    return [piece for piece in pieces if piece.text]
