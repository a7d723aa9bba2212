"""What the installation itself owes: sweeping once a day."""

from plenara.accounts import erasure_list
from plenara.accounts import retention as accounts
from plenara.common import clock
from plenara.contributions import orphans
from plenara.contributions import retention as contributions
from plenara.contributions.papers import owe_reading
from plenara.directory import retention as directory
from plenara.directory import yearly
from plenara.documents import retention as documents
from plenara.events import retention as events
from plenara.ledger import statistics
from plenara.ledger.actions import owe
from plenara.ledger.errands import errand
from plenara.ledger.transaction import writes
from plenara.moderation import retention as moderation
from plenara.outcomes import retention as outcomes
from plenara.search import analyser, rebuilding
from plenara.summaries.correcting import retention as corrections
from plenara.summaries.printing import actions as printing
from plenara.summaries.understanding import retention as understanding


def owe_sweep() -> None:
    """Owe today's sweep. Several workers owe the same one."""
    with writes():
        owe("web.sweep", key=f"sweep-{clock.now():%Y-%m-%d}")


def owe_index() -> None:
    """Owe a comparison of the search index with the record: once for each way of reading texts, and where it is empty
    though there is something to be found.
    """
    with writes():
        owe("web.index", key=f"index-{analyser.VERSION}")
        if rebuilding.is_missing():
            owe("web.index", key=f"index-{analyser.VERSION}-{clock.now():%Y-%m-%dT%H}")


@errand("web.index", is_long=True)
def index() -> None:
    """Put right what can be found, and have the words of papers drawn out that nobody has read."""
    rebuilding.mend()
    owe_reading()


@errand("web.sweep")
def sweep() -> None:
    """Delete what retention says is over."""
    accounts.sweep()
    contributions.sweep()
    orphans.sweep()
    documents.sweep()
    directory.sweep()
    yearly.owe_look()
    moderation.sweep()
    corrections.sweep()
    events.sweep()
    understanding.sweep()
    erasure_list.bring_up_to_date()
    statistics.look_again()
    # Last, since they look into files: where those are away, the rest is done, and this is done again with it.
    printing.sweep()
    outcomes.sweep()
