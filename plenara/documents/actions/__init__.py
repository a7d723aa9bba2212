"""Writing a document, reviewing it, and what becomes of it up to its approval.

Publishing stands in `publishing.py`, the other languages in `renditions.py`.
"""

from plenara.documents.actions.accepting import accept_paragraph
from plenara.documents.actions.citing import cite, uncite
from plenara.documents.actions.commenting import comment, resolve
from plenara.documents.actions.leading import approve, reopen, send_back, submit_for_review
from plenara.documents.actions.placing import delete_paragraph, move_paragraph
from plenara.documents.actions.present import ChangedMeanwhile, locked, source_of, stamp, stamp_of
from plenara.documents.actions.writing import add_paragraph, create, edit_paragraph, edit_title

__all__ = [
    "ChangedMeanwhile",
    "accept_paragraph",
    "add_paragraph",
    "approve",
    "cite",
    "comment",
    "create",
    "delete_paragraph",
    "edit_paragraph",
    "edit_title",
    "locked",
    "move_paragraph",
    "reopen",
    "resolve",
    "send_back",
    "source_of",
    "stamp",
    "stamp_of",
    "submit_for_review",
    "uncite",
]
