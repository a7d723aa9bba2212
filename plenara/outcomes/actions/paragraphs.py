"""Actions on an outcome's paragraphs: write and move them, propose other words, agree, object and declare agreed."""

import datetime
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit, clock
from plenara.core.refusals import ActionRefused, NotPermitted, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents.actions import ChangedMeanwhile, changes
from plenara.documents.models import Document, Paragraph, ParagraphText
from plenara.documents.validation.contents import says_something, title_fits
from plenara.outcomes import emails, permissions, states
from plenara.outcomes.actions.outcomes import lock_outcome
from plenara.outcomes.models import Body, Member, Outcome, OutcomeParagraph, Position, Proposal, Section
from plenara.outcomes.queries.positions import deciding_members
from plenara.outcomes.validation import contents


def notify_lapsed(actor: Person, outcome: Outcome, paragraph: Paragraph, before: str) -> None:
    """Enqueue an e-mail to each member, except the actor, with a position on the words with the digest `before`."""
    lapsed = Position.objects.filter(paragraph=paragraph, digest=before, member__in=deciding_members(outcome))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for member in lapsed.exclude(member__person=actor).values_list("member", flat=True):
        emails.lapsed_email.using(
            key=f"outcome-lapsed-{outcome.pk}-{member}-{hour:%Y%m%d%H}", run_after=hour + datetime.timedelta(hours=1)
        ).enqueue(outcome_id=outcome.pk, member_id=member, since=hour.isoformat())


def lock_paragraph(paragraph: Paragraph) -> tuple[Document, Body]:
    """Return the document of a paragraph as it is now, locked until the transaction ends, and its body."""
    document = document_actions.lock_document(paragraph.document)
    return document, Outcome.objects.select_related("body__consultation").get(document=document).body


def current_words(document: Document, paragraph: Paragraph) -> ParagraphText:
    """Return a paragraph's words as they are now. Refused if it was deleted."""
    found = ParagraphText.objects.select_related("changed_by").filter(
        paragraph=paragraph, paragraph__document=document, language=document.source_language
    )
    if (source := found.first()) is None:
        raise ActionRefused(_("Someone else has deleted this paragraph."), "gone")
    return source


@writing
def add_paragraph(
    *,
    actor: Person,
    outcome: Outcome,
    section: Section,
    kind: str,
    text: str,
    heading: str = "",
    key: str | None = None,
) -> Paragraph:
    """Add a paragraph after the others of its section. `key` names the form: sent twice, it adds once."""
    document = document_actions.lock_document(outcome.document)
    require_valid(contents.section_of(section, outcome))
    paragraph = document_actions.add_paragraph(
        actor=actor, document=document, kind=kind, text=text, heading=heading, key=key,
        at=end_of(outcome, section) + 1,
    )  # fmt: skip
    OutcomeParagraph.objects.get_or_create(paragraph=paragraph, defaults={"section": section})
    return paragraph


@writing
def edit_paragraph(
    *, actor: Person, paragraph: Paragraph, section: Section, kind: str, text: str, heading: str = "", was: str
) -> Paragraph:
    """Change a paragraph; in a new section it comes last. Positions on the old words lapse: members are notified.

    `was` is the `stamp` that the form was opened on; raises `ChangedMeanwhile` when the paragraph has changed.
    """
    document = document_actions.lock_document(paragraph.document)
    outcome = Outcome.objects.get(document=document)
    require_valid(contents.section_of(section, outcome))
    before = document_actions.source_of(paragraph, document).digest
    edited = document_actions.edit_paragraph(
        actor=actor, paragraph=paragraph, kind=kind, text=text, heading=heading, was=was
    )
    outcome_paragraph = OutcomeParagraph.objects.get(paragraph=edited)
    if outcome_paragraph.section_id != section.pk:
        last = section.outcome_paragraphs.order_by("-paragraph__number").select_related("paragraph").first()
        move_paragraph(actor=actor, paragraph=edited, section=section, after=last.paragraph if last else None)
    if document_actions.source_of(edited, document).digest != before:
        notify_lapsed(actor, outcome, edited, before)
    return edited


