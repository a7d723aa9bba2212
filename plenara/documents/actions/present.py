"""The document as it is now: held for writing, and what a form that was opened on it has to know."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.core.refusals import Refused, require
from plenara.core.text import digest
from plenara.documents import rules, states
from plenara.documents.models import Change, Document, Paragraph, ParagraphText


class ChangedMeanwhile(Refused):
    """Somebody else changed what a form was opened on. Nothing was written; `now` is the text as it stands."""

    def __init__(self, now: ParagraphText | None, field: str = "text"):
        super().__init__(
            _("Somebody else changed this while you wrote. What you typed is kept below; compare, and save again."),
            "changed",
            field,
        )
        self.now = now


def stamp(paragraph: Paragraph, source: ParagraphText) -> str:
    """Return what a form carries, to tell whether a paragraph changed since it was opened."""
    return stamp_of(paragraph.kind, paragraph.thread_id, source)


def stamp_of(kind: str, thread: int | None, words: ParagraphText | Change) -> str:
    """Return the stamp of a paragraph of a kind, under a question, with these words."""
    return digest("\n".join((kind, str(thread or ""), words.heading, words.text, words.against)))[:20]


def locked(document: Document) -> Document:
    """Return the document as it is now, held until the transaction ends."""
    return Document.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=document.pk)


def for_writing(actor: Any, document: Document) -> Document:
    """Return a draft as it is now, held, for somebody who may write in it; they are kept as one of its writers."""
    document = locked(document)
    require(rules.may_write(actor, document))
    states.after(document.state, "edit")
    document.writers.add(actor)
    return document


def source_of(paragraph: Paragraph, document: Document) -> ParagraphText:
    """Return a paragraph's text in the language it is written in."""
    return ParagraphText.objects.select_related("changed_by").get(
        paragraph=paragraph, language=document.source_language
    )


def source_changed(document: Document) -> None:
    """Lead every rendition to the state that a change of its source leads to."""
    for rendition in document.renditions.all():
        state = states.rendition_after(rendition.state, "source_changed")
        if state != rendition.state:
            rendition.state = state
            rendition.save(update_fields=["state"])
