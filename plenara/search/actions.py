"""Keeping vectors and forgetting them. Nobody's act: they follow from texts, and go with them."""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any, NamedTuple

from plenara.ledger.transaction import writing
from plenara.search.models import Vector


class Row(NamedTuple):
    """A vector to keep, and the SHA-256 of the text that it is of."""

    sha256: str
    numbers: Any


@writing
def keep(kind: str, things: Mapping[int, Mapping[int, Row]], *, encoder: str) -> None:
    """Keep the vectors of things, by place, instead of those that they had: all of a thing's, or none."""
    _forget(kind, things)
    Vector.objects.bulk_create(
        (
            Vector(
                kind=kind,
                object_id=object_id,
                place=place,
                encoder=encoder,
                sha256=row.sha256,
                numbers=row.numbers.tobytes(),
            )
            for object_id, places in things.items()
            for place, row in places.items()
        ),
        batch_size=500,
    )


@writing
def forget(kind: str, object_ids: Iterable[int]) -> int:
    """Forget the vectors of things whose words are gone, and return how many they were."""
    return _forget(kind, object_ids)


def _forget(kind: str, object_ids: Iterable[int]) -> int:
    gone = 0
    for some in batched(object_ids, 900):
        gone += Vector.objects.filter(kind=kind, object_id__in=some).delete()[0]
    return gone
