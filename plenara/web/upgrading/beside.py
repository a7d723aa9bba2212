"""SQLite: the upgrade is made in a copy beside the database, which takes its place in one step when all is well.

The database itself is never written to. Killed at any moment there is either the old file or the new one, whole; what
went wrong is thrown away with the copy. Meanwhile the database is locked against everybody, older versions included, so
that nothing is acknowledged that the copy has not.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from plenara.web.terminal import Failed

#: Pages that are copied between two drawings of the bar.
PAGES = 4096
#: Seconds that whoever was told to stop has to close the database.
PATIENCE = 5.0
#: How many times the database's size is needed beside it: the copy, and what the migrations write into it.
TIMES = 2


def database() -> Path:
    """Return the database's file."""
    return Path(connection.settings_dict["NAME"])


def copy_of(file: Path) -> Path:
    """Return where the copy of a database lies while it is worked on."""
    return file.with_name(f"{file.name}.upgrading")


def clear() -> None:
    """Delete what an interrupted upgrade left beside the database."""
    _delete(copy_of(database()))


@contextmanager
def kept_if_whole(progress: Callable[[int, int], None] = lambda _done, _total: None) -> Iterator[None]:
    """Let the block change the database. What it did is kept where it ends well, and never happened otherwise."""
    file = database()
    copy = copy_of(file)
    connection.close()
    with contextlib.closing(_locked(file)) as original:
        try:
            _copy(original, copy, progress)
            connection.settings_dict["NAME"] = str(copy)
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict["NAME"] = str(file)
            _put_in_place(copy, file)
        finally:
            _delete(copy)
            # For the file that is in place now; where it is the new one, nobody opens this one again.
            original.execute("PRAGMA locking_mode=NORMAL")
            original.execute("SELECT 1 FROM sqlite_master").fetchone()


def _locked(file: Path) -> sqlite3.Connection:
    """Return a connection that alone can read and write. Raises `Failed` while another one is open."""
    original = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        # It succeeds only where nobody else has the database open, and leaves all of it in the one file.
        original.execute("PRAGMA journal_mode=DELETE")
        original.execute("PRAGMA locking_mode=EXCLUSIVE")
        original.execute("BEGIN EXCLUSIVE")
        original.execute("COMMIT")
    except sqlite3.OperationalError as error:
        original.close()
        if "locked" not in str(error):
            raise
        raise Failed("Somebody has the database open: stop Plenara first (systemctl stop plenara).") from error
    return original


def _copy(original: sqlite3.Connection, copy: Path, progress: Callable[[int, int], None]) -> None:
    _delete(copy)
    copy.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(copy)) as target:
        original.backup(
            target, pages=PAGES, progress=lambda _status, remaining, total: progress(total - remaining, total)
        )


def _put_in_place(copy: Path, file: Path) -> None:
    """Let the copy take the database's place, so that a power cut leaves one of the two."""
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.execute("PRAGMA journal_mode=DELETE")
    shutil.copymode(file, copy)
    if os.geteuid() == 0:
        os.chown(copy, file.stat().st_uid, file.stat().st_gid)
    with copy.open("rb") as written:
        os.fsync(written.fileno())
    copy.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _delete(copy: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".gate"):
        copy.with_name(f"{copy.name}{ending}").unlink(missing_ok=True)
