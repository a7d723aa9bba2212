"""Reading many rows as of one moment, and responses made from them: spooled before they are sent, or
streamed.
"""

import gzip
import threading
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.conf import settings
from django.db import transaction

from plenara.core.database import read_connection
from plenara.core.transaction import write_lock


@contextmanager
def snapshot(shared: str = "") -> Iterator[None]:
    """Read everything in the block as of one moment. The block must not write.

    `shared` names the snapshot of another process (`shared_snapshot`), whose moment it is then.
    """
    connection = read_connection()
    if connection.in_atomic_block:
        yield  # the outer transaction has chosen the moment
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        if connection.connection.in_transaction:
            yield  # a nested snapshot
            return
        # Django would begin an IMMEDIATE transaction, which blocks writers; a deferred one only reads the WAL.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                if shared:
                    cursor.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()  # it begins with the first read
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if shared:
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [shared])
            yield


@contextmanager
def shared_snapshot(begin: Callable[[str], None]) -> Iterator[None]:
    """Read as of one moment, with other processes: `begin` is given its name, and returns when all of them read it.

    SQLite has no names for snapshots: nobody can write until everybody has begun.
    """
    connection = read_connection()
    if connection.vendor != "sqlite":
        with snapshot():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_export_snapshot()")
                (name,) = cursor.fetchone()
            begin(name)
            yield
        return
    with ExitStack() as block:
        other = connection.copy()
        try:
            with write_lock(), other.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                block.enter_context(snapshot("this moment"))
                begin("this moment")
                cursor.execute("ROLLBACK")
        finally:
            other.close()
        yield


#: A larger file is on disk, not in memory.
IN_MEMORY = 1_000_000


def spooled(pieces: Iterable[str], *, gzipped: bool = False) -> IO[bytes]:
    """Return a file with all of it, made from one moment of the record."""
    settings.DATA.mkdir(exist_ok=True)
    file = cast(IO[bytes], SpooledTemporaryFile(IN_MEMORY, "w+b", dir=str(settings.DATA)))  # noqa: SIM115 - closed when sent
    # Without name and time, so that the same record gives the same bytes.
    out = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) if gzipped else file
    with snapshot():
        for piece in pieces:
            out.write(piece.encode(errors="replace"))
    if gzipped:
        out.close()
    file.seek(0)
    return file


#: A response with more rows is long; a shorter one takes a second or two.
LONG = 20_000
#: Bytes that are sent at once.
PIECE = 65_536
#: Seconds that a second request waits for its turn, since the first client may just have disconnected.
PATIENCE = 5.0

_turn = threading.Lock()


class Busy(Exception):
    """This process is already making another long response."""


class Streamed(Iterator[bytes]):
    """The bytes of a long response, made from one moment of the record. Raises `Busy` if another one has the turn.

    The server closes it, also when the client has disconnected; this frees the turn.
    """

    def __init__(self, pieces: Iterable[str], *, gzipped: bool = False):
        if not _turn.acquire(timeout=PATIENCE):
            raise Busy
        self._has_turn = True
        self._made = _of_one_moment(pieces, gzipped)

    def __next__(self) -> bytes:
        return next(self._made)

    def close(self) -> None:
        """Stop it and free the turn."""
        try:
            self._made.close()
        finally:
            if self._has_turn:
                self._has_turn = False
                _turn.release()


def _of_one_moment(pieces: Iterable[str], gzipped: bool) -> Generator[bytes]:
    # With the head of a gzip file that has neither name nor time, so that the same record gives the same bytes.
    press = zlib.compressobj(wbits=31) if gzipped else None
    buffer = bytearray()
    with snapshot():
        for piece in pieces:
            raw = piece.encode(errors="replace")
            buffer += press.compress(raw) if press else raw
            if len(buffer) >= PIECE:
                yield bytes(buffer)
                buffer.clear()
    if press:
        buffer += press.flush()
    if buffer:
        yield bytes(buffer)
