"""PostgreSQL's tsvector and GIN. A trigger makes the tsvector of our tokens; none of its own dictionaries is asked."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from plenara.common.reading import alias, reading
from plenara.ledger.transaction import writes
from plenara.search.engines import TooSlow
from plenara.search.entries import PART_BITS
from plenara.search.expressions import Expression, Run

_CANCELLED = "57014"
#: Until when the question of this thread is to be answered.
_asked = threading.local()


class PostgreSQL:
    """GIN."""

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        until = time.monotonic() + seconds
        try:
            with transaction.atomic(using=alias()):
                _end_by(until)
                _asked.until = until
                yield
                _end_by(None)  # whoever began the transaction goes on without it
            if time.monotonic() > until:
                raise TooSlow
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == _CANCELLED:
                raise TooSlow from error
            raise
        finally:
            _asked.until = None

    def match(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, limit: int
    ) -> list[int]:
        where, values = _where(expression, low, high)
        statement = f"SELECT id FROM {where} ORDER BY id DESC LIMIT %s"  # noqa: S608 - values are parameters
        return [row[0] for row in _rows(statement, [*values, limit])]

    def count(self, expression: Expression, *, low: int | None = None, high: int | None = None, cap: int) -> int:
        where, values = _where(expression, low, high)
        found = f"SELECT id FROM {where} LIMIT %s"  # noqa: S608 - as above
        statement = f"SELECT count(*), count(DISTINCT id >> {PART_BITS}) FROM ({found}) AS matched"  # noqa: S608
        entries, things = _rows(statement, [*values, cap])[0]
        return cap if entries >= cap else things

    def found(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, limit: int, cap: int
    ) -> tuple[list[int], int]:
        # The newest few come by the key and any ten thousand by GIN: each has its own plan.
        ids = self.match(expression, low=low, high=high, limit=limit)
        return ids, self.count(expression, low=low, high=high, cap=cap)

    def faults(self) -> list[str]:
        # The tsvector is made by a trigger alone, so one that is of other words was changed behind our back.
        different = _rows(
            "SELECT count(*) FROM search_entry WHERE tokens IS DISTINCT FROM search_tokens(words, filters)", []
        )[0][0]
        return [f"{different} entries have another tsvector than their words give."] if different else []

    def mend(self) -> None:
        with writes(), connection.cursor() as cursor:
            cursor.execute("UPDATE search_entry SET words = words")  # the database reckons the tsvector again
            cursor.execute("REINDEX INDEX search_entry_tokens")


def _end_by(until: float | None) -> None:
    """Let each statement of this transaction take what is left until then. Raises `TooSlow` where nothing is."""
    left = int((until - time.monotonic()) * 1000) if until is not None else 0
    if until is not None and left <= 0:
        raise TooSlow
    with reading().cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(left)])


def _rows(statement: str, values: list[Any]) -> list[Any]:
    if until := getattr(_asked, "until", None):
        _end_by(until)  # the server bounds a statement, not all that a question needs
    with reading().cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _where(expression: Expression, low: int | None, high: int | None) -> tuple[str, list[Any]]:
    where, values = "search_entry WHERE TRUE", []
    if written := _written(expression):
        where += " AND tokens @@ %s::tsquery"
        values.append(written)
    for sign, bound in ((">=", low), ("<", high)):
        if bound is not None:
            where += f" AND id {sign} %s"
            values.append(bound)  # type: ignore[arg-type]
    return where, values


def _written(expression: Expression) -> str:
    """Return an expression as a tsquery."""
    every = [f"({' | '.join(map(_run, runs))})" for runs in expression.every]
    return " & ".join([*every, *(f"!{_run(run)}" for run in expression.none)])


def _run(run: Run) -> str:
    tokens = [f"'{token}'" for token in run.tokens]
    if run.star:
        tokens[-1] += ":*"
    return f"({' <-> '.join(tokens)})"
