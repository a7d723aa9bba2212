"""The bytes of a paper, and the words of one that is plain text."""

from plenara.contributions.models import Paper
from plenara.core.store import Stored, document

#: Characters of a paper that its page shows; the whole is offered as a file.
MOST_PREVIEW = 60_000
#: Bytes of as many characters, in any script.
_BEGIN = 4 * MOST_PREVIEW


def file_of(paper: Paper) -> Stored:
    """Return the storage path of a paper's bytes."""
    return document(paper.sha256)


def preview_text(paper: Paper) -> str:
    """Return the words of a plain-text paper for its page, cut at 60,000 characters; nothing of other kinds.

    Raises `Away`: a page without the words must not be taken for the page.
    """
    if not paper.media_type.startswith("text/plain"):
        return ""
    try:
        return b"".join(file_of(paper).pieces(range(_BEGIN))).decode(errors="replace")[:MOST_PREVIEW]
    except OSError:
        return ""
