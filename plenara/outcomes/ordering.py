"""The order of contributions to several consultations: the same in any installation, in whatever order they came in."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from plenara.consultations.models import Consultation


def consultations_of(*found: QuerySet[Any], also: int | None = None) -> list[int]:
    """Return the keys of the consultations that rows are of: which opened first comes first. One query.

    Two that opened at the same moment, or at none, are in the order of their symbols. Databases do not agree on that,
    nor on where what has no date stands: they are put in order here.
    """
    wanted = Q(pk=also)
    for each in found:
        wanted |= Q(Exists(each.order_by().filter(consultation=OuterRef("pk"))))
    known = Consultation.objects.filter(wanted).values_list("opens_at", "symbol", "pk")
    return [pk for *_place, pk in sorted(known, key=_place)]


def _place(known: tuple[Any, str, int]) -> tuple[Any, ...]:
    opens_at, symbol, _pk = known
    return (1, symbol) if opens_at is None else (0, opens_at, symbol)


def in_order(found: QuerySet[Any], start: tuple[int, Q] | None = None) -> Iterator[QuerySet[Any]]:
    """Yield the rows of one consultation after the other, each in the order that `found` has.

    `start` is the consultation with which to begin, and what its rows must be.
    """
    first, those = start or (None, Q())
    order = consultations_of(found, also=first)
    for at in order[order.index(first) :] if first else order:
        rows = found.filter(consultation=at)
        yield rows.filter(those) if at == first else rows


def first_of(parts: Iterator[QuerySet[Any]], most: int) -> list[Any]:
    """Return so many rows, of as few consultations as they take. A query for each of these."""
    rows: list[Any] = []
    for each in parts:
        rows += each[: most - len(rows)]
        if len(rows) == most:
            break
    return rows
