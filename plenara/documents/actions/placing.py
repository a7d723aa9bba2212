"""Where a paragraph stands, and that it goes."""

from typing import Any

from django.db.models import F

from plenara.consultations.models import Thread
from plenara.core import audit
from plenara.core.transaction import writing
from plenara.documents.actions import keeping
from plenara.documents.actions.present import ChangedMeanwhile, for_writing, source_of, stamp
from plenara.documents.models import Document, Paragraph


def place_for(document: Document, thread: Thread | None, leaving: int = 0) -> int:
    """Return the number after the last paragraph of a question, or of those before it; without a question, the last.

    `leaving` is the id of a paragraph that stands there already, and is on its way.
    """
    others = document.paragraphs.exclude(pk=leaving)
    last = others.count()
    if thread is None:
        return last + 1
    numbers = list(others.values_list("thread__number", flat=True))
    before = [place for place, number in enumerate(numbers, 1) if number is not None and number <= thread.number]
    after = [place for place, number in enumerate(numbers, 1) if number is not None and number > thread.number]
    return before[-1] + 1 if before else after[0] if after else last + 1


def stand_with_its_question(document: Document, paragraph: Paragraph) -> None:
    """Let a paragraph that was given another question stand with the others of that question."""
    _stand_at(document, paragraph, place_for(document, paragraph.thread, leaving=paragraph.pk))


def _stand_at(document: Document, paragraph: Paragraph, to: int) -> None:
    others = document.paragraphs.exclude(pk=paragraph.pk)
    if to > paragraph.number:
        others.filter(number__gt=paragraph.number, number__lte=to).update(number=F("number") - 1)
    else:
        others.filter(number__gte=to, number__lt=paragraph.number).update(number=F("number") + 1)
    paragraph.number = to
    paragraph.save(update_fields=["number"])


@writing
def move_paragraph(*, actor: Any, paragraph: Paragraph, to: int) -> Paragraph:
    """Let a paragraph stand at another number; those between close up."""
    document = for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    to = min(max(to, 1), document.paragraphs.count())
    if to == paragraph.number:
        return paragraph
    _stand_at(document, paragraph, to)
    keeping.keep_place(document, paragraph, actor)
    audit.log(
        "document.paragraph_moved",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
        to=to,
    )
    return paragraph


@writing
def delete_paragraph(*, actor: Any, paragraph: Paragraph, was: str, citations: int) -> None:
    """Delete a paragraph that still is as the form showed it, with as many citations. Its words stay in the history."""
    document = for_writing(actor, paragraph.document)
    present = Paragraph.objects.filter(pk=paragraph.pk).first()
    if present is None:
        return  # a double click
    source = source_of(present, document)
    if was != stamp(present, source) or citations != present.citations.count() + present.references.count():
        raise ChangedMeanwhile(source)
    keeping.keep(document, present, source, keeping.What.DELETED, actor)
    number, pk = present.number, present.pk
    present.comments.update(number=number)  # what was said of it stays, with the number that it had
    present.delete()
    document.paragraphs.filter(number__gt=number).update(number=F("number") - 1)
    audit.log(
        "document.paragraph_deleted", actor=actor, about=document, consultation=document.consultation, paragraph=pk
    )