@writing
def delete_paragraph(*, actor: Person, paragraph: Paragraph, was: str, citations: int) -> None:
    """Delete a paragraph as the form showed it; not while a proposal for it is open. Its number is never reused."""
    document_actions.lock_document(paragraph.document)
    require_valid(contents.no_proposal_waits(paragraph))
    document_actions.delete_paragraph(actor=actor, paragraph=paragraph, was=was, citations=citations)


@writing
def move_paragraph(
    *, actor: Person, paragraph: Paragraph, section: Section, after: Paragraph | None = None
) -> Paragraph:
    """Move a paragraph to a section, after another one of it or as its first. Its permanent number stays."""
    outcome = lock_outcome(actor, section.outcome)
    outcome_paragraph = OutcomeParagraph.objects.select_related("paragraph").get(
        paragraph=paragraph, section__outcome=outcome
    )
    require_valid(contents.section_of(section, outcome), contents.stands_in(after, section))
    if after is not None and after.pk == paragraph.pk:
        return paragraph
    place = Paragraph.objects.get(pk=after.pk).number if after else end_of(outcome, section, before=True)
    to = place if outcome_paragraph.paragraph.number <= place else place + 1
    moved = document_actions.move_paragraph(actor=actor, paragraph=paragraph, to=to)
    if outcome_paragraph.section_id != section.pk:
        outcome_paragraph.section = section
        outcome_paragraph.save(update_fields=["section"])
        audit.log(
            "outcome.paragraph_moved", actor=actor, about=outcome, consultation=outcome.body.consultation,
            paragraph=paragraph.pk, section=section.pk,
        )  # fmt: skip
    return moved


def end_of(outcome: Outcome, section: Section, *, before: bool = False) -> int:
    """Return the place of the last paragraph of a section or of those before it; 0 if there is none.

    With `before`, only of those before the section: the place before its first one.
    """
    outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome=outcome)
    known = {"section__number__lt": section.number} if before else {"section__number__lte": section.number}
    return (
        outcome_paragraphs.filter(**known)
        .order_by("-paragraph__number")
        .values_list("paragraph__number", flat=True)
        .first()
        or 0
    )


@writing
def propose(
    *,
    actor: Person,
    paragraph: Paragraph,
    text: str,
    heading: str = "",
    note: str = "",
    was: str,
    key: str | None = None,
) -> Proposal:
    """Propose other words for a paragraph, with the reason.

    `was` is the digest of the words that the form showed; raises `ChangedMeanwhile` when they have changed.
    `key` names the form: sent twice, it adds once.
    """
    document, body = lock_paragraph(paragraph)
    require(permissions.may_propose(actor, body))
    require_valid(states.takes_positions(document.state))
    if key and (earlier := Proposal.objects.filter(key=key, paragraph=paragraph).first()):
        return earlier
    source = current_words(document, paragraph)
    text, heading, note = clean(text), clean_line(heading), clean(note)
    require_valid(
        title_fits(heading, "heading"),
        says_something(text),
        not note or says_something(note, "note"),
    )
    if was != source.digest:
        raise ChangedMeanwhile(source)
    require_valid(contents.says_otherwise((heading, text), (source.heading, source.text)))
    made = Proposal.objects.create(
        paragraph=paragraph, heading=heading, text=text, was=source.digest, was_text=source.text, note=note,
        by=actor, key=key,
    )  # fmt: skip
    changes.log("outcome.proposed", actor, document, paragraph=made.paragraph_id, proposal=made.pk)
    return made


@writing
def accept(*, actor: Person, proposal: Proposal, was: str, answer: str = "", confirmed: bool = False) -> Proposal:
    """Replace a paragraph's words by the proposed ones, and notify the proposer.

    `was` is the `stamp` of the words that the form showed; raises `ChangedMeanwhile` when they have changed. If the
    proposal was made for earlier words, the person confirms that they compared them (`confirmed`).
    """
    document, proposal = _answerable(actor, proposal)
    state = states.proposal_after(proposal.state, "accept")
    paragraph = proposal.paragraph
    source = document_actions.source_of(paragraph, document)
    if was != document_actions.stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    if proposal.was != source.digest and not confirmed:
        raise ActionRefused(
            _(
                "The wording has changed since this proposal was made. Compare both texts, then confirm that you "
                "want to replace the current wording."
            ),
            "moved_on",
            "confirmed",
        )
    section = OutcomeParagraph.objects.select_related("section").get(paragraph=paragraph).section
    edit_paragraph(
        actor=actor, paragraph=paragraph, section=section, kind=paragraph.kind, text=proposal.text,
        heading=proposal.heading, was=was,
    )  # fmt: skip
    return _answered("outcome.proposal_accepted", actor, document, proposal, state, answer)


