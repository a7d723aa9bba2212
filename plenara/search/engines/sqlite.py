"""SQLite's FTS5. Its table has no text of its own: `search_entry` has, and triggers synchronize the two."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection

from plenara.core.transaction import writes
from plenara.search.analyser import GAP
from plenara.search.engines import TooSlow, Within, things
from plenara.search.query import Expression, Run

#: Instructions of SQLite between two checks of the clock: about a tenth of a millisecond.
_STEPS = 2000
#: The newest entries that are sampled for the frequency of a beginning of a word.
SAMPLE = 500
#: Entries that FTS5 merges in the time in which the words of one are read.
_MERGED = 12
#: The most matches that are picked from, which takes 35 ms.
_MOST_PICKED_FROM = 250_000


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
        # FTS5 merges all words with a prefix before its first row; frequent ones are found faster by the key.
        by_key = expression.has_beginnings and _is_frequent(expression, low, high, limit)
        where, values = (_in_words if by_key else _where)(expression, low, high)
        statement = f"SELECT rowid FROM {where} ORDER BY rowid DESC LIMIT %s"  # noqa: S608 - values are parameters
        return [row[0] for row in _rows(statement, [*values, limit])]

    def within(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, few: int, most: int
    ) -> Within:
        ids = self.match(expression, low=low, high=high, limit=few + 1)
        if len(ids) <= few:
            return Within(ids)
        where, values = _where(expression, low, high)
        most = min(most, _MOST_PICKED_FROM)
        counted = f"SELECT count(*) FROM (SELECT 1 FROM {where} LIMIT %s)"  # noqa: S608 - as above
        if not expression.every or _rows(counted, [*values, most + 1])[0][0] > most:
            return Within()

        def among(ids: Sequence[int]) -> list[int]:
            # FTS5 goes through all that match, which takes a third of returning them. Without the plus it would look
            # for each of the ids, which takes longer.
            statement = f"SELECT rowid FROM {where} AND +rowid IN (SELECT value FROM json_each(%s))"  # noqa: S608
            return [row[0] for row in _rows(statement, [*values, json.dumps(ids)])]

        return Within(among=among)

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
        ids = self.match(expression, low=low, high=high, limit=max(limit, cap))
        count = cap if len(ids) >= cap else things(ids)
        if before is not None:
            if len(ids) >= max(limit, cap):
                below = before if high is None else min(before, high)
                return self.match(expression, low=low, high=below, limit=limit), count
            ids = [each for each in ids if each < before]
        return ids[:limit], count

    def words(self, ids: Sequence[int]) -> list[tuple[int, int, str]]:
        statement = (
            "SELECT id, size, words FROM search_entry WHERE id IN (SELECT value FROM json_each(%s)) ORDER BY id DESC"
        )
        return _rows(statement, [json.dumps(ids)])

    def known(self, tokens: Sequence[str]) -> list[str]:
        statement = (
            "SELECT each.value FROM json_each(%s) AS each WHERE EXISTS "
            "(SELECT 1 FROM search_words WHERE search_words MATCH '\"' || each.value || '\"') ORDER BY each.key"
        )
        return [row[0] for row in _rows(statement, [json.dumps(list(tokens))])]

    def errors(self) -> list[str]:
        try:
            with connection.cursor() as cursor:
                # With the 1 it compares the index with search_entry, not only with itself.
                cursor.execute("INSERT INTO search_words(search_words, rank) VALUES ('integrity-check', 1)")
        except Exception as error:
            return [f"FTS5 says: {error}"]
        return []

    def rebuild(self) -> None:
        with writes(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('rebuild')")


def _rows(statement: str, values: Sequence[str | int]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _is_frequent(expression: Expression, low: int | None, high: int | None, limit: int) -> bool:
    """Return whether so many matches are found faster among the newest entries, by how many of these match."""
    entries = _entries()
    if not entries:
        return False
    where, values = _in_words(expression, low, high, newest=SAMPLE)
    found = _rows(f"SELECT count(*) FROM {where}", values)[0][0]  # noqa: S608 - as above
    return bool((found / SAMPLE) ** 2 * entries > _MERGED * limit)


def _entries() -> int:
    """Return the number of entries at SQLite's last analysis; 0 before that."""
    if not _rows("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'", []):
        return 0
    known = _rows("SELECT stat FROM sqlite_stat1 WHERE tbl = 'search_entry' AND idx IS NOT NULL LIMIT 1", [])
    return int(known[0][0].split()[0]) if known else 0


def _in_words(
    expression: Expression, low: int | None, high: int | None, newest: int | None = None
) -> tuple[str, list[str | int]]:
    """Return the condition that reads words without the index; optionally only among the newest entries."""
    bounded, values = _where(Expression(()), low, high)
    text = f"SELECT rowid, ' ' || words || ' {GAP} ' || filters || ' ' AS text FROM {bounded}"  # noqa: S608 - as above
    if newest is not None:
        text += f" ORDER BY rowid DESC LIMIT {newest}"
    having = [" OR ".join("instr(text, %s)" for _run in runs) for runs in expression.every]
    having += ["NOT instr(text, %s)" for _run in expression.none]
    runs = [*(run for runs in expression.every for run in runs), *expression.none]
    values += [f" {' '.join(run.tokens)}{'' if run.star else ' '}" for run in runs]
    return f"({text}) WHERE {' AND '.join(f'({each})' for each in having)}", values


def _where(expression: Expression, low: int | None, high: int | None) -> tuple[str, list[str | int]]:
    values: list[str | int] = []
    if expression.every:
        where = "search_words WHERE search_words MATCH %s"
        values.append(_written(expression))
    else:
        where = "search_entry WHERE 1 = 1"
        if expression.none:
            where += " AND rowid NOT IN (SELECT w.rowid FROM search_words AS w WHERE w.search_words MATCH %s)"
            values.append(" OR ".join(map(_run, expression.none)))
    for sign, bound in ((">=", low), ("<", high)):
        if bound is not None:
            where += f" AND rowid {sign} %s"
            values.append(bound)
    return where, values


def _written(expression: Expression) -> str:
    """Return an expression in FTS5's own language."""
    every = " AND ".join(f"({' OR '.join(map(_run, runs))})" for runs in expression.every)
    if not expression.none:
        return every
    # In one expression: each nested NOT is a level deeper, and FTS5 has at most 256 levels.
    return f"({every}) NOT ({' OR '.join(map(_run, expression.none))})"


def _run(run: Run) -> str:
    return f'"{" ".join(run.tokens)}"{"*" if run.star else ""}'
