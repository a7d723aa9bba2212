"""Every version of a summary."""

from plenara.documents.staff import history
from plenara.summaries.staff.door import SummaryDoor


class History(history.History, SummaryDoor):
    """The changes of a summary, newest first."""
