"""Every version of a summary."""

from plenara.documents.staff import history
from plenara.summaries.staff.base import SummaryView


class History(history.History, SummaryView):
    """The changes of a summary, newest first."""
