"""The page of roles: inviting, ending a role, withdrawing an invitation, taking charge."""

import datetime
import re
import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from plenara.accounts import actions as accounts
from plenara.accounts import limits
from plenara.accounts.models import Invitation
from plenara.accounts.personal_data import erasure
from plenara.consultations.models import Role
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from tests import world
from tests.consultations.pages import at, errors, filled, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


def invite(client, consultation, **data):
    return client.post(
        at(consultation, "roles/"),
        {"people": "ana@people.example", "role": "moderator", "language": "", "email_language": "fr", **data},
    )


def test_an_invitation_goes_out_and_is_listed_with_its_address_and_state(desk, consultation):
    assert invite(desk, consultation).status_code == 302
    run_all()
    assert mail.outbox[0].to == ["ana@people.example"]
    assert consultation.title["fr"] in mail.outbox[0].body
    page = text(desk.get(at(consultation, "roles/")))
    assert "ana@people.example Moderator sent" in page


def test_known_and_unknown_addresses_get_the_same_answer(desk, consultation, participant):
    answers = []
    for address in (participant.email, "nobody@people.example"):
        response = invite(desk, consultation, people=address)
        page = text(desk.get(response["Location"]))
        answers.append(
            (response.status_code, response["Location"], "has been sent. It can be accepted for 14 days." in page)
        )
    assert answers[0] == answers[1]


def test_all_errors_of_an_invitation_are_shown_at_once(desk, consultation):
    page = text(invite(desk, consultation, people="", role=""))
    assert "Enter an e-mail address such as name@example.org." in page and "Choose a role" in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"people": "ana"}, "e-mail address"),
        ({"people": ""}, "e-mail address"),
        ({"people": "a" * 5000 + "@people.example"}, "e-mail address"),
        ({"role": ""}, "Choose a role"),
        ({"role": "emperor"}, "Choose a role"),
        ({"role": "translator"}, "Choose the language"),
        ({"role": "translator", "language": "de"}, "Choose from the six languages."),
        ({"email_language": "de"}, "Choose from the six languages."),
    ],
)
def test_a_wrong_invitation_is_refused_and_its_values_stay(desk, consultation, data, sentence):
    response = invite(desk, consultation, **data)
    assert response.status_code == 422
    assert any(sentence in each for each in errors(response))
    assert filled(response)["people"] == [data.get("people", "ana@people.example")]
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn_twice_without_harm(desk, consultation):
    invite(desk, consultation)
    invitation = Invitation.objects.get()
    for _click in range(2):
        response = desk.post(at(consultation, "roles/"), {"do": "withdraw", "invitation": invitation.pk})
        assert response.status_code == 302
    assert (
        "You cannot withdraw this invitation, because it has expired, or someone has accepted or withdrawn it."
        in text(desk.get(at(consultation, "roles/")))
    )


def test_a_role_is_ended_and_a_second_click_says_so(desk, consultation, moderator):
    role = Role.objects.get(person=moderator)
    for _click in range(2):
        desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": role.pk})
    assert not Role.objects.filter(pk=role.pk).exists()
    assert "This role has already ended." in text(desk.get(at(consultation, "roles/")))


def test_the_last_organizer_has_no_button_and_a_forged_one_is_refused(desk, consultation, organizer):
    assert "You cannot end the last organizer’s role." in text(desk.get(at(consultation, "roles/")))
    role = Role.objects.get(person=organizer)
    desk.post(at(consultation, "roles/"), {"do": "revoke", "role_id": role.pk})
    assert Role.objects.filter(pk=role.pk).exists()
    assert "This person is the last organizer. First make someone else an organizer." in text(
        desk.get(at(consultation, "roles/"))
    )


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
    assert f"Become the organizer {elsewhere.symbol}" in text(client.get("/en/desk/"))
    response = client.post(at(elsewhere, "take-charge/"))
    assert response["Location"].endswith(at(elsewhere))
    assert client.get(at(elsewhere, "edit/")).status_code == 200
    assert f"Become the organizer {elsewhere.symbol}" not in text(client.get("/en/desk/"))


def test_taking_charge_is_for_organizers_of_the_installation(sign_in, participant, elsewhere):
    assert sign_in(participant).post(at(elsewhere, "take-charge/")).status_code == 403


# --- many at once, and what became of them ---

PASTED = """Name;E-mail
Ana Prieto <ana@people.example>
bob@people.example, Bob Stone
"Diallo, Aminata",aminata@people.example

Chen Li\tchen@people.example
\u5f20\u4f1f\uff0cwei@people.example
DAN@people.example
Eve <eve@people.example>; Finn <finn@people.example>,
mailto:ana@people.example
"""


def test_many_are_invited_from_pasted_lines_with_their_names(desk, consultation):
    response = invite(desk, consultation, people=PASTED.replace("Name;E-mail", "Name\tE-mail"))
    assert "8 invitations have been sent." in text(desk.get(response["Location"]))
    assert dict(Invitation.objects.values_list("address", "name")) == {
        "ana@people.example": "Ana Prieto",
        "bob@people.example": "Bob Stone",
        "aminata@people.example": "Diallo, Aminata",
        "chen@people.example": "Chen Li",
        "wei@people.example": "张伟",
        "dan@people.example": "",
        "eve@people.example": "Eve",
        "finn@people.example": "Finn",
    }
    run_all()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert "Ana Prieto" in letters["ana@people.example"].body
    assert letters["ana@people.example"].to == ["ana@people.example"]


