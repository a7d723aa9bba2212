"""Restore a backup into an empty installation: an empty data folder and an empty database.

The whole file is checked before anything is written. Existing data are never overwritten. Accounts that were erased
after the backup are erased again, according to the list of erasures.
"""

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from plenara.operations.terminal import Bar, Failed, complain, plural, say

if TYPE_CHECKING:
    from plenara.accounts.personal_data.erasure import ErasuresComparison

HELP = "restore a backup into an empty installation"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the path of the backup."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a file that `plenara backup` created")
    parser.add_argument(
        "--erasures",
        metavar="FILE",
        type=Path,
        help="a list of erasures stored elsewhere (in addition to erasures.jsonl in the data folder)",
    )


def run(options: argparse.Namespace) -> None:
    """Restore the backup and print how much was restored."""
    from plenara.operations import startup

    startup.start()
    from plenara.operations.actions.restore import restore

    began = time.monotonic()
    try:
        # It is read twice: to check, then to load.
        size = options.path.stat().st_size if options.path.exists() else 0
        with Bar("Restoring", 2 * size) as step:
            counts, erasures = restore(options.path, step, erasures=options.erasures)
    except KeyboardInterrupt:
        raise Failed("Interrupted. Nothing was restored. Run the command again.") from None
    rows, documents = plural(counts["rows"], "row", "rows"), plural(counts["documents"], "document", "documents")
    say(f"Restored {options.path}: {rows} and {documents}, in {time.monotonic() - began:.1f} s.")
    _print_erasures(erasures)
    if os.environ.get("PLENARA_SECRET_KEY"):
        complain(
            "PLENARA_SECRET_KEY is set and replaces the restored key. If they differ, people must sign in again, and "
            "links in e-mails no longer work."
        )


def _print_erasures(found: "ErasuresComparison") -> None:
    """Print how many accounts were erased again, and what to do if that is unknown."""
    from plenara.accounts.personal_data import erasure

    if found.here:
        say(f"Erased again: {plural(len(found.here), 'account', 'accounts')}, listed in {erasure.erasures_path()}.")
    elif not erasure.erasures_path().exists():
        say(
            f"There is no list of erasures ({erasure.erasures_path()}). If you have a copy elsewhere, put it there. "
            "The next start of `plenara serve` erases the listed accounts again."
        )
    if found.doubtful:
        complain(
            f"{plural(found.doubtful, 'line', 'lines')} of {erasure.erasures_path()} cannot be verified, because they "
            "were written with another secret key. Set PLENARA_SECRET_KEY to that key and start `plenara serve` once."
        )
