"""Writing a document, and what becomes of it up to its approval. Publishing stands in `publishing.py`, the other
languages in `renditions.py`."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from plenara.common import clock
from plenara.common.refusals import Refused, require, require_valid
from plenara.common.text import clean, clean_line, digest
from plenara.consultations.models import Consultation
from plenara.consultations.rules import may_report
from plenara.contributions.models import Edition
from plenara.documents import checks, rules, states
from plenara.documents.models import Citation, Document, Paragraph, ParagraphText, State
from plenara.ledger.actions import record
from plenara.ledger.transaction import writing


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
    return digest(f"{paragraph.kind}\n{source.heading}\n{source.text}")[:20]


def locked(document: Document) -> Document:
    """Return the document as it is now, held until the transaction ends."""
    return Document.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=document.pk)


def _for_writing(actor: Any, document: Document) -> Document:
    document = locked(document)
    require(rules.may_write(actor, document))
    states.after(document.state, "edit")
    document.writers.add(actor)
    return document


def source_of(paragraph: Paragraph, document: Document) -> ParagraphText:
    """Return a paragraph's text in the language it is written in."""
    return ParagraphText.objects.get(paragraph=paragraph, language=document.source_language)


def _source_changed(document: Document) -> None:
    for rendition in document.renditions.all():
        state = states.rendition_after(rendition.state, "source_changed")
        if state != rendition.state:
            rendition.state = state
            rendition.save(update_fields=["state"])


@writing
def create(*, actor: Any, consultation: Consultation, kind: str, source_language: str, title: str = "") -> Document:
    """Begin a document in one of the six languages."""
    title = clean_line(title)
    require(may_report(actor, consultation))
    require_valid(checks.known_language(source_language), checks.title_fits(title))
    document = Document.objects.create(
        kind=kind,
        consultation=consultation,
        source_language=source_language,
        title={source_language: title} if title else {},
        created_by=actor,
    )
    document.writers.add(actor)
    record("document.created", actor=actor, about=document, consultation=consultation, kind=kind)
    return document


@writing
def edit_title(*, actor: Any, document: Document, title: str, was: str) -> Document:
    """Give the document another title in the language it is written in. `was` is the title that the form showed."""
    document = _for_writing(actor, document)
    title, now = clean_line(title), document.title.get(document.source_language, "")
    require_valid(checks.title_fits(title))
    if title == now:
        return document
    if was != now:
        raise ChangedMeanwhile(None, "title")
    document.title[document.source_language] = title
    document.save(update_fields=["title"])
    _source_changed(document)
    record("document.title_edited", actor=actor, about=document, consultation=document.consultation)
    return document


@writing
def add_paragraph(
    *,
    actor: Any,
    document: Document,
    kind: str,
    text: str,
    heading: str = "",
    at: int | None = None,
    key: str | None = None,
) -> Paragraph:
    """Add a paragraph, at a number or at the end. `key` names the form: sent twice, it adds once."""
    document = _for_writing(actor, document)
    if key and (earlier := Paragraph.objects.filter(key=key, document=document).first()):
        return earlier
    text, heading = clean(text), clean_line(heading)
    require_valid(
        checks.known_kind(kind),
        checks.says_something(text),
        checks.title_fits(heading, "heading"),
        checks.room_for_one_more(document),
    )
    count = document.paragraphs.count()
    number = min(max(at, 1), count + 1) if at else count + 1
    document.paragraphs.filter(number__gte=number).update(number=F("number") + 1)
    paragraph = Paragraph.objects.create(document=document, number=number, kind=kind, key=key)
    ParagraphText.objects.create(
        paragraph=paragraph, language=document.source_language, heading=heading, text=text, changed_by=actor
    )
    _source_changed(document)
    record(
        "document.paragraph_added",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
    )
    return paragraph


@writing
def edit_paragraph(*, actor: Any, paragraph: Paragraph, kind: str, text: str, heading: str = "", was: str) -> Paragraph:
    """Change a paragraph.

    `was` is the `stamp` that the form was opened on; raises `ChangedMeanwhile` where it is another by now.
    """
    document = _for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    source = source_of(paragraph, document)
    text, heading = clean(text), clean_line(heading)
    require_valid(
        checks.known_kind(kind),
        checks.says_something(text),
        checks.title_fits(heading, "heading"),
        checks.frame_is_free(kind, paragraph),
    )
    if (kind, heading, text) == (paragraph.kind, source.heading, source.text):
        return paragraph
    if was != stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    paragraph.kind = kind
    paragraph.save(update_fields=["kind"])
    if (heading, text) != (source.heading, source.text):
        source.heading, source.text = heading, text
        source.changed_by, source.changed_at = actor, clock.now()
        source.save()
        _source_changed(document)
    record(
        "document.paragraph_edited",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
    )
    return paragraph