def test_bad_lines_are_named_by_number_and_nobody_is_invited(desk, consultation):
    pasted = "ana@people.example\nBob Stone, bob at people.example\n\nwww.x.example <eve@people.example>"
    response = invite(desk, consultation, people=pasted)
    assert response.status_code == 422
    assert [each.partition(":")[0] for each in errors(response)] == ["Line 2", "Line 4"]
    assert filled(response)["people"][0].split() == pasted.split()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        "Ana\rBcc: all@people.example <ana@people.example>",
        "Ana\u2028Bcc: x <ana@people.example>",
        "<ana@people.example\x00>",
        "Ana <ana@people.example%0aBcc:all@people.example>",
    ],
)
def test_a_name_brings_no_header_into_an_e_mail(desk, consultation, line):
    invite(desk, consultation, people=line)
    run_all()
    for letter in mail.outbox:
        assert letter.to == ["ana@people.example"]
        assert not letter.bcc and "bcc" not in {name.lower() for name, _value in letter.message().items()}


def test_more_than_fifty_at_once_are_refused_and_stay_typed(desk, consultation):
    pasted = "\n".join(f"p{number}@people.example" for number in range(51))
    response = invite(desk, consultation, people=pasted)
    assert "51 people" in errors(response)[0]
    assert "p50@people.example" in filled(response)["people"][0]
    assert not Invitation.objects.exists()


def test_beyond_an_hours_limit_nobody_is_invited_and_what_was_typed_stays(desk, consultation, monkeypatch):
    monkeypatch.setitem(limits.AN_HOUR["invite"], "person", 2)
    response = invite(desk, consultation, people="a@p.example\nb@p.example\nc@p.example")
    assert response.status_code == 429
    assert "There were too many requests within an hour." in errors(response)[0]
    assert "c@p.example" in filled(response)["people"][0]
    assert not Invitation.objects.exists()
    assert invite(desk, consultation, people="a@p.example\nb@p.example").status_code == 302


def test_a_double_click_sends_one_e_mail_and_leaves_its_link_good(desk, consultation):
    for _click in range(2):
        assert invite(desk, consultation).status_code == 302
    run_all()
    assert len(mail.outbox) == 1
    assert Invitation.objects.get().is_pending
    with clock.at(clock.now() + datetime.timedelta(minutes=5)):
        invite(desk, consultation)  # later it is meant: the earlier link ends
        assert Invitation.objects.count() == 2


def test_a_refused_e_mail_is_listed_with_the_servers_answer_in_plain_words(desk, consultation, monkeypatch):
    def refuse(letter, **more):
        said = b"5.1.1 <ana@people.example>: Recipient address rejected: secret words"
        raise smtplib.SMTPRecipientsRefused({"ana@people.example": (550, said)})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    invite(desk, consultation)
    run_all()
    page = text(desk.get(at(consultation, "roles/")))
    assert "not delivered" in page and "The mailbox does not exist. 550 5.1.1" in page
    task = BackgroundTask.objects.get(task="accounts.send_invitation")
    assert task.last_error == "Abort 550 5.1.1"  # neither the address nor the server's words
    assert "secret" not in page


def test_while_there_is_no_mail_server_the_list_says_so(desk, consultation, settings):
    settings.MAILERS = {}
    invite(desk, consultation)
    run_all()
    assert "waiting to be sent No mail server is set up." in text(desk.get(at(consultation, "roles/")))


def test_what_became_of_each_invitation_is_listed_and_ended_ones_have_no_address(desk, consultation, participant):
    invite(desk, consultation, people=f"Dan <{participant.email}>\nEve <eve@p.example>\nOld <old@p.example>")
    run_all()
    letter = next(letter for letter in mail.outbox if letter.to == [participant.email])
    token = re.search(r"invitations/([\w-]+)/", letter.body)[1]
    accounts.accept_invitation(actor=participant, token=token)
    desk.post(
        at(consultation, "roles/"),
        {"do": "withdraw", "invitation": Invitation.objects.get(address="eve@p.example").pk},
    )
    Invitation.objects.filter(address="old@p.example").update(expires_at=clock.now())
    response = desk.get(at(consultation, "roles/"))
    page = text(response)
    assert f"{participant.name} Moderator accepted" in page
    assert "The address was deleted. Moderator withdrawn" in page
    assert "The address was deleted. Moderator expired" in page
    for gone in (participant.email, "eve@p.example", "old@p.example", "Eve", "Old"):
        assert not re.search(rf"\b{re.escape(gone)}\b", page), gone
    erasure.sweep()
    assert set(Invitation.objects.values_list("address", "name")) == {("", "")}


def test_the_list_costs_the_same_for_many_invitations(desk, consultation, django_assert_max_num_queries):
    invite(desk, consultation, people="\n".join(f"p{number}@p.example" for number in range(20)))
    with django_assert_max_num_queries(30):
        desk.get(at(consultation, "roles/"))
