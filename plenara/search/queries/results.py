"""The newest that match, or the most relevant of these, and how many there are, before a deadline; and words close in
spelling to one that no text has.
"""

import math
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched, chain
from typing import NamedTuple

from django.conf import settings
from rapidfuzz import process
from rapidfuzz.distance import OSA

from plenara.search import analyser
from plenara.search.analyser import GAP
from plenara.search.engines import TooSlow, engine
from plenara.search.entries import MOST_PARTS, PART_BITS
from plenara.search.models import Entry
from plenara.search.query import Expression, Problem, Query, QueryRefused, Run, Term, expression_of

PAGE = 20
#: The most matches that are counted.
MOST_COUNTED = 1_000
#: The newest matches that are ranked by relevance, and the most tokens that are read for it.
MOST_RANKED, MOST_READ = 1_000, 2_000_000
_AT_ONCE = 500
#: BM25's usual constants, and the weight of a word in a title.
_K, _B, _TITLE = 1.2, 0.75, 2.0


class Hit(NamedTuple):
    """An entry that was found: its number, and its thing."""

    id: int
    kind: str
    object_id: int


@dataclass(frozen=True)
class Page:
    """Hits, how many there are in all, and where the next page begins."""

    hits: list[Hit]
    count: int
    is_capped: bool  # there are more than `count`
    next: int | None = None  # newest first: the number that the next page ends before; by relevance: the next page
    #: By relevance, whether only the newest of the matches were ranked.
    ranked: int = 0


@dataclass(frozen=True)
class Asked:
    """A query with its filters and its period, as entry numbers."""

    query: Query
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Mapping[str, Sequence[str]] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, _in_range(getattr(self, name)))

    @property
    def expression(self) -> Expression:
        return expression_of(self.query, self.filters, self.without)


