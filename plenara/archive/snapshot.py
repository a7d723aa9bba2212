"""Reading many rows as they were at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from plenara.core.reading import reading


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything read in the block be of one moment. Nothing may be written in it."""
    connection = reading()
    if connection.in_atomic_block:
        yield  # whoever began the transaction has chosen its moment
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        if connection.connection.in_transaction:
            yield  # a snapshot within another one
            return
        # Django would begin an IMMEDIATE transaction, which keeps writers waiting; a deferred one only reads the WAL.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
