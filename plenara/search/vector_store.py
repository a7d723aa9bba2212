"""Vectors as integers: made from the encoder's, compared exactly, stored in pages of cells or pgvector, and searched
by similarity.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import batched
from typing import NamedTuple

import numpy
from django.db.models import QuerySet

from plenara.search import vector_cache
from plenara.search.engines import pgvector
from plenara.search.entries import KIND_SHIFT, KINDS, Array
from plenara.search.models import Arrangement, Page, Vector
from plenara.search.vector_cache import IN_PAGE

DIMENSIONS = 512
#: The length of a unit vector before rounding. The encoder's largest number, 0.2, then just fits.
LENGTH = 635.0
#: Ids in one query: databases count the parameters of one.
_AT_ONCE = 900


class StoredVectors(NamedTuple):
    """Stored vectors: their things, the place of each, and their numbers as the rows of one array."""

    object_ids: list[int]
    places: list[int]
    numbers: Array


def quantised(rows: Array) -> Array:
    """Return the encoder's vectors (rows of floats, of length 1) as rows of signed bytes."""
    return numpy.clip(numpy.rint(rows * LENGTH), -127, 127).astype(numpy.int8)


def of_length(rows: Array) -> Array:
    """Return any rows as signed bytes, each of the common length as far as rounding allows; a row of zeros stays so.

    Each step rounds as IEEE 754 prescribes, one number at a time: every machine has the same result. Rows
    hold whole numbers, whose squares sum to less than 2**53.
    """
    rows = numpy.asarray(rows, dtype=numpy.float64)
    lengths = numpy.sqrt((rows * rows).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    return numpy.clip(numpy.rint(rows * (LENGTH / lengths)), -127, 127).astype(numpy.int8)


def products(rows: Array, columns: Array) -> Array:
    """Return the product of each row with each of the others: whole numbers, exact, as floats."""
    return rows.astype(numpy.float32) @ columns.astype(numpy.float32).T


def stored_vectors(kind: str, object_ids: Iterable[int], encoder: str) -> StoredVectors:
    """Return this encoder's vectors of these things, in the order of ids and places. One query for some hundred."""
    rows: list[tuple[int, int, bytes]] = []
    for found in _of(kind, object_ids, encoder):
        values = found.values_list("object_id", "place", "numbers")
        rows += [(object_id, place, bytes(numbers)) for object_id, place, numbers in values.iterator()]
    rows.sort(key=lambda row: row[:2])
    joined = numpy.frombuffer(b"".join(row[2] for row in rows), dtype=numpy.int8)
    return StoredVectors([row[0] for row in rows], [row[1] for row in rows], joined.reshape(-1, DIMENSIONS))


def digests(kind: str, object_ids: Iterable[int], encoder: str) -> dict[int, str]:
    """Return the SHA-256 of the whole text of each of these things that has this encoder's vectors."""
    known: dict[int, str] = {}
    for found in _of(kind, object_ids, encoder):
        known.update(found.filter(place=0).values_list("object_id", "sha256"))
    return known


def _of(kind: str, object_ids: Iterable[int], encoder: str) -> Iterable[QuerySet[Vector]]:
    for some in batched(object_ids, _AT_ONCE):
        yield Vector.objects.filter(kind=kind, object_id__in=some, encoder=encoder)


#: A query searches an eighth of the cells, within these limits.
PROBED = (32, 64)
#: Vectors that are read once for several queries.
_READ_ONCE = 20_000
#: The most of the nearest that those within filters are picked from.
_PICKED_FROM = 10_000
#: Some entries, or what returns those of given entries.
type Among = Sequence[int] | Callable[[Sequence[int]], list[int]]
#: Pages that are read, and counted, at a time.
_PAGES = 64


class Near(NamedTuple):
    """A near vector: its id, its entry, and the product."""

    vector_id: int
    entry_id: int
    product: int


def put(arrangement: Arrangement, ids: Sequence[tuple[int, int]], numbers: Array) -> None:
    """Add vectors (each with its own id and its entry's) to the arrangements. In the caller's transaction."""
    if arrangement.way == Arrangement.Way.PGVECTOR:
        pgvector.put([vector_id for vector_id, _entry_id in ids], numbers)
    else:
        labels = cells_of(arrangement, numbers)
        given = numpy.array(ids, dtype=numpy.int64).reshape(-1, 2)
        order = numpy.argsort(labels, kind="stable")
        found, starts = numpy.unique(labels[order], return_index=True)
        parts = zip(found.tolist(), numpy.split(order, starts[1:]), strict=True) if len(ids) else ()
        for some in batched(parts, _PAGES):
            _fill(arrangement, {cell: (given[rows], numbers[rows]) for cell, rows in some})
    arrangement.packed += len(ids)
    arrangement.save(update_fields=["packed"])


def cells_of(arrangement: Arrangement, numbers: Array) -> Array:
    """Return the cell of each of these rows: that of the nearest centre, the first of those equally near."""
    if arrangement.cells == 1 or not len(numbers):
        return numpy.zeros(len(numbers), dtype=numpy.int64)
    centres = _centres(arrangement)
    return numpy.concatenate(
        [products(numbers[at : at + 4096], centres).argmax(axis=1) for at in range(0, len(numbers), 4096)]
    )


def _centres(arrangement: Arrangement) -> Array:
    if arrangement.used_since is None:
        return _unpacked(arrangement.centres, arrangement.cells)
    return _settled(arrangement.pk, arrangement.used_since, arrangement.cells)


@lru_cache(maxsize=2)
def _settled(pk: int, _used_since: datetime.datetime, cells: int) -> Array:
    """Return the centres of an arrangement in use: cached, since fetching them takes longer than searching."""
    return _unpacked(Arrangement.objects.values_list("centres", flat=True).get(pk=pk), cells)


def _unpacked(centres: bytes | memoryview, cells: int) -> Array:
    return numpy.frombuffer(centres, dtype=numpy.int8).reshape(cells, DIMENSIONS).astype(numpy.float32)


def _fill(arrangement: Arrangement, given: dict[int, tuple[Array, Array]]) -> None:
    """Add rows to the last pages of their cells while these have room, and the rest to new ones."""
    open_pages = Page.objects.filter(arrangement=arrangement, cell__in=given, count__lt=IN_PAGE)
    last = {page.cell: page for page in open_pages.order_by("pk")}
    new = []
    for cell, (ids, numbers) in given.items():
        taken = 0
        if page := last.get(cell):
            taken = min(IN_PAGE - page.count, len(ids))
            page.ids = bytes(page.ids) + ids[:taken].tobytes()
            page.numbers = bytes(page.numbers) + numbers[:taken].tobytes()
            page.count += taken
            page.save(update_fields=["ids", "numbers", "count"])
        for at in range(taken, len(ids), IN_PAGE):
            some = slice(at, at + IN_PAGE)
            new.append(
                Page(
                    arrangement=arrangement,
                    cell=cell,
                    count=len(ids[some]),
                    ids=ids[some].tobytes(),
                    numbers=numbers[some].tobytes(),
                )
            )
    Page.objects.bulk_create(new, batch_size=_PAGES)


def nearest(
    arrangement: Arrangement,
    rows: Array | Sequence[Array],
    *,
    limit: int,
    least: int,
    among: Among | None = None,
    kind: int | None = None,
    only_reads: bool = False,
) -> Iterator[list[Near]]:
    """Yield, for each of these rows, what is near to it: at most `limit`, each with a product of at least `least`.

    `among` are the only entries that count, or returns those of given ones that do; `kind` is the number of the only
    kind. It includes deleted ones. If it `only_reads` in this transaction uses the cache.
    """
    if arrangement.way == Arrangement.Way.PGVECTOR:
        listed, passing = (None, among) if callable(among) else (among, None)
        for row in rows:
            found = [Near(*each) for each in pgvector.nearest(row, limit=limit, among=listed, kind=kind)]
            entries = None if passing is None else set(passing([each.entry_id for each in found]))
            yield [each for each in found if each.product >= least and (entries is None or each.entry_id in entries)]
        return
    every, whole = Page.objects.filter(arrangement=arrangement), None
    if arrangement.cells == 1 or (len(rows) > 1 and arrangement.packed <= _READ_ONCE):
        whole = list(_read(every))
    bring = _at_hand if only_reads and arrangement.packed > vector_cache.LEAST else _read
    for row in rows:
        pages = bring(every.filter(cell__in=_probed(arrangement, row))) if whole is None else whole
        ids, near = _compared(row, pages, least)
        yield _first(ids, near, limit, among, kind)


def _probed(arrangement: Arrangement, row: Array) -> list[int]:
    centres = _centres(arrangement)
    near = (row.astype(numpy.float32)[None] @ centres.T)[0]
    fewest, most = PROBED
    return numpy.argsort(-near, kind="stable")[: min(max(arrangement.cells // 8, fewest), most)].tolist()


def _at_hand(pages: QuerySet[Page]) -> Iterator[tuple[Array, Array]]:
    """Yield ids and numbers of each of some pages; fetch and cache missing ones."""
    missing = []
    for page, count in pages.values_list("pk", "count"):
        if found := vector_cache.get(page, count):
            yield _arrays(*found)
        else:
            missing.append(page)
    if missing:
        fetched = Page.objects.filter(pk__in=missing).values_list("pk", "count", "ids", "numbers")
        for page, count, ids, numbers in fetched.iterator(_PAGES):
            vector_cache.put(page, count, bytes(ids), bytes(numbers))
            yield _arrays(ids, numbers)


def _read(pages: QuerySet[Page]) -> Iterator[tuple[Array, Array]]:
    """Yield ids and numbers of each of some pages."""
    for ids, numbers in pages.values_list("ids", "numbers").iterator(_PAGES):
        yield _arrays(ids, numbers)


def _arrays(ids: bytes | memoryview, numbers: bytes | memoryview) -> tuple[Array, Array]:
    return (
        numpy.frombuffer(ids, dtype=numpy.int64).reshape(-1, 2),
        numpy.frombuffer(numbers, dtype=numpy.int8).reshape(-1, DIMENSIONS),
    )


def _compared(row: Array, pages: Iterable[tuple[Array, Array]], least: int) -> tuple[Array, Array]:
    """Return the ids and the products of what has at least that product."""
    single = row.astype(numpy.float32)
    # The floats of all pages use the same buffer, which stays in the processor's cache: six times as fast.
    room = numpy.empty((IN_PAGE, DIMENSIONS), dtype=numpy.float32)
    ids, near = [numpy.empty((0, 2), dtype=numpy.int64)], [numpy.empty(0, dtype=numpy.float32)]
    for of_page, numbers in pages:
        floats = room[: len(numbers)]
        floats[:] = numbers
        found = floats @ single
        at = numpy.flatnonzero(found >= least)
        ids.append(of_page[at])
        near.append(found[at])
    return numpy.concatenate(ids), numpy.concatenate(near)


def _first(ids: Array, near: Array, limit: int, among: Among | None, kind: int | None) -> list[Near]:
    at: Array = numpy.arange(len(ids))
    if kind is not None:
        at = at[(ids[:, 1] >> KIND_SHIFT) % KINDS == kind]
    if among is not None:
        if callable(among):
            at = _nearest_of(at, near, _PICKED_FROM)
            among = among(ids[at, 1].tolist())
        at = at[numpy.isin(ids[at, 1], numpy.array(among, dtype=numpy.int64))]
    at = _nearest_of(at, near, limit)
    # Of equals the newer comes first, whatever its page.
    at = at[numpy.lexsort((-ids[at, 1], -near[at]))][:limit]
    found = zip(ids[at].tolist(), near[at].tolist(), strict=True)
    return [Near(vector_id, entry_id, int(product)) for (vector_id, entry_id), product in found]


def _nearest_of(at: Array, near: Array, limit: int) -> Array:
    """Return those of some places that have the greatest products, and all that equal the last of them."""
    if len(at) <= limit:
        return at
    return at[near[at] >= numpy.partition(near[at], len(at) - limit)[len(at) - limit]]


def without_deleted(found: Sequence[Near]) -> list[Near]:
    """Return those that still have a vector: withdrawn things have none. One query."""
    there = set(Vector.objects.filter(pk__in=[each.vector_id for each in found]).values_list("pk", flat=True))
    return [each for each in found if each.vector_id in there]
