"""The one way in which actions write: through a fair gate, in one transaction.

SQLite has one writer. Left to its busy timeout, writers poll and some wait very long; a queue before the transaction
serves them in turn. The gate is a thread lock, then `flock` on a file beside the database, which the kernel frees
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

_lock = threading.RLock()
_inside = threading.local()


@contextmanager
def write_lock() -> Iterator[None]:
    """Wait for one's turn to write; a transaction already begun has had its turn."""
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
    """Return the file of the gate; None where the database is in memory, which no other process writes to."""
    name = str(connection.settings_dict["NAME"])
    return None if ":memory:" in name or "mode=memory" in name else Path(f"{name}.gate")


def is_busy() -> bool:
    """Say whether another process has its turn just now; who has no hurry may let it go by."""
    if connection.vendor != "sqlite" or (path := _path()) is None:
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def writes() -> Iterator[None]:
    """Hold the gate and one transaction: all of the block is committed, or none of it."""
    with write_lock(), transaction.atomic():
        yield


def lock(name: str) -> None:
    """Let nobody else lock the same name until the transaction ends. On SQLite nobody else writes anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_row[M: Model](row: M, *related: str) -> M:
    """Return a row as it is now, with what it names, locked until the transaction ends.

    Its row alone is locked first: PostgreSQL looks again at a row that it waited for together with what that was joined
    to before, and would not find one that names another row by then.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.select_for_update(no_key=True).values_list("pk", flat=True).first()
    return rows.select_related(*related).get() if related else rows.get()


def writing[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action: it runs through the gate, in one transaction."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with writes():
            return action(*args, **kwargs)

    return run
