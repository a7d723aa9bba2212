"""Compare what can be found, and the figures of pages, with the record, and put right what differs.

The server may run meanwhile. With --rebuild the index is emptied first: until it is made again, less is found.
"""

import argparse
import time

from plenara.web.terminal import Bar, plural, say

HELP = "put the search index and the figures right"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to begin with nothing."""
    parser.add_argument("--rebuild", action="store_true", help="empty the index first, and make it anew")


def run(options: argparse.Namespace) -> None:
    """Mend the index and the figures, and say what was wrong."""
    from plenara.web import starting

    starting.start()
    from plenara.contributions import tallying
    from plenara.contributions.papers import enqueue_reading
    from plenara.search import rebuilding

    starting.require_migrated()
    began = time.monotonic()
    if not options.rebuild and (faults := rebuilding.engine_faults()):
        say(f"The database's own index is made anew: {faults[0]}")
        rebuilding.mend_engine()
    with Bar("Indexing", rebuilding.total()) as step:
        found = rebuilding.rebuild(step) if options.rebuild else rebuilding.mend(step)
    for each in found:
        things = plural(each.compared, "thing", "things")
        if options.rebuild:
            say(f"{each.kind:14} {things} indexed.")
        else:
            say(f"{each.kind:14} {things} compared, {each.wrong:,} put right, {each.gone:,} taken out.")
    figures = tallying.rebuild()
    say(f"{'figures':14} {figures:,} put right.")
    if papers := enqueue_reading():
        say(f"{'papers':14} {papers:,} to be read by the task worker.")
    say(f"Done in {time.monotonic() - began:.1f} s.")
