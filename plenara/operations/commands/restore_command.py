"""Bring back a backup into an empty installation: an empty data folder, and an empty database.

The file is checked whole before anything is written. What is there already is never overwritten. Accounts that were
erased after the backup are erased again, as the list of erasures says.
"""

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from plenara.operations.terminal import Bar, Failed, complain, plural, say

if TYPE_CHECKING:
    from plenara.accounts.personal_data.erasure import ErasuresComparison

HELP = "bring back a backup into an empty installation"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the path of the backup."""
    parser.add_argument("path", metavar="PATH", type=Path, help="a file that `plenara backup` made")
    parser.add_argument(
        "--erasures",
        metavar="FILE",
        type=Path,
        help="the list of erasures that was kept apart (besides erasures.jsonl in the data folder)",
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
        raise Failed("Interrupted. Nothing was restored: run it again.") from None
    rows, documents = plural(counts["rows"], "row", "rows"), plural(counts["documents"], "document", "documents")
    say(f"Restored {options.path}: {rows} and {documents}, in {time.monotonic() - began:.1f} s.")
    _print_erasures(erasures)
    if os.environ.get("PLENARA_SECRET_KEY"):
        complain(
            "PLENARA_SECRET_KEY is set and is used instead of the key that was restored: "
            "where the two differ, people sign in again and links in letters are void."
        )


def _print_erasures(found: "ErasuresComparison") -> None:
    """Print how many accounts were erased again, and what to do if that is unknown."""
    from plenara.accounts.personal_data import erasure

    if found.here:
        say(f"Erased again: {plural(len(found.here), 'account', 'accounts')}, as {erasure.erasures_path()} says.")
    elif not erasure.erasures_path().exists():
        say(
            f"There is no list of erasures ({erasure.erasures_path()}). If one was kept apart, put it there: "
            "the next start of `plenara serve` erases again whom it names."
        )
    if found.doubtful:
        complain(
            f"{plural(found.doubtful, 'line', 'lines')} of {erasure.erasures_path()} cannot be believed, since the "
            "secret key was another one: set PLENARA_SECRET_KEY to that key, and start `plenara serve` once with it."
        )
