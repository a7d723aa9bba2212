"""Similarity in meaning: to a query, in any language, within the same filters; and to a thing of the same
kind.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import batched, islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from plenara.core.prepared import prepared
from plenara.core.rows import Json
from plenara.search import encoder
from plenara.search.actions.index import OTHER, related_things
from plenara.search.analyser import GAP
from plenara.search.engines import TooSlow, Within, engine
from plenara.search.entries import Array
from plenara.search.models import Arrangement, Entry, Meaning, Related, Unread
from plenara.search.queries.results import Asked, Clock, Hit
from plenara.search.query import Expression, Run

if TYPE_CHECKING:
    from plenara.search.vector_store import Near

#: The least cosine of a text with a query, and the least part of the nearest text's cosine. Queries are
#: short and texts long, so cosines are small. Measured: docs/search.md.
LEAST, PART_OF_NEAREST = 0.15, 0.5
#: The nearest text must be nearer than the nearest of as many texts is to a question that none of them answers: their
#: cosines have a normal distribution, so that the greatest grows with the root of the logarithm of their number. And
#: by this part of the question's likeness to nonsense. Measured by `benchmarks.retrieval`: docs/search.md.
SPREAD, PART_OF_NONSENSE = 0.075, 0.2
#: Texts of fewer tokens are near to many questions by chance: they must be so much nearer.
FEW_TOKENS, MORE_OF_FEW = 20, 0.15
#: Nearest entries that are searched, those of them that are fetched at a time, and hits that are returned.
MOST_NEAR, READ_ONCE, LIMIT = 1_000, 125, 100
#: The most entries within filters that are listed; and the part of all from which on the nearest have enough of them.
MOST_AMONG, PART_OF_ALL = 5_000, LIMIT / MOST_NEAR
#: The most unread entries that a query counts; for more, the count of the last reading is shown.
MOST_UNREAD = 10_000
#: The constant of reciprocal ranks: larger makes the first places differ less.
RANK = 60


class State(StrEnum):
    """The state of the search by meaning."""

    READY = "ready"
    BEHIND = "behind"  # some texts are unread: `done` of `total` were read
    PAUSED = "paused"  # and no task reads them now
    STARTING = "starting"  # ready in some seconds
    OFF = "off"
    SLOW = "slow"  # not in time: this query has no results by meaning


@dataclass(frozen=True)
class Answer:
    """The results, the nearest first, with the cosines; and the state of the reading."""

    hits: list[tuple[Hit, float]] = field(default_factory=list)
    state: State = State.READY
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Fused:
    """An entry in the order of both searches: whether its words matched, and its cosine, if any."""

    id: int
    by_words: bool
    cosine: float | None


def state() -> tuple[State, int, int, Arrangement | None]:
    """Return the state of the reading, how many of how many entries were read, and the kind of vector search.

    Two queries. After deletions the numbers are a little behind until the next piece is read.
    """
    if not encoder.is_on():
        return State.OFF, 0, 0, None
    row = Meaning.objects.select_related("used").defer("used__centres").first()
    unread = Unread.objects.all()[:MOST_UNREAD].count()
    if row is None:
        return State.BEHIND if unread else State.READY, 0, unread, None
    is_behind = unread or row.is_anew or row.used is None
    status = State.READY if not is_behind else State.PAUSED if row.paused_at else State.BEHIND
    counted = row.done + unread
    return status, row.done, counted if unread < MOST_UNREAD else max(row.total, counted), row.used


def nearest_to(
    asked: Asked, text: str = "", limit: int = LIMIT, clock: Clock | None = None, *, is_answered: bool = False
) -> Answer:
    """Return what is near to a query, each thing once. A few queries, however many texts there are.

    `text` is what to search for, by default the query's words. Filters, exclusions, symbols, authors and period apply.
    It is nothing if not even the nearest text is near enough to answer, unless others do (`is_answered`).
    """
    clock = clock or Clock()
    status, done, total, used = state()
    text = " ".join((text or asked.query.plain).split())
    if status is State.OFF or used is None or not text:
        return Answer(state=status, done=done, total=total)
    try:
        with engine().deadline(clock.left):
            row = encoder.vector_of(text, clock.left)
            if row is None:
                return Answer(state=State.STARTING if encoder.is_on() else State.OFF, done=done, total=total)
            hits = list(islice(_hits(asked, row, used, is_answered), limit))
    except TooSlow:
        return Answer(state=State.SLOW, done=done, total=total)
    return Answer(hits, status, done, total)


def _hits(asked: Asked, row: Array, used: Arrangement, is_answered: bool) -> Iterator[tuple[Hit, float]]:
    from plenara.search import vector_store
    from plenara.search.vector_store import LENGTH

    limits = _limits(asked)
    every, among = _within_limits(limits, asked, used.packed)
    if every == []:
        return
    enough = enough_for(encoder.likeness_to_nonsense(row), used.packed if every is None else len(every))
    row = encoder.without_nonsense(row)
    least = round(LEAST * LENGTH**2)
    found = vector_store.nearest(
        used, [row], limit=MOST_NEAR, least=least, among=among if every is None else every, only_reads=True
    )
    waiting: list[tuple[Hit, float]] = []
    seen = set()
    for entry, cosine in _within(next(found), limits if every is None and among is None else None, asked):
        is_answered = is_answered or cosine >= enough + (MORE_OF_FEW if entry["size"] < FEW_TOKENS else 0)
        if not is_answered and cosine < enough:
            return  # the others are farther
        hit = Hit(entry["id"], entry["kind"], entry["object_id"])
        if hit[1:] not in seen:
            seen.add(hit[1:])
            waiting.append((hit, cosine))
        if is_answered:
            yield from waiting
            waiting.clear()


def enough_for(likeness_to_nonsense: float, texts: int) -> float:
    """Return the cosine that the nearest of some texts must have to be an answer to a query."""
    return SPREAD * math.sqrt(2 * math.log(max(texts, 1))) + PART_OF_NONSENSE * likeness_to_nonsense


def _within(near: Sequence["Near"], limits: Expression | None, asked: Asked) -> Iterator[tuple[Json, float]]:
    """Yield entries within limits with their cosines, the nearest first, down to a part of the nearest one's."""
    from plenara.search import vector_store
    from plenara.search.vector_store import LENGTH

    nearest = 0
    # For most queries the first are enough; all of them are fetched if filters leave few.
    for some in batched(near, READ_ONCE):
        entries = _read([each.entry_id for each in some if _is_within(each.entry_id, asked)], limits)
        passing = {pk for pk, entry in entries.items() if limits is None or _passes(entry, limits)}
        for each in vector_store.without_deleted([each for each in some if each.entry_id in passing]):
            nearest = nearest or each.product
            if each.product < PART_OF_NEAREST * nearest:
                return
            yield entries[each.entry_id], each.product / LENGTH**2


