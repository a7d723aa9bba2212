"""A summary's statements as the desk lists them: with their words, what they cite on each side, and their question."""

from typing import Any

from django.db.models import Count, Q

from plenara.documents.actions import stamp
from plenara.documents.models import Document, ParagraphText
from plenara.documents.staff.sides import sides_of


def statements_of(document: Document) -> list[dict[str, Any]]:
    """Return a document's paragraphs with their source words and what they cite. Three queries."""
    found = ParagraphText.objects.filter(paragraph__document=document, language=document.source_language)
    texts = {each.paragraph_id: each for each in found.select_related("changed_by")}
    paragraphs = list(
        document.paragraphs.select_related("thread", "accepted_by")
        .annotate(open_comments=Count("comments", filter=Q(comments__resolved_at=None, comments__language="")))
        .prefetch_related("citations__edition__byline")
        .order_by("number")
    )
    rows: list[dict[str, Any]] = []
    for each in paragraphs:
        text, citations = texts.get(each.pk), list(each.citations.all())
        rows.append(
            {
                "paragraph": each,
                "text": text,
                "citations": citations,
                "sides": sides_of(each.kind, text, citations),
                "opens": each.thread if not rows or rows[-1]["paragraph"].thread_id != each.thread_id else None,
                "leaves": bool(rows) and rows[-1]["paragraph"].thread_id is not None and each.thread_id is None,
                "was": stamp(each, text) if text else "",
                "up": f"{each.pk}:{each.number - 1}" if each.number > 1 else "",
                "down": f"{each.pk}:{each.number + 1}" if each.number < len(paragraphs) else "",
            }
        )
    return rows
