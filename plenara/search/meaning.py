"""Finding by meaning, in whatever language: what lies near to a question, within the same filters.

Nothing here may be waited for, and all of it can be missing: then `Answer.state` says why, and words are found as ever.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from plenara.search import asking
from plenara.search.analyser import GAP
from plenara.search.engines import TooSlow, engine
from plenara.search.expressions import Expression, Run
from plenara.search.finding import Asked, Clock, Hit
from plenara.search.models import Arrangement, Entry, Meaning, Unread

#: The cosine from which on a text may answer a question, and the part of the nearest one's that it needs. Questions are
#: short and texts long, so cosines are small. Measured: docs/search.md.
LEAST, PART_OF_NEAREST = 0.15, 0.5
#: The part of a question's likeness to nonsense that a text must be nearer than. `benchmarks.nonsense` asked 300 times
#: what means nothing: with LEAST alone 36 of 100 found something in the demo, 18 in NETmundial 2014, 91 in République
#: numérique; with this 2, 1 and 18. Sentences found as much (93 of 100 an answer), few words less (68 instead of 91).
PART_OF_NONSENSE = 0.6
#: Nearest entries that are looked through, those of them that are looked up at first, and hits that are returned.
MOST_NEAR, FIRST_READ, LIMIT = 1_000, 200, 100
#: Entries that filters may leave so that each of them is compared; of more, the nearest are filtered.
MOST_AMONG = 5_000
#: Entries that wait, counted for a question; of more, what was counted at the last reading is told.
MOST_WAITING = 10_000
#: Of reciprocal ranks: how little the first places differ.
RANK = 60


class State(StrEnum):
    """How far the search by meaning is."""

    READY = "ready"
    BEHIND = "behind"  # some texts wait to be read: `done` of `total` were
    PAUSED = "paused"  # and nobody reads them at present
    STARTING = "starting"  # in some seconds it answers
    OFF = "off"
    SLOW = "slow"  # not in time: this question goes without


@dataclass(frozen=True)
class Answer:
    """What was found, the nearest first, with the cosines; and how far the reading is."""

    hits: list[tuple[Hit, float]] = field(default_factory=list)
    state: State = State.READY
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Fused:
    """An entry in the order of both searches: whether its words were found, and how near it is, if it is."""

    id: int
    by_words: bool
    cosine: float | None


def state() -> tuple[State, int, int, Arrangement | None]:
    """Return how far the reading is, how many of how many entries were read, and where they are looked for.

    Two queries. As entries go, the numbers are a little behind until the next piece is read.
    """
    if not asking.is_on():
        return State.OFF, 0, 0, None
    row = Meaning.objects.select_related("used").defer("used__centres").first()
    waiting = Unread.objects.all()[:MOST_WAITING].count()
    if row is None:
        return State.BEHIND if waiting else State.READY, 0, waiting, None
    is_behind = waiting or row.is_anew or row.used is None
    said = State.READY if not is_behind else State.PAUSED if row.paused_at else State.BEHIND
    counted = row.done + waiting
    return said, row.done, counted if waiting < MOST_WAITING else max(row.total, counted), row.used


def nearest_to(asked: Asked, text: str = "", limit: int = LIMIT, clock: Clock | None = None) -> Answer:
    """Return what lies near to a question, each thing once. A few queries, however many texts there are.

    `text` is what is asked, or else the query's own words. Filters, exclusions, symbols, authors and the period hold.
    """
    clock = clock or Clock()
    said, done, total, used = state()
    text = " ".join((text or asked.query.plain).split())
    if said is State.OFF or used is None or not text:
        return Answer(state=said, done=done, total=total)
    try:
        with engine().deadline(clock.left):
            row = asking.vector_of(text, clock.left)
            if row is None:
                return Answer(state=State.STARTING if asking.is_on() else State.OFF, done=done, total=total)
            hits = list(islice(_hits(asked, row, used), limit))
    except TooSlow:
        return Answer(state=State.SLOW, done=done, total=total)
    return Answer(hits, said, done, total)


def _hits(asked: Asked, row: Any, used: Arrangement) -> Iterator[tuple[Hit, float]]:
    from plenara.search import places
    from plenara.search.vectors import LENGTH

    limits = _limits(asked)
    among = _among(limits, asked)
    if among == []:
        return
    least = round(max(LEAST, PART_OF_NONSENSE * asking.likeness_to_nonsense(row)) * LENGTH**2)
    near = next(places.nearest(used, [row], limit=MOST_NEAR, least=least, among=among, only_reads=True))
    seen, nearest = set(), 0
    # Of most questions the first are enough; all of them are looked up where filters leave few.
    for some in (near[:FIRST_READ], near[FIRST_READ:]):
        standing = places.standing(some) if some else []
        entries = _read([each.entry_id for each in standing], limits if among is None else None)
        for each in standing:
            entry = entries.get(each.entry_id)
            if entry is None or not _is_within(each.entry_id, asked) or not _passes(entry, limits):
                continue
            nearest = nearest or each.product
            if each.product < PART_OF_NEAREST * nearest:
                return
            hit = Hit(each.entry_id, entry["kind"], entry["object_id"])
            if hit[1:] not in seen:
                seen.add(hit[1:])
                yield hit, each.product / LENGTH**2


def _read(entry_ids: list[int], limits: Expression | None) -> dict[int, dict[str, Any]]:
    """Return entries by number, with their tokens as far as limits have still to be looked after. One query."""
    names = ["id", "kind", "object_id"]
    if limits is not None and (limits.every or limits.none):
        names.append("filters")
        if any(not run.tokens[0].startswith(GAP) for run in limits.none):
            names.append("words")  # they can be long
    return {each["id"]: each for each in Entry.objects.filter(id__in=entry_ids).values(*names)}


def _limits(asked: Asked) -> Expression:
    """Return what must hold of an entry whatever it means: everything that is asked but the words that are wanted."""
    query = dataclasses.replace(asked.query, wanted=(), common=())
    return dataclasses.replace(asked, query=query).expression


def _among(limits: Expression, asked: Asked) -> list[int] | None:
    """Return the entries that limits leave, where they are few; nothing where they are many."""
    if not limits.every and asked.low is None:
        return None
    return engine().every(limits, low=asked.low, high=asked.high, most=MOST_AMONG)


def _is_within(entry_id: int, asked: Asked) -> bool:
    return (asked.low is None or entry_id >= asked.low) and (asked.high is None or entry_id < asked.high)


def _passes(entry: Mapping[str, str], limits: Expression) -> bool:
    if "filters" not in entry:
        return True  # they hold already, or there are none
    text = f" {entry.get('words', '')} {GAP} {entry['filters']} "
    every = all(any(_has(text, run) for run in runs) for runs in limits.every)
    return every and not any(_has(text, run) for run in limits.none)


def _has(text: str, run: Run) -> bool:
    return f" {' '.join(run.tokens)}{'' if run.star else ' '}" in text


def fused(by_words: Sequence[int], by_meaning: Sequence[tuple[Hit, float]]) -> list[Fused]:
    """Return entries in one order: each place in one of the two lists counts, the first ones most (reciprocal ranks).

    `by_words` are entries that have all words of a question, the most relevant first. Of equals, these come first.
    """
    scores: dict[int, float] = {}
    cosines = {hit.id: cosine for hit, cosine in by_meaning}
    for ranked in (by_words, list(cosines)):
        for place, entry_id in enumerate(ranked, 1):
            scores[entry_id] = scores.get(entry_id, 0) + 1 / (RANK + place)
    words = set(by_words)
    order = sorted(scores, key=lambda each: (-round(scores[each], 12), each not in words, -each))
    return [Fused(each, each in words, cosines.get(each)) for each in order]