def _read(entry_ids: list[int], limits: Expression | None) -> dict[int, Json]:
    """Return entries by number, with their tokens if limits must still be checked. One query."""
    names = ["id", "kind", "object_id", "size"]
    if limits is not None and (limits.every or limits.none):
        names.append("filters")
        if any(not run.tokens[0].startswith(GAP) for run in limits.none):
            names.append("words")  # they can be long
    return {each["id"]: each for each in Entry.objects.filter(id__in=entry_ids).values(*names)}


def _limits(asked: Asked) -> Expression:
    """Return the conditions of a query besides its meaning: everything but the wanted words."""
    query = dataclasses.replace(asked.query, wanted=(), common=())
    return dataclasses.replace(asked, query=query).expression


def _within_limits(limits: Expression, asked: Asked, texts: int) -> Within:
    """Return the entries within limits, if few of so many texts are."""
    if not limits.every and asked.low is None:
        return Within()
    most = int(PART_OF_ALL * texts)
    return engine().within(limits, low=asked.low, high=asked.high, few=MOST_AMONG, most=most)


def _is_within(entry_id: int, asked: Asked) -> bool:
    return (asked.low is None or entry_id >= asked.low) and (asked.high is None or entry_id < asked.high)


def _passes(entry: Json, limits: Expression) -> bool:
    if "filters" not in entry:
        return True  # they are checked already, or there are none
    text = f" {entry.get('words', '')} {GAP} {entry['filters']} "
    every = all(any(_has(text, run) for run in runs) for runs in limits.every)
    return every and not any(_has(text, run) for run in limits.none)