@writing
def decline(*, actor: Person, proposal: Proposal, answer: str) -> Proposal:
    """Decline a proposal, and send the proposer the reason."""
    document, proposal = _answerable(actor, proposal)
    state = states.proposal_after(proposal.state, "decline")
    require_valid(contents.declining_explained(clean(answer)))
    return _answered("outcome.proposal_declined", actor, document, proposal, state, answer)


@writing
def withdraw(*, actor: Person, proposal: Proposal) -> Proposal:
    """Withdraw one's own proposal, while nobody has answered it."""
    document, body = lock_paragraph(proposal.paragraph)
    proposal = Proposal.objects.select_related("paragraph__document").get(pk=proposal.pk)
    require(permissions.may_withdraw(actor, proposal, body))
    proposal.state = states.proposal_after(proposal.state, "withdraw")
    proposal.answered_by, proposal.answered_at = actor, clock.now()
    proposal.save(update_fields=["state", "answered_by", "answered_at"])
    changes.log("outcome.proposal_withdrawn", actor, document, paragraph=proposal.paragraph_id, proposal=proposal.pk)
    return proposal


def _answerable(actor: Person, proposal: Proposal) -> tuple[Document, Proposal]:
    document, body = lock_paragraph(proposal.paragraph)
    require(permissions.may_answer_proposal(actor, body))
    return document, Proposal.objects.select_related("paragraph__document").get(pk=proposal.pk)


def _answered(verb: str, actor: Person, document: Document, proposal: Proposal, state: str, answer: str) -> Proposal:
    answer = clean(answer)
    require_valid(not answer or says_something(answer, "answer"))
    proposal.state, proposal.answer = state, answer
    proposal.answered_by, proposal.answered_at = actor, clock.now()
    proposal.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    changes.log(verb, actor, document, paragraph=proposal.paragraph_id, proposal=proposal.pk)
    if proposal.by_id and proposal.by_id != actor.pk:
        emails.proposal_email.using(key=f"outcome-proposal-{proposal.pk}").enqueue(proposal_id=proposal.pk)
    return proposal


#: Paragraphs that one action can agree with: more than a page of them.
MOST_AT_ONCE = 60


@writing
def agree(*, actor: Person, paragraph: Paragraph, was: str) -> Position:
    """Agree with a paragraph's words, in place of an objection. `was` is the digest of the words shown."""
    return _take_position(actor, paragraph, Position.Holds.AGREES, was)


@writing
def object_to(*, actor: Person, paragraph: Paragraph, reason: str, was: str) -> Position:
    """Object to a paragraph's words. If it stays in brackets, the reason is published with the member's name."""
    return _take_position(actor, paragraph, Position.Holds.OBJECTS, was, clean_line(reason))


@writing
def take_back_position(*, actor: Person, paragraph: Paragraph) -> None:
    """Withdraw one's position on a paragraph. If there is none, do nothing."""
    document, body = lock_paragraph(paragraph)
    member = _deciding(actor, document, body)
    gone, _kinds = Position.objects.filter(paragraph=paragraph, member=member).delete()
    if gone:
        changes.log("outcome.position_taken_back", actor, document, paragraph=paragraph.pk, member=member.pk)


