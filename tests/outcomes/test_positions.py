"""The agreement of members on a paragraph: the truth table, each action, permissions, and lapsed positions."""

import datetime
from itertools import product

import pytest

from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents.actions import ChangedMeanwhile
from plenara.outcomes import actions, states
from plenara.outcomes.emails import lapsed_email
from plenara.outcomes.models import Member, Position, Stage
from plenara.outcomes.queries.positions import paragraph_states
from plenara.outcomes.states import CurrentPosition, agreement
from tests.outcomes import making

AGREES, OBJECTS, NOTHING = "agrees", "objects", None


def expected(first, second, declared):
    if OBJECTS in {first, second}:
        return "bracketed"
    return "agreed" if declared or (first, second) == (AGREES, AGREES) else "open"


@pytest.mark.parametrize(
    ("first", "second", "declared"), [*product((AGREES, OBJECTS, NOTHING), (AGREES, OBJECTS, NOTHING), (True, False))]
)
def test_every_row_of_the_truth_table(first, second, declared):
    held = [CurrentPosition(member, holds) for member, holds in ((1, first), (2, second)) if holds]
    assert agreement(held, {1, 2}, is_declared=declared) == expected(first, second, declared)


@pytest.mark.parametrize("declared", [True, False])
def test_who_is_no_longer_a_member_does_not_count_and_nobody_is_not_everybody(declared):
    assert agreement([CurrentPosition(3, OBJECTS)], {1, 2}, is_declared=declared) == ("agreed" if declared else "open")
    assert agreement([], set(), is_declared=declared) == ("agreed" if declared else "open")


@pytest.mark.parametrize(("earlier", "stage"), [*product(states.VERSIONS, Stage.values)])
def test_every_cell_of_the_table_of_versions(earlier, stage):
    follows = {
        "": {"zero_draft"},
        "zero_draft": {"draft", "final"},
        "draft": {"draft", "final"},
        "final": {"final"},
    }
    answer = states.may_follow(earlier, stage)
    assert bool(answer) == (stage in follows[earlier])
    assert answer or (answer.field == "stage" and answer.sentence)


pytestmark = pytest.mark.django_db


def state_of(paragraph):
    return paragraph_states(making.fresh(paragraph.outcome_paragraph.section.outcome))[paragraph.pk]


def was(paragraph):
    return making.source(paragraph).digest


def test_a_paragraph_is_agreed_once_all_who_decide_agree(paragraph, chair, drafter, member, observer):
    for each in (chair, drafter):
        actions.agree(actor=each, paragraph=paragraph, was=was(paragraph))
        assert state_of(paragraph).agreement == "open"
    actions.agree(actor=member, paragraph=paragraph, was=was(paragraph))
    assert state_of(paragraph).agreement == "agreed"
    assert not state_of(paragraph).is_declared


def test_an_objection_puts_it_in_brackets_with_its_reason_until_it_is_taken_back(paragraph, chair, member):
    actions.declare_agreed(actor=chair, paragraph=paragraph, was=was(paragraph))
    actions.object_to(actor=member, paragraph=paragraph, reason=" It says\ntoo much. ", was=was(paragraph))
    (objection,) = state_of(paragraph).objections
    assert (state_of(paragraph).agreement, objection.reason) == ("bracketed", "It says too much.")
    assert objection.member.name == "Yusuf Demir"
    actions.take_back_position(actor=member, paragraph=paragraph)
    actions.take_back_position(actor=member, paragraph=paragraph)  # a double click
    assert (state_of(paragraph).agreement, state_of(paragraph).is_declared) == ("agreed", True)
    assert AuditEntry.objects.filter(verb="outcome.position_taken_back").count() == 1


def test_one_member_holds_one_thing_and_a_double_click_changes_nothing(paragraph, member):
    for _click in range(2):
        actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=was(paragraph))
    assert AuditEntry.objects.filter(verb="outcome.objects").count() == 1
    actions.agree(actor=member, paragraph=paragraph, was=was(paragraph))
    assert list(Position.objects.values_list("holds", "reason")) == [("agrees", "")]


@pytest.mark.parametrize("reason", ["", " ", "…", "x" * 501])
def test_who_objects_says_why_in_one_sentence(reason, paragraph, member):
    with pytest.raises(InvalidInput) as refused:
        actions.object_to(actor=member, paragraph=paragraph, reason=reason, was=was(paragraph))
    assert refused.value.field == "reason"


def test_nothing_is_declared_agreed_while_anybody_objects(paragraph, chair, member):
    actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=was(paragraph))
    with pytest.raises(InvalidInput) as refused:
        actions.declare_agreed(actor=chair, paragraph=paragraph, was=was(paragraph))
    assert refused.value.code == "objections"
    Member.objects.filter(person=member).update(until=clock.now().date() - datetime.timedelta(days=1))
    actions.declare_agreed(actor=chair, paragraph=paragraph, was=was(paragraph))
    assert state_of(paragraph).agreement == "agreed"


def test_the_chair_opens_it_again(paragraph, chair):
    for _click in range(2):
        actions.declare_agreed(actor=chair, paragraph=paragraph, was=was(paragraph))
    for _click in range(2):
        actions.open_again(actor=chair, paragraph=paragraph)
    assert state_of(paragraph).agreement == "open"
    assert AuditEntry.objects.filter(verb__in=["outcome.declared_agreed", "outcome.opened_again"]).count() == 2


