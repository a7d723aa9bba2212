"""Every version of an outcome as it was written."""

from plenara.documents.staff import history
from plenara.outcomes.staff.base import OutcomeView


class History(history.History, OutcomeView):
    """The changes of an outcome, newest first; with `statement`, those of one of its paragraphs, deleted or not."""
