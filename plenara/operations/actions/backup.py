"""Backups: database, documents and secret key in one file, made while the server runs. Tables are lines of JSON, the
same from every database.
"""

import base64
import contextlib
import datetime
import decimal
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import IO

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from plenara import __version__
from plenara.core import clock, store
from plenara.core.rows import Json
from plenara.core.snapshots import snapshot
from plenara.operations import heartbeat
from plenara.operations.terminal import Failed

#: Filled by `migrate` itself; nothing of ours refers to their rows.
_MADE_BY_DJANGO = {"contenttypes", "auth"}
#: Of the search only the vectors for groups of sentences; the rest is rebuilt from the record.
_DUMPED_OF_SEARCH = {"search.Vector"}
#: About the bytes of lines in one file of the backup; it is read back whole.
MOST_PIECE = 1_000_000


def tables(apps: Apps = installed) -> list[type[models.Model]]:
    """Return the models whose rows are in a backup, by label, including join tables."""
    found = apps.get_models(include_auto_created=True)
    managed = [each for each in found if each._meta.managed and not each._meta.proxy]
    return sorted((each for each in managed if _is_dumped(each)), key=lambda each: each._meta.label)


def _is_dumped(model: type[models.Model]) -> bool:
    if model._meta.app_label == "search":
        return model._meta.label in _DUMPED_OF_SEARCH
    return model._meta.app_label not in _MADE_BY_DJANGO


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the fields whose values are saved: those with a column that is not generated from others."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def count_rows(model: type[models.Model]) -> int:
    """Return the number of rows of a table."""
    return model._base_manager.count()


def row_pieces(model: type[models.Model]) -> Iterator[tuple[bytes, int]]:
    """Yield the rows of a table as lines, some hundred kilobytes at a time, with how many they are."""
    names = [str(field.attname) for field in columns(model)]
    buffer, rows = bytearray(), 0
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=1000):
        buffer += json.dumps(row, default=_plain, separators=(",", ":"), sort_keys=True).encode() + b"\n"
        rows += 1
        if len(buffer) >= MOST_PIECE:
            yield bytes(buffer), rows
            buffer, rows = bytearray(), 0
    if buffer:
        yield bytes(buffer), rows


def _plain(value: object) -> object:
    match value:
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
    raise TypeError(f"cannot store a {type(value).__name__}")


def insert_rows(model: type[models.Model], names: list[str], lines: Iterable[bytes]) -> int:
    """Insert rows unchanged, including keys and times, and return how many."""
    fields = [next(field for field in columns(model) if field.attname == name) for name in names]
    quote = connection.ops.quote_name
    listed, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({places})"  # noqa: S608 - our own names
    inserted = 0
    with connection.cursor() as cursor:
        for some in batched(lines, 500):
            rows = [
                [_stored(field, value) for field, value in zip(fields, json.loads(line), strict=True)] for line in some
            ]
            cursor.executemany(statement, rows)
            inserted += len(rows)
    return inserted


def _stored(field: models.Field, value: object) -> str | float | bytes | None:
    if not isinstance(field, models.JSONField):
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)


def clear_tables(models_: Iterable[type[models.Model]]) -> None:
    """Delete every row of some tables, which migrations have inserted."""
    with connection.cursor() as cursor:
        for model in models_:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def last_key(model: type[models.Model]) -> int:
    """Return the last key that the database used for a table, even if its row was deleted: it must not recur."""
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
    """Let the database continue its keys after `last`."""
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


FORMAT = "plenara-backup/1"
HEAD, SECRET, MANIFEST = "backup.json", "secret-key", "manifest-sha256.txt"
DOCUMENT = re.compile(r"documents/([0-9a-f]{2}/[0-9a-f]{64})")
ROWS = re.compile(r"rows/([A-Za-z_]+\.[A-Za-z_]+)/[0-9]{6}\.jsonl")

type Progress = Callable[[int], None]


def total(apps: Apps = installed) -> int:
    """Return how many rows and documents a backup has now, for a progress bar."""
    return sum(count_rows(model) for model in tables(apps)) + sum(1 for _file in documents())


def documents() -> Iterator[tuple[str, int]]:
    """Yield the SHA-256 and the size of each document in the storage."""
    for folder in range(256):
        listed = (store.documents() / f"{folder:02x}").listed()
        yield from ((name, listed[name].size) for name in sorted(listed) if re.fullmatch("[0-9a-f]{64}", name))


def back_up(path: Path, progress: Progress = lambda _count: None, *, apps: Apps = installed) -> int:
    """Write a backup to a new file and return its size. Only its owner can read it.

    `apps` has the models of the tables: those of an older version, before an upgrade.
    """
    if path.exists() or path.is_symlink():
        raise Failed(f"{path} already exists. A backup never replaces a file: name a new file.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Failed(f"{path} cannot be written ({error.strerror}).") from error
    try:
        with os.fdopen(file, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
                _fill(Members(archive), progress, apps)
            out.flush()
            os.fsync(out.fileno())
        # A link fails if the name exists, even since a moment ago.
        os.link(part, path)
    except OSError as error:
        raise Failed(f"{path} cannot be written ({error.strerror}).") from error
    except store.Away as error:
        raise Failed(f"The documents cannot be read from the object storage ({error.reason}). Try again.") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    heartbeat.backup_made()
    return path.stat().st_size


class Members:
    """Adds members to an archive and collects their checksums."""

    def __init__(self, archive: tarfile.TarFile):
        self._archive = archive
        self._digests: list[tuple[str, str]] = []

    def put(self, name: str, data: bytes) -> None:
        """Add a member."""
        self._add(name, len(data), io.BytesIO(data))
        self._digests.append((hashlib.sha256(data).hexdigest(), name))

    def put_document(self, sha256: str, size: int) -> None:
        """Add a document; its own name is its checksum. Raises `FileNotFoundError` before anything of it is added."""
        name = f"documents/{sha256[:2]}/{sha256}"
        with store.document(sha256).opened() as file:
            self._add(name, size, file)
        self._digests.append((sha256, name))

    def end(self) -> None:
        """Add the manifest."""
        listing = "".join(f"{digest}  {name}\n" for digest, name in self._digests).encode()
        self._add(MANIFEST, len(listing), io.BytesIO(listing))

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._archive.addfile(entry, file)


def _fill(members: Members, progress: Progress, apps: Apps) -> None:
    with snapshot():
        models = tables(apps)
        members.put(HEAD, json.dumps(_head(models), indent=1).encode() + b"\n")
        members.put(SECRET, settings.SECRET_KEY.encode())
        # Documents of the rows exist, except one that its owner erases at the same time.
        for sha256, size in documents():
            with contextlib.suppress(FileNotFoundError):
                members.put_document(sha256, size)
            progress(1)
        for model in models:
            for number, (piece, rows) in enumerate(row_pieces(model), 1):
                members.put(f"rows/{model._meta.label}/{number:06}.jsonl", piece)
                progress(rows)
        members.end()


def _head(models: list[type[models.Model]]) -> Json:
    return {
        "format": FORMAT,
        "version": __version__,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "tables": {
            model._meta.label: {
                "columns": [field.attname for field in columns(model)],
                "last_key": last_key(model),
            }
            for model in models
        },
    }
