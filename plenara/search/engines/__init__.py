"""The two databases' own indexes: the same tokens, the same sets, each asked in its own language."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from django.db import connection

from plenara.search.entries import PART_BITS
from plenara.search.query import Expression


class TooSlow(Exception):
    """A question that was not answered before its deadline."""


class Engine(Protocol):
    """What an index answers."""

    def deadline(self, seconds: float) -> AbstractContextManager[None]:
        """Let what is asked in the block end by then. Raises `TooSlow`."""
        ...

    def match(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, limit: int
    ) -> list[int]:
        """Return numbers of entries from `low` to below `high`, the newest first."""
        ...

    def every(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, most: int
    ) -> list[int] | None:
        """Return the numbers of all entries, in any order; nothing where there are more than `most`."""
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

        Or `cap`, where there are as many entries of them or more.
        """
        ...

    def known(self, tokens: Sequence[str]) -> list[str]:
        """Return those of some tokens that at least one entry has, in their order. One query."""
        ...

    def faults(self) -> list[str]:
        """Return what is wrong with the engine's own index, as sentences for an operator. Reads all of it."""
        ...

    def mend(self) -> None:
        """Make the engine's own index anew, from the entries."""
        ...


def things(ids: Iterable[int]) -> int:
    """Return of how many things these entries are: long texts have several."""
    return len({each >> PART_BITS for each in ids})


def engine() -> Engine:
    """Return the engine of the database that is used."""
    from plenara.search.engines import postgresql, sqlite

    return sqlite.Sqlite() if connection.vendor == "sqlite" else postgresql.PostgreSQL()
