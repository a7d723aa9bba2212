"""The states of an outcome's versions, paragraphs and proposals, and their transitions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, Denied
from plenara.documents.models import State
from plenara.outcomes.models import Agreement, Position, Proposal, Stage

#: After which version (none: before the first) each may follow. A final text is followed only by a corrected one.
VERSIONS: dict[str, frozenset[str]] = {
    "": frozenset({Stage.ZERO_DRAFT}),
    Stage.ZERO_DRAFT: frozenset({Stage.DRAFT, Stage.FINAL}),
    Stage.DRAFT: frozenset({Stage.DRAFT, Stage.FINAL}),
    Stage.FINAL: frozenset({Stage.FINAL}),
}

#: From each state of a proposal, the actions and the states that they lead to.
PROPOSAL: dict[str, dict[str, str]] = {
    Proposal.State.PENDING: {
        "accept": Proposal.State.ACCEPTED,
        "decline": Proposal.State.DECLINED,
        "withdraw": Proposal.State.WITHDRAWN,
    },
    Proposal.State.ACCEPTED: {},
    Proposal.State.DECLINED: {},
    Proposal.State.WITHDRAWN: {},
}
PROPOSAL_ACTS = ("accept", "decline", "withdraw")


def may_follow(earlier: str, stage: str) -> Answer:
    """Return whether a version of this stage may follow one of another ("" before the first), or why not."""
    return stage in VERSIONS[earlier] or Denied(
        {
            "": _("The first version of an outcome must be the zero draft. Publish the zero draft first."),
            Stage.FINAL: _("The final text has been published. You can now publish only corrected versions of it."),
        }.get(earlier, _("Only the first version can be a zero draft. Publish a draft or the final text.")),
        "wrong_stage",
        "stage",
    )


def _answered() -> str:
    return _("This proposal has already been accepted, declined or withdrawn. You can no longer change it.")


def proposal_after(state: str, act: str) -> str:
    """Return a proposal's state after an action.

    Raises `AlreadyDone` if it is in that state, `ActionRefused` if the action is not possible.
    """
    if found := PROPOSAL[Proposal.State(state)].get(act):
        return found
    already = state == PROPOSAL[Proposal.State.PENDING][act]
    raise (AlreadyDone if already else ActionRefused)(_answered(), "wrong_state")


def takes_positions(state: str) -> Answer:
    """Return whether members can propose, agree and object in this state of the document, or why not."""
    return state in {State.DRAFT, State.IN_REVIEW} or Denied(
        _("Members can propose other wording, agree and object only while the text is a draft or in review."),
        "wrong_state",
    )


@dataclass(frozen=True)
class CurrentPosition:
    """A position on the present words."""

    member: int
    holds: str


def agreement(positions: Iterable[CurrentPosition], deciding: set[int], *, is_declared: bool) -> str:
    """Return the agreement on a paragraph: in brackets while anybody objects; agreed if the chair declared these words
    agreed, or all deciding members agree; open otherwise.
    """
    held = {each.member: each.holds for each in positions if each.member in deciding}
    if Position.Holds.OBJECTS in held.values():
        return Agreement.BRACKETED
    if is_declared or (deciding and set(held) == deciding):
        return Agreement.AGREED
    return Agreement.OPEN
