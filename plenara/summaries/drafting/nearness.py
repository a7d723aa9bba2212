"""Which sentences say the same, by the vectors that were kept when the groups were made. Loads no encoder."""

from collections.abc import Sequence

from plenara.search import vectors
from plenara.summaries.drafting.said import Said
from plenara.summaries.understanding.embedding import encoder_name
from plenara.summaries.understanding.names import KIND

#: The cosine from which one sentence is cited for another. Whoever accepts a statement reads what it cites.
SAME = 0.65


class Nearness:
    """Some sentences, in whatever language; they are named by their place among those given."""

    def __init__(self, said: Sequence[Said]):
        kept = vectors.kept(KIND, sorted({each.edition for each in said}), encoder_name())
        rows = {place: at for at, place in enumerate(zip(kept.object_ids, kept.places, strict=True))}
        self._at = [at for at, each in enumerate(said) if (each.edition, each.place) in rows]
        self._row = {at: row for row, at in enumerate(self._at)}
        self._numbers = kept.numbers[[rows[said[at].edition, said[at].place] for at in self._at]]

    def same(self, at: int) -> list[int]:
        """Return the other sentences that say the same as one, the nearest first; none where its vector is not kept."""
        if at not in self._row:
            return []
        row = self._row[at]
        cosines = vectors.products(self._numbers[row : row + 1], self._numbers)[0] / vectors.LENGTH**2
        near = [(-float(cosines[place]), self._at[int(place)]) for place in (cosines >= SAME).nonzero()[0]]
        return [other for _cosine, other in sorted(near) if other != at]
