"""SQLite's FTS5. Its table holds no text of its own: `search_entry` does, and triggers keep the two together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from plenara.ledger.transaction import writes
from plenara.search.engines import TooSlow, things
from plenara.search.entries import PART_BITS
from plenara.search.expressions import Expression, Run

#: Instructions of SQLite between two looks at the clock: about a tenth of a millisecond.
_STEPS = 2000


class Sqlite:
    """FTS5."""

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        connection.ensure_connection()
        until = time.monotonic() + seconds
        connection.connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield
        except OperationalError as error:
            if "interrupted" in str(error):
                raise TooSlow from error
            raise
        finally:
            connection.connection.set_progress_handler(None, 0)

    def match(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, limit: int
    ) -> list[int]:
        where, values = _where(expression, low, high)
        return [row[0] for row in _rows(f"{where} ORDER BY rowid DESC LIMIT %s", [*values, limit])]

    def count(self, expression: Expression, *, low: int | None = None, high: int | None = None, cap: int) -> int:
        where, values = _where(expression, low, high)
        select = f"SELECT count(*), count(DISTINCT rowid >> {PART_BITS}) FROM (SELECT rowid"  # noqa: S608
        entries, things = _rows(f"{where} LIMIT %s", [*values, cap], select)[0]
        return cap if entries >= cap else things

    def every(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, most: int
    ) -> list[int] | None:
        ids = self.match(expression, low=low, high=high, limit=most + 1)
        return ids if len(ids) <= most else None

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
        if before is not None:
            newest = self.match(expression, low=low, high=before if high is None else min(before, high), limit=limit)
            return newest, self.count(expression, low=low, high=high, cap=cap)
        # FTS5 merges all that begins with some letters before it gives a first row, so it is asked once.
        ids = self.match(expression, low=low, high=high, limit=max(limit, cap))
        return ids[:limit], cap if len(ids) >= cap else things(ids)

    def faults(self) -> list[str]:
        try:
            with connection.cursor() as cursor:
                # With the 1 it compares the index with search_entry, not only with itself.
                cursor.execute("INSERT INTO search_words(search_words, rank) VALUES ('integrity-check', 1)")
        except Exception as error:
            return [f"FTS5 says: {error}"]
        return []

    def mend(self) -> None:
        with writes(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('rebuild')")


def _rows(where: str, values: list[Any], select: str = "SELECT rowid") -> list[Any]:
    end = ")" if select.count("(") > select.count(")") else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{select} FROM {where}{end}", values)
        return cursor.fetchall()


def _where(expression: Expression, low: int | None, high: int | None) -> tuple[str, list[Any]]:
    if expression.every:
        where, values = "search_words WHERE search_words MATCH %s", [_written(expression)]
    else:
        where, values = "search_entry WHERE 1 = 1", []
        if expression.none:
            where += " AND rowid NOT IN (SELECT w.rowid FROM search_words AS w WHERE w.search_words MATCH %s)"
            values.append(" OR ".join(map(_run, expression.none)))
    for sign, bound in ((">=", low), ("<", high)):
        if bound is not None:
            where += f" AND rowid {sign} %s"
            values.append(bound)  # type: ignore[arg-type]
    return where, values


def _written(expression: Expression) -> str:
    """Return an expression in FTS5's own language."""
    every = " AND ".join(f"({' OR '.join(map(_run, runs))})" for runs in expression.every)
    if not expression.none:
        return every
    # In one go: a NOT within a NOT is a level deeper, and FTS5 goes 256 deep.
    return f"({every}) NOT ({' OR '.join(map(_run, expression.none))})"


def _run(run: Run) -> str:
    return f'"{" ".join(run.tokens)}"{"*" if run.star else ""}'
