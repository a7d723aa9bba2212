"""Comments of reviewers on a summary: making one, resolving one."""

from plenara.documents.staff import comments
from plenara.summaries.staff.door import SummaryDoor


class NewComment(comments.NewComment, SummaryDoor):
    """Commenting on a statement, or on the whole."""


class Resolve(comments.Resolve, SummaryDoor):
    """Resolving one comment."""
