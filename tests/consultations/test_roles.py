"""Granting and revoking roles, and taking charge where nobody organizes."""

import pytest
from django.core import mail

from plenara.consultations import actions, permissions
from plenara.consultations.models import Consultation, Role
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from tests import world

pytestmark = pytest.mark.django_db


def again(person):
    """The person as they come with their next request."""
    return type(person).objects.get(pk=person.pk)


def test_a_role_holds_from_the_next_request_on_and_is_notified_once(organizer, consultation, participant):
    assert not permissions.may_moderate(participant, consultation)
    for _click in range(2):
        actions.grant_role(actor=organizer, consultation=consultation, person=participant, name="moderator")
    assert permissions.may_moderate(again(participant), consultation)
    assert AuditEntry.objects.filter(verb="role.granted").count() == 1
    run_all()
    assert [letter.to for letter in mail.outbox] == [[participant.email]]
    assert "Moderator" in mail.outbox[0].subject
    assert f"/desk/consultations/{consultation.slug}/" in mail.outbox[0].body


def test_a_role_in_one_consultation_is_none_in_another(organizer, consultation, elsewhere, participant):
    actions.grant_role(actor=organizer, consultation=consultation, person=participant, name="rapporteur")
    assert permissions.may_report(participant, consultation)
    assert not permissions.may_report(participant, elsewhere)
    with pytest.raises(NotPermitted):
        actions.grant_role(actor=organizer, consultation=elsewhere, person=participant, name="rapporteur")


def test_a_translator_is_one_into_a_language(organizer, consultation, participant):
    actions.grant_role(actor=organizer, consultation=consultation, person=participant, name="translator", language="ru")
    assert permissions.may_translate(participant, consultation, "ru")
    assert not permissions.may_translate(participant, consultation, "ar")


@pytest.mark.parametrize(
    ("name", "language"), [("emperor", ""), ("", ""), ("translator", ""), ("translator", "de"), ("moderator", "fr")]
)
def test_a_role_that_is_none_is_refused(organizer, consultation, participant, name, language):
    with pytest.raises(InvalidInput):
        actions.grant_role(actor=organizer, consultation=consultation, person=participant, name=name, language=language)


def test_a_suspended_account_gets_no_role(organizer, consultation, participant):
    participant.suspended_at = clock.now()
    participant.save()
    with pytest.raises(InvalidInput, match="suspended"):
        actions.grant_role(actor=organizer, consultation=consultation, person=participant, name="moderator")


def test_a_revoked_role_is_gone_at_the_next_request_and_the_person_is_notified(organizer, consultation, moderator):
    role = Role.objects.get(person=moderator)
    for _click in range(2):
        actions.revoke_role(actor=organizer, role=role)
        role.pk = role.pk or -1
    assert not permissions.may_moderate(again(moderator), consultation)
    assert AuditEntry.objects.filter(verb="role.revoked").count() == 1
    run_all()
    assert [letter.to for letter in mail.outbox] == [[moderator.email]]


def test_the_last_organizer_stays(organizer, consultation):
    role = Role.objects.get(person=organizer)
    with pytest.raises(InvalidInput, match="last organizer"):
        actions.revoke_role(actor=organizer, role=role)
    assert Role.objects.filter(pk=role.pk).exists()


def test_a_suspended_organizer_does_not_count_as_one_who_stays(organizer, consultation):
    second = world.grant(world.person("Second", suspended_at=clock.now()), consultation, "organizer")
    with pytest.raises(InvalidInput, match="last organizer"):
        actions.revoke_role(actor=organizer, role=Role.objects.get(person=organizer))
    actions.revoke_role(actor=organizer, role=Role.objects.get(person=second))


def test_of_two_organizers_who_revoke_each_other_one_stays(organizer, consultation):
    second = world.grant(world.person("Second"), consultation, "organizer")
    actions.revoke_role(actor=organizer, role=Role.objects.get(person=second))
    with pytest.raises(NotPermitted):
        actions.revoke_role(actor=again(second), role=Role.objects.get(person=organizer))


def test_nobody_but_an_organizer_gives_or_takes_roles(
    consultation, moderator, rapporteur, founder, operator, organizer
):
    role = Role.objects.get(person=moderator)
    for who in (moderator, rapporteur, founder, operator):
        with pytest.raises(NotPermitted):
            actions.grant_role(actor=who, consultation=consultation, person=who, name="organizer")
        with pytest.raises(NotPermitted):
            actions.revoke_role(actor=who, role=role)


def test_an_organizer_of_the_installation_takes_charge_where_nobody_organizes(founder, consultation, organizer):
    with pytest.raises(NotPermitted, match="has an organizer"):
        actions.take_charge(actor=founder, consultation=consultation)
    Role.objects.filter(person=organizer).delete()
    actions.take_charge(actor=founder, consultation=consultation)
    assert permissions.may_organize(founder, Consultation.objects.get(pk=consultation.pk))


def test_an_operator_has_no_say_and_cannot_take_charge(operator, consultation, participant):
    for who in (operator, participant):
        with pytest.raises(NotPermitted):
            actions.take_charge(actor=who, consultation=consultation)
