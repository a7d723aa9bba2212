"""Actions on a document: writing, review, publication, and its translations."""

from plenara.documents.actions.changes import ChangedMeanwhile, lock_document, source_of, stamp, stamp_of
from plenara.documents.actions.paragraphs import (
    accept_paragraph,
    add_paragraph,
    cite,
    create,
    delete_paragraph,
    edit_paragraph,
    edit_title,
    move_paragraph,
    uncite,
)
from plenara.documents.actions.review import approve, comment, reopen, resolve, send_back, submit_for_review