def _has(text: str, run: Run) -> bool:
    return f" {' '.join(run.tokens)}{'' if run.star else ' '}" in text


def fused(by_words: Sequence[int], by_meaning: Sequence[tuple[Hit, float]]) -> list[Fused]:
    """Return entries in one order: each place in one of the two lists counts, the first ones most (reciprocal ranks).

    `by_words` are entries that have all words of a query, the most relevant first. Of equals, these come first.
    """
    scores: dict[int, float] = {}
    cosines = {hit.id: cosine for hit, cosine in by_meaning}
    for ranked in (by_words, list(cosines)):
        for place, entry_id in enumerate(ranked, 1):
            scores[entry_id] = scores.get(entry_id, 0) + 1 / (RANK + place)
    words = set(by_words)
    order = sorted(scores, key=lambda each: (-round(scores[each], 12), each not in words, -each))
    return [Fused(each, each in words, cosines.get(each)) for each in order]


#: The least cosine of related texts. Measured: docs/search.md.
LEAST_RELATED = 0.45
#: Related things that are stored for each: a page shows fewer, since some may be withdrawn or already shown.
MOST_RELATED = 10


def related_to(kind: str, object_id: int) -> list[tuple[int, int]]:
    """Return (object id, product) of what is near to a thing, the nearest first. One query.

    Withdrawn things are among them: the caller checks the record.
    """
    row = next(iter(_related(kind, object_id)), None)
    return related_things(row) if row else []


@prepared
def _related(kind: str, object_id: int) -> QuerySet[Related]:
    return Related.objects.filter(kind=kind, object_id=object_id)


def near_each(
    arrangement: Arrangement, entries: Mapping[int, Entry], numbers: Mapping[int, Array]
) -> dict[int, list[tuple[int, int]]]:
    """Return, by entry, what is near to it of its kind: (object id, product), the nearest first; perhaps none."""
    import numpy

    from plenara.search import vector_store
    from plenara.search.entries import KIND_SHIFT, KINDS
    from plenara.search.vector_store import LENGTH

    found: dict[int, list[tuple[int, int]]] = {}
    for number in {(each >> KIND_SHIFT) % KINDS for each in entries}:
        ids = [each for each in entries if (each >> KIND_SHIFT) % KINDS == number]
        rows = numpy.stack([numbers[each] for each in ids])
        # One more is for the thing itself; the others are for withdrawn things.
        near = list(
            vector_store.nearest(
                arrangement, rows, limit=2 * MOST_RELATED, least=round(LEAST_RELATED * LENGTH**2), kind=number
            )
        )
        there = {each.vector_id for each in vector_store.without_deleted([one for some in near for one in some])}
        objects = _objects({one.entry_id for some in near for one in some})
        for entry_id, some in zip(ids, near, strict=True):
            own = entries[entry_id].object_id
            nearest_things = [
                (objects[each.entry_id], each.product)
                for each in some
                if each.vector_id in there and objects.get(each.entry_id, own) != own
            ]
            found[entry_id] = nearest_things[:MOST_RELATED]
    return found


def _objects(entry_ids: set[int]) -> dict[int, int]:
    """Return the things of entries that are a thing's first. One query."""
    return dict(Entry.objects.filter(id__in=entry_ids, part=0).values_list("id", "object_id"))


def save_related(kind: str, found: Mapping[int, list[tuple[int, int]]]) -> None:
    """Save what is near to things, in both directions. In a transaction."""
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
