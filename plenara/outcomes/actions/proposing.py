"""Other words for a paragraph: proposed by a member, taken or declined by who writes, or taken back."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit, clock
from plenara.core.refusals import Refused, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import checks as document_checks
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.models import Document, Paragraph
from plenara.outcomes import checks, rules, states, tasks
from plenara.outcomes.actions.present import held, present
from plenara.outcomes.actions.writing import edit_paragraph
from plenara.outcomes.models import Proposal, Stand


@writing
def propose(
    *,
    actor: Any,
    paragraph: Paragraph,
    text: str,
    heading: str = "",
    note: str = "",
    was: str,
    key: str | None = None,
) -> Proposal:
    """Propose other words for a paragraph, and say why.

    `was` is the digest of the words that the form showed: raises `ChangedMeanwhile` where they are others by now.
    `key` names the form: sent twice, it is taken once.
    """
    document, body = held(paragraph)
    require(rules.may_propose(actor, body))
    require_valid(states.takes_positions(document.state))
    if key and (earlier := Proposal.objects.filter(key=key, paragraph=paragraph).first()):
        return earlier
    source = present(document, paragraph)
    text, heading, note = clean(text), clean_line(heading), clean(note)
    require_valid(
        document_checks.title_fits(heading, "heading"),
        document_checks.says_something(text),
        not note or document_checks.says_something(note, "note"),
    )
    if was != source.digest:
        raise ChangedMeanwhile(source)
    require_valid(checks.says_otherwise((heading, text), (source.heading, source.text)))
    made = Proposal.objects.create(
        paragraph=paragraph, heading=heading, text=text, was=source.digest, was_text=source.text, note=note,
        by=actor, key=key,
    )  # fmt: skip
    _record("outcome.proposed", actor, document, made)
    return made


@writing
def accept(*, actor: Any, proposal: Proposal, was: str, answer: str = "", confirmed: bool = False) -> Proposal:
    """Let the proposed words take the place of the paragraph's. Whoever proposed them hears of it.

    `was` is the `stamp` of the words that the form showed: raises `ChangedMeanwhile` where they are others by now. Who
    accepts what was proposed for earlier words says that they compared them (`confirmed`).
    """
    document, proposal = _answerable(actor, proposal)
    state = states.proposal_after(proposal.state, "accept")
    paragraph = proposal.paragraph
    source = document_actions.source_of(paragraph, document)
    if was != document_actions.stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    if proposal.was != source.digest and not confirmed:
        raise Refused(
            _("The words have changed since this was proposed. Compare them, and confirm that it takes their place."),
            "moved_on",
            "confirmed",
        )
    section = Stand.objects.select_related("section").get(paragraph=paragraph).section
    edit_paragraph(
        actor=actor, paragraph=paragraph, section=section, kind=paragraph.kind, text=proposal.text,
        heading=proposal.heading, was=was,
    )  # fmt: skip
    return _answered("outcome.proposal_accepted", actor, document, proposal, state, answer)


@writing
def decline(*, actor: Any, proposal: Proposal, answer: str) -> Proposal:
    """Leave the words as they are, and tell whoever proposed others why."""
    document, proposal = _answerable(actor, proposal)
    state = states.proposal_after(proposal.state, "decline")
    require_valid(checks.declining_explained(clean(answer)))
    return _answered("outcome.proposal_declined", actor, document, proposal, state, answer)


@writing
def withdraw(*, actor: Any, proposal: Proposal) -> Proposal:
    """Take back what one proposed oneself, while nobody has answered it."""
    document, body = held(proposal.paragraph)
    proposal = Proposal.objects.select_related("paragraph__document").get(pk=proposal.pk)
    require(rules.may_withdraw(actor, proposal, body))
    proposal.state = states.proposal_after(proposal.state, "withdraw")
    proposal.answered_by, proposal.answered_at = actor, clock.now()
    proposal.save(update_fields=["state", "answered_by", "answered_at"])
    _record("outcome.proposal_withdrawn", actor, document, proposal)
    return proposal


def _answerable(actor: Any, proposal: Proposal) -> tuple[Document, Proposal]:
    document, body = held(proposal.paragraph)
    require(rules.may_answer_proposal(actor, body))
    return document, Proposal.objects.select_related("paragraph__document").get(pk=proposal.pk)


def _answered(verb: str, actor: Any, document: Document, proposal: Proposal, state: str, answer: str) -> Proposal:
    answer = clean(answer)
    require_valid(not answer or document_checks.says_something(answer, "answer"))
    proposal.state, proposal.answer = state, answer
    proposal.answered_by, proposal.answered_at = actor, clock.now()
    proposal.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _record(verb, actor, document, proposal)
    if proposal.by_id and proposal.by_id != actor.pk:
        tasks.proposal_letter.using(key=f"outcome-proposal-{proposal.pk}").enqueue(proposal_id=proposal.pk)
    return proposal


def _record(verb: str, actor: Any, document: Document, proposal: Proposal) -> Any:
    return audit.log(
        verb, actor=actor, about=document, consultation=document.consultation,
        paragraph=proposal.paragraph_id, proposal=proposal.pk,
    )  # fmt: skip
