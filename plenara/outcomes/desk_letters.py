"""The letters that follow what is done at the desk of a body."""

import datetime
from typing import Any

from django.utils.translation import override

from plenara.accounts.models import Person
from plenara.core.languages import django_code, in_language
from plenara.documents.models import Document, Paragraph, ParagraphText
from plenara.documents.naming import part_of
from plenara.mail import letters
from plenara.outcomes import rules
from plenara.outcomes.kind import address
from plenara.outcomes.models import Member, Outcome, Position, Proposal


def proposal_letter(proposal_id: int) -> None:
    """Tell a member what became of the words that they proposed."""
    proposal = Proposal.objects.select_related("paragraph__document", "answered_by").filter(pk=proposal_id).first()
    person = _reader(proposal.by_id) if proposal else None
    if proposal is None or person is None:
        return
    outcome = _outcome(proposal.paragraph.document)
    if not rules.may_see_body(person, outcome.body):
        return  # they have left the body since
    _send(
        person,
        "proposal",
        outcome,
        key=f"outcome-proposal-{proposal_id}",
        tail=f"proposals/{proposal_id}/",
        proposal=proposal,
        part=_part(proposal.paragraph, person),
    )


def lapsed_letter(outcome_id: int, member_id: int, since: str) -> None:
    """Tell a member which paragraphs changed since a moment, so that what they held of them holds no more."""
    outcome = Outcome.objects.select_related("document__consultation", "body").get(pk=outcome_id)
    member = Member.objects.filter(pk=member_id).first()
    person = _reader(member.person_id) if member else None
    if member is None or person is None or not rules.may_take_position(person, outcome.body):
        return
    held = dict(
        Position.objects.filter(member=member, paragraph__document=outcome.document_id).values_list(
            "paragraph", "digest"
        )
    )
    texts = ParagraphText.objects.filter(
        paragraph__in=held, language=outcome.document.source_language, changed_at__gte=_moment(since)
    ).select_related("paragraph__document")
    lapsed = [text for text in texts.order_by("paragraph__number") if text.digest != held[text.paragraph_id]]
    if not lapsed:
        return  # they took a new position meanwhile, or the words are what they were
    _send(
        person,
        "lapsed",
        outcome,
        key=f"outcome-lapsed-{outcome_id}-{member_id}-{since}",
        tail="?show=lapsed",
        parts=[_part(text.paragraph, person) for text in lapsed],
    )


def approval_letter(occasion: int, document_id: int, person_id: int) -> None:
    """Tell somebody that an outcome waits for their approval."""
    _about(occasion, document_id, person_id, "approval", "review/")


def sent_back_letter(occasion: int, document_id: int, person_id: int) -> None:
    """Tell a writer that an outcome came back, with the note."""
    _about(occasion, document_id, person_id, "sent_back", "")


def rendition_letter(occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Tell a translator that an outcome waits to be translated."""
    _about(occasion, document_id, person_id, "rendition", f"renditions/{language}/", rendition=language)


def member_letter(member_id: int) -> None:
    """Tell somebody that they were made a member of a body, and where its work is done."""
    member = Member.objects.select_related("body").filter(pk=member_id).first()
    person = _reader(member.person_id) if member else None
    if member is None or person is None:
        return
    letters.send(
        to=person,
        template="outcomes/mail/member",
        context={
            "body_name": in_language(member.body.name, person.language).text,
            "part": Member.Part(member.part).label,
            "path": f"desk/outcomes/{member.body.slug}/",
        },
        key=f"member-{member_id}",
    )


def _about(occasion: int, document_id: int, person_id: int, template: str, tail: str, **more: Any) -> None:
    document = Document.objects.select_related("consultation").get(pk=document_id)
    person = _reader(person_id)
    if person is None:
        return
    outcome = _outcome(document)
    if not rules.may_see_body(person, outcome.body):
        return  # a writer of former days is told nothing of what is being written
    key = f"outcome-{template}-{occasion}-{person_id}-{more.get('rendition', '')}"
    _send(person, template, outcome, key=key, tail=tail, document=document, **more)


def _outcome(document: Document) -> Outcome:
    return Outcome.objects.select_related("document__consultation", "body__consultation").get(document=document)


def _part(paragraph: Paragraph, person: Person) -> str:
    """Return what a paragraph is called, in the language of whom the letter is to."""
    with override(django_code(person.language)):
        return part_of(paragraph.document, paragraph)


def _moment(since: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(since)


def _reader(person_id: int | None) -> Person | None:
    return Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None


def _send(person: Person, template: str, outcome: Outcome, *, key: str, tail: str, **context: Any) -> None:
    """Send a letter about an outcome; `tail` is the page it leads to, below the workbench."""
    letters.send(
        to=person,
        template=f"outcomes/mail/{template}",
        context={
            "outcome": outcome,
            "outcome_title": outcome.document.title.get(outcome.document.source_language, ""),
            "body_name": in_language(outcome.body.name, person.language).text,
            "path": f"desk/{address(outcome.body.slug, outcome.slug)}{tail}",
            **context,
        },
        key=key,
    )
