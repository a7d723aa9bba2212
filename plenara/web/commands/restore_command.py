"""Bring back a backup into an empty installation: an empty data folder, and an empty database.

The file is checked whole before anything is written. What is there already is never overwritten.
"""

import argparse
import os
import time
from pathlib import Path

from plenara.web.terminal import Bar, Failed, complain, plural, say

HELP = "bring back a backup into an empty installation"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the backup is."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a file that `plenara backup` made")


def run(options: argparse.Namespace) -> None:
    """Restore the backup and say how much came in."""
    from plenara.web import starting

    starting.start()
    from plenara.web.restoring import restore

    began = time.monotonic()
    try:
        # It is read twice: to check, then to load.
        size = options.path.stat().st_size if options.path.exists() else 0
        with Bar("Restoring", 2 * size) as step:
            counts = restore(options.path, step)
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was restored: run it again.") from None
    rows, documents = plural(counts["rows"], "row", "rows"), plural(counts["documents"], "document", "documents")
    say(f"Restored {options.path}: {rows} and {documents}, in {time.monotonic() - began:.1f} s.")
    if os.environ.get("PLENARA_SECRET_KEY"):
        complain(
            "PLENARA_SECRET_KEY is set and is used instead of the key that was restored: "
            "where the two differ, people sign in again and links in letters are void."
        )
