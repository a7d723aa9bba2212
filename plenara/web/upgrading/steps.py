"""The steps from the database's version to the program's: which there are, and taking them one by one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from plenara.themes.actions import install_wsis
from plenara.web.terminal import Failed
from plenara.web.upgrading import in_one

type Tell = Callable[[str], None]


class StepFailed(Exception):
    """A step that could not be taken: its name, and in a few words why."""


class _Migrating(Command):
    """Django's own command, which tells of each step as it begins."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell
        self.at = ""

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        if action == "apply_start" and migration is not None:
            self.at = f"{migration.app_label}.{migration.name}"
            self._tell(self.at)
        elif action == "apply_success" and connection.vendor == "postgresql":
            in_one.settle()


def to_take() -> list[Migration]:
    """Return the steps that are to be taken, in their order."""
    executor = MigrationExecutor(connection)
    return [step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def require_possible(plan: list[Migration]) -> None:
    """Raise `Failed` for a step that PostgreSQL cannot take within one transaction. None of ours is such a step."""
    if connection.vendor == "postgresql" and (apart := [step for step in plan if not step.atomic]):
        name = f"{apart[0].app_label}.{apart[0].name}"
        raise Failed(f"{name} cannot be undone, so that nothing was done: make a backup, and run `plenara migrate`.")


def apps_before() -> Apps:
    """Return the models as the tables are now."""
    loader = MigrationExecutor(connection).loader
    applied = set(loader.applied_migrations) & set(loader.graph.nodes)
    ends = [node for node in applied if not any(child.key in applied for child in loader.graph.node_map[node].children)]
    return loader.project_state(ends).apps


def take(tell: Tell) -> None:
    """Take them all. Raises `StepFailed`."""
    command = _Migrating(tell)
    with _named(command):
        call_command(command, interactive=False, verbosity=0)
        install_wsis()
        connection.check_constraints()


@contextmanager
def _named(command: _Migrating) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise StepFailed(f"{command.at or 'migrating'} failed ({in_words(error)})") from error


def in_words(error: BaseException) -> str:
    """Return an error's kind and the first line that it says. What databases add below it can quote a row."""
    said = next(iter(str(error).strip().splitlines()), "")[:200].rstrip(".")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
