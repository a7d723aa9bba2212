"""What the installation itself owes: sweeping once a day."""

from plenara.accounts import erasure_list
from plenara.accounts import retention as accounts
from plenara.common import clock
from plenara.contributions import orphans
from plenara.contributions import retention as contributions
from plenara.documents import retention as documents
from plenara.ledger.actions import owe
from plenara.ledger.errands import errand
from plenara.ledger.transaction import writes
from plenara.moderation import retention as moderation
from plenara.summaries.correcting import retention as corrections
from plenara.summaries.printing import actions as printing
from plenara.summaries.understanding import retention as understanding


def owe_sweep() -> None:
    """Owe today's sweep. Several workers owe the same one."""
    with writes():
        owe("web.sweep", key=f"sweep-{clock.now():%Y-%m-%d}")


@errand("web.sweep")
def sweep() -> None:
    """Delete what retention says is over."""
    accounts.sweep()
    contributions.sweep()
    orphans.sweep()
    documents.sweep()
    moderation.sweep()
    corrections.sweep()
    printing.sweep()
    understanding.sweep()
    erasure_list.bring_up_to_date()
