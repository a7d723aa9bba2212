"""Storage for files that outlive a request: a folder of this machine, or a bucket that several machines share; and the
lock of a folder.
"""

import datetime
import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, Self, cast

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from plenara.core.refusals import ActionRefused
from plenara.core.rows import Json

#: The backend of `STORAGES` that stores files in a bucket.
BUCKET = "plenara.core.store.bucket.Bucket"


class Away(ActionRefused):
    """The object storage does not answer, or denies access. Tasks that need it wait, and pages say so."""

    status = 503
    retry_after = 60

    def __init__(self, reason: str):
        super().__init__(_("We cannot reach the file storage at the moment. Try again in a few minutes."), "away")
        #: The error for operators: a code, never an address or a key.
        self.reason = reason


@dataclass(frozen=True)
class Entry:
    """An entry of a listing."""

    size: int
    changed_at: datetime.datetime


class Stored(Protocol):
    """A file, or a folder of files. Every method raises `Away` if the storage does not answer."""

    @property
    def name(self) -> str: ...
    def __truediv__(self, name: str, /) -> Self: ...
    def exists(self) -> bool: ...

    def size(self) -> int:
        """Return a file's size in bytes. Raises `FileNotFoundError`."""

    def read_bytes(self) -> bytes: ...
    def read_text(self, encoding: str | None = None) -> str: ...

    def put(self, data: bytes) -> None:
        """Write these bytes to a file, atomically."""

    def take(self, path: Path) -> None:
        """Move the file at `path` on this disk here."""

    def pieces(self, part: range | None = None) -> Iterator[bytes]:
        """Return a file, or a range of it, piece by piece. Raises `FileNotFoundError` before the first piece."""

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """Return a file on this disk with the bytes, for another process to read. Raises `FileNotFoundError`."""

    def listed(self) -> dict[str, Entry]:
        """Return the files in a folder and below, by name; none if the folder does not exist."""

    def forget(self) -> None:
        """Delete a file, if it exists."""

    def forget_all(self) -> None:
        """Delete a folder with its content."""

    def workshop(self) -> Path:
        """Return a folder on this disk in which to make files for here."""


def documents() -> Stored:
    """Return the folder of papers and marks."""
    return _area("documents", settings.DOCUMENTS)


def exports() -> Stored:
    """Return the folder of files that are made from the record."""
    return _area("exports", Path(settings.DATA) / "exports")


def document(sha256: str) -> Stored:
    """Return the path of the document with this SHA-256."""
    return documents() / sha256[:2] / sha256


def is_shared() -> bool:
    """Return whether files are in a bucket, which other machines see too."""
    return bool(cast(Json, settings.STORAGES)["default"]["BACKEND"] == BUCKET)


def _area(name: str, folder: Path) -> Stored:
    if is_shared():
        # Loaded only if it is used: its library takes some thirty megabytes.
        from plenara.core.store.bucket import Bucket, InBucket

        return InBucket(cast(Bucket, storages["default"]), name, Path(folder))
    from plenara.core.store.folder import InFolder

    return InFolder(folder)


#: The file that is locked in a folder of this machine.
LOCK_FILE = "lock"


@contextmanager
def lock_folder(folder: Stored) -> Iterator[None]:
    """Lock the folder; the kernel releases it when the process is killed, and so does the database."""
    with (folder.workshop() / LOCK_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not is_shared() or connection.vendor != "postgresql":
            yield
            return
        key = int.from_bytes(hashlib.sha256(str(folder).encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            _unlock(key)


def _unlock(key: int) -> None:
    """Release the lock. A broken connection is closed, so that the database releases it by itself."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    except DatabaseError:
        if not connection.in_atomic_block:
            with suppress(DatabaseError):
                connection.close()