class Clock:
    """The time that is left for a query. `left` raises `ActionRefused` when there is none."""

    def __init__(self, seconds: float | None = None):
        self._until = time.monotonic() + (settings.SEARCH_DEADLINE if seconds is None else seconds)

    @property
    def left(self) -> float:
        """Seconds."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise QueryRefused(Problem.TOO_SLOW)
        return seconds

    @property
    def is_running(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self._until


def newest(asked: Asked, *, before: int | None = None, limit: int = PAGE, clock: Clock | None = None) -> Page:
    """Return a page of matches, the newest first. Three queries at most. Raises `ActionRefused` at the deadline."""
    clock = clock or Clock()
    most = limit + MOST_PARTS
    try:
        with engine().deadline(clock.left):
            ids, count = _found(asked, most, _in_range(before))
    except TooSlow as slow:
        raise QueryRefused(Problem.TOO_SLOW) from slow
    things = _things(ids)
    shown = things[:limit]
    # The next page ends before the first part of the last thing here, whichever part matched.
    more = shown[-1] >> PART_BITS << PART_BITS if shown and (len(things) > limit or len(ids) == most) else None
    return Page(_hits(shown), min(count, MOST_COUNTED), count > MOST_COUNTED, more)


def relevant(asked: Asked, *, page: int = 1, limit: int = PAGE, clock: Clock | None = None) -> Page:
    """Return a page of the newest matches, the most relevant first. Raises `ActionRefused` at the deadline.

    Five queries at most.
    """
    clock = clock or Clock()
    try:
        with engine().deadline(clock.left):
            ids, count = _found(asked, MOST_RANKED)
            ranked = _things(rank(ids, asked.query, clock))
    except TooSlow as slow:
        raise QueryRefused(Problem.TOO_SLOW) from slow
    page = max(page, 1)
    shown = ranked[(page - 1) * limit : page * limit]
    more = page + 1 if len(ranked) > page * limit else None
    return Page(_hits(shown), min(count, MOST_COUNTED), count > MOST_COUNTED, more, len(ranked))


def _in_range(bound: int | None) -> int | None:
    """Return a bound within the range of databases, whatever the address has."""
    return None if bound is None else min(max(bound, 0), (1 << 63) - 1)


def _things(ids: Iterable[int]) -> list[int]:
    """Return entries with only the first of the parts of each thing."""
    first: dict[int, int] = {}
    for each in ids:
        first.setdefault(each >> PART_BITS, each)
    return list(first.values())


def rank(ids: Sequence[int], query: Query, clock: Clock | None = None) -> list[int]:
    """Return entries in the order of their relevance (BM25), the newer of two equal ones first. Two queries at most.

    With a clock it raises `ActionRefused` when there is no time left: here the time is not spent in the database.
    """
    if not ids or not query.terms:
        return list(ids)
    patterns = [_pattern(term) for term in query.terms]
    sizes: dict[int, int] = {}
    counts: dict[int, list[float]] = {}
    read = 0
    for key, size, words in _words(ids):
        read += size
        if read > MOST_READ and counts:
            break
        sizes[key] = size
        counts[key] = list(_counted(words, patterns))
        if clock:
            _ = clock.left
    mean = sum(sizes[key] for key in counts) / max(len(counts), 1) or 1
    weights = [_weight(sum(1 for found in counts.values() if found[at]), len(counts)) for at in range(len(query.terms))]

    def score(key: int) -> float:
        norm = _K * (1 - _B + _B * sizes[key] / mean)
        return sum([w * n * (_K + 1) / (n + norm) for w, n in zip(weights, counts[key], strict=True) if n])

    best = sorted(counts, key=lambda key: (-round(score(key), 9), -key))
    return [*best, *(each for each in ids if each not in counts)]


def _words(ids: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    for some in batched(sorted(ids, reverse=True), _AT_ONCE):  # a thousand long texts would take much memory
        yield from engine().words(some)


def _counted(words: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[float]:
    """Yield how often each term is in an entry; the title and the names of authors count for more."""
    # Names are between the title and the text, and two gaps end them (`analyser.for_index`).
    title, ends, body = words.partition(f"{GAP} {GAP} ")
    if not ends:
        title, _gap, body = words.partition(f"{GAP} ") if words.startswith(GAP) else words.partition(f" {GAP} ")
    title, body = f" {title} ", f" {body} "
    for pattern in patterns:
        yield _TITLE * len(pattern.findall(title)) + len(pattern.findall(body))


def _pattern(term: Term) -> re.Pattern[str]:
    whole = "|".join(re.escape(" ".join(run)) for run in (*term.alternatives, *term.shorter))
    begun = "|".join(re.escape(" ".join(run)) for run in term.alternatives if term.star)
    # It begins with the space itself, not with a lookbehind, which would be tried before every character.
    return re.compile(rf" (?:(?:{whole})(?= ){f'|(?:{begun})' if begun else ''})")


def _weight(found: int, of: int) -> float:
    return math.log(1 + (of - found + 0.5) / (found + 0.5))


def _found(asked: Asked, limit: int, before: int | None = None) -> tuple[list[int], int]:
    low, high, cap = asked.low, asked.high, MOST_COUNTED + 1
    return engine().found(asked.expression, low=low, high=high, before=before, limit=limit, cap=cap)


def _hits(ids: Sequence[int]) -> list[Hit]:
    rows = {row[0]: Hit(*row) for row in Entry.objects.filter(id__in=ids).values_list("id", "kind", "object_id")}
    return [rows[each] for each in ids if each in rows]


#: The fewest letters of a word that is corrected: a shorter one is close to nearly every word. And in Chinese.
FEWEST, MOST = 4, 24
FEWEST_UNSPACED, MOST_UNSPACED = 2, 8
#: A word of so many letters may differ by two letters: from the tokens of so many of the newest entries, if these have
#: no more than so many.
LONG, NEWEST, MOST_OF_ENTRY = 7, 2_000, 2_000
#: Words of a query that are corrected, spellings that are searched for each, and entries that are returned for each.
MOST_WORDS, MOST_NEAR, MOST_WITH = 3, 12, 5
_LETTERS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "": "abcdefghijklmnopqrstuvwxyz",
}
#: The common Chinese characters in the order of GB 2312, which is that of their sound; and how far from a character
#: those are that sound like it. Whoever types by sound chooses a wrong one of these.
_BY_SOUND = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low)).decode(
    "gb2312", "ignore"
)
_SOUNDS_LIKE = 60


class Unused(NamedTuple):
    """A word of a query that no entry has, folded; tokens that are close to it, and the newest entries with these."""

    word: str
    near: list[tuple[str, ...]]
    entries: list[int]


def unused(query: Query, without: Mapping[str, Sequence[str]], clock: Clock) -> list[Unused]:
    """Return the words of a query that no entry has; Chinese ones if others are close. A few queries for each of the
    first few.
    """
    found: dict[str, Unused] = {}
    try:
        with engine().deadline(clock.left):
            for term in _single(query):
                if not engine().match(expression_of(Query(((term,),)), without=without), limit=1):
                    found[term.words[0]] = Unused(term.words[0], [], [])
            for each in found.values():
                each.near.extend(_near_tokens(each.word))
                for run in each.near:
                    matching = Expression(((Run(run),),), expression_of(Query(), without=without).none)
                    each.entries.extend(engine().match(matching, limit=MOST_WITH))
    except (TooSlow, QueryRefused):
        pass  # the words are returned anyway
    # Chinese without spaces may be a whole sentence.
    return [each for each in found.values() if each.near or not analyser.is_unspaced(each.word)]


def _single(query: Query) -> Iterator[Term]:
    """Yield the terms that are one word: no phrase, no beginning."""
    terms = (term for term in query.terms if len(term.words) == 1 and not term.star)
    return (term for _place, term in zip(range(MOST_WORDS), terms, strict=False))


def _near_tokens(word: str) -> list[tuple[str, ...]]:
    """Return the tokens of spellings close to a word that entries have. Two queries."""
    spellings = dict.fromkeys(_near(word))
    there = set(engine().known(list(dict.fromkeys(chain.from_iterable(spellings)))))
    near = [run for run in spellings if there.issuperset(run)]
    return (near or list(_vocabulary_matches(word)))[:MOST_NEAR]


def _near(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of spellings that differ by a letter from a word, those with all letters first."""
    if analyser.is_unspaced(word):
        if FEWEST_UNSPACED <= len(word) <= MOST_UNSPACED:
            for other in _variants_by_sound(word):
                if len(other) > 1:
                    yield tuple(analyser.pairs(other)[:-1])
    elif FEWEST <= len(word) <= MOST and not word.isdigit():
        languages = analyser.languages_of(word)
        for other in _variants(word, _LETTERS[languages[0] if languages[0] in _LETTERS else ""]):
            yield from ((analyser.stem(other, language),) for language in (*languages, ""))


def _variants(word: str, letters: str) -> Iterator[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + letter + b for a, b in cuts for letter in letters)
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + letter + b[1:] for a, b in cuts if b for letter in letters)


def _variants_by_sound(word: str) -> Iterator[str]:
    yield from _variants(word, "")
    for at, character in enumerate(word):
        place = _BY_SOUND.find(character)
        if place >= 0:
            like = range(max(place - _SOUNDS_LIKE, 0), min(place + _SOUNDS_LIKE, len(_BY_SOUND)))
            for other in sorted(like, key=lambda each: abs(each - place)):
                yield word[:at] + _BY_SOUND[other] + word[at + 1 :]


def _vocabulary_matches(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of the newest entries that differ by two letters from those of a long word. One query."""
    if not LONG <= len(word) <= MOST or analyser.is_unspaced(word):
        return
    texts = Entry.objects.filter(size__lt=MOST_OF_ENTRY).order_by("-id").values_list("words", flat=True)
    tokens = list({token for words in texts[:NEWEST] for token in words.split()})
    for language in (*analyser.languages_of(word), ""):
        stem = analyser.stem(word, language)
        for token, _distance, _at in process.extract(stem, tokens, scorer=OSA.distance, score_cutoff=2):
            yield (token,)
