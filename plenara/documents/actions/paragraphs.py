"""Creating a document; its title; adding, editing, accepting, moving and deleting paragraphs; their citations."""

from django.db.models import F

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.permissions import may_report
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents.actions import changes
from plenara.documents.actions.changes import ChangedMeanwhile, lock_draft, source_changed, source_of, stamp
from plenara.documents.kinds import kind_of
from plenara.documents.models import Citation, Document, Paragraph, ParagraphText, Side
from plenara.documents.validation import contents


@writing
def accept_paragraph(*, actor: Person, paragraph: Paragraph, was: str) -> Paragraph:
    """Accept a machine's words as they are. Does nothing when they are accepted already, or a person's.

    `was` is the `stamp` of the words that the person read; raises `ChangedMeanwhile` when they have changed.
    """
    document = lock_draft(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    if not paragraph.awaits_acceptance:
        return paragraph
    source = source_of(paragraph, document)
    if was != stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    require_valid(contents.own_language(paragraph, source, document))
    paragraph.accepted_by, paragraph.accepted_at = actor, clock.now()
    paragraph.save(update_fields=["accepted_by", "accepted_at"])
    changes.add_change(document, paragraph, source, changes.What.ACCEPTED, actor)
    changes.log("document.paragraph_accepted", actor, document, paragraph=paragraph.pk)
    return paragraph


@writing
def cite(*, actor: Person, paragraph: Paragraph, edition: Edition, words: str, side: str = Side.HELD) -> Citation:
    """Add a citation of words of an edition: for the view of a paragraph or, in a disagreement, for the opposing view.

    The same words a second time change nothing, except the side.
    """
    document = lock_draft(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    edition = Edition.objects.select_related("text").get(pk=edition.pk)
    words = " ".join(clean(words).split())
    require_valid(
        contents.may_cite(paragraph),
        contents.side_of(paragraph, side),
        contents.may_be_cited(edition, document),
        contents.exact(words, edition, document),
    )
    citation = paragraph.citations.filter(edition=edition, words=words).first()
    if citation is not None and citation.side == side:
        return citation
    if citation is not None:
        citation.side = side
        citation.save(update_fields=["side"])
    else:
        last = paragraph.citations.order_by("-position").values_list("position", flat=True).first() or 0
        citation = Citation.objects.create(
            paragraph=paragraph, edition=edition, words=words, side=side, position=last + 1, cited_by=actor
        )
    changes.add_change_of_citation(document, citation, changes.What.CITED, actor)
    changes.log("document.cited", actor, document, paragraph=paragraph.pk, edition=edition.pk)
    return citation


@writing
def uncite(*, actor: Person, citation: Citation) -> None:
    """Remove a citation. If it was already removed, do nothing."""
    document = lock_draft(actor, citation.paragraph.document)
    present = Citation.objects.select_related("paragraph").filter(pk=citation.pk).first()
    if present is None:
        return
    changes.add_change_of_citation(document, present, changes.What.UNCITED, actor)
    present.delete()
    changes.log("document.uncited", actor, document, paragraph=citation.paragraph_id, edition=citation.edition_id)


def place_for(document: Document, thread: Thread | None, leaving: int = 0) -> int:
    """Return the number after the last paragraph of a question, or of those before it; without a question, the last.

    `leaving` is the id of a paragraph that is there now and will move.
    """
    others = document.paragraphs.exclude(pk=leaving)
    last = others.count()
    if thread is None:
        return last + 1
    numbers = list(others.values_list("thread__number", flat=True))
    before = [place for place, number in enumerate(numbers, 1) if number is not None and number <= thread.number]
    after = [place for place, number in enumerate(numbers, 1) if number is not None and number > thread.number]
    return before[-1] + 1 if before else after[0] if after else last + 1


def move_to_its_question(document: Document, paragraph: Paragraph) -> None:
    """Move a paragraph that was given another question to the others of that question."""
    _place_at(document, paragraph, place_for(document, paragraph.thread, leaving=paragraph.pk))


def _place_at(document: Document, paragraph: Paragraph, to: int) -> None:
    others = document.paragraphs.exclude(pk=paragraph.pk)
    if to > paragraph.number:
        others.filter(number__gt=paragraph.number, number__lte=to).update(number=F("number") - 1)
    else:
        others.filter(number__gte=to, number__lt=paragraph.number).update(number=F("number") + 1)
    paragraph.number = to
    paragraph.save(update_fields=["number"])


@writing
def move_paragraph(*, actor: Person, paragraph: Paragraph, to: int) -> Paragraph:
    """Move a paragraph to another number, and renumber those between."""
    document = lock_draft(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    to = min(max(to, 1), document.paragraphs.count())
    if to == paragraph.number:
        return paragraph
    _place_at(document, paragraph, to)
    changes.add_change_of_place(document, paragraph, actor)
    changes.log("document.paragraph_moved", actor, document, paragraph=paragraph.pk, to=to)
    return paragraph


@writing
def delete_paragraph(*, actor: Person, paragraph: Paragraph, was: str, citations: int) -> None:
    """Delete a paragraph that is still as the form showed it, with as many citations. Its words stay in the history."""
    document = lock_draft(actor, paragraph.document)
    present = Paragraph.objects.filter(pk=paragraph.pk).first()
    if present is None:
        return  # a double click
    source = source_of(present, document)
    if was != stamp(present, source) or citations != present.citations.count() + present.references.count():
        raise ChangedMeanwhile(source)
    changes.add_change(document, present, source, changes.What.DELETED, actor)
    number, pk = present.number, present.pk
    present.comments.update(number=number)  # comments on it stay, with the number that it had
    present.delete()
    document.paragraphs.filter(number__gt=number).update(number=F("number") - 1)
    changes.log("document.paragraph_deleted", actor, document, paragraph=pk)


@writing
def create(
    *, actor: Person, consultation: Consultation, kind: str, source_language: str, title: str = "", address: str = ""
) -> Document:
    """Create a document in one of the six languages. If its kind has permissions, its package checks them."""
    title = clean_line(title)
    has_permissions = kind_of(kind).permissions is not None
    require(has_permissions or may_report(actor, consultation))
    require_valid(contents.known_language(source_language), contents.title_fits(title))
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
    changes.log("document.created", actor, document, kind=kind)
    return document


@writing
def edit_title(*, actor: Person, document: Document, title: str, was: str) -> Document:
    """Change the title in the document's own language. `was` is the title that the form showed."""
    document = lock_draft(actor, document)
    title, now = clean_line(title), document.title.get(document.source_language, "")
    require_valid(contents.title_fits(title))
    if title == now:
        return document
    if was != now:
        raise ChangedMeanwhile(None, "title")
    document.title[document.source_language] = title
    document.save(update_fields=["title"])
    source_changed(document)
    changes.add_change_of_title(document, document.source_language, title, actor)
    changes.log("document.title_edited", actor, document)
    return document


@writing
def add_paragraph(
    *,
    actor: Person,
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

    `key` names the form: sent twice, it adds once. `machine` names the machine that wrote the words, if any: the
    paragraph is marked until somebody accepts it (`accept_paragraph`).
    """
    document = lock_draft(actor, document)
    if key and (earlier := Paragraph.objects.filter(key=key, document=document).first()):
        return earlier
    text, heading, against = clean(text), clean_line(heading), clean(against)
    require_valid(
        contents.known_kind(kind, document),
        contents.known_thread(thread, document),
        contents.title_fits(heading, "heading"),
        contents.says_something(text),
        contents.both_sides_given(kind, against),
        contents.fits_one_more(document),
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
    changes.add_change(document, paragraph, source, changes.What.ADDED, actor)
    changes.log("document.paragraph_added", actor, document, paragraph=paragraph.pk)
    return paragraph


@writing
def edit_paragraph(
    *,
    actor: Person,
    paragraph: Paragraph,
    kind: str,
    text: str,
    heading: str = "",
    thread: Thread | None = None,
    against: str = "",
    was: str,
) -> Paragraph:
    """Change a paragraph. A person who changes a machine's words thereby accepts them.

    `was` is the `stamp` that the form was opened on; raises `ChangedMeanwhile` when the paragraph has changed.
    """
    document = lock_draft(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    source = source_of(paragraph, document)
    text, heading, against = clean(text), clean_line(heading), clean(against)
    require_valid(
        contents.known_kind(kind, document),
        contents.known_thread(thread, document),
        contents.title_fits(heading, "heading"),
        contents.says_something(text),
        contents.both_sides_given(kind, against),
        contents.frame_is_free(kind, paragraph),
        contents.sides_are_free(kind, paragraph),
    )
    wanted = (kind, thread.pk if thread else None, heading, text, against)
    if wanted == (paragraph.kind, paragraph.thread_id, source.heading, source.text, source.against):
        return paragraph
    if was != stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    changes.add_first_change(document, paragraph, source)
    stood_under = paragraph.thread_id
    before, after = (source.text, source.against), (text, against)
    paragraph.kind, paragraph.thread = kind, thread
    if (heading, *after) != (source.heading, *before):
        source.heading, source.text, source.against = heading, text, against
        source_changed(document)
    source.changed_by, source.changed_at = actor, clock.now()
    source.save()
    if paragraph.awaits_acceptance and after != before and contents.own_language(paragraph, source, document):
        paragraph.accepted_by, paragraph.accepted_at = actor, clock.now()
    paragraph.save(update_fields=["kind", "thread", "accepted_by", "accepted_at"])
    if paragraph.thread_id != stood_under:
        move_to_its_question(document, paragraph)
    changes.add_change(document, paragraph, source, changes.What.EDITED, actor)
    changes.log("document.paragraph_edited", actor, document, paragraph=paragraph.pk)
    return paragraph
