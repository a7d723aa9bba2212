"""A backup: database, documents and secret key in one file, made while the server runs.

A `tar.gz` that any machine can read: `backup.json` says what it is, `rows/` has the tables as lines of JSON
(`dump.py`), `documents/` the files, and a manifest of checksums stands last, so that a file cut short is known for one.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from plenara import __version__
from plenara.archive.snapshot import snapshot
from plenara.core import clock, store
from plenara.web import dump
from plenara.web.condition import signs
from plenara.web.terminal import Failed

FORMAT = "plenara-backup/1"
HEAD, SECRET, MANIFEST = "backup.json", "secret-key", "manifest-sha256.txt"
DOCUMENT = re.compile(r"documents/([0-9a-f]{2}/[0-9a-f]{64})")
ROWS = re.compile(r"rows/([A-Za-z_]+\.[A-Za-z_]+)/[0-9]{6}\.jsonl")

type Progress = Callable[[int], None]


def total(apps: Apps = installed) -> int:
    """Return how many rows and documents a backup has now, for a progress bar."""
    return sum(dump.count(model) for model in dump.tables(apps)) + sum(1 for _file in documents())


def documents() -> Iterator[tuple[str, int]]:
    """Yield the SHA-256 and the size of each document, wherever they lie."""
    for folder in range(256):
        listed = (store.documents() / f"{folder:02x}").listed()
        yield from ((name, listed[name].size) for name in sorted(listed) if re.fullmatch("[0-9a-f]{64}", name))


def back_up(path: Path, progress: Progress = lambda _count: None, *, apps: Apps = installed) -> int:
    """Write a backup to a new file and return its size. Nobody but its owner can read it.

    `apps` has the models as the tables are: those of an older version, where the database is to be upgraded.
    """
    if path.exists() or path.is_symlink():
        raise Failed(f"{path} exists already: a backup never replaces a file; name a new one.")
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
        # A link fails where a name is taken, even if it was taken a moment ago.
        os.link(part, path)
    except OSError as error:
        raise Failed(f"{path} cannot be written ({error.strerror}).") from error
    except store.Away as away:
        raise Failed(f"The documents cannot be read from the object storage ({away.reason}): try again.") from away
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    signs.backup_made()
    return path.stat().st_size


class Members:
    """Adds members to an archive and keeps their checksums."""

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
        models = dump.tables(apps)
        members.put(HEAD, json.dumps(_head(models), indent=1).encode() + b"\n")
        members.put(SECRET, settings.SECRET_KEY.encode())
        # Those that the rows of this moment tell of are there, but for one whose owner erases it in this very moment.
        for sha256, size in documents():
            with contextlib.suppress(FileNotFoundError):
                members.put_document(sha256, size)
            progress(1)
        for model in models:
            for number, (piece, rows) in enumerate(dump.pieces(model), 1):
                members.put(f"rows/{model._meta.label}/{number:06}.jsonl", piece)
                progress(rows)
        members.end()


def _head(models: list[type[Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "tables": {
            model._meta.label: {
                "columns": [field.attname for field in dump.columns(model)],
                "last_key": dump.last_key(model),
            }
            for model in models
        },
    }
