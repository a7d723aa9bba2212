"""What the installation itself enqueues: sweeping once a day."""

from plenara.accounts import erasure_list
from plenara.accounts import retention as accounts
from plenara.contributions import orphans
from plenara.contributions import retention as contributions
from plenara.contributions.papers import enqueue_reading
from plenara.core import clock, statistics
from plenara.core.transaction import writes
from plenara.directory import retention as directory
from plenara.directory import yearly
from plenara.documents import retention as documents
from plenara.events import retention as events
from plenara.moderation import retention as moderation
from plenara.outcomes import retention as outcomes
from plenara.search import analyser, rebuilding
from plenara.summaries.correcting import retention as corrections
from plenara.summaries.printing import actions as printing
from plenara.summaries.understanding import retention as understanding
from plenara.web import tasks


def enqueue_sweep() -> None:
    """Enqueue today's sweep. Several workers enqueue the same one."""
    with writes():
        tasks.sweep.using(key=f"sweep-{clock.now():%Y-%m-%d}").enqueue()


def enqueue_index() -> None:
    """Enqueue a comparison of the search index with the record: once for each way of reading texts, and where it is
    empty though there is something to be found.
    """
    with writes():
        tasks.index.using(key=f"index-{analyser.VERSION}").enqueue()
        if rebuilding.is_missing():
            tasks.index.using(key=f"index-{analyser.VERSION}-{clock.now():%Y-%m-%dT%H}").enqueue()


def index() -> None:
    """Put right what can be found, and have the words of papers drawn out that nobody has read."""
    rebuilding.mend()
    enqueue_reading()


def sweep() -> None:
    """Delete what retention says is over."""
    accounts.sweep()
    contributions.sweep()
    orphans.sweep()
    documents.sweep()
    directory.sweep()
    yearly.enqueue_look()
    moderation.sweep()
    corrections.sweep()
    events.sweep()
    understanding.sweep()
    erasure_list.bring_up_to_date()
    statistics.look_again()
    # Last, since they look into files: where those are away, the rest is done, and this is done again with it.
    printing.sweep()
    outcomes.sweep()
