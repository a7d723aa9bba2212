"""Other words for a paragraph: proposed, accepted, declined, withdrawn; each cell of the table, and the effects."""

import pytest

from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents.actions import ChangedMeanwhile
from plenara.outcomes import actions, states
from plenara.outcomes.emails import proposal_email
from plenara.outcomes.models import Proposal
from tests.documents import making as documents
from tests.outcomes import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(member, paragraph):
    return making.proposed(member, paragraph)


@pytest.fixture
def acts(proposal, member, drafter):
    def accept():
        return actions.accept(actor=drafter, proposal=proposal, was=making.stamp(proposal.paragraph), confirmed=True)

    return {
        "accept": accept,
        "decline": lambda: actions.decline(actor=drafter, proposal=proposal, answer="It says less."),
        "withdraw": lambda: actions.withdraw(actor=member, proposal=proposal),
    }


@pytest.mark.parametrize("state", Proposal.State.values)
@pytest.mark.parametrize("act", states.PROPOSAL_ACTS)
def test_every_cell_of_the_table_does_what_it_says(state, act, proposal, acts):
    Proposal.objects.update(state=state)
    if act in states.PROPOSAL[state]:
        acts[act]()
        assert making.fresh(proposal).state == states.PROPOSAL[state][act]
        return
    with pytest.raises(ActionRefused) as refused:
        acts[act]()
    assert str(refused.value)
    assert making.fresh(proposal).state == state
    assert isinstance(refused.value, AlreadyDone) == (state == states.PROPOSAL["pending"][act])


def test_what_is_accepted_stands_in_the_paragraph_and_its_author_gets_one_email(proposal, acts, paragraph, member):
    acts["accept"]()
    assert documents.source(paragraph).text == proposal.text
    with pytest.raises(AlreadyDone):
        acts["accept"]()
    assert BackgroundTask.objects.filter(task="outcomes.proposal_email").count() == 1
    assert AuditEntry.objects.filter(verb="outcome.proposal_accepted").count() == 1


def test_what_is_declined_leaves_the_words_and_needs_an_answer(proposal, paragraph, drafter):
    with pytest.raises(InvalidInput) as refused:
        actions.decline(actor=drafter, proposal=proposal, answer=" ")
    assert refused.value.field == "answer"
    actions.decline(actor=drafter, proposal=proposal, answer="It says less.")
    assert documents.source(paragraph).text != proposal.text
    assert making.fresh(proposal).answer == "It says less."


def test_words_that_moved_on_are_compared_before_a_proposal_takes_their_place(proposal, paragraph, drafter):
    making.edited(drafter, paragraph, "Someone else wrote this.")
    now = making.stamp(paragraph)
    with pytest.raises(ActionRefused) as refused:
        actions.accept(actor=drafter, proposal=proposal, was=now)
    assert (refused.value.code, refused.value.field) == ("moved_on", "confirmed")
    assert documents.source(paragraph).text == "Someone else wrote this."
    actions.accept(actor=drafter, proposal=proposal, was=now, confirmed=True)
    assert documents.source(paragraph).text == proposal.text


def test_a_confirmation_is_about_the_words_that_were_shown(proposal, paragraph, drafter):
    shown = making.stamp(paragraph)
    making.edited(drafter, paragraph, "Someone else wrote this.")
    with pytest.raises(ChangedMeanwhile):
        actions.accept(actor=drafter, proposal=proposal, was=shown, confirmed=True)
    assert documents.source(paragraph).text == "Someone else wrote this."
    assert making.fresh(proposal).state == "pending"


def test_a_proposal_for_other_words_than_those_that_stand_there_hears_it(member, drafter, paragraph):
    was = documents.source(paragraph).digest
    making.edited(drafter, paragraph, "Someone else wrote this.")
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.propose(actor=member, paragraph=paragraph, text="Mine.", was=was)
    assert refused.value.now.text == "Someone else wrote this."


def test_the_same_form_sent_twice_proposes_once(member, paragraph):
    made = {making.proposed(member, paragraph, key="k").pk for _click in range(2)}
    assert len(made) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"heading": "x" * 301}, "heading"),
        ({"note": "x" * 4001}, "note"),
        ({"text": "The management of the Internet is a matter for all."}, "text"),
    ],
)
def test_what_cannot_be_proposed_is_refused_at_its_field(wrong, field, member, paragraph):
    with pytest.raises(InvalidInput) as refused:
        making.proposed(member, paragraph, **wrong)
    assert refused.value.field == field


def test_nothing_is_proposed_for_what_is_published_or_deleted(member, drafter, chair, outcome, paragraph):
    making.fill(drafter, outcome)
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    making.proposed(member, paragraph)  # while it is in review
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    with pytest.raises(ActionRefused) as refused:
        making.proposed(member, paragraph, "Once more.")
    assert refused.value.code == "wrong_state"
    document_actions.send_back(actor=chair, document=making.fresh(outcome.document))
    Proposal.objects.update(state="declined")
    was = documents.source(paragraph).digest
    actions.delete_paragraph(actor=drafter, paragraph=paragraph, was=making.stamp(paragraph), citations=1)
    with pytest.raises(ActionRefused) as refused:
        actions.propose(actor=member, paragraph=paragraph, text="Late.", was=was)
    assert refused.value.code == "gone"


def test_nothing_is_accepted_while_it_is_in_review(proposal, drafter, outcome):
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    with pytest.raises(ActionRefused):
        actions.accept(actor=drafter, proposal=proposal, was=making.stamp(proposal.paragraph))
    assert making.fresh(proposal).state == "pending"


def test_a_paragraph_for_which_a_proposal_waits_is_not_deleted(proposal, paragraph, drafter):
    with pytest.raises(InvalidInput) as refused:
        actions.delete_paragraph(actor=drafter, paragraph=paragraph, was=making.stamp(paragraph), citations=1)
    assert refused.value.code == "proposals"


@pytest.mark.parametrize("who", ["chair", "drafter", "member", "observer", "organizer", "translator", "outsider"])
def test_who_may_propose_answer_and_take_back(who, request, paragraph, member, drafter, chair, observer, translator):
    person = request.getfixturevalue(who)
    may = {
        "propose": who in {"chair", "drafter", "member"},
        "accept": who in {"chair", "drafter"},
        "decline": who in {"chair", "drafter"},
        "withdraw": who == "member",
    }
    proposal = making.proposed(member, paragraph)
    acts = {
        "propose": lambda: making.proposed(person, paragraph, "Other words again."),
        "withdraw": lambda: actions.withdraw(actor=person, proposal=proposal),
        "decline": lambda: actions.decline(actor=person, proposal=proposal, answer="No."),
        "accept": lambda: actions.accept(actor=person, proposal=proposal, was=making.stamp(paragraph)),
    }
    for name, act in acts.items():
        Proposal.objects.filter(pk=proposal.pk).update(state="pending")
        if may[name]:
            act()
        else:
            with pytest.raises(NotPermitted):
                act()


def test_the_email_says_what_became_of_it(proposal, drafter, member, mailoutbox):
    actions.decline(actor=drafter, proposal=proposal, answer="It says less.")
    proposal_email.call(proposal_id=proposal.pk)
    (email,) = mailoutbox
    assert email.to == [member.email]
    assert "declined" in email.subject
    assert "It says less." in email.body and proposal.text in email.body
    assert f"/en/desk/outcomes/wgig/report/proposals/{proposal.pk}/" in email.body
