"""Holding a folder of the store alone, among the threads, processes and machines that share it."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from plenara.core.store import Stored, is_shared

#: The file of a folder on this machine that is held.
LOCK = "lock"


@contextmanager
def alone(folder: Stored) -> Iterator[None]:
    """Hold the folder; the kernel lets go of it when we are killed, and so does the database."""
    with (folder.workshop() / LOCK).open("w") as file:
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
            _let_go(key)


def _let_go(key: int) -> None:
    """Let go of it. A connection that cannot say so is closed, and the database lets go by itself."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    except DatabaseError:
        if not connection.in_atomic_block:
            with suppress(DatabaseError):
                connection.close()
