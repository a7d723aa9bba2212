"""Create the database, or migrate it to this version. Back up before an upgrade."""

import argparse

from plenara.operations.terminal import plural, say

HELP = "create the database, or migrate it to this version"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Migrating takes no arguments."""


def run(options: argparse.Namespace) -> None:
    """Migrate, and say how much there was to do."""
    from plenara.operations import startup

    startup.start()
    if startup.fitness() is startup.Fitness.AHEAD:
        startup.require_migrated()
    steps = startup.migrate()
    say(f"Migrated: {plural(steps, 'step', 'steps')}." if steps else "Nothing to migrate: the database is up to date.")
