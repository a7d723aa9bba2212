"""Every version of an outcome as it was written."""

from plenara.documents.staff import history
from plenara.outcomes.staff.door import OutcomeDoor


class History(history.History, OutcomeDoor):
    """The changes of an outcome, newest first; with `statement`, those of one of its paragraphs, deleted or not."""
