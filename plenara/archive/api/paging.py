"""Pages of a list: found by key, never by offset, so the thousandth costs what the first does.

A filter may match little of much. So a page looks at so many rows at most and ends there, with what it found: it can
be shorter than asked, or empty, and still have a next one. Nothing ever scans the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from plenara.archive.api.parameters import Parameters

#: Rows of a page unless another number is asked for, and at most.
FEW, MANY = 50, 100
#: Rows that a filtered page looks at.
LOOKED_AT = 10_000


@dataclass(frozen=True)
class Wanted:
    """Which part of a list is asked for."""

    after: int | None
    limit: int
    newest: bool = False

    @property
    def order(self) -> str:
        return "-number" if self.newest else "number"

    def beyond(self) -> dict[str, int]:
        """The condition of what follows."""
        if self.after is None:
            return {}
        return {"number__lt" if self.newest else "number__gt": self.after}


def wanted(parameters: Parameters, *, newest: bool = False) -> Wanted:
    """Return the part that an address asks for."""
    return Wanted(parameters.number("after"), parameters.number("limit", least=1, most=MANY) or FEW, newest)


def part[M: Model](
    all_of_it: QuerySet[M],
    matching: QuerySet[M],
    asked: Wanted,
    read: Callable[[QuerySet[M]], QuerySet[M]] = lambda rows: rows,
) -> tuple[list[M], int | None]:
    """Return the rows of a part, and the number after which the next one begins, if there is one.

    `all_of_it` has an index by `number`; `matching` is those of it that filters leave, or the same where there are
    none; `read` brings what is told of a row. Two queries and those of `read`, and one more where it is filtered.
    """
    last: int | None = None
    rest = matching.filter(**asked.beyond())
    if matching is not all_of_it:
        numbers = all_of_it.filter(**asked.beyond()).order_by(asked.order).values_list("number", flat=True)
        last = next(iter(numbers[LOOKED_AT - 1 : LOOKED_AT]), None)
        if last is not None:
            rest = rest.filter(**{"number__gte" if asked.newest else "number__lte": last})
    # First which, then what: without statistics of a new table PostgreSQL would join all of it with all that it tells.
    keys = list(rest.order_by(asked.order).values_list("pk", "number")[: asked.limit + 1])
    if len(keys) > asked.limit:
        keys = keys[: asked.limit]
        last = keys[-1][1]
    found = read(all_of_it.model._default_manager.filter(pk__in=[pk for pk, _number in keys]))
    return list(found.order_by(asked.order)), last
