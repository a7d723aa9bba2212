"""Locks on documents, stamps for forms, and the `Change` and audit entry of each action."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit
from plenara.core.models import AuditEntry
from plenara.core.prepared import prepared
from plenara.core.refusals import ActionRefused, require
from plenara.core.text import digest
from plenara.core.transaction import lock_row
from plenara.documents import permissions, states
from plenara.documents.actions import nearness
from plenara.documents.models import Change, Citation, Document, Paragraph, ParagraphText

What = Change.What


def log(verb: str, actor: Person | None, document: Document, **details: object) -> AuditEntry:
    """Add an audit entry on a document."""
    return audit.log(verb, actor=actor, about=document, consultation=document.consultation, **details)


def _add(document: Document, what: str, language: str, by: Person | None, **more: object) -> None:
    Change.objects.create(document=document, what=what, language=language, by=by, **more)


def _words(paragraph: Paragraph, text: ParagraphText) -> dict[str, object]:
    return {
        "paragraph": paragraph.pk,
        "number": paragraph.number,
        "kind": paragraph.kind,
        "heading": text.heading,
        "text": text.text,
        "against": text.against,
        "thread_id": paragraph.thread_id,
    }


def add_change(document: Document, paragraph: Paragraph, text: ParagraphText, what: str, actor: Person) -> None:
    """Save a paragraph's words after a change; for a deletion, the words that it had."""
    machine = paragraph.machine if what == What.ADDED else text.machine
    _add(document, what, text.language, actor, machine=machine, **_words(paragraph, text))
    nearness.enqueue_look(document)


def add_first_change(document: Document, paragraph: Paragraph, text: ParagraphText) -> None:
    """Save the words before the first recorded change: of imports, and of paragraphs older than the history."""
    if text.pk is not None and not list(_changes(document.pk, paragraph.pk, text.language)):
        _add(document, What.ADDED, text.language, text.changed_by, at=text.changed_at, **_words(paragraph, text))


@prepared
def _changes(document: int, paragraph: int, language: str) -> QuerySet[Change, int]:
    """Return one of the changes of a paragraph's words in a language."""
    found = Change.objects.filter(document=document, paragraph=paragraph, language=language)
    return found.order_by().values_list("pk", flat=True)[:1]


def add_change_of_place(document: Document, paragraph: Paragraph, actor: Person) -> None:
    """Record that a paragraph has another number. Its words are not saved again."""
    _add(document, What.MOVED, document.source_language, actor, paragraph=paragraph.pk, number=paragraph.number)


def add_change_of_citation(document: Document, citation: Citation, what: str, actor: Person) -> None:
    """Record that a citation was added or removed. The words cited are not copied, so that they can be erased."""
    _add(
        document, what, document.source_language, actor, paragraph=citation.paragraph_id,
        number=citation.paragraph.number, edition_id=citation.edition_id, side=citation.side,
    )  # fmt: skip
    nearness.enqueue_look(document)


def add_change_of_title(document: Document, language: str, title: str, actor: Person) -> None:
    """Save a title after a change."""
    what = What.EDITED if language == document.source_language else What.TRANSLATED
    _add(document, what, language, actor, paragraph=0, number=0, heading=title)


class ChangedMeanwhile(ActionRefused):
    """Somebody else changed the text that a form was opened on. Nothing was saved; `now` is the present text."""

    def __init__(self, now: ParagraphText | None, field: str = "text"):
        super().__init__(
            _(
                "Someone else has saved changes since you opened this page. What you typed is still below. "
                "Compare the two texts, then save again."
            ),
            "changed",
            field,
        )
        self.now = now


def stamp(paragraph: Paragraph, source: ParagraphText) -> str:
    """Return the stamp that a form carries, to detect that a paragraph changed after the form was opened."""
    return stamp_of(paragraph.kind, paragraph.thread_id, source)


def stamp_of(kind: str, thread: int | None, words: ParagraphText | Change) -> str:
    """Return the stamp of a paragraph of a kind, under a question, with these words."""
    return digest("\n".join((kind, str(thread or ""), words.heading, words.text, words.against)))[:20]


def lock_document(document: Document) -> Document:
    """Return the document as it is now, locked until the transaction ends."""
    return lock_row(document, "consultation")


def lock_draft(actor: Person, document: Document) -> Document:
    """Lock and return a draft for a person who may write in it; the person becomes one of its writers."""
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
    """Set the state of every rendition after a change of its source."""
    for rendition in document.renditions.all():
        state = states.rendition_after(rendition.state, "source_changed")
        if state != rendition.state:
            rendition.state = state
            rendition.save(update_fields=["state"])
