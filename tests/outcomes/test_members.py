"""Members: added, changed, ordered, ended, removed; invited by e-mail, and the permissions of a member."""

import datetime

import pytest
from django.core import mail

from plenara.accounts import actions as accounts
from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.consultations.models import Role
from plenara.consultations.permissions import may_use_desk
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.outcomes import actions, invitations, permissions
from plenara.outcomes.actions.bodies import member_stamp
from plenara.outcomes.models import Member, Position, Proposal, PublishedObjection
from tests import world
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def day(**span):
    return clock.now().date() + datetime.timedelta(**span)


def edited(organizer, member, **changes):
    names = ("part", "name", "stakeholder_group", "organization", "country", "since", "until")
    values = {name: getattr(member, name) for name in names}
    return actions.edit_member(actor=organizer, member=member, **{**values, **changes})


@pytest.fixture
def seat(organizer, body):
    """A member without an account."""
    return actions.add_member(actor=organizer, body=body, part="member", name="Daniel Okafor", country="NG")


def test_the_same_twice_is_added_once_and_two_of_one_name_are_two(organizer, body, seat):
    again = actions.add_member(actor=organizer, body=body, part="member", name="Daniel  Okafor", country="NG")
    other = actions.add_member(actor=organizer, body=body, part="member", name="Daniel Okafor", country="GH")
    assert again == seat and other != seat


def test_somebody_added_with_their_account_gets_an_email_and_works_at_the_desk(organizer, body, participant):
    assert not may_use_desk(participant)
    member = making.member(organizer, body, participant)
    assert may_use_desk(member) and permissions.may_see_body(member, body)
    run_all()
    (email,) = mail.outbox
    assert email.to == [participant.email] and f"/en/desk/outcomes/{body.slug}/" in email.body
    assert making.member(organizer, body, participant) == member
    assert body.members.count() == 1


def test_a_suspended_account_is_not_made_a_member(organizer, body, participant):
    participant.suspended_at = clock.now()
    participant.save()
    with pytest.raises(InvalidInput):
        making.member(organizer, body, participant)


def test_a_membership_begins_and_ends_on_its_days(organizer, body, participant):
    member = actions.add_member(
        actor=organizer, body=body, part="chair", name="Chair", person=participant, since=day(days=1)
    )
    assert not permissions.member_of(making.fresh(participant), body)
    member = edited(organizer, member, since=day(days=-9), until=day())
    assert permissions.member_of(making.fresh(participant), body)
    edited(organizer, member, until=day(days=-1))
    assert not permissions.member_of(making.fresh(participant), body)
    assert not may_use_desk(making.fresh(participant))


def test_who_has_left_may_come_back_and_is_not_there_twice(organizer, body, participant):
    first = actions.add_member(actor=organizer, body=body, part="member", name="One", person=participant)
    left = edited(organizer, first, until=day(days=-1))
    second = actions.add_member(actor=organizer, body=body, part="chair", name="One", person=participant)
    assert second != first
    with pytest.raises(InvalidInput) as refused:
        edited(organizer, left, until=None)
    assert refused.value.code == "member_already"


def test_an_edit_of_what_was_changed_meanwhile_is_refused(organizer, seat):
    stamp = member_stamp(seat)
    edited(organizer, seat, organization="University", stamp=stamp)
    with pytest.raises(InvalidInput) as refused:
        edited(organizer, seat, organization="Ministry", stamp=stamp)
    assert refused.value.code == "stale"


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"part": "emperor"}, "part"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"stakeholder_group": "aliens"}, "stakeholder_group"),
        ({"country": "XX"}, "country"),
        ({"organization": "x" * 201}, "organization"),
        ({"since": datetime.date(2027, 1, 2), "until": datetime.date(2027, 1, 1)}, "until"),
    ],
)
def test_what_a_member_cannot_be_is_refused_at_its_field(organizer, seat, changes, field):
    with pytest.raises(InvalidInput) as refused:
        edited(organizer, seat, **changes)
    assert refused.value.field == field


def test_members_stand_in_the_order_that_is_chosen(organizer, body):
    made = [actions.add_member(actor=organizer, body=body, part="member", name=name) for name in "ABC"]
    actions.move_member(actor=organizer, member=made[2], to=1)
    assert [each.name for each in body.members.all()] == ["C", "A", "B"]
    actions.move_member(actor=organizer, member=made[2], to=99)
    assert [(each.name, each.position) for each in body.members.all()] == [("A", 1), ("B", 2), ("C", 3)]


def test_who_was_shown_or_took_a_position_is_not_removed(organizer, body, seat, drafter, member, outcome):
    paragraph = making.paragraph(drafter, outcome)
    actions.agree(actor=member, paragraph=paragraph, was=making.source(paragraph).digest)
    with pytest.raises(InvalidInput, match="has taken a position"):
        actions.remove_member(actor=organizer, member=body.members.get(person=member))
    for _click in range(2):
        actions.remove_member(actor=organizer, member=seat)
    assert not Member.objects.filter(pk=seat.pk).exists()
    actions.publish_body(actor=organizer, body=body)
    with pytest.raises(InvalidInput):
        actions.remove_member(actor=organizer, member=body.members.get(person=drafter))


def test_only_who_keeps_the_body_changes_its_members(body, seat, chair, rapporteur):
    for who in (chair, rapporteur):
        for act in (
            lambda who=who: actions.add_member(actor=who, body=body, part="member", name="X"),
            lambda who=who: edited(who, seat, name="Owned"),
            lambda who=who: actions.move_member(actor=who, member=seat, to=1),
            lambda who=who: actions.remove_member(actor=who, member=seat),
            lambda who=who: actions.invite_member(actor=who, member=seat, address="x@people.example"),
        ):
            with pytest.raises(NotPermitted):
                act()


