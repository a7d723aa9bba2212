"""The one way in which actions write: with a fair write lock, in one transaction.

SQLite has one writer. Left to its busy timeout, writers poll and some wait very long; a queue before the transaction
serves them in turn. The write lock is a thread lock, then `flock` on a file beside the database, which the kernel frees
when a process is killed. PostgreSQL needs none.
"""

import fcntl
import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Model

from plenara.core.prepared import find

_lock = threading.RLock()
_inside = threading.local()


@contextmanager
def write_lock() -> Iterator[None]:
    """Take the write lock; a transaction that has begun already has it."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or getattr(_inside, "value", False):
        yield
        return
    with _lock:
        _inside.value = True
        try:
            if (path := _path()) is None:
                yield
            else:
                with path.open("a") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    yield
        finally:
            _inside.value = False


def _path() -> Path | None:
    """Return the lock file; None if the database is in memory, which no other process writes to."""
    name = str(connection.settings_dict["NAME"])
    return None if ":memory:" in name or "mode=memory" in name else Path(f"{name}.write-lock")


#: Seconds after which a transaction is not a form's, but an import's.
_LONG = 1
#: PostgreSQL numbers a transaction when it first writes.
_WRITES_NOW = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            AND backend_xid IS NOT NULL AND xact_start > clock_timestamp() - make_interval(secs => %s)
    )
"""


def is_busy() -> bool:
    """Return whether somebody else writes now, for callers that can wait. They have no transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_WRITES_NOW, [_LONG])
            return bool(cursor.fetchone()[0])
    if (path := _path()) is None:
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def writes() -> Iterator[None]:
    """Take the write lock and one transaction: all of the block is committed, or none of it."""
    with write_lock(), transaction.atomic():
        yield


def lock(name: str) -> None:
    """Lock a name until the transaction ends. On SQLite nobody else writes anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_row[M: Model](row: M, *related: str) -> M:
    """Lock a row until the transaction ends, and return it as it is now, with its `select_related` rows.

    Only its row is locked first: PostgreSQL rechecks a row that it waited for with the rows that were joined
    before, and would not find a row that points to another one now.
    """
    lock_id(type(row), row.pk)
    found = find(type(row), row.pk, *related)
    if found is None:
        raise type(row).DoesNotExist  # type: ignore[attr-defined] # the stubs know it of models, not of M
    return found


def lock_id(model: type[Model], pk: int) -> None:
    """Lock a row until the transaction ends. SQLite has one writer, who has locked everything."""
    if connection.features.has_select_for_update:
        rows = model._default_manager.filter(pk=pk)
        rows.select_for_update(no_key=True).values_list("pk", flat=True).first()


def writing[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action: it runs with the write lock, in one transaction."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with writes():
            return action(*args, **kwargs)

    return run
