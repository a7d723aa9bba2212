"""Several members at once, in threads of their own: one is first, the others are notified, nothing is lost or done
twice.
"""

import pytest

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.models import Citation, Reason
from plenara.outcomes import actions
from plenara.outcomes.models import Position, Proposal
from plenara.outcomes.queries.positions import paragraph_states
from tests import world
from tests.consultations.test_at_once import at_once, refused
from tests.outcomes import making

pytestmark = pytest.mark.django_db(transaction=True)


def again(person):
    return Person.objects.get(pk=person.pk)


def test_of_many_who_change_one_paragraph_one_is_first_and_the_others_hear_it(drafter, chair, outcome, paragraph):
    opened, section = making.stamp(paragraph), paragraph.outcome_paragraph.section

    def edit(person, text):
        return lambda: actions.edit_paragraph(
            actor=again(person),
            paragraph=making.fresh(paragraph),
            section=section,
            kind="finding",
            text=text,
            was=opened,
        )

    results = at_once(*[edit(person, f"Words {number}.") for number, person in enumerate([drafter, chair] * 3)])
    assert [isinstance(each, ChangedMeanwhile) for each in results].count(True) == 5
    assert making.source(paragraph).text in {f"Words {number}." for number in range(6)}


def test_a_proposal_answered_by_several_is_answered_once(drafter, chair, member, paragraph):
    proposal = making.proposed(member, paragraph)
    was = making.stamp(paragraph)

    def accept(person):
        return lambda: actions.accept(actor=again(person), proposal=making.fresh(proposal), was=was)

    def decline(person):
        return lambda: actions.decline(actor=again(person), proposal=making.fresh(proposal), answer="No.")

    def withdraw():
        return actions.withdraw(actor=again(member), proposal=making.fresh(proposal))

    results = at_once(accept(drafter), accept(chair), decline(drafter), decline(chair), withdraw)
    assert len(refused(results)) == 4
    state = making.fresh(proposal).state
    assert (making.source(paragraph).text == proposal.text) == (state == "accepted")
    assert AuditEntry.objects.filter(verb__startswith="outcome.proposal_").count() == 1


def test_an_edit_and_a_proposal_taken_at_once_lose_neither(drafter, chair, member, paragraph):
    proposal = making.proposed(member, paragraph)
    was, section = making.stamp(paragraph), paragraph.outcome_paragraph.section
    results = at_once(
        lambda: actions.accept(actor=again(chair), proposal=making.fresh(proposal), was=was),
        lambda: actions.edit_paragraph(
            actor=again(drafter),
            paragraph=making.fresh(paragraph),
            section=section,
            kind="finding",
            text="Mine.",
            was=was,
        ),
    )
    assert [isinstance(each, ChangedMeanwhile) for each in results].count(True) == 1
    taken = not isinstance(results[0], ChangedMeanwhile)
    assert making.source(paragraph).text == (proposal.text if taken else "Mine.")
    assert making.fresh(proposal).state == ("accepted" if taken else "pending")


def test_an_objection_and_a_declaration_at_once_never_leave_it_agreed(chair, member, outcome, paragraph):
    was = making.source(paragraph).digest
    results = at_once(
        lambda: actions.declare_agreed(actor=again(chair), paragraph=making.fresh(paragraph), was=was),
        lambda: actions.object_to(actor=again(member), paragraph=making.fresh(paragraph), reason="Too long.", was=was),
    )
    assert all(isinstance(each, InvalidInput) for each in refused(results))
    assert paragraph_states(making.fresh(outcome))[paragraph.pk].agreement == "bracketed"


def test_a_position_taken_by_six_clicks_is_one(member, paragraph):
    was = making.source(paragraph).digest
    results = at_once(*[lambda: actions.agree(actor=again(member), paragraph=making.fresh(paragraph), was=was)] * 6)
    assert not refused(results)
    assert Position.objects.count() == AuditEntry.objects.filter(verb="outcome.agrees").count() == 1


def test_a_form_that_proposes_sent_six_times_at_once_proposes_once(member, paragraph):
    was = making.source(paragraph).digest
    results = at_once(
        *[
            lambda: actions.propose(
                actor=again(member), paragraph=making.fresh(paragraph), text="Mine.", was=was, key="k"
            )
        ]
        * 6
    )
    assert not [each for each in refused(results) if not isinstance(each, AlreadyDone)]
    assert Proposal.objects.count() == 1


def test_paragraphs_added_to_one_section_at_once_all_stand_in_it_without_gap(drafter, chair, outcome, paragraph):
    def add(person, number):
        return lambda: making.paragraph(again(person), making.fresh(outcome), f"Number {number}.", kind="frame")

    results = at_once(*[add(person, number) for number, person in enumerate([drafter, chair] * 3)])
    assert not refused(results)
    rows = outcome.document.paragraphs.order_by("number")
    assert list(rows.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert set(rows.values_list("outcome_paragraph__section__number", flat=True)) == {1}


def test_one_contribution_treated_by_two_at_once_is_treated_once(drafter, chair, paragraph, author, moderator, thread):
    edition = world.published(author, moderator, thread, "Another thing.")

    def respond(person):
        return lambda: making.answered(again(person), making.fresh(paragraph), edition, reason="The same reason.")

    results = at_once(*[respond(person) for person in [drafter, chair] * 3])
    assert not refused(results)
    assert Citation.objects.filter(edition=edition).count() == 1
    assert Reason.objects.filter(text="The same reason.").count() == 1
