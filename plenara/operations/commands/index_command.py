"""Compare what can be found, and the figures of pages, with the record, and put right what differs.

The server may run meanwhile. With --rebuild the index is emptied first: until it is made again, less is found.
"""

import argparse
import time

from plenara.operations.terminal import Bar, plural, say

HELP = "put the search index and the figures right"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option to begin with an empty index."""
    parser.add_argument("--rebuild", action="store_true", help="empty the index first, and make it anew")


def run(options: argparse.Namespace) -> None:
    """Repair the index and the figures, and print what was wrong."""
    from plenara.operations import startup

    startup.start()
    from plenara.contributions.actions import tallies
    from plenara.contributions.papers import enqueue_missing_extractions
    from plenara.search.actions import repair
    from plenara.search.engines import engine

    startup.require_migrated()
    began = time.monotonic()
    if not options.rebuild and (faults := engine().errors()):
        say(f"The database's own index is made anew: {faults[0]}")
        engine().rebuild()
    with Bar("Indexing", repair.total()) as step:
        found = repair.rebuild(step) if options.rebuild else repair.repair_index(step)
    for each in found:
        things = plural(each.compared, "thing", "things")
        if options.rebuild:
            say(f"{each.kind:14} {things} indexed.")
        else:
            say(f"{each.kind:14} {things} compared, {each.wrong:,} put right, {each.gone:,} taken out.")
    figures = tallies.rebuild()
    say(f"{'figures':14} {figures:,} put right.")
    if papers := enqueue_missing_extractions():
        say(f"{'papers':14} {papers:,} to be read by the task worker.")
    say(f"Done in {time.monotonic() - began:.1f} s.")
