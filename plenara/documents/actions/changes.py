"""A document locked for writing, what a form that was opened on it has to know, and the `Change` that each action
leaves.
"""

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core.refusals import ActionRefused, require
from plenara.core.text import digest
from plenara.documents import nearness, permissions, states
from plenara.documents.models import Change, Citation, Document, Paragraph, ParagraphText

What = Change.What


def add_change(document: Document, paragraph: Paragraph, text: ParagraphText, what: str, actor: Person) -> None:
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


def add_first_change(document: Document, paragraph: Paragraph, text: ParagraphText) -> None:
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


def add_change_of_place(document: Document, paragraph: Paragraph, actor: Person) -> None:
    """Keep that a paragraph stands at another number. Its words are not kept once more."""
    Change.objects.create(
        document=document,
        paragraph=paragraph.pk,
        number=paragraph.number,
        what=What.MOVED,
        language=document.source_language,
        by=actor,
    )


def add_change_of_citation(document: Document, citation: Citation, what: str, actor: Person) -> None:
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


def add_change_of_title(document: Document, language: str, title: str, actor: Person) -> None:
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


class ChangedMeanwhile(ActionRefused):
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


def lock_document(document: Document) -> Document:
    """Return the document as it is now, held until the transaction ends."""
    return Document.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=document.pk)


def lock_draft(actor: Person, document: Document) -> Document:
    """Return a draft as it is now, held, for somebody who may write in it; they are kept as one of its writers."""
    document = lock_document(document)
    require(permissions.may_write(actor, document))
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