@writing
def move_paragraph(*, actor: Any, paragraph: Paragraph, to: int) -> Paragraph:
    """Let a paragraph stand at another number; those between close up."""
    document = _for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    to = min(max(to, 1), document.paragraphs.count())
    if to == paragraph.number:
        return paragraph
    others = document.paragraphs.exclude(pk=paragraph.pk)
    if to > paragraph.number:
        others.filter(number__gt=paragraph.number, number__lte=to).update(number=F("number") - 1)
    else:
        others.filter(number__gte=to, number__lt=paragraph.number).update(number=F("number") + 1)
    paragraph.number = to
    paragraph.save(update_fields=["number"])
    record(
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
    """Delete a paragraph that still is as the form showed it, with as many citations."""
    document = _for_writing(actor, paragraph.document)
    present = Paragraph.objects.filter(pk=paragraph.pk).first()
    if present is None:
        return  # a double click
    source = source_of(present, document)
    if was != stamp(present, source) or citations != present.citations.count():
        raise ChangedMeanwhile(source)
    number, pk = present.number, present.pk
    present.delete()
    document.paragraphs.filter(number__gt=number).update(number=F("number") - 1)
    record("document.paragraph_deleted", actor=actor, about=document, consultation=document.consultation, paragraph=pk)


@writing
def cite(*, actor: Any, paragraph: Paragraph, edition: Edition, words: str) -> Citation:
    """Let a paragraph cite words of an edition. The same words a second time change nothing."""
    document = _for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    edition = Edition.objects.select_related("text").get(pk=edition.pk)
    words = " ".join(clean(words).split())
    require_valid(checks.may_cite(paragraph), checks.may_be_cited(edition, document), checks.exact(words, edition))
    last = paragraph.citations.order_by("-position").values_list("position", flat=True).first() or 0
    citation, made = Citation.objects.get_or_create(
        paragraph=paragraph, edition=edition, words=words, defaults={"position": last + 1, "cited_by": actor}
    )
    if made:
        record(
            "document.cited", actor=actor, about=document, consultation=document.consultation,
            paragraph=paragraph.pk, edition=edition.pk,
        )  # fmt: skip
    return citation


@writing
def uncite(*, actor: Any, citation: Citation) -> None:
    """Take a citation away. One that is gone already stays so."""
    document = _for_writing(actor, citation.paragraph.document)
    gone, _kinds = Citation.objects.filter(pk=citation.pk).delete()
    if gone:
        record(
            "document.uncited", actor=actor, about=document, consultation=document.consultation,
            paragraph=citation.paragraph_id, edition=citation.edition_id,
        )  # fmt: skip


@writing
def submit_for_review(*, actor: Any, document: Document) -> Document:
    """Ask an organizer to read it, and perhaps to approve it. Nobody changes it meanwhile."""
    document = locked(document)
    require(rules.may_write(actor, document))
    return _lead(document, "submit_for_review", actor, note="")


@writing
def send_back(*, actor: Any, document: Document, note: str = "") -> Document:
    """Give it back to its writers, with a note that says why."""
    document = locked(document)
    require(rules.may_send_back(actor, document))
    note = clean(note)
    require_valid(not note or checks.says_something(note))
    return _lead(document, "send_back", actor, note=note, approved_by=None, approved_at=None, self_approved=False)


@writing
def approve(*, actor: Any, document: Document) -> Document:
    """Approve it as it stands. Refused while anything stands against it (`checks.faults`)."""
    document = locked(document)
    require(rules.may_approve(actor, document))
    states.after(document.state, "approve")
    require_valid(checks.passes_gate(document))
    return _lead(
        document,
        "approve",
        actor,
        approved_by=actor,
        approved_at=clock.now(),
        self_approved=rules.has_written(actor, document),
    )


@writing
def reopen(*, actor: Any, document: Document) -> Document:
    """Open what is published for changes; the edition in force stays until another is published."""
    document = locked(document)
    require(rules.may_reopen(actor, document))
    return _lead(document, "reopen", actor, note="", approved_by=None, approved_at=None, self_approved=False)


_VERBS = {
    "submit_for_review": "document.submitted",
    "send_back": "document.sent_back",
    "approve": "document.approved",
    "reopen": "document.reopened",
}


def _lead(document: Document, act: str, actor: Any, **changes: Any) -> Document:
    """Lead a document to its next state and record it."""
    document.state = State(states.after(document.state, act))
    for name, value in changes.items():
        setattr(document, name, value)
    document.save(update_fields=["state", *changes])
    record(_VERBS[act], actor=actor, about=document, consultation=document.consultation)
    return document
