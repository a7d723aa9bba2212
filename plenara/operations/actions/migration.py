"""The migrations from the database's version to the program's, in a copy beside the database (SQLite) or in one
transaction (PostgreSQL), which replaces the original on success.
"""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from plenara.core.store.folder import sync
from plenara.operations.terminal import Failed
from plenara.themes.actions import install_wsis

#: Pages that are copied between two updates of the progress bar.
PAGES = 4096
#: Seconds that stopped processes have to close the database.
COPY_PATIENCE = 5.0
#: How many times the database's size is needed beside it: the copy, and what the migrations write into it.
TIMES = 2


def database_file() -> Path:
    """Return the database's file."""
    return Path(connection.settings_dict["NAME"])


def copy_of(file: Path) -> Path:
    """Return the path of the copy during an upgrade."""
    return file.with_name(f"{file.name}.upgrading")


def clear_copies() -> None:
    """Delete what an interrupted upgrade left beside the database."""
    _delete(copy_of(database_file()))


@contextmanager
def all_in_a_copy(progress: Callable[[int, int], None] = lambda _done, _total: None) -> Iterator[None]:
    """Let the block change the database: its changes are kept on success, and discarded otherwise."""
    file = database_file()
    copy = copy_of(file)
    connection.close()
    with contextlib.closing(_lock_database(file)) as original:
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
            # For the file that is in place now; if it is the new one, nobody opens this one again.
            original.execute("PRAGMA locking_mode=NORMAL")
            original.execute("SELECT 1 FROM sqlite_master").fetchone()


def _lock_database(file: Path) -> sqlite3.Connection:
    """Return an exclusive connection. Raises `Failed` while another one is open."""
    original = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=COPY_PATIENCE, isolation_level=None)
    try:
        # It succeeds only if nobody else has the database open, and leaves all of it in one file.
        original.execute("PRAGMA journal_mode=DELETE")
        original.execute("PRAGMA locking_mode=EXCLUSIVE")
        original.execute("BEGIN EXCLUSIVE")
        original.execute("COMMIT")
    except sqlite3.OperationalError as error:
        original.close()
        if "locked" not in str(error):
            raise
        raise Failed("Another program is using the database. Stop Plenara first (systemctl stop plenara).") from error
    return original


def _copy(original: sqlite3.Connection, copy: Path, progress: Callable[[int, int], None]) -> None:
    _delete(copy)
    copy.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(copy)) as target:
        original.backup(
            target, pages=PAGES, progress=lambda _status, remaining, total: progress(total - remaining, total)
        )


def _put_in_place(copy: Path, file: Path) -> None:
    """Replace the database by the copy, so that a power cut leaves one of the two."""
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.execute("PRAGMA journal_mode=DELETE")
    shutil.copymode(file, copy)
    if os.geteuid() == 0:
        os.chown(copy, file.stat().st_uid, file.stat().st_gid)
    sync(copy)
    copy.replace(file)
    sync(file.parent)


def _delete(copy: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".write-lock"):
        copy.with_name(f"{copy.name}{ending}").unlink(missing_ok=True)


#: Seconds that stopped servers have to close their connections.
PATIENCE = 5.0


@contextmanager
def all_in_a_transaction() -> Iterator[None]:
    """Let the block change the database: its changes are kept on success, and discarded otherwise."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Any version that starts in the meantime, on any machine, reads this table first, and so waits for the end.
            _lock(cursor)
            _require_nobody()
        yield


def _lock(cursor: CursorWrapper) -> None:
    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE:.0f}s'")
    try:
        cursor.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
    except OperationalError as error:
        raise Failed("Another process is migrating or backing up this database. Wait until it has finished.") from error
    cursor.execute("SET LOCAL lock_timeout = 0")


def settle() -> None:
    """Run deferred checks now: the database does not alter a table with pending checks of
    rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _require_nobody() -> None:
    """Raise `Failed` while anybody else is connected: a server on another machine, or a person with a client."""
    end = time.monotonic() + PATIENCE
    while count := _others():
        if time.monotonic() >= end:
            connections = f"{count} other connection{'' if count == 1 else 's'}"
            raise Failed(
                f"The database has {connections}. Stop Plenara on every server, and all other programs that use it."
            )
        time.sleep(0.2)


def _others() -> int:
    with connection.cursor() as cursor:
        # Within one transaction the statistics do not change unless they are refreshed.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
            "backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


type Report = Callable[[str], None]


class StepFailed(Exception):
    """A migration that failed: its name, and a short reason."""


class _Migrating(Command):
    """Django's own command, which reports the beginning of each migration."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report
        self.at = ""

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        if action == "apply_start" and migration is not None:
            self.at = f"{migration.app_label}.{migration.name}"
            self._report(self.at)
        elif action == "apply_success" and connection.vendor == "postgresql":
            settle()


def steps_to_take() -> list[Migration]:
    """Return the migrations to apply, in their order."""
    executor = MigrationExecutor(connection)
    return [step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def require_possible(plan: list[Migration]) -> None:
    """Raise `Failed` for a migration that PostgreSQL cannot run within a transaction. None of ours is one."""
    if connection.vendor == "postgresql" and (apart := [step for step in plan if not step.atomic]):
        name = f"{apart[0].app_label}.{apart[0].name}"
        raise Failed(f"{name} cannot be reversed, so nothing was changed. Make a backup, and run `plenara migrate`.")


def apps_before() -> Apps:
    """Return the models of the present tables."""
    loader = MigrationExecutor(connection).loader
    applied = set(loader.applied_migrations) & set(loader.graph.nodes)
    ends = [node for node in applied if not any(child.key in applied for child in loader.graph.node_map[node].children)]
    return loader.project_state(ends).apps


def take_steps(report: Report) -> None:
    """Apply all migrations. Raises `StepFailed`."""
    command = _Migrating(report)
    with _named(command):
        call_command(command, interactive=False, verbosity=0)
        install_wsis()
        connection.check_constraints()


@contextmanager
def _named(command: _Migrating) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise StepFailed(f"{command.at or 'migrating'} failed ({steps_in_words(error)})") from error


def steps_in_words(error: BaseException) -> str:
    """Return an error's type and its first line. Databases can quote a row below it."""
    first_line = next(iter(str(error).strip().splitlines()), "")[:200].rstrip(".")
    return f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__
