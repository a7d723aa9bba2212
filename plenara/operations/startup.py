"""Starting Django for a command: whether its database is usable, and which processes use the data of the
installation.
"""

import enum
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plenara.operations.terminal import Failed

LOCK_NAME = "in-use.lock"
#: Seconds that a stopped server has before an upgrade is refused because of it.
LOCK_PATIENCE = 5.0


@contextmanager
def shared_on_machine() -> Iterator[None]:
    """Prevent an upgrade during the block. Raises `Failed` while one runs."""
    with _lock_file() as file:
        if not _locked(file, fcntl.LOCK_SH, 0.0):
            raise Failed("`plenara upgrade` is running on this data. Start again when it has finished.")
        yield


@contextmanager
def alone_on_machine() -> Iterator[None]:
    """Prevent servers, workers and other upgrades during the block. Raises `Failed` while there is one."""
    with _lock_file() as file:
        if not _locked(file, fcntl.LOCK_EX, LOCK_PATIENCE):
            raise Failed("Plenara is running on this data. Stop it first (systemctl stop plenara).")
        yield


def _lock_file() -> IO[str]:
    from django.conf import settings

    return (Path(settings.DATA) / LOCK_NAME).open("a")


def _locked(file: IO[str], how: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.1)
        else:
            return True


SETTINGS = "plenara.config.settings"
#: Its migrations create more than its models: the indexes of each database, with their triggers.
MIGRATED_STEP_BY_STEP = "search"


def start(settings: str = SETTINGS) -> None:
    """Load Django with these settings, whatever the environment names. Raises `Failed` for a wrong setting."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Failed(str(error)) from error


class Fitness(enum.Enum):
    """The state of the database's tables for this version of the program."""

    EMPTY = "empty"
    BEHIND = "behind"
    AHEAD = "ahead"
    CURRENT = "current"


def fitness() -> Fitness:
    """Return the state of the database. Raises `Failed` if it does not answer."""
    from django.db import DatabaseError, connection
    from django.db.migrations.loader import MigrationLoader

    try:
        loader = MigrationLoader(connection)
    except DatabaseError as error:
        raise Failed(_silent(error)) from error
    if not loader.applied_migrations:
        return Fitness.EMPTY
    if loader.disk_migrations.keys() - loader.applied_migrations.keys():
        return Fitness.BEHIND
    ours = {app for app, _name in loader.disk_migrations}
    if (
        {each for each in loader.applied_migrations if each[0] in ours}
        - loader.disk_migrations.keys()
        - _replaced(loader)
    ):
        return Fitness.AHEAD
    return Fitness.CURRENT


def _replaced(loader: object) -> set[tuple[str, str]]:
    replacements = getattr(loader, "replacements", {})
    return {each for migration in replacements.values() for each in migration.replaces}


def _silent(error: Exception) -> str:
    reason = " ".join(str(error).split()).rstrip(".")
    return f"The database does not answer ({reason[:200]}). Check that it runs and that PLENARA_DATABASE_URL is right."


def require_migrated() -> None:
    """Raise `Failed` if the database is not of this version."""
    state = fitness()
    if state is Fitness.EMPTY:
        raise Failed("There is no database yet. Run `plenara migrate` first.")
    if state is Fitness.BEHIND:
        raise Failed("The database belongs to an older version. Make a backup, then run `plenara migrate`.")
    if state is Fitness.AHEAD:
        raise Failed("The database belongs to a newer version of Plenara. Run that version.")


def make_or_require() -> None:
    """Create the database if there is none; raise `Failed` for one of another version."""
    if fitness() is Fitness.EMPTY:
        migrate()
    require_migrated()


def migrate() -> int:
    """Migrate the database to this version and return the number of migrations."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from plenara.themes.actions import install_wsis

    with alone():
        try:
            executor = MigrationExecutor(connection)
            steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
            if steps:
                applied = {app for app, _name in executor.loader.applied_migrations}
                if applied <= {MIGRATED_STEP_BY_STEP}:
                    create_tables()
                else:
                    call_command("migrate", interactive=False, verbosity=0)
                install_wsis()
        except DatabaseError as error:
            raise Failed(_silent(error)) from error
    return steps


def create_tables(database: str = "default") -> None:
    """Create all tables in an empty database from the models, and record every migration as applied.

    The migrations lead to the same tables, but take many times as long. After a kill
    it continues where it was.
    """
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    modules = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {
        each.label: None for each in apps.get_app_configs() if each.label != MIGRATED_STEP_BY_STEP
    }
    try:
        call_command("migrate", database=database, run_syncdb=True, interactive=False, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = modules
    with transaction.atomic(using=database):
        call_command("migrate", database=database, fake=True, interactive=False, verbosity=0)


def erase_again() -> int:
    """Erase again persons of the list of erasures who are in a restored database; return how many.

    Raises `Failed` if the list cannot be read: serving without it could show erased data.
    """
    from plenara.accounts.personal_data import erasure
    from plenara.accounts.personal_data.erasure import erase_again as once_more

    try:
        found = erasure.compare_erasures()
    except (ValueError, OSError) as error:
        raise Failed(
            f"{erasure.erasures_path()} cannot be read ({type(error).__name__} {error}). "
            "This file lists the erased accounts. Restore it from a copy."
        ) from error
    for entry in found.here:
        once_more(entry)
    return len(found.here)


@contextmanager
def alone() -> Iterator[None]:
    """Prevent other migrations on this machine at the same time."""
    from django.conf import settings

    with (Path(settings.DATA) / "migrating.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
