"""Compare the search index and the figures on pages with the record, and correct them.

The server can keep running. With --rebuild, the index is emptied first, and searches find less until it is rebuilt.
"""

import argparse
import time

from plenara.operations.terminal import Bar, plural, say

HELP = "correct the search index and the figures"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option to begin with an empty index."""
    parser.add_argument("--rebuild", action="store_true", help="empty the index first and rebuild it")


def run(options: argparse.Namespace) -> None:
    """Repair the index and the figures, and print what was wrong."""
    from plenara.operations import startup

    startup.start()
    from plenara.contributions.actions import tallies
    from plenara.contributions.actions.papers import enqueue_missing_extractions
    from plenara.search.actions import repair
    from plenara.search.engines import engine

    startup.require_migrated()
    began = time.monotonic()
    if not options.rebuild and (errors := engine().errors()):
        say(f"Rebuilding the database's own index: {errors[0]}")
        engine().rebuild()
    with Bar("Indexing", repair.total()) as step:
        found = repair.rebuild(step) if options.rebuild else repair.repair_index(step)
    for each in found:
        things = plural(each.compared, "item", "items")
        if options.rebuild:
            say(f"{each.kind:14} {things} indexed.")
        else:
            say(f"{each.kind:14} {things} compared, {each.wrong:,} corrected, {each.gone:,} removed.")
    figures = tallies.rebuild()
    say(f"{'figures':14} {figures:,} corrected.")
    if papers := enqueue_missing_extractions():
        say(f"{'papers':14} {papers:,} waiting for the task worker to read them.")
    say(f"Done in {time.monotonic() - began:.1f} s.")
