"""The two databases' own indexes: the same tokens and the same results, each in its own query language."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from django.db import connection

from plenara.search.entries import PART_BITS
from plenara.search.query import Expression


class TooSlow(Exception):
    """A query that did not finish before its deadline."""


class Within(NamedTuple):
    """The entries that match: all of them in any order, or what returns those of given entries that do; or neither."""

    every: list[int] | None = None
    among: Callable[[Sequence[int]], list[int]] | None = None


class Engine(Protocol):
    """The interface of an index."""

    def deadline(self, seconds: float) -> AbstractContextManager[None]:
        """Limit the queries in the block to a deadline. Raises `TooSlow`."""
        ...

    def match(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, limit: int
    ) -> list[int]:
        """Return numbers of entries from `low` to below `high`, the newest first."""
        ...

    def within(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, few: int, most: int
    ) -> Within:
        """Return all entries, if they are at most `few`; what picks them, if they are at most some `most`."""
        ...

    def found(
        self,
        expression: Expression,
        *,
        low: int | None = None,
        high: int | None = None,
        before: int | None = None,
        limit: int,
        cap: int,
    ) -> tuple[list[int], int]:
        """Return the newest numbers below `before`, and how many things there are in all.

        Or `cap`, if they have at least that many entries.
        """
        ...

    def words(self, ids: Sequence[int]) -> list[tuple[int, int, str]]:
        """Return the number, size and words of each entry, the newest first. One query."""
        ...

    def known(self, tokens: Sequence[str]) -> list[str]:
        """Return those tokens that at least one entry has, in their order. One query."""
        ...

    def errors(self) -> list[str]:
        """Return the errors of the engine's own index, as sentences for an operator. Reads all of it."""
        ...

    def rebuild(self) -> None:
        """Rebuild the engine's own index from the entries."""
        ...


def things(ids: Iterable[int]) -> int:
    """Return the number of things of these entries: long texts have several entries."""
    return len({each >> PART_BITS for each in ids})


def engine() -> Engine:
    """Return the engine of the database that is used."""
    from plenara.search.engines import postgresql, sqlite

    return sqlite.Sqlite() if connection.vendor == "sqlite" else postgresql.PostgreSQL()
