"""Arranging vectors anew, a piece at a time, beside the arrangement that is used: centres first, then every vector.

Some thousand vectors need no cells. Centres are found among a sample by whole numbers alone, from a beginning that
nothing is drawn for, so the same vectors have the same cells everywhere.
"""

from collections.abc import Callable
from itertools import batched
from typing import Any

import numpy

from plenara.core import clock
from plenara.core.transaction import writes
from plenara.search import places
from plenara.search.engines import pgvector
from plenara.search.models import Arrangement, Meaning, Vector
from plenara.search.niced import niced
from plenara.search.queue import ENTRY
from plenara.search.vectors import DIMENSIONS, of_length

#: Vectors that one cell holds well, and cells at most.
MOST_ALONE, MOST_CELLS = 5_000, 1_024
#: Vectors in pages that are gone, from which on the pages are swept; or an eighth of all.
MOST_GONE = 1_000
#: So few are arranged anew as soon as one goes: in a second, and nothing is left of what was read of its words.
SMALL = 20_000
#: Vectors of the sample, for each cell and at most; steps in which centres find their places.
_SAMPLE_OF_CELL, _SAMPLE, _STEPS = 64, 32_768, 8
#: Vectors that are put into their places in one piece.
_PIECE = {Arrangement.Way.CELLS: 32_768, Arrangement.Way.PGVECTOR: 2_000}


def is_due(meaning: Meaning) -> bool:
    """Say whether an arrangement is missing, is of another way than this database's, or has become unfit."""
    used = meaning.used
    if used is None or used.way != way():
        return True
    if used.way == Arrangement.Way.PGVECTOR:
        return not pgvector.is_prepared()
    vectors = Vector.objects.filter(kind=ENTRY).count()
    has_grown = vectors > MOST_ALONE and vectors >= 2 * max(used.of, MOST_ALONE // 2)
    gone = used.packed - vectors
    return has_grown or gone > (max(MOST_GONE, vectors // 8) if vectors > SMALL else 0)


def way() -> Arrangement.Way:
    """Return how vectors are looked for in this database."""
    return Arrangement.Way.PGVECTOR if pgvector.is_possible() else Arrangement.Way.CELLS


def begin(of: int) -> Arrangement:
    """Return an arrangement in the making. In the caller's transaction."""
    chosen = way()
    if chosen == Arrangement.Way.PGVECTOR:
        pgvector.prepare()
        return Arrangement.objects.create(way=chosen, of=of)
    cells = min(int(of**0.5), MOST_CELLS) if of > MOST_ALONE else 1
    return Arrangement.objects.create(way=chosen, of=of, cells=cells, steps_left=_STEPS if cells > 1 else 0)


def go_on(making: Arrangement, held: Callable[[], Meaning]) -> None:
    """Do a piece of an arrangement in the making; the last one puts it into use. `held` locks what is written to."""
    if making.steps_left:
        sample = _sample(making.cells)
        centres = niced(lambda: _step(making, sample))
        with writes():
            held()
            making.centres, making.steps_left = centres.tobytes(), making.steps_left - 1
            making.save(update_fields=["centres", "steps_left"])
        return
    size = _PIECE[Arrangement.Way(making.way)]
    rows = Vector.objects.filter(kind=ENTRY, pk__gt=making.cursor).order_by("pk")
    found = list(rows.values_list("pk", "object_id", "numbers")[:size])
    with writes():
        meaning = held()
        if found:
            numbers = numpy.frombuffer(b"".join(bytes(each[2]) for each in found), dtype=numpy.int8)
            places.put(making, [each[:2] for each in found], numbers.reshape(-1, DIMENSIONS))
            making.cursor = found[-1][0]
        if len(found) < size:
            before, meaning.used, meaning.making = meaning.used, making, None
            making.used_since = clock.now()
            meaning.save(update_fields=["used", "making"])
            if before:
                before.delete()
        making.save(update_fields=["cursor", "used_since"])


def _sample(cells: int) -> Any:
    """Return vectors at even steps through all of them."""
    every = list(Vector.objects.filter(kind=ENTRY).order_by("pk").values_list("pk", flat=True))
    size = min(len(every), cells * _SAMPLE_OF_CELL, _SAMPLE)
    chosen = [every[at * len(every) // size] for at in range(size)]
    rows = []
    for some in batched(chosen, 900):
        rows += [
            bytes(each) for each in Vector.objects.filter(pk__in=some).order_by("pk").values_list("numbers", flat=True)
        ]
    return numpy.frombuffer(b"".join(rows), dtype=numpy.int8).reshape(-1, DIMENSIONS)


def _step(making: Arrangement, sample: Any) -> Any:
    """Return the centres after one more step: each goes to the middle of the vectors that it is nearest to."""
    if not making.centres:
        return sample[[at * len(sample) // making.cells for at in range(making.cells)]]
    label = places.cells_of(making, sample)
    sums = numpy.zeros((making.cells, DIMENSIONS), dtype=numpy.int64)
    numpy.add.at(sums, label, sample)
    before = numpy.frombuffer(bytes(making.centres), dtype=numpy.int8).reshape(-1, DIMENSIONS)
    return numpy.where(sums.any(axis=1)[:, None], of_length(sums), before)
