"""Make the database, or bring it to this version. Make a backup before an upgrade."""

import argparse

from plenara.web.terminal import plural, say

HELP = "make the database, or bring it to this version"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Migrating takes no arguments."""


def run(options: argparse.Namespace) -> None:
    """Migrate, and say how much there was to do."""
    from plenara.web import starting

    starting.start()
    if starting.fitness() is starting.Fitness.AHEAD:
        starting.require_migrated()
    steps = starting.migrate()
    say(f"Migrated: {plural(steps, 'step', 'steps')}." if steps else "Nothing to migrate: the database is current.")
