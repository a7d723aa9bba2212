"""Offering a role to an address."""

import pytest
from django.core import mail

from plenara.accounts import actions as accounts
from plenara.consultations import actions, invitations, permissions
from plenara.consultations.models import Role
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from tests import world

pytestmark = pytest.mark.django_db


def invite(who, consultation, address="ana@people.example", name="moderator", language="", **more):
    return actions.invite_to_role(
        actor=who, consultation=consultation, address=address, name=name, language=language, **more
    )


def token_of(letter):
    return next(word for word in letter.body.split() if "/invitation" in word).rstrip("/").rsplit("/", 1)[-1]


def accept(invited, letter):
    return accounts.accept_invitation(actor=invited, token=token_of(letter))


@pytest.fixture
def sent(organizer, consultation, participant):
    """An invitation that arrived."""
    invite(organizer, consultation, participant.email)
    run_all()
    return mail.outbox[-1]


def test_accepting_grants_the_role_and_leads_to_the_desk(sent, participant, consultation):
    assert consultation.title["zh"] in sent.body  # the inviter's language, where none is chosen
    assert accept(participant, sent).endswith(f"/desk/consultations/{consultation.slug}/")
    assert permissions.may_moderate(participant, consultation)
    run_all()
    assert len(mail.outbox) == 1  # no second e-mail about what they did themselves


def test_the_act_names_no_address(sent, participant):
    assert not any(participant.email in str(act.details) for act in AuditEntry.objects.all())


def test_it_makes_no_difference_whether_an_address_is_known(organizer, consultation, participant):
    known = invite(organizer, consultation, participant.email)
    unknown = invite(organizer, consultation, "nobody@people.example")
    assert (type(known), known.purpose) == (type(unknown), unknown.purpose)


def test_an_invitation_opens_nothing_once_its_sender_no_longer_organizes(sent, participant, organizer, consultation):
    Role.objects.filter(person=organizer).delete()
    with pytest.raises(InvalidInput, match="no longer organizes"):
        accept(participant, sent)
    assert not Role.objects.filter(person=participant).exists()


def test_a_withdrawn_invitation_opens_nothing(sent, participant, organizer, consultation):
    invitation = invitations.pending(consultation).get()
    actions.revoke_invitation(actor=organizer, consultation=consultation, invitation=invitation)
    assert not invitations.pending(consultation).exists()
    with pytest.raises(InvalidInput):
        accept(participant, sent)


def test_an_invitation_to_another_consultation_is_not_withdrawn_from_here(sent, organizer, consultation, elsewhere):
    invitation = invitations.pending(consultation).get()
    world.grant(organizer, elsewhere, "organizer")
    permissions.forget_roles(organizer)
    with pytest.raises(InvalidInput):
        actions.revoke_invitation(actor=organizer, consultation=elsewhere, invitation=invitation)


def test_only_an_organizer_invites(moderator, consultation, founder):
    for who in (moderator, founder):
        with pytest.raises(NotPermitted):
            invite(who, consultation)


@pytest.mark.parametrize(
    "address", ["", "ana", "a@b", "ana@people.example\nBcc: all@people.example", "<ana@p.example>"]
)
def test_what_is_no_address_is_refused(organizer, consultation, address):
    with pytest.raises(InvalidInput) as refused:
        invite(organizer, consultation, address)
    assert refused.value.field == "address"


def test_a_translator_is_invited_for_a_language_in_an_e_mail_of_the_language_chosen(organizer, consultation):
    with pytest.raises(InvalidInput):
        invite(organizer, consultation, name="translator")
    invite(organizer, consultation, name="translator", language="ar", email_language="fr")
    run_all()
    assert consultation.title["fr"] in mail.outbox[-1].body
