"""Beginning a document, its title, and adding a paragraph or changing one."""

from typing import Any

from django.db.models import F

from plenara.consultations.models import Consultation, Thread
from plenara.consultations.rules import may_report
from plenara.core import audit, clock
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents import checks
from plenara.documents.actions import keeping
from plenara.documents.actions.placing import place_for, stand_with_its_question
from plenara.documents.actions.present import ChangedMeanwhile, for_writing, source_changed, source_of, stamp
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, Paragraph, ParagraphText


@writing
def create(
    *, actor: Any, consultation: Consultation, kind: str, source_language: str, title: str = "", address: str = ""
) -> Document:
    """Begin a document in one of the six languages. Where its kind has permissions, its package asks who may."""
    title = clean_line(title)
    has_permissions = kind_of(kind).permissions is not None
    require(has_permissions or may_report(actor, consultation))
    require_valid(checks.known_language(source_language), checks.title_fits(title))
    document = Document.objects.create(
        kind=kind,
        consultation=consultation,
        source_language=source_language,
        title={source_language: title} if title else {},
        created_by=actor,
        address=address,
    )
    if not has_permissions:
        document.writers.add(actor)
    audit.log("document.created", actor=actor, about=document, consultation=consultation, kind=kind)
    return document


@writing
def edit_title(*, actor: Any, document: Document, title: str, was: str) -> Document:
    """Give the document another title in the language it is written in. `was` is the title that the form showed."""
    document = for_writing(actor, document)
    title, now = clean_line(title), document.title.get(document.source_language, "")
    require_valid(checks.title_fits(title))
    if title == now:
        return document
    if was != now:
        raise ChangedMeanwhile(None, "title")
    document.title[document.source_language] = title
    document.save(update_fields=["title"])
    source_changed(document)
    keeping.keep_title(document, document.source_language, title, actor)
    audit.log("document.title_edited", actor=actor, about=document, consultation=document.consultation)
    return document


@writing
def add_paragraph(
    *,
    actor: Any,
    document: Document,
    kind: str,
    text: str,
    heading: str = "",
    thread: Thread | None = None,
    against: str = "",
    at: int | None = None,
    key: str | None = None,
    machine: str = "",
) -> Paragraph:
    """Add a paragraph, at a number; without one, after the others of its question.

    `key` names the form: sent twice, it adds once. `machine` names what wrote the words, where no person did: the
    paragraph is marked until somebody accepts it (`accept_paragraph`).
    """
    document = for_writing(actor, document)
    if key and (earlier := Paragraph.objects.filter(key=key, document=document).first()):
        return earlier
    text, heading, against = clean(text), clean_line(heading), clean(against)
    require_valid(
        checks.known_kind(kind, document),
        checks.known_thread(thread, document),
        checks.title_fits(heading, "heading"),
        checks.says_something(text),
        checks.both_sides_said(kind, against),
        checks.room_for_one_more(document),
    )
    number = min(max(at, 1), document.paragraphs.count() + 1) if at else place_for(document, thread)
    document.paragraphs.filter(number__gte=number).update(number=F("number") + 1)
    paragraph = Paragraph.objects.create(
        document=document, number=number, kind=kind, thread=thread, key=key, machine=machine
    )
    source = ParagraphText.objects.create(
        paragraph=paragraph,
        language=document.source_language,
        heading=heading,
        text=text,
        against=against,
        changed_by=actor,
    )
    source_changed(document)
    keeping.keep(document, paragraph, source, keeping.What.ADDED, actor)
    audit.log(
        "document.paragraph_added",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
    )
    return paragraph


@writing
def edit_paragraph(
    *,
    actor: Any,
    paragraph: Paragraph,
    kind: str,
    text: str,
    heading: str = "",
    thread: Thread | None = None,
    against: str = "",
    was: str,
) -> Paragraph:
    """Change a paragraph. Whoever changes the words of a machine has made them theirs: it is accepted by that.

    `was` is the `stamp` that the form was opened on; raises `ChangedMeanwhile` where it is another by now.
    """
    document = for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    source = source_of(paragraph, document)
    text, heading, against = clean(text), clean_line(heading), clean(against)
    require_valid(
        checks.known_kind(kind, document),
        checks.known_thread(thread, document),
        checks.title_fits(heading, "heading"),
        checks.says_something(text),
        checks.both_sides_said(kind, against),
        checks.frame_is_free(kind, paragraph),
        checks.sides_are_free(kind, paragraph),
    )
    wanted = (kind, thread.pk if thread else None, heading, text, against)
    if wanted == (paragraph.kind, paragraph.thread_id, source.heading, source.text, source.against):
        return paragraph
    if was != stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    keeping.keep_before(document, paragraph, source)
    stood_under = paragraph.thread_id
    said, now_said = (source.text, source.against), (text, against)
    paragraph.kind, paragraph.thread = kind, thread
    if (heading, *now_said) != (source.heading, *said):
        source.heading, source.text, source.against = heading, text, against
        source_changed(document)
    source.changed_by, source.changed_at = actor, clock.now()
    source.save()
    if paragraph.awaits_acceptance and now_said != said and checks.own_language(paragraph, source, document):
        paragraph.accepted_by, paragraph.accepted_at = actor, clock.now()
    paragraph.save(update_fields=["kind", "thread", "accepted_by", "accepted_at"])
    if paragraph.thread_id != stood_under:
        stand_with_its_question(document, paragraph)
    keeping.keep(document, paragraph, source, keeping.What.EDITED, actor)
    audit.log(
        "document.paragraph_edited",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
    )
    return paragraph
