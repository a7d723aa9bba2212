"""Which sentences say nearly the same, by the vectors that were kept when the groups were made. Loads no encoder."""

from collections.abc import Iterator, Sequence
from typing import Any

from plenara.search import vectors
from plenara.summaries.drafting.said import Said
from plenara.summaries.understanding.embedding import encoder_name
from plenara.summaries.understanding.names import KIND

#: The cosine from which one sentence is cited for another. Whoever accepts the statement reads both.
NEAR = 0.6
#: Sentences of one group that are compared with each other, the most typical of them.
MOST_COMPARED = 1_500


def gathered(said: Sequence[Said]) -> Iterator[list[Said]]:
    """Yield sentences with those near them: first the one that the most others are near, of equals the more typical.

    Each sentence is in one of them. What no vector is kept of stands alone, and comes last.
    """
    kept = vectors.kept(KIND, sorted({each.edition for each in said}), encoder_name())
    rows = {place: at for at, place in enumerate(zip(kept.object_ids, kept.places, strict=True))}
    known = [each for each in said if (each.edition, each.place) in rows][:MOST_COMPARED]
    if known:
        chosen = kept.numbers[[rows[each.edition, each.place] for each in known]]
        near = vectors.products(chosen, chosen) >= NEAR * vectors.LENGTH**2
        yield from ([known[at] for at in some] for some in _parted(near))
    yield from ([each] for each in said if (each.edition, each.place) not in rows)


def _parted(near: Any) -> Iterator[list[int]]:
    """Yield the rows of a square of truth values in parts, each a row with those near it that are left."""
    import numpy

    numpy.fill_diagonal(near, True)  # a very short vector may be far from itself, by rounding
    left = numpy.ones(len(near), dtype=bool)
    while left.any():
        lead = int(((near & left).sum(axis=1) * left).argmax())
        part = numpy.flatnonzero(near[lead] & left)
        yield [lead, *(int(at) for at in part if at != lead)]
        left[part] = False
