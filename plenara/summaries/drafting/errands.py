"""Making a draft that somebody asked for."""

from plenara.ledger.errands import errand
from plenara.summaries.drafting.actions import make


@errand("summaries.make_draft")
def make_draft(draft_id: int) -> None:
    """Make a draft, or its next part."""
    make(draft_id)
