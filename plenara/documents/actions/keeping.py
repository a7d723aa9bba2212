"""Keeping every version: each act on a paragraph leaves a `Change`, in its own transaction.

So this is also the one place that every change of words or citations passes: what they mean is compared afterwards.
"""

from typing import Any

from plenara.documents import nearness
from plenara.documents.models import Change, Citation, Document, Paragraph, ParagraphText

What = Change.What


def keep(document: Document, paragraph: Paragraph, text: ParagraphText, what: str, actor: Any) -> None:
    """Keep a paragraph's words as they are after a change of them; of a deletion, as they were."""
    Change.objects.create(
        document=document,
        paragraph=paragraph.pk,
        number=paragraph.number,
        what=what,
        language=text.language,
        kind=paragraph.kind,
        heading=text.heading,
        text=text.text,
        against=text.against,
        thread_id=paragraph.thread_id,
        machine=paragraph.machine if what == What.ADDED else text.machine,
        by=actor,
    )
    nearness.enqueue_look(document)


def keep_before(document: Document, paragraph: Paragraph, text: ParagraphText) -> None:
    """Keep the words before their first change that is kept: of what was imported, or is older than the keeping."""
    known = Change.objects.filter(document=document, paragraph=paragraph.pk, language=text.language)
    if known.exists() or text.pk is None:
        return
    Change.objects.create(
        document=document,
        paragraph=paragraph.pk,
        number=paragraph.number,
        what=What.ADDED,
        language=text.language,
        kind=paragraph.kind,
        heading=text.heading,
        text=text.text,
        against=text.against,
        thread_id=paragraph.thread_id,
        by=text.changed_by,
        at=text.changed_at,
    )


def keep_place(document: Document, paragraph: Paragraph, actor: Any) -> None:
    """Keep that a paragraph stands at another number. Its words are not kept once more."""
    Change.objects.create(
        document=document,
        paragraph=paragraph.pk,
        number=paragraph.number,
        what=What.MOVED,
        language=document.source_language,
        by=actor,
    )


def keep_citation(document: Document, citation: Citation, what: str, actor: Any) -> None:
    """Keep that a citation came or went. The words cited are not kept a second time, for erasure's sake."""
    Change.objects.create(
        document=document,
        paragraph=citation.paragraph_id,
        number=citation.paragraph.number,
        what=what,
        language=document.source_language,
        edition_id=citation.edition_id,
        side=citation.side,
        by=actor,
    )
    nearness.enqueue_look(document)


def keep_title(document: Document, language: str, title: str, actor: Any) -> None:
    """Keep a title as it is after a change of it."""
    is_source = language == document.source_language
    Change.objects.create(
        document=document,
        paragraph=0,
        number=0,
        what=What.EDITED if is_source else What.TRANSLATED,
        language=language,
        heading=title,
        by=actor,
    )
