"""Vectors as whole numbers: made from the encoder's, read from where they are kept, compared exactly.

A product of two of them is a sum of 512 whole numbers and stays below 2**24. Single precision holds every partial
sum of it exactly, so the result is the same in whatever order a processor adds.
"""

from collections.abc import Iterable
from itertools import batched
from typing import Any, NamedTuple

import numpy
from django.db.models import QuerySet

from plenara.search.models import Vector

DIMENSIONS = 512
#: The length that a unit vector is given before it is rounded. The encoder's largest number, 0.2, then just fits.
LENGTH = 635.0
#: Ids in one query: databases count the parameters of one.
_AT_ONCE = 900


class Kept(NamedTuple):
    """Vectors that are kept: whose they are, the place of each, and their numbers as the rows of one array."""

    object_ids: list[int]
    places: list[int]
    numbers: Any


def quantised(rows: Any) -> Any:
    """Return the encoder's vectors (rows of floats, of length 1) as rows of signed bytes."""
    return numpy.clip(numpy.rint(rows * LENGTH), -127, 127).astype(numpy.int8)


def of_length(rows: Any) -> Any:
    """Return any rows as signed bytes, each of the common length as far as rounding allows; a row of zeros stays so.

    Each step of it rounds as IEEE 754 prescribes, one number at a time: no machine comes to another result. Rows
    hold whole numbers, whose squares sum to less than 2**53.
    """
    rows = numpy.asarray(rows, dtype=numpy.float64)
    lengths = numpy.sqrt((rows * rows).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    return numpy.clip(numpy.rint(rows * (LENGTH / lengths)), -127, 127).astype(numpy.int8)


def products(rows: Any, columns: Any) -> Any:
    """Return the product of each row with each of the others: whole numbers, exact, as floats."""
    return rows.astype(numpy.float32) @ columns.astype(numpy.float32).T


def kept(kind: str, object_ids: Iterable[int], encoder: str) -> Kept:
    """Return what is kept of these things by this encoder, in the order of ids and places. A query for some hundred."""
    rows: list[tuple[int, int, bytes]] = []
    for found in _of(kind, object_ids, encoder):
        values = found.values_list("object_id", "place", "numbers")
        rows += [(object_id, place, bytes(numbers)) for object_id, place, numbers in values.iterator()]
    rows.sort(key=lambda row: row[:2])
    joined = numpy.frombuffer(b"".join(row[2] for row in rows), dtype=numpy.int8)
    return Kept([row[0] for row in rows], [row[1] for row in rows], joined.reshape(-1, DIMENSIONS))


def digests(kind: str, object_ids: Iterable[int], encoder: str) -> dict[int, str]:
    """Return the SHA-256 of the whole text of each of these things that this encoder's vectors are kept of."""
    known: dict[int, str] = {}
    for found in _of(kind, object_ids, encoder):
        known.update(found.filter(place=0).values_list("object_id", "sha256"))
    return known


def _of(kind: str, object_ids: Iterable[int], encoder: str) -> Iterable[QuerySet[Vector]]:
    for some in batched(object_ids, _AT_ONCE):
        yield Vector.objects.filter(kind=kind, object_id__in=some, encoder=encoder)
