"""The tables as lines of JSON, the same from every database: so one engine restores the backup of another."""

import base64
import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection, models

#: Filled by `migrate` itself; nothing of ours refers to their rows.
_MADE_BY_DJANGO = {"contenttypes", "auth"}
#: Of the search only what groups of sentences rest on; the rest is made from the record again.
_KEPT_OF_SEARCH = {"search.Vector"}
#: Bytes of lines in one file of the backup, about; it is read back whole.
MOST_PIECE = 1_000_000


def tables(apps: Apps = installed) -> list[type[models.Model]]:
    """Return the models whose rows a backup keeps, by label; tables that only join others are among them."""
    found = apps.get_models(include_auto_created=True)
    kept = [each for each in found if each._meta.managed and not each._meta.proxy]
    return sorted((each for each in kept if _is_kept(each)), key=lambda each: each._meta.label)


def _is_kept(model: type[models.Model]) -> bool:
    if model._meta.app_label == "search":
        return model._meta.label in _KEPT_OF_SEARCH
    return model._meta.app_label not in _MADE_BY_DJANGO


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the fields whose values are kept: those that have a column and are not reckoned from others."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def count(model: type[models.Model]) -> int:
    """Return how many rows a table has."""
    return model._base_manager.count()


def pieces(model: type[models.Model]) -> Iterator[tuple[bytes, int]]:
    """Yield the rows of a table as lines, some hundred kilobytes at a time, with how many they are."""
    names = [str(field.attname) for field in columns(model)]
    held, rows = bytearray(), 0
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=1000):
        held += json.dumps(row, default=_plain, separators=(",", ":"), sort_keys=True).encode() + b"\n"
        rows += 1
        if len(held) >= MOST_PIECE:
            yield bytes(held), rows
            held, rows = bytearray(), 0
    if held:
        yield bytes(held), rows


def _plain(value: Any) -> Any:
    match value:
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
    raise TypeError(f"no way to keep a {type(value).__name__}")


def insert(model: type[models.Model], names: list[str], lines: Iterable[bytes]) -> int:
    """Insert rows as they were, keys and moments included, and return how many."""
    fields = [next(field for field in columns(model) if field.attname == name) for name in names]
    quote = connection.ops.quote_name
    listed, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({places})"  # noqa: S608 - our own names
    inserted = 0
    with connection.cursor() as cursor:
        for some in batched(lines, 500):
            rows = [
                [_kept(field, value) for field, value in zip(fields, json.loads(line), strict=True)] for line in some
            ]
            cursor.executemany(statement, rows)
            inserted += len(rows)
    return inserted


def _kept(field: models.Field, value: Any) -> Any:
    if not isinstance(field, models.JSONField):
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)


def clear(models_: Iterable[type[models.Model]]) -> None:
    """Delete every row of some tables: those that a migration has made."""
    with connection.cursor() as cursor:
        for model in models_:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def last_key(model: type[models.Model]) -> int:
    """Return the last key that the database gave out for a table, even if its row is gone: it must not come again."""
    table, key = model._meta.db_table, model._meta.pk
    if not isinstance(key, models.AutoField):
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return found[0] if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), key.column])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - the server's own name
        last, is_called = cursor.fetchone()
        return last if is_called else 0


def set_last_key(model: type[models.Model], last: int) -> None:
    """Let the database go on counting after `last`."""
    table, key = model._meta.db_table, model._meta.pk
    if not isinstance(key, models.AutoField) or not last:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            sequence = "pg_get_serial_sequence(%s, %s)"
            cursor.execute(f"SELECT setval({sequence}, %s)", [connection.ops.quote_name(table), key.column, last])
