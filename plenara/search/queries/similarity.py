"""What is near in meaning: to a question, in whatever language, within the same filters; and to a thing of the same
kind.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from plenara.search import encoder
from plenara.search.actions.index import OTHER, related_things
from plenara.search.analyser import GAP
from plenara.search.engines import TooSlow, engine
from plenara.search.models import Arrangement, Entry, Meaning, Related, Unread
from plenara.search.queries.results import Asked, Clock, Hit
from plenara.search.query import Expression, Run

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
    if not encoder.is_on():
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
            row = encoder.vector_of(text, clock.left)
            if row is None:
                return Answer(state=State.STARTING if encoder.is_on() else State.OFF, done=done, total=total)
            hits = list(islice(_hits(asked, row, used), limit))
    except TooSlow:
        return Answer(state=State.SLOW, done=done, total=total)
    return Answer(hits, said, done, total)


def _hits(asked: Asked, row: Any, used: Arrangement) -> Iterator[tuple[Hit, float]]:
    from plenara.search import vector_store
    from plenara.search.vector_store import LENGTH

    limits = _limits(asked)
    among = _among(limits, asked)
    if among == []:
        return
    least = round(max(LEAST, PART_OF_NONSENSE * encoder.likeness_to_nonsense(row)) * LENGTH**2)
    near = next(vector_store.nearest(used, [row], limit=MOST_NEAR, least=least, among=among, only_reads=True))
    seen, nearest = set(), 0
    # Of most questions the first are enough; all of them are looked up where filters leave few.
    for some in (near[:FIRST_READ], near[FIRST_READ:]):
        existing = vector_store.without_gone(some) if some else []
        entries = _read([each.entry_id for each in existing], limits if among is None else None)
        for each in existing:
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


#: The cosine from which on two texts are said to be related. Measured: docs/search.md.
LEAST_RELATED = 0.45
#: Others that are kept of each: a page shows fewer, for some may be gone, and some it shows already.
MOST_RELATED = 10


def related_to(kind: str, object_id: int) -> list[tuple[int, int]]:
    """Return (object id, product) of what is near to a thing, the nearest first. One query.

    What is gone by now is among them: whoever shows them asks the record.
    """
    row = Related.objects.filter(kind=kind, object_id=object_id).first()
    return related_things(row) if row else []


def near_each(arrangement: Arrangement, entries: Mapping[int, Entry], numbers: Mapping[int, Any]) -> dict[int, Any]:
    """Return, by entry, what is near to it of its kind: (object id, product), the nearest first; what stands alone."""
    import numpy

    from plenara.search import vector_store
    from plenara.search.entries import KIND_SHIFT, KINDS
    from plenara.search.vector_store import LENGTH

    found: dict[int, list[tuple[int, int]]] = {}
    for number in {(each >> KIND_SHIFT) % KINDS for each in entries}:
        ids = [each for each in entries if (each >> KIND_SHIFT) % KINDS == number]
        rows = numpy.stack([numbers[each] for each in ids])
        # One more than is kept is the thing itself; the others make room for what is gone.
        near = list(
            vector_store.nearest(
                arrangement, rows, limit=2 * MOST_RELATED, least=round(LEAST_RELATED * LENGTH**2), kind=number
            )
        )
        there = {each.vector_id for each in vector_store.without_gone([one for some in near for one in some])}
        objects = _objects({one.entry_id for some in near for one in some})
        for entry_id, some in zip(ids, near, strict=True):
            own = entries[entry_id].object_id
            kept = [
                (objects[each.entry_id], each.product)
                for each in some
                if each.vector_id in there and objects.get(each.entry_id, own) != own
            ]
            found[entry_id] = kept[:MOST_RELATED]
    return found


def _objects(entry_ids: set[int]) -> dict[int, int]:
    """Return the things of entries that are the first of their things. One query."""
    return dict(Entry.objects.filter(id__in=entry_ids, part=0).values_list("id", "object_id"))


def save_related(kind: str, found: Mapping[int, list[tuple[int, int]]]) -> None:
    """Keep what is near to things, and put these into the lists of what they are near to. In a transaction."""
    lists = dict(found)
    near = {other for some in found.values() for other, _product in some} - set(found)
    lists |= {row.object_id: related_things(row) for row in Related.objects.filter(kind=kind, object_id__in=near)}
    for object_id, some in found.items():
        for other, product in some:
            if other in lists:
                rest = [each for each in lists[other] if each[0] != object_id]
                lists[other] = sorted([*rest, (object_id, product)], key=lambda each: (-each[1], -each[0]))[
                    :MOST_RELATED
                ]
    Related.objects.bulk_create(
        (
            Related(kind=kind, object_id=object_id, others=b"".join(OTHER.pack(*each) for each in some))
            for object_id, some in lists.items()
        ),
        batch_size=200,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["others"],
    )
