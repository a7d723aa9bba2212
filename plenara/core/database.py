"""Which database is read (a replica, if one is set); statistics of its tables; and inserting many rows at
once.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, DateField, DateTimeField, Field, JSONField, Model

from plenara.core.transaction import write_lock

type Values = dict[str, object]

#: Kilobytes of pages that SQLite caches while much is written; otherwise 16,000.
_ROOM = 128_000


@contextmanager
def capacity() -> Iterator[None]:
    """Let SQLite cache more pages during the block: new rows go to distant places in the indexes."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            yield
            return
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size=-{_ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={before}")


class BulkTable:
    """A table that rows go into: each is its values by the names of the columns, the key among them."""

    def __init__(self, model: type[Model], **same: object):
        """`same` are columns that are the same in all rows. What is neither there nor in a row has the default."""
        self._fields = {field.attname: field for field in model._meta.concrete_fields}
        assert model._meta.pk and same.keys() <= self._fields.keys()
        self._table, self._key, self._own = model._meta.db_table, str(model._meta.pk.column), same

    def keys(self, count: int) -> Sequence[int]:
        """Reserve so many keys, in ascending order; insert their rows before you reserve more."""
        if not count:
            return ()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # The transaction began as IMMEDIATE, so nobody else writes; the rows themselves move the sequence.
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._table])
                last = (cursor.fetchone() or [0])[0]
                return range(last + 1, last + 1 + count)
            sequence = [connection.ops.quote_name(self._table), self._key]
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [*sequence, count]
            )
            return sorted(row[0] for row in cursor.fetchall())

    def put(self, rows: Iterable[Values]) -> None:
        """Write some hundred rows, which all have the same names in the same order."""
        rows = list(rows)
        if not rows:
            return
        fields = [self._fields[name] for name in rows[0]]
        rest = [field for field in self._fields.values() if field.attname not in rows[0]]
        same = [_written(each)(self._own.get(each.attname, each.get_default())) for each in rest]
        changed = [(at, how) for at, each in enumerate(fields) if (how := _written(each)) is not _as_it_is]
        name = connection.ops.quote_name
        columns = [name(str(each.column)) for each in (*fields, *rest)]
        whole = (_whole(row, same, changed) for row in rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {name(self._table)} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in whole:
                        copy.write_row(row)
            else:
                insert = f"INSERT INTO {name(self._table)} ({', '.join(columns)}) VALUES "  # noqa: S608
                cursor.executemany(f"{insert}({', '.join(['%s'] * len(columns))})", list(whole))


def _whole(row: Values, same: list, changed: list[tuple[int, Callable]]) -> list:
    values = [*row.values(), *same]
    for at, how in changed:
        values[at] = how(values[at])
    return values


def _written(field: Field) -> Callable:
    """Return the function that converts a field's values for its column."""
    if isinstance(field, JSONField):
        return json.dumps
    if connection.vendor == "sqlite":
        if isinstance(field, DateTimeField):
            return _moment
        if isinstance(field, DateField):
            return _day
        if isinstance(field, BooleanField):
            return _truth
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _moment(value: datetime.datetime | None) -> str | None:
    """Return a moment as Django stores it in SQLite: in UTC, without a zone."""
    return str(value.astimezone(datetime.UTC).replace(tzinfo=None)) if value else None


def _day(value: datetime.date | None) -> str | None:
    return str(value) if value else None


def _truth(value: bool | None) -> int | None:
    return None if value is None else int(value)


REPLICA = "replica"
#: Set while a public page is rendered, and only then.
is_public: ContextVar[bool] = ContextVar("is_public", default=False)


def read_alias() -> str:
    """Return the database to read from: within a transaction that writes, the primary."""
    if not is_public.get() or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return REPLICA


def read_connection() -> BaseDatabaseWrapper:
    """Return the connection to read from."""
    return connections[read_alias()]


#: Rows of each index that SQLite samples: enough to tell one from many, and seconds at any size.
_ROWS = 1_000


def analyze() -> None:
    """Analyze every table, after many rows were inserted at once."""
    _run("ANALYZE")


def analyze_changed() -> None:
    """Analyze the tables that have changed much; PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        _run("PRAGMA optimize=0x10002")


def _run(statement: str) -> None:
    with write_lock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_ROWS}")
        cursor.execute(statement)


def occurring_values(table: str, column: str, **fixed: str) -> set[str]:
    """Return the values of a column in the rows with these other values. One query.

    It skips from each value to the next by the index, without reading the tens of thousands of rows between.
    """
    name = read_connection().ops.quote_name
    where = " AND ".join(f"{name(each)} = %s" for each in fixed)
    least = f"SELECT MIN({name(column)}) FROM {name(table)} WHERE {where}"  # noqa: S608 - names of ours alone
    statement = (
        f"WITH RECURSIVE found(value) AS ({least} UNION ALL"  # noqa: S608 - as above
        f" SELECT ({least} AND {name(column)} > found.value) FROM found WHERE found.value IS NOT NULL)"
        " SELECT value FROM found WHERE value IS NOT NULL"
    )
    with read_connection().cursor() as cursor:
        cursor.execute(statement, [*fixed.values(), *fixed.values()])
        return {row[0] for row in cursor.fetchall()}