@writing
def declare_agreed(*, actor: Person, paragraph: Paragraph, was: str) -> OutcomeParagraph:
    """Declare a paragraph's words agreed, as the chair, while nobody objects. A second time changes nothing."""
    document, body = lock_paragraph(paragraph)
    _leading(actor, document, body)
    source = _words(document, paragraph, was)
    outcome_paragraph = OutcomeParagraph.objects.select_for_update(of=("self",)).get(paragraph=paragraph)
    objections = Position.objects.filter(
        paragraph=paragraph, digest=source.digest, holds=Position.Holds.OBJECTS,
        member__in=deciding_members(document.outcome),
    )  # fmt: skip
    require_valid(contents.nobody_objects(objections.select_related("member")))
    if outcome_paragraph.agreed_at is None or outcome_paragraph.agreed_digest != source.digest:
        outcome_paragraph.agreed_by, outcome_paragraph.agreed_at, outcome_paragraph.agreed_digest = (
            actor,
            clock.now(),
            source.digest,
        )
        outcome_paragraph.save(update_fields=["agreed_by", "agreed_at", "agreed_digest"])
        changes.log("outcome.declared_agreed", actor, document, paragraph=paragraph.pk)
    return outcome_paragraph


@writing
def agree_with_many(*, actor: Person, chosen: Sequence[tuple[Paragraph, str]]) -> int:
    """Agree with the words of several paragraphs, given with the digests of the words shown; return how many.

    Those that were deleted or changed since are left out.
    """
    return _each(chosen, lambda paragraph, was: agree(actor=actor, paragraph=paragraph, was=was))


@writing
def declare_many_agreed(*, actor: Person, chosen: Sequence[tuple[Paragraph, str]]) -> int:
    """Declare several paragraphs agreed; return how many.

    Those that were deleted or changed since, or that a member objects to, are left out.
    """
    return _each(chosen, lambda paragraph, was: declare_agreed(actor=actor, paragraph=paragraph, was=was))


def _each(chosen: Sequence[tuple[Paragraph, str]], act: Callable[[Paragraph, str], object]) -> int:
    require_valid(contents.few_enough_paragraphs(len(chosen), MOST_AT_ONCE))
    done = 0
    for paragraph, was in chosen:
        try:
            act(paragraph, was)
        except ActionRefused as refused:
            if refused.code not in {"changed", "gone", "objections"}:
                raise
        else:
            done += 1
    return done


@writing
def open_again(*, actor: Person, paragraph: Paragraph) -> OutcomeParagraph:
    """Withdraw a declaration. A paragraph that was not declared agreed stays as it is."""
    document, body = lock_paragraph(paragraph)
    _leading(actor, document, body)
    outcome_paragraph = OutcomeParagraph.objects.select_for_update(of=("self",)).get(paragraph=paragraph)
    if outcome_paragraph.agreed_at is not None:
        outcome_paragraph.agreed_by, outcome_paragraph.agreed_at, outcome_paragraph.agreed_digest = None, None, ""
        outcome_paragraph.save(update_fields=["agreed_by", "agreed_at", "agreed_digest"])
        changes.log("outcome.opened_again", actor, document, paragraph=paragraph.pk)
    return outcome_paragraph


def _take_position(actor: Person, paragraph: Paragraph, holds: str, was: str, reason: str = "") -> Position:
    document, body = lock_paragraph(paragraph)
    member = _deciding(actor, document, body)
    if holds == Position.Holds.OBJECTS:
        require_valid(contents.objection_explained(reason))
    source = _words(document, paragraph, was)
    wanted = {"holds": holds, "reason": reason, "digest": source.digest}
    there = Position.objects.filter(paragraph=paragraph, member=member).first()
    if there and all(getattr(there, name) == value for name, value in wanted.items()):
        return there  # a double click
    position, _made = Position.objects.update_or_create(
        paragraph=paragraph, member=member, defaults={**wanted, "at": clock.now()}
    )
    changes.log(f"outcome.{holds}", actor, document, paragraph=paragraph.pk, member=member.pk)
    return position


def _deciding(actor: Person, document: Document, body: Body) -> Member:
    require(permissions.may_take_position(actor, body))
    require_valid(states.takes_positions(document.state))
    member = permissions.member_of(actor, body)
    if member is None:
        raise NotPermitted(_("Only members of this body can propose other wording, agree or object. Observers cannot."))
    return member


def _leading(actor: Person, document: Document, body: Body) -> None:
    require(permissions.may_declare(actor, body))
    require_valid(states.takes_positions(document.state))


def _words(document: Document, paragraph: Paragraph, was: str) -> ParagraphText:
    source = current_words(document, paragraph)
    if was != source.digest:
        raise ChangedMeanwhile(source)
    return source