def test_what_is_held_and_declared_is_about_the_words_that_were_shown(paragraph, chair, drafter, member):
    shown = was(paragraph)
    making.edited(drafter, paragraph, "Other words.")
    for act in (
        lambda: actions.agree(actor=member, paragraph=paragraph, was=shown),
        lambda: actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=shown),
        lambda: actions.declare_agreed(actor=chair, paragraph=paragraph, was=shown),
    ):
        with pytest.raises(ChangedMeanwhile):
            act()
    assert not Position.objects.exists()
    assert state_of(paragraph).agreement == "open"


def test_other_words_let_positions_lapse_and_each_who_held_one_gets_one_email(
    noon, paragraph, chair, drafter, member, mailoutbox
):
    actions.agree(actor=drafter, paragraph=paragraph, was=was(paragraph))
    actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=was(paragraph))
    making.edited(drafter, paragraph, "Other words.")
    making.edited(drafter, paragraph, "Other words still.")
    state = state_of(paragraph)
    assert (state.agreement, state.objections, len(state.lapsed)) == ("open", [], 2)
    (queued,) = BackgroundTask.objects.filter(task="outcomes.lapsed_email")  # the person who changed them knows
    assert queued.due_at == noon + datetime.timedelta(hours=1)
    lapsed_email.call(**queued.arguments)
    (email,) = mailoutbox
    assert email.to == [member.email] and "Paragraph 1" in email.body
    actions.agree(actor=member, paragraph=paragraph, was=was(paragraph))
    lapsed_email.call(**queued.arguments)
    assert len(mailoutbox) == 1


def test_a_change_of_kind_or_section_lets_nothing_lapse(paragraph, outcome, drafter, member):
    actions.agree(actor=member, paragraph=paragraph, was=was(paragraph))
    other = outcome.sections.get(number=3)
    making.edited(drafter, paragraph, making.source(paragraph).text, kind="recommendation", section=other)
    assert state_of(paragraph).agreeing
    assert making.fresh(paragraph.outcome_paragraph).section == other
    assert not BackgroundTask.objects.filter(task="outcomes.lapsed_email").exists()


@pytest.mark.parametrize("who", ["chair", "drafter", "member", "observer", "organizer", "secretary", "outsider"])
def test_who_agrees_objects_and_declares(who, request, paragraph, chair, drafter, member, observer, secretary):
    person = request.getfixturevalue(who)
    decides, leads = who in {"chair", "drafter", "member"}, who == "chair"
    acts = [
        (decides, lambda: actions.agree(actor=person, paragraph=paragraph, was=was(paragraph))),
        (decides, lambda: actions.object_to(actor=person, paragraph=paragraph, reason="No.", was=was(paragraph))),
        (decides, lambda: actions.take_back_position(actor=person, paragraph=paragraph)),
        (leads, lambda: actions.declare_agreed(actor=person, paragraph=paragraph, was=was(paragraph))),
        (leads, lambda: actions.open_again(actor=person, paragraph=paragraph)),
    ]
    for may, act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotPermitted):
                act()


def test_positions_are_taken_on_a_draft_and_in_review_and_no_later(paragraph, chair, drafter, member, outcome):
    making.fill(drafter, outcome)
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    actions.agree(actor=member, paragraph=paragraph, was=was(paragraph))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    for act in (
        lambda: actions.agree(actor=drafter, paragraph=paragraph, was=was(paragraph)),
        lambda: actions.take_back_position(actor=member, paragraph=paragraph),
        lambda: actions.declare_agreed(actor=chair, paragraph=paragraph, was=was(paragraph)),
    ):
        with pytest.raises(ActionRefused) as refused:
            act()
        assert refused.value.code == "wrong_state"


def test_a_member_agrees_with_many_paragraphs_at_once_and_what_changed_since_is_left_out(
    outcome, drafter, member, sign_in
):
    first, second, third = (making.paragraph(drafter, outcome, text=f"Words number {n}.") for n in range(3))
    client, page = sign_in(member), "/en/desk/outcomes/wgig/report/agree/"
    assert page in client.get("/en/desk/outcomes/wgig/report/").content.decode()
    shown = client.get(page).content.decode()
    assert all(f"Words number {n}." in shown for n in range(3))
    was = {each.pk: state_of(each).digest for each in (first, second, third)}
    making.edited(drafter, third, text="Other words now.")
    form = {"act": "agree", "chosen": [f"{pk}:{digest}" for pk, digest in was.items()]}
    after = client.post(page, form, follow=True).content.decode()
    assert "You have agreed to 2 paragraphs." in after and "1 paragraph was left out" in after
    assert [len(state_of(each).agreeing) for each in (first, second, third)] == [1, 1, 0]
    assert "Other words now." in after and "Words number 0." not in after
    assert client.post(page, {"act": "agree"}).status_code == 422


def test_the_chair_declares_many_agreed_but_none_that_somebody_objects_to(outcome, drafter, chair, member, sign_in):
    some = [making.paragraph(drafter, outcome, text=f"Words number {n}.") for n in range(3)]
    actions.object_to(actor=member, paragraph=some[1], reason="Too vague.", was=state_of(some[1]).digest)
    page = "/en/desk/outcomes/wgig/report/agree/"
    every = [f"{each.pk}:{state_of(each).digest}" for each in some]
    sign_in(chair).post(page, {"act": "declare", "all": "on", "shown": every})
    assert [state_of(each).is_declared for each in some] == [True, False, True]


def test_only_who_decides_or_leads_agrees_with_many(outcome, drafter, observer, secretary, member, sign_in):
    paragraph = making.paragraph(drafter, outcome)
    page = "/en/desk/outcomes/wgig/report/agree/"
    for person in (observer, secretary):
        assert sign_in(person).get(page).status_code == 403
    form = {"act": "declare", "chosen": [f"{paragraph.pk}:{state_of(paragraph).digest}"]}
    assert sign_in(member).post(page, form).status_code == 403
