"""Making a draft that somebody asked for."""

from plenara.summaries.drafting.actions import make


def make_draft(draft_id: int) -> None:
    """Make a draft, or its next part."""
    make(draft_id)
