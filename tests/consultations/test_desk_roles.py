"""The page of roles: inviting, ending a role, withdrawing an invitation, taking charge."""

import pytest
from django.core import mail

from plenara.accounts.models import Invitation
from plenara.consultations.models import Role
from plenara.ledger.errands import run_all
from tests import world
from tests.consultations.pages import at, errors, filled, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


def invite(client, consultation, **data):
    return client.post(
        at(consultation, "roles/"),
        {"address": "ana@people.example", "role": "moderator", "language": "", "letter_language": "fr", **data},
    )


def test_an_invitation_goes_out_and_is_listed_without_its_address(desk, consultation):
    assert invite(desk, consultation).status_code == 302
    run_all()
    assert mail.outbox[0].to == ["ana@people.example"]
    assert consultation.title["fr"] in mail.outbox[0].body
    page = text(desk.get(at(consultation, "roles/")))
    assert "a…@people.example" in page
    assert "ana@people.example" not in page


def test_known_and_unknown_addresses_get_the_same_answer(desk, consultation, participant):
    answers = []
    for address in (participant.email, "nobody@people.example"):
        response = invite(desk, consultation, address=address)
        page = text(desk.get(response["Location"]))
        answers.append((response.status_code, response["Location"], "on its way" in page))
    assert answers[0] == answers[1]


def test_everything_wrong_with_an_invitation_is_told_at_once(desk, consultation):
    page = text(invite(desk, consultation, address="", role=""))
    assert "Write an e-mail address" in page and "Choose a role" in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"address": "ana"}, "e-mail address"),
        ({"address": ""}, "e-mail address"),
        ({"address": "a" * 5000 + "@people.example"}, "e-mail address"),
        ({"role": ""}, "Choose a role"),
        ({"role": "emperor"}, "Choose a role"),
        ({"role": "translator"}, "Choose the language"),
        ({"role": "translator", "language": "de"}, "Choose among the six"),
        ({"letter_language": "de"}, "Choose among the six"),
    ],
)
def test_a_wrong_invitation_is_told_and_kept(desk, consultation, data, sentence):
    response = invite(desk, consultation, **data)
    assert response.status_code == 422
    assert any(sentence in each for each in errors(response))
    assert filled(response)["address"] == [data.get("address", "ana@people.example")]
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn_twice_without_harm(desk, consultation):
    invite(desk, consultation)
    invitation = Invitation.objects.get()
    for _click in range(2):
        response = desk.post(at(consultation, "roles/"), {"do": "withdraw", "invitation": invitation.pk})
        assert response.status_code == 302
    assert "This invitation is over already" in text(desk.get(at(consultation, "roles/")))


def test_a_role_is_ended_and_a_second_click_says_so(desk, consultation, moderator):
    role = Role.objects.get(person=moderator)
    for _click in range(2):
        desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": role.pk})
    assert not Role.objects.filter(pk=role.pk).exists()
    assert "This role has ended already" in text(desk.get(at(consultation, "roles/")))


def test_the_last_organizer_has_no_button_and_a_forged_one_is_refused(desk, consultation, organizer):
    assert "The last organizer stays" in text(desk.get(at(consultation, "roles/")))
    role = Role.objects.get(person=organizer)
    desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": role.pk})
    assert Role.objects.filter(pk=role.pk).exists()
    assert "last organizer" in text(desk.get(at(consultation, "roles/")))


def test_who_ends_their_own_role_comes_to_the_desk(desk, consultation, organizer):
    world.grant(world.person("Second"), consultation, "organizer")
    response = desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": Role.objects.get(person=organizer).pk})
    assert response["Location"].endswith("/en/desk/")


def test_a_role_in_another_consultation_is_out_of_reach(desk, consultation, moderator_elsewhere):
    role = Role.objects.get(person=moderator_elsewhere)
    desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": role.pk})
    assert Role.objects.filter(pk=role.pk).exists()


def test_taking_charge_is_offered_where_nobody_organizes(sign_in, founder, elsewhere):
    client = sign_in(founder)
    assert "Take charge" in text(client.get("/en/desk/"))
    response = client.post(at(elsewhere, "take-charge/"))
    assert response["Location"].endswith(at(elsewhere))
    assert client.get(at(elsewhere, "edit/")).status_code == 200
    assert "Take charge" not in text(client.get("/en/desk/"))


def test_taking_charge_is_for_organizers_of_the_installation(sign_in, participant, elsewhere):
    assert sign_in(participant).post(at(elsewhere, "take-charge/")).status_code == 403
