"""Fixtures that are made once in each process and copied into the database of every further test.

What a fixture wrote is read back as rows; when the database is again as it was before, with the same other fixtures,
the rows are written as they are: in some milliseconds, where a contribution that is submitted and published takes
fifty. Whoever writes in between is noticed, and the fixture is then made as ever.
"""

import contextlib
import datetime
import functools
import operator
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from plenara.core import clock
from plenara.core.database import BulkTable

_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|ALTER|DROP|TRUNCATE|COPY)\b", re.IGNORECASE)
_TABLE = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class _Table:
    name: str
    key: str
    columns: tuple[str, ...]

    def rows(self) -> dict[Any, Any]:
        """Return all rows by primary key, as the database itself writes them down."""
        if connection.vendor == "sqlite":
            # A column behind a sign has no declared type, so that nothing converts it.
            listed = ", ".join(f'+"{each}"' for each in self.columns)
            return {row[0]: row for row in connection.connection.execute(f'SELECT {listed} FROM "{self.name}"')}
        listed = ", ".join(f'"{each}"' for each in self.columns)
        with connection.connection.cursor().copy(f'COPY (SELECT {listed} FROM "{self.name}") TO STDOUT') as copy:
            lines = b"".join(bytes(each) for each in copy).splitlines(keepends=True)
        return {line.partition(b"\t")[0].rstrip(b"\n").decode(): line for line in lines}

    def change(self, gone: list[Any], rows: list[Any]) -> None:
        """Delete rows by primary key, and insert others."""
        listed = ", ".join(f'"{each}"' for each in self.columns)
        if connection.vendor == "sqlite":
            cursor = connection.connection.cursor()
            if gone:
                cursor.executemany(f'DELETE FROM "{self.name}" WHERE "{self.key}" = ?', [(each,) for each in gone])
            marks = ", ".join("?" * len(self.columns))
            cursor.executemany(f'INSERT INTO "{self.name}" ({listed}) VALUES ({marks})', rows)
            return
        cursor = connection.connection.cursor()
        if gone:
            cursor.execute(f'DELETE FROM "{self.name}" WHERE "{self.key}"::text = ANY(%s)', [gone])
        with cursor.copy(f'COPY "{self.name}" ({listed}) FROM STDIN') as copy:
            copy.write(b"".join(rows))


@functools.cache
def _tables() -> dict[str, _Table]:
    found = {}
    for model in apps.get_models(include_auto_created=True):
        key = model._meta.pk.column
        others = [each.column for each in model._meta.local_concrete_fields if each.column != key]
        found[model._meta.db_table] = _Table(model._meta.db_table, key, (key, *others))
    return found


#: Of each table the keys of the rows that are gone, and the new rows.
type Changes = list[tuple[_Table, list[Any], list[Any]]]


def _changes(before: dict[str, dict[Any, Any]]) -> Changes:
    changes = []
    for name, old in before.items():
        table = _tables()[name]
        now = table.rows()
        gone = [pk for pk, row in old.items() if now.get(pk) != row]
        changes.append((table, gone, [row for pk, row in now.items() if old.get(pk) != row]))
    return changes


def _apply(changes: Changes) -> None:
    with transaction.atomic():  # foreign keys are checked at its end
        for table, gone, rows in changes:
            table.change(gone, rows)


@dataclass(frozen=True)
class _Made:
    number: int
    changes: Changes
    result: Any


class MadeOnce:
    """What a fixture of a module writes, rows and files: a further module of the process gets copies of them."""

    def __init__(self) -> None:
        self._made: tuple[Any, Changes, Path] | None = None

    def get(self, make: Callable[[], Any], data: Path) -> Any:
        """Return what `make` returns the first time. Its files are in the folder `data`."""
        if self._made:
            found, changes, files = self._made
            _apply(changes)
            shutil.copytree(files, data, dirs_exist_ok=True)
            return found
        before = {name: table.rows() for name, table in _tables().items()}
        found = make()
        files = data.with_name(f"{data.name}-copied")
        shutil.copytree(data, files)
        self._made = found, _changes(before), files
        return found


class _Memory:
    """What was made in this process, and in which known state the database is: the number of what was made last."""

    def __init__(self) -> None:
        self._made: dict[tuple, _Made | None] = {}
        self._state: int | None = None
        self._moment: datetime.datetime | None = None
        self._before: dict[str, dict[Any, Any]] | None = None
        self._shared = 0
        self._watched: set[int] = set()

    def is_known(self) -> bool:
        """Whether the database has what was made once, and nothing else."""
        return self._state is not None

    def begin(self, moment: datetime.datetime | None) -> None:
        """Begin a test at a moment, or one that reads the machine's clock: what the one before it wrote is gone."""
        self._state = None if self._shared or moment is None else 0
        self._moment = moment

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        """Something is written for several tests: until it is gone, no database is as it was before."""
        self._shared += 1
        self._state = None
        try:
            yield
        finally:
            self._shared -= 1
            self._state = None

    def make(self, function: Callable[..., Any], given: dict[str, Any]) -> Any:
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._note)
        args = {name: _reference(each) for name, each in given.items() if each is not None}
        if self._state is None or self._before is not None or None in args.values():
            return function(**given)
        key = (self._state, function, clock.is_set_to(), tuple(sorted(args.items(), key=operator.itemgetter(0))))
        made = self._made.get(key)
        if made is None:
            return function(**given) if key in self._made else self._record(key, function, given)
        _apply(made.changes)
        self._state = made.number
        return _found(made.result)

    def _record(self, key: tuple, function: Callable[..., Any], given: dict[str, Any]) -> Any:
        self._before = {}
        try:
            # All of it happens as the test begins: written again in less time, nothing of it lies in the future.
            with time_machine.travel(self._moment, tick=False):
                result = function(**given)
            before = self._before
        finally:
            self._before = None
        if before is None or (reference := _reference(result)) is None:
            self._made[key], self._state = None, None
            return result
        self._state = len(self._made) + 1
        self._made[key] = _Made(self._state, _changes(before), reference)
        return _found(reference)

    def _note(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.match(str(sql)):
            found = _TABLE.match(str(sql))
            self.changes(found[1] if found else "")
        return execute(sql, params, many, context)

    def changes(self, name: str) -> None:
        """A table is about to be written to."""
        table = _tables().get(name)
        if self._before is None or table is None:
            self._before = self._state = None
        elif name not in self._before:
            self._before[name] = table.rows()


memory = _Memory()
_put = BulkTable.put


def _noted(table: BulkTable, rows: Any) -> None:
    memory.changes(table._table)  # PostgreSQL's COPY is no statement that a wrapper sees
    _put(table, rows)


BulkTable.put = _noted


def _reference(value: Any) -> Any:
    """Return what a value can be found again by, or nothing."""
    if isinstance(value, Model):
        return type(value), value.pk
    if value is None:
        return (None,)
    if isinstance(value, (list, tuple)):
        found = [_reference(each) for each in value]
        return (type(value), *found) if all(found) else None
    return None


def _found(reference: Any) -> Any:
    kind, *rest = reference
    if kind is None:
        return None
    if kind in (list, tuple):
        return kind(_found(each) for each in rest)
    return kind._default_manager.get(pk=rest[0])


def made_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a fixture be made once. It takes other fixtures that are rows, and returns rows: one, several or none."""

    @functools.wraps(function)
    def fixture(**given: Any) -> Any:
        return memory.make(function, given)

    return fixture
