"""Upgrade an installation to this version: a backup, then the migrations, then checks. Stop the server first.

If anything fails, nothing is changed, and a message gives the reason. The same holds if the command is killed: run it
again.
"""

import argparse
import time
from pathlib import Path

from plenara.operations.terminal import plural, say

HELP = "upgrade an installation to this version, or leave it unchanged"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the path of the backup."""
    parser.add_argument(
        "--backup",
        metavar="PATH",
        type=Path,
        help="a new file for the backup (default: a file in the folder `backups` of the data folder)",
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
        say("Its worker will update the search index and the files of the record.")
    elif done.interrupted:
        say("An earlier upgrade was interrupted after its last step. It is complete; there is nothing left to do.")
    else:
        say(f"Nothing to do: the database is already at version {__version__}.")
