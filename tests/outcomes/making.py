"""Helpers that make bodies and outcomes."""

import datetime
from typing import Any

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents import actions as document_actions
from plenara.documents.models import Kind, Paragraph
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Member, Opening, Outcome, OutcomeEdition, Proposal, Stage
from plenara.outcomes.queries.openings import suggested
from tests import world
from tests.documents.making import fresh, source, stamp

__all__ = [
    "actions",
    "answered",
    "body",
    "edited",
    "fresh",
    "member",
    "opened",
    "outcome",
    "paragraph",
    "proposed",
    "published",
    "reopened",
    "source",
    "stamp",
]

REASON = "It is the heart of the section."


def body(organizer: Any, consultation: Consultation, slug: str = "wgig", **more: Any) -> Body:
    """Return a body whose home is a consultation."""
    known: dict[str, Any] = {"name": world.six("Working group"), "mandate": world.six("To report."), **more}
    return actions.make_body(actor=organizer, consultation=consultation, slug=slug, **known)


def member(organizer: Any, where: Body, person: Any, part: str = Member.Part.MEMBER, **more: Any) -> Any:
    """Make a person a member, and return them as they come with the next request."""
    known: dict[str, Any] = {"name": person.name, "country": "ML", **more}
    actions.add_member(actor=organizer, body=where, person=person, part=part, **known)
    return fresh(person)


def outcome(organizer: Any, where: Body, slug: str = "report", **more: Any) -> Outcome:
    """Return an outcome in English with the four sections of a working group's report."""
    known: dict[str, Any] = {
        "title": "Report of the Working Group",
        "source_language": "en",
        "template": "working_group_report",
        **more,
    }
    return actions.make_outcome(actor=organizer, body=where, slug=slug, **known)


def paragraph(
    writer: Any,
    it: Outcome,
    text: str = "The management of the Internet is a matter for all.",
    *,
    section: int = 1,
    kind: str = Kind.FINDING,
    cites: Edition | None = None,
    response: str = "taken_up",
    reason: str = REASON,
    **more: Any,
) -> Paragraph:
    """Return a paragraph in a section by its number; it answers an edition, if one is given."""
    made = actions.add_paragraph(
        actor=writer, outcome=it, section=it.sections.get(number=section), kind=kind, text=text, **more
    )
    if cites is not None:
        answered(writer, made, cites, response, reason)
    return made


def answered(writer: Any, made: Paragraph, edition: Edition, response: str = "noted", reason: str = REASON) -> None:
    """Answer a whole edition in a paragraph."""
    actions.respond(actor=writer, paragraph=made, edition=edition, response=response, reason=reason)


def edited(writer: Any, made: Paragraph, text: str, **more: Any) -> Paragraph:
    """Give a paragraph other words."""
    known = {"section": made.outcome_paragraph.section, "kind": made.kind, "was": stamp(made), **more}
    return actions.edit_paragraph(actor=writer, paragraph=made, text=text, **known)


def proposed(member: Any, made: Paragraph, text: str = "It concerns everybody.", **more: Any) -> Proposal:
    """Propose other words for a paragraph."""
    return actions.propose(actor=member, paragraph=made, **{"text": text, "was": source(made).digest, **more})


def fill(writer: Any, it: Outcome) -> None:
    """Add a frame to each empty section, as the publication checks require."""
    for section in it.sections.filter(outcome_paragraphs=None):
        paragraph(writer, it, "Nothing was contributed to this.", section=section.number, kind=Kind.FRAME)


def reopened(writer: Any, it: Outcome) -> None:
    """Reopen a published outcome."""
    document_actions.reopen(actor=writer, document=it.document)


def published(writer: Any, chair: Any, it: Outcome, stage: str = Stage.ZERO_DRAFT, **more: Any) -> OutcomeEdition:
    """Review, approve and publish a draft."""
    document = fresh(it.document)
    if document.state == "published":
        document_actions.reopen(actor=writer, document=document)
    fill(writer, it)
    document_actions.submit_for_review(actor=writer, document=document)
    document_actions.approve(actor=chair, document=fresh(document))
    return actions.publish(actor=chair, outcome=it, stage=stage, **more)


def terms(version: OutcomeEdition, **more: Any) -> dict[str, Any]:
    """Return the settings to open a version for comment."""
    closes_at = clock.now() + datetime.timedelta(days=30)
    return {**suggested(version), "closes_at": closes_at, **more}


def unopened(version: OutcomeEdition) -> OutcomeEdition:
    """Return a version as if it had never been opened."""
    Opening.objects.filter(edition=version).delete()
    return version


def opened(actor: Any, version: OutcomeEdition, **more: Any) -> Opening:
    """Open a version for comment."""
    return actions.open_for_comment(actor=actor, version=version, **terms(version, **more))
