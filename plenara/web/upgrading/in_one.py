"""PostgreSQL: the whole upgrade is one transaction, which is committed when all is well.

PostgreSQL rolls back changes of tables as it does those of rows. So going back needs no backup, and a kill, a power cut
or a lost connection leaves what was there before.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from plenara.web.terminal import Failed

#: Seconds that servers which were told to stop have to close their connections.
PATIENCE = 5.0


@contextmanager
def kept_if_whole() -> Iterator[None]:
    """Let the block change the database. What it did is kept where it ends well, and never happened otherwise."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Whichever version starts meanwhile, on whatever machine, asks this table first, and so waits for the end.
            _lock(cursor)
            _require_nobody()
        yield


def _lock(cursor: CursorWrapper) -> None:
    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE:.0f}s'")
    try:
        cursor.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
    except OperationalError as error:
        raise Failed("Somebody else migrates this database, or makes a backup of it: wait until that ends.") from error
    cursor.execute("SET LOCAL lock_timeout = 0")


def settle() -> None:
    """Let the database check now what it would check at the end: it changes no table of which it has still to check
    rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _require_nobody() -> None:
    """Raise `Failed` while anybody else is connected: a server on another machine, or somebody with a client."""
    end = time.monotonic() + PATIENCE
    while count := _others():
        if time.monotonic() >= end:
            connections = f"{count} other connection{'' if count == 1 else 's'}"
            raise Failed(
                f"The database has {connections}: stop Plenara first, on every machine, and whatever else uses it."
            )
        time.sleep(0.2)


def _others() -> int:
    with connection.cursor() as cursor:
        # Within one transaction the statistics stand still unless they are told to move.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]
