"""Back up everything to one file: database, documents and secret key. The server can keep running.

The file can be restored into any database that Plenara supports. It contains e-mail addresses and the secret key:
protect it as you protect the installation.
"""

import argparse
import time
from pathlib import Path

from plenara.operations.terminal import Bar, Failed, say

HELP = "back up everything to one file"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the path of the backup."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a new file, such as plenara-2026-10-14.tar.gz")


def run(options: argparse.Namespace) -> None:
    """Make the backup and say how large it is."""
    from plenara.operations import startup

    startup.start()
    from plenara.operations.actions.backup import back_up, total

    startup.require_migrated()
    began = time.monotonic()
    try:
        with Bar("Backing up", total()) as step:
            size = back_up(options.path, step)
    except KeyboardInterrupt:
        raise Failed("Interrupted. No backup was created.") from None
    say(f"Backed up to {options.path}: {size:,} bytes, in {time.monotonic() - began:.1f} s.")
