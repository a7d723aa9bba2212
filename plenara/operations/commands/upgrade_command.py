"""Bring an installation to this version: a backup first, then the migrations, then checks. Stop the server before.

Where anything fails, everything is as it was before, and a sentence says why. Killed halfway, it leaves what was there
before too: run it again.
"""

import argparse
import time
from pathlib import Path

from plenara.operations.terminal import plural, say

HELP = "bring an installation to this version, or leave it as it was"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the path of the backup."""
    parser.add_argument(
        "--backup",
        metavar="PATH",
        type=Path,
        help="a new file for the backup (default: one in the folder backups of the data folder)",
    )


def run(options: argparse.Namespace) -> None:
    """Upgrade, and say what was done."""
    from plenara.operations import startup

    startup.start()
    from plenara import __version__
    from plenara.operations.actions.upgrade import upgrade

    began = time.monotonic()
    done = upgrade(options.backup, say)
    if done.steps:
        taken = plural(done.steps, "step", "steps")
        say(f"Upgraded to {__version__}: {taken}, in {time.monotonic() - began:.1f} s. Now start `plenara serve`.")
        say("Its worker brings the search index and the files of the record up to date.")
    elif done.interrupted:
        say("An upgrade had been interrupted after its last step: it is complete, and there is nothing left to do.")
    else:
        say(f"Nothing to do: the database is that of version {__version__} already.")