# --- by invitation ---


@pytest.fixture
def sent(organizer, seat, participant):
    """The e-mail with the link to a seat."""
    actions.invite_member(actor=organizer, member=seat, address=participant.email, email_language="fr")
    run_all()
    return mail.outbox[-1]


def accept(person, email):
    token = next(word for word in email.body.split() if "/invitation" in word).rstrip("/").rsplit("/", 1)[-1]
    return accounts.accept_invitation(actor=person, token=token)


def test_accepting_makes_the_membership_theirs(sent, participant, body, seat):
    assert "Daniel Okafor" in sent.body and body.name["fr"] in sent.body
    assert not permissions.may_see_body(participant, body)
    assert accept(participant, sent).endswith(f"/desk/outcomes/{body.slug}/")
    assert making.fresh(seat).person == participant
    assert permissions.may_take_position(participant, body) and may_use_desk(participant)
    assert not any(participant.email in str(act.details) for act in AuditEntry.objects.all())
    with pytest.raises(InvalidInput, match="already has access with an account"):
        actions.invite_member(actor=Person.objects.get(name="Wei Zhang"), member=seat, address="x@people.example")


def test_it_makes_no_difference_whether_an_address_is_known(organizer, seat, participant):
    known = actions.invite_member(actor=organizer, member=seat, address=participant.email)
    unknown = actions.invite_member(actor=organizer, member=seat, address="nobody@people.example")
    assert (type(known), known.purpose) == (type(unknown), unknown.purpose)


def test_of_two_invited_to_one_seat_the_first_takes_it(organizer, seat, participant, author, body):
    emails = []
    for who in (participant, author):
        actions.invite_member(actor=organizer, member=seat, address=who.email)
        run_all()
        emails.append(mail.outbox[-1])
    accept(participant, emails[0])
    with pytest.raises(InvalidInput, match="already has access with an account"):
        accept(author, emails[1])
    assert not permissions.may_see_body(making.fresh(author), body)


def test_who_is_a_member_already_stays_what_they_are(organizer, sent, participant, body, seat):
    making.member(organizer, body, participant, "chair")
    accept(making.fresh(participant), sent)
    assert making.fresh(seat).person is None and body.members.get(person=participant).part == "chair"


def test_an_invitation_opens_nothing_once_it_is_over(organizer, sent, participant, body, seat):
    Role.objects.filter(person=organizer).delete()
    with pytest.raises(InvalidInput, match="no longer manages"):
        accept(participant, sent)
    assert making.fresh(seat).person is None


def test_a_withdrawn_invitation_and_one_to_a_removed_member_open_nothing(organizer, sent, participant, body, seat):
    invitation = invitations.pending(body).get()
    actions.remove_member(actor=organizer, member=seat)
    assert invitations.sentence(invitation.purpose)
    with pytest.raises(InvalidInput, match="member has been removed"):
        accept(participant, sent)
    actions.revoke_member_invitation(actor=organizer, body=body, invitation=invitation)
    assert not invitations.pending(body).exists()
    with pytest.raises(InvalidInput):
        accept(participant, sent)


def test_an_invitation_to_another_body_is_not_withdrawn_from_here(organizer, sent, body, consultation):
    other = making.body(organizer, consultation, "bureau", name={"en": "Bureau"})
    with pytest.raises(InvalidInput):
        actions.revoke_member_invitation(actor=organizer, body=other, invitation=invitations.pending(body).get())


# --- and when an account goes ---


@pytest.mark.parametrize("choice", ErasureChoice)
def test_an_account_that_goes_takes_the_name_along(
    organizer, drafter, chair, member, outcome, paragraph, body, consultation, choice
):
    digest = making.source(paragraph).digest
    actions.object_to(actor=member, paragraph=paragraph, was=digest, reason="The statement is too long.")
    proposal = making.proposed(member, paragraph)
    making.published(drafter, chair, outcome)
    assert PublishedObjection.objects.get().name == "Yusuf Demir"
    erase(actor=member, choice=choice)
    gone = body.members.get(part="member")
    assert (gone.name, gone.person, gone.country) == ("", None, "ML")
    assert gone.until is not None and gone.until < day()
    objection = PublishedObjection.objects.get()
    assert objection.name == "" and bool(objection.reason) == (choice == ErasureChoice.PARTICIPANT)
    assert not Position.objects.exists()
    left = Proposal.objects.get(pk=proposal.pk)
    assert (left.text, left.note, left.state) == ("", "", Proposal.State.WITHDRAWN)


def test_a_former_member_whose_account_goes_keeps_the_day_they_left(organizer, body, participant):
    member = actions.add_member(actor=organizer, body=body, part="member", name="One", person=participant)
    edited(organizer, member, until=datetime.date(2025, 1, 1))
    erase(actor=making.fresh(participant), choice=ErasureChoice.PARTICIPANT)
    assert making.fresh(member).until == datetime.date(2025, 1, 1)


def test_a_person_who_works_in_two_bodies_sees_the_ones_of_theirs(organizer, consultation, body, participant):
    other = making.body(organizer, consultation, "bureau", name={"en": "Bureau"})
    person = making.member(organizer, body, participant)
    assert permissions.may_see_body(person, body) and not permissions.may_see_body(person, other)
    assert not permissions.may_see_body(world.person("Nobody"), body)
