"""The state table of a contribution, every cell of it: what is allowed works, the rest refuses with a sentence."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.core import clock
from plenara.core.life_cycle import TRANSITIONS, State
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import (
    appeal,
    consent,
    decide,
    decide_appeal,
    decline,
    propose_redaction,
    remove,
    restore,
    take_back,
    undo,
)
from plenara.moderation.models import UNDO_TIME, Code, Decision, Redaction
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_state(author, moderator, thread):
    """A function that brings a contribution into a state through the acts that lead there."""

    def bring(state):
        contribution = world.submitted(author, thread)
        if state in {State.PUBLISHED, State.REMOVED}:
            contribution = world.decided(contribution, moderator)
        if state == State.REMOVED:
            remove(actor=moderator, kind="contribution", pk=contribution.pk, reason="R3")
        if state in {State.RETURNED, State.REJECTED}:
            code = Code.RETURNED if state == State.RETURNED else Code.REJECTED
            contribution = world.decided(contribution, moderator, code, reason="R1")
        if state == State.WITHDRAWN:
            withdraw(actor=author, contribution=contribution)
        contribution.refresh_from_db()
        assert contribution.state == state
        return contribution

    return bring


def attempt(act, contribution, author, moderator, consultation):
    """Do an act as who may do it; the decisions before publication on the version that was submitted last."""
    version = contribution.versions.latest("number").pk
    where = {"kind": "contribution", "pk": contribution.pk}
    if act == "withdraw":
        withdraw(actor=author, contribution=contribution)
    elif act == "send_again":
        revise(actor=author, contribution=contribution, text="Other words.", language="en")
    elif act == "publish" and contribution.state in {State.RETURNED, State.REJECTED}:
        with clock.at(clock.now() + UNDO_TIME):  # from then on it cannot be undone, but be appealed
            made = appeal(actor=author, decision_id=Decision.objects.get().pk, text="A quotation.", **where)
        second = world.grant(world.person("Another"), consultation, "moderator")
        decide_appeal(actor=second, appeal_id=made.pk, outcome="upheld", answer="It is one.")
    elif act == "remove":
        remove(actor=moderator, reason="R3", **where)
    elif act == "restore":
        restore(actor=moderator, **where)
    elif act == "move":
        other = consultation.threads.get(number=2)
        decide(actor=moderator, version_id=version, code=Code.MOVED, thread=other, publish_there=False, **where)
    elif act == "undo":
        if contribution.state == State.PENDING:
            attempt("move", contribution, author, moderator, consultation)
        undo(actor=moderator, decision=Decision.objects.latest("pk"))
    elif act == "propose_redaction":
        propose_redaction(
            actor=moderator, version_id=version, text="Documents should reach us […].", reason="R7", **where
        )
    elif act in {"consent", "decline", "take_back"}:
        if contribution.state == State.PENDING:
            attempt("propose_redaction", contribution, author, moderator, consultation)
        asked = Redaction.objects.first()
        answer = {"consent": consent, "decline": decline, "take_back": take_back}[act]
        answer(actor=author, redaction_id=asked.pk if asked else 0, **where)
    else:
        codes = {"publish": Code.APPROVED, "return_for_revision": Code.RETURNED, "reject": Code.REJECTED}
        decide(actor=moderator, version_id=version, code=codes[act], reason="R1", **where)


#: Cells whose act has a way of its own: a revision of what is published waits as a version, a text that waits is
#: corrected (`test_correct_waiting`); what was withdrawn after a decision is in `test_undo`.
BY_ANOTHER_WAY = {
    (State.PENDING, "send_again"),
    (State.PUBLISHED, "publish"),
    (State.PUBLISHED, "send_again"),
    (State.WITHDRAWN, "withdraw"),
    (State.WITHDRAWN, "undo"),
    *((State.PUBLISHED, act) for act in ("return_for_revision", "reject", "undo", "propose_redaction")),
    *((State.PUBLISHED, act) for act in ("consent", "decline", "take_back")),
}


ACTS = (
    "publish",
    "return_for_revision",
    "reject",
    "withdraw",
    "move",
    "send_again",
    "remove",
    "restore",
    "undo",
    "propose_redaction",
    "consent",
    "decline",
    "take_back",
)
CELLS = [(state, act) for state in State for act in ACTS if (state, act) not in BY_ANOTHER_WAY]


@pytest.mark.once
@pytest.mark.parametrize(("state", "act"), CELLS)
def test_every_cell_of_the_table(state, act, in_state, author, moderator, consultation):
    contribution = in_state(state)
    expected = TRANSITIONS[state].get(act)
    if expected is None:
        with pytest.raises((NotPermitted, AlreadyDone, InvalidInput)) as refused:
            attempt(act, contribution, author, moderator, consultation)
        assert len(str(refused.value)) > 20, "a refusal is a sentence"
        contribution.refresh_from_db()
        assert contribution.state == state
    else:
        attempt(act, contribution, author, moderator, consultation)
        contribution.refresh_from_db()
        assert contribution.state == expected


def test_withdrawing_what_is_withdrawn_is_a_double_click(in_state, author):
    contribution = in_state(State.WITHDRAWN)
    assert withdraw(actor=author, contribution=contribution).state == State.WITHDRAWN


def test_sending_again_what_is_published_makes_a_revision_that_is_pending(in_state, author):
    contribution = in_state(State.PUBLISHED)
    version = revise(actor=author, contribution=contribution, text="Other words.", language="en")
    contribution.refresh_from_db()
    assert (contribution.state, version.state) == ("published", "pending")
