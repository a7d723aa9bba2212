"""Comments of reviewers on a summary: making one, resolving one."""

from plenara.documents.staff import comments
from plenara.summaries.staff.base import SummaryView


class NewComment(comments.NewComment, SummaryView):
    """Commenting on a statement, or on the whole."""


class Resolve(comments.Resolve, SummaryView):
    """Resolving one comment."""
