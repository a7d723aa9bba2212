"""PostgreSQL's tsvector and GIN. A trigger makes the tsvector of our tokens, without PostgreSQL's dictionaries.

GIN has no positions of words, so that a phrase would be checked in every entry that has its words. An index of pairs
of neighbours, by a hash of 18 bits, leaves few of them.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from plenara.core.database import read_alias, read_connection
from plenara.core.transaction import writes
from plenara.search.engines import TooSlow, Within, things
from plenara.search.query import Expression, Run

_CANCELLED = "57014"
#: The deadline of this thread's query.
_asked = threading.local()
#: The plan of a statement: by GIN, or backwards by the key. PostgreSQL does not know that reading words which
#: are stored apart takes much longer than fetching a row, so we choose the plan.
_BY = {
    "work_mem": "64MB",  # a smaller bitmap is lossy, and rechecks all words of a page
    "max_parallel_workers_per_gather": "0",
    "jit": "off",  # compiling takes longer than any of our queries may
    "enable_seqscan": "off",
    "enable_indexscan": "on",
    "enable_bitmapscan": "on",
}
_GIN, _KEY = _BY | {"enable_indexscan": "off"}, _BY | {"enable_bitmapscan": "off"}
#: Matches that GIN lists in the time of reading an entry by the key: of words, and of beginnings of words.
_LISTED, _LISTED_BEGUN = 5.0, 2.0
#: The same of all that are fetched and sorted, if otherwise only those among the newest entries are; and how many more
#: of these are taken than the sample lets expect.
_FETCHED, _MORE = 0.1, 1.5
#: The newest entries that are sampled for the frequency of matches. PostgreSQL estimates as if words of a language
#: were independent.
SAMPLE = 2_000
#: Matches in the sample that are enough to be sure of more than some, if the estimate is this many times as high.
_CERTAIN, _SURELY = 50, 4
_AS_BEFORE = ";".join(f"SET LOCAL {name} TO DEFAULT" for name in ("statement_timeout", *_BY))


class PostgreSQL:
    """GIN."""

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        until = time.monotonic() + seconds
        try:
            with transaction.atomic(using=read_alias()):
                _end_by(until, _BY)
                _asked.until = until
                yield
                with read_connection().cursor() as cursor:
                    cursor.execute(_AS_BEFORE)  # the outer transaction continues without it
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
        return _newest(expression, low, high, limit, _sample(expression, low, high))

    def within(
        self, expression: Expression, *, low: int | None = None, high: int | None = None, few: int, most: int
    ) -> Within:
        sample = _sample(expression, low, high)
        expected = sample.density * sample.entries
        if not sample.is_surely_more(few):
            ids = _every(expression, low, high, few)
            if ids is not None:
                return Within(ids)
        if not expression.every or expected > most:
            return Within()
        where, values = _where(expression, low, high)

        def among(ids: Sequence[int]) -> list[int]:
            # GIN and the key make a bitmap each: only rows that are in both are fetched.
            statement = f"SELECT id FROM {where} AND id = ANY(%s::bigint[])"  # noqa: S608 - as above
            return [row[0] for row in _rows(statement, [*values, list(ids)], _GIN)]

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
        sample = _sample(expression, low, high)
        every: list[int] | None
        # More than the sample has are read in their order anyway, and are then counted too.
        is_read = len(sample.ids) < limit and sample.is_surely_more(cap)
        if sample.is_all or is_read or sample.is_frequent(cap, _listed(expression)):
            newest = _newest(expression, low, high, max(limit, cap), sample)
            if before is None:
                return newest[:limit], cap if len(newest) >= cap else things(newest)
            every = newest if len(newest) < cap else None
        else:
            every = _every(expression, low, high, cap - 1)
        if every is None:
            return _newest(expression, low, _least(high, before), limit, sample.below(before)), cap
        newest = sorted((each for each in every if before is None or each < before), reverse=True)
        return newest[:limit], things(every)

    def words(self, ids: Sequence[int]) -> list[tuple[int, int, str]]:
        statement = "SELECT id, size, words FROM search_entry WHERE id = ANY(%s::bigint[]) ORDER BY id DESC"
        return _rows(statement, [list(ids)], _KEY)

    def known(self, tokens: Sequence[str]) -> list[str]:
        # A row at a time by GIN: joined as sets, all entries would be read.
        statement = (
            "SELECT each.token FROM unnest(%s::text[]) WITH ORDINALITY AS each(token, place), LATERAL (SELECT 1 FROM "
            "search_entry WHERE tokens @@ quote_literal(each.token)::tsquery LIMIT 1) AS one ORDER BY each.place"
        )
        return [row[0] for row in _rows(statement, [list(tokens)], _GIN)]

    def errors(self) -> list[str]:
        # Only a trigger makes the tsvector, so one of other words was changed from outside.
        different = _rows(
            "SELECT count(*) FROM search_entry WHERE tokens IS DISTINCT FROM search_tokens(words, filters)", []
        )[0][0]
        return [f"{different} entries have a tsvector that does not match their words."] if different else []

    def rebuild(self) -> None:
        with writes(), connection.cursor() as cursor:
            cursor.execute("UPDATE search_entry SET words = words")  # the database calculates the tsvector again
            cursor.execute("REINDEX INDEX search_entry_tokens")
            cursor.execute("REINDEX INDEX search_entry_pairs")


def _end_by(until: float, plan: Mapping[str, str]) -> None:
    """Give the next statement the time that is left, and its plan. Raises `TooSlow` if nothing is left."""
    left = int((until - time.monotonic()) * 1000)
    if left <= 0:
        raise TooSlow
    settings = {"statement_timeout": str(left), **plan}
    calls = ", ".join("set_config(%s, %s, true)" for _each in settings)
    with read_connection().cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for each in settings.items() for part in each])


def _rows(
    statement: str, values: Sequence[str | int | list[str] | list[int]], plan: Mapping[str, str] = _BY
) -> list[tuple]:
    if until := getattr(_asked, "until", None):
        _end_by(until, plan)  # the server limits a statement, not a whole query of several
    with read_connection().cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


class Sample(NamedTuple):
    """Matches among the newest entries, the newest first; whether these are all matches, or their density."""

    ids: list[int]
    is_all: bool
    density: float
    entries: float  # all entries, by the database's statistics; -1 before its first analysis
    oldest: int | None = None  # the oldest of the newest

    def is_frequent(self, limit: int, listed: float) -> bool:
        """Return whether so many are found faster by the key, given the density; GIN lists all."""
        return self.density**2 * self.entries > listed * limit

    def is_surely_more(self, than: int) -> bool:
        """Return whether there are more matches than this, as far as the sample is large enough to tell."""
        expected = self.density * self.entries
        return not self.is_all and len(self.ids) >= _CERTAIN and expected > _SURELY * than

    def below(self, before: int | None) -> "Sample":
        """Return the older part of it."""
        return self if before is None else self._replace(ids=[each for each in self.ids if each < before])


def _listed(expression: Expression) -> float:
    return _LISTED_BEGUN if expression.has_beginnings else _LISTED


def _sample(expression: Expression, low: int | None, high: int | None) -> Sample:
    """Sample the newest entries. One query."""
    where, values = _where(Expression(()), low, high)
    written = _written(expression)
    matches = "tokens @@ %s::tsquery" if written else "TRUE"
    statement = (
        "SELECT (SELECT reltuples FROM pg_class WHERE oid = 'search_entry'::regclass), count(*), min(id), "  # noqa: S608 - as above
        f"array_agg(id) FILTER (WHERE {matches}) "
        f"FROM (SELECT id, tokens FROM {where} ORDER BY id DESC LIMIT %s) AS newest"
    )
    given = [*([written] if written else []), *values, SAMPLE]
    entries, looked_at, oldest, ids = _rows(statement, given, _KEY)[0]
    density = len(ids or []) / max(looked_at, 1)
    return Sample(sorted(ids or [], reverse=True), looked_at < SAMPLE, density, entries, oldest)


def _every(expression: Expression, low: int | None, high: int | None, most: int) -> list[int] | None:
    where, values = _gathered(expression, low, high)
    statement = f"SELECT id FROM {where} LIMIT %s"  # noqa: S608 - values are parameters
    rows = _rows(statement, [*values, most + 1], _GIN if expression.every else _KEY)
    return [row[0] for row in rows] if len(rows) <= most else None


def _newest(expression: Expression, low: int | None, high: int | None, limit: int, sample: Sample) -> list[int]:
    if sample.is_all or len(sample.ids) >= limit:
        return sample.ids[:limit]
    if not expression.every or sample.is_frequent(limit, _listed(expression)):
        older = limit - len(sample.ids)
        return sample.ids + _newest_from(low, expression, _least(high, sample.oldest), older, by_key=True)
    if sample.is_frequent(limit, _FETCHED):
        # GIN and the key make a bitmap each: only rows that are in both are fetched.
        recent = _recent(int(limit / sample.density * _MORE), low, high)
        ids = _newest_from(recent, expression, high, limit)
        if len(ids) == limit:
            return ids
    return _newest_from(low, expression, high, limit)


def _newest_from(
    low: int | None, expression: Expression, high: int | None, limit: int, by_key: bool = False
) -> list[int]:
    where, values = (_where if by_key else _gathered)(expression, low, high)
    statement = f"SELECT id FROM {where} ORDER BY id DESC LIMIT %s"  # noqa: S608 - as above
    return [row[0] for row in _rows(statement, [*values, limit], _KEY if by_key else _GIN)]


def _recent(count: int, low: int | None, high: int | None) -> int | None:
    """Return the lowest number of so many newest entries, or `low`. One query."""
    where, values = _where(Expression(()), low, high)
    statement = f"SELECT id FROM {where} ORDER BY id DESC OFFSET %s LIMIT 1"  # noqa: S608 - as above
    rows = _rows(statement, [*values, count], _KEY)
    return rows[0][0] if rows else low


def _least(*bounds: int | None) -> int | None:
    return min((each for each in bounds if each is not None), default=None)


def _where(expression: Expression, low: int | None, high: int | None) -> tuple[str, list[str | int]]:
    where, values = "search_entry WHERE TRUE", list[str | int]()
    if written := _written(expression):
        where += " AND tokens @@ %s::tsquery"
        values.append(written)
    for sign, bound in ((">=", low), ("<", high)):
        if bound is not None:
            where += f" AND id {sign} %s"
            values.append(bound)
    return where, values


def _gathered(expression: Expression, low: int | None, high: int | None) -> tuple[str, list[str | int]]:
    """Return the condition for GIN: a phrase among the entries that have its pairs of words."""
    pairs = _pairs(expression)
    if not pairs:
        return _where(expression, low, high)
    rest = tuple(runs for runs in expression.every if runs not in pairs)
    where, values = _where(Expression(rest, expression.none if rest else ()), low, high)
    for runs in pairs:
        where += f" AND ({' OR '.join('search_pairs(words) @> search_pairs(%s)' for _run in runs)})"
        values += [" ".join(_whole(run)) for run in runs]
    # Separate, or the planner uses only the words of the phrase.
    where = f"(SELECT id, tokens FROM {where} OFFSET 0) AS likely WHERE tokens @@ %s::tsquery"  # noqa: S608 - as above
    return where, [*values, _written(expression)]


def _pairs(expression: Expression) -> list[tuple[Run, ...]]:
    """Return those of `every` that only entries with certain pairs of words can have."""
    return [runs for runs in expression.every if all(len(_whole(run)) > 1 for run in runs)]


def _whole(run: Run) -> tuple[str, ...]:
    return run.tokens[:-1] if run.star else run.tokens


def _written(expression: Expression) -> str:
    """Return an expression as a tsquery."""
    every = [f"({' | '.join(map(_run, runs))})" for runs in expression.every]
    return " & ".join([*every, *(f"!{_run(run)}" for run in expression.none)])


def _run(run: Run) -> str:
    tokens = [f"'{token}'" for token in run.tokens]
    if run.star:
        tokens[-1] += ":*"
    return f"({' <-> '.join(tokens)})"
