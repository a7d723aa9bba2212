"""Longer papers: their bytes lie among the documents under their SHA-256, and a text is shown as text."""

from pathlib import Path

from django.conf import settings

from plenara.contributions.models import Paper

#: Characters of a paper that its page shows; the whole is offered as a file.
SHOWN = 60_000


def file_of(paper: Paper) -> Path:
    """Return where a paper's bytes lie."""
    return Path(settings.DOCUMENTS) / paper.sha256[:2] / paper.sha256


def shown_text(paper: Paper) -> str:
    """Return the words of a plain-text paper for its page, cut at 60,000 characters; nothing of other kinds."""
    if not paper.media_type.startswith("text/plain"):
        return ""
    try:
        with file_of(paper).open(encoding="utf-8", errors="replace") as file:
            return file.read(SHOWN)
    except OSError:
        return ""
