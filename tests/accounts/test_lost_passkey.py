"""An organizer of the installation removes the passkeys of somebody who lost them, recorded and announced."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from plenara.accounts import actions
from plenara.accounts.models import Installation, Person
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent, whose

pytestmark = pytest.mark.django_db

WHO_CAN = "An organizer of this site can remove the passkey or the app, and the codes, after checking your identity."
ALONE = "No other organizer of this site can confirm the removal. Make someone else an organizer."
GONE = "Your account no longer has a passkey or an authenticator app. Ask for a code to sign in."
NOT_ASKED = (
    "No one has asked for the removal, or the request has expired. Ask a second organizer to confirm the removal."
)


@pytest.fixture
def organizer(db):
    return world.person("Wei Zhang", is_organizer=True)


@pytest.fixture
def locked_out(db):
    """Somebody whose passkey and recovery codes are lost."""
    person = actions.register(name="Noor Haddad", email=NEW, language="fr")
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Phone", "credential": {}})
    RecoveryCodes.activate(person)
    return person


def send(client, person, **fields):
    return client.post(f"/en/desk/people/{person.pk}/", {"do": "remove_passkeys", **fields})


def test_the_person_signs_in_by_a_code_to_their_own_address_again(
    client, another_browser, organizer, locked_out, sign_in
):
    sign_in(organizer)
    assert "Lost passkey" in client.get(f"/en/desk/people/{locked_out.pk}/").content.decode()
    assert send(client, locked_out, proof="called").status_code == 302
    assert not Authenticator.objects.filter(user=locked_out).exists()
    assert whose(client) == organizer.pk
    ask_for_code(another_browser, NEW)
    enter_code(another_browser, code_in(newest_with_code(sent())))
    assert whose(another_browser) == locked_out.pk
    assert "Lost passkey" not in client.get(f"/en/desk/people/{locked_out.pk}/").content.decode()


@pytest.mark.parametrize("way", ["get", "post"])
def test_somebody_who_waits_where_the_passkey_is_asked_for_begins_again(
    client, organizer, locked_out, monkeypatch, way
):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_for_code(client, NEW, next="/en/my/data/")
    asks = enter_code(client, code_in(newest_with_code(sent()))).url
    assert client.get(asks).status_code == 200
    actions.remove_passkeys(actor=organizer, person=locked_out, proof="met")
    answer = getattr(client, way)(asks, {"code": "00000000"}, follow=True)
    assert answer.redirect_chain == [("/en/account/login/?next=%2Fen%2Fmy%2Fdata%2F", 302)]
    assert GONE in answer.content.decode()
    assert whose(client) is None
    ask_for_code(client, NEW)
    assert enter_code(client, code_in(newest_with_code(sent()))).url == "/en/my/data/"
    assert whose(client) == locked_out.pk


def test_it_is_recorded_and_the_person_gets_an_e_mail_in_their_language(organizer, locked_out):
    actions.remove_passkeys(actor=organizer, person=locked_out, proof="met")
    act = AuditEntry.objects.get(verb="person.removed_passkeys")
    assert (act.actor_id, act.details) == (organizer.pk, {"proof": "met"})
    (letter,) = sent()
    assert letter.to == [NEW]
    assert letter.subject == "Vos clés d’accès et votre application d’authentification ont été supprimées"
    assert "appel vidéo" in letter.body and "/fr/account/2fa/" in letter.body
    assert AuditEntry.objects.filter(verb="person.removed_passkeys").count() == 1


def test_nothing_is_recorded_where_there_is_no_passkey(organizer):
    actions.remove_passkeys(actor=organizer, person=world.person(), proof="met")
    assert not AuditEntry.objects.filter(verb="person.removed_passkeys").exists() and sent() == []


@pytest.mark.parametrize("proof", ["", "because"])
def test_without_an_answer_how_one_made_sure_nothing_is_removed(client, organizer, locked_out, sign_in, proof):
    sign_in(organizer)
    answer = send(client, locked_out, proof=proof)
    assert answer.status_code == 422
    assert "Choose how you checked this person’s identity." in answer.content.decode()
    with pytest.raises(InvalidInput):
        actions.remove_passkeys(actor=organizer, person=locked_out, proof=proof)
    assert Authenticator.objects.filter(user=locked_out).count() == 2


def test_nobody_but_an_organizer_of_the_installation_and_none_for_themselves(client, organizer, locked_out, sign_in):
    operator = world.person("Ana Prieto", is_operator=True)
    local = world.grant(world.person("Oyelaran"), world.consultation(), "organizer")
    for actor in (operator, local, locked_out):
        with pytest.raises(NotPermitted):
            actions.remove_passkeys(actor=actor, person=locked_out, proof="met")
    with pytest.raises(NotPermitted):
        actions.remove_passkeys(actor=organizer, person=organizer, proof="met")
    assert send(sign_in(local), locked_out, proof="met").status_code == 403


def test_who_is_locked_out_reads_who_can_help(client, locked_out, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_for_code(client, NEW)
    second = enter_code(client, code_in(newest_with_code(sent()))).url
    assert WHO_CAN in client.get(second).content.decode()


# --- where the installation asks for a second organizer ---


@pytest.fixture
def takes_two(db):
    Installation.objects.update_or_create(pk=1, defaults={"announcing_takes_two": True})


@pytest.fixture
def second(db):
    return world.person("Lucía Ferrer", is_organizer=True, language="es")


@pytest.fixture
def moderator(locked_out):
    """Somebody with a role whose passkey and recovery codes are lost."""
    return world.grant(locked_out, world.consultation(), "moderator")


def ask(client, person, **fields):
    return client.post(f"/en/desk/people/{person.pk}/", {"do": "request_passkeys", "proof": "met", **fields})


def page_of(client, person):
    return client.get(f"/en/desk/people/{person.pk}/").content.decode()


def is_locked(person):
    return Authenticator.objects.filter(user=person).exists()


def test_two_organizers_remove_the_passkeys_of_a_person_with_a_role(organizer, second, moderator, takes_two, sign_in):
    assert "a second organizer of this site must confirm the removal" in page_of(sign_in(organizer), moderator)
    assert ask(sign_in(organizer), moderator).status_code == 302
    assert "Another organizer of this site must confirm the removal within seven days." in page_of(
        sign_in(organizer), moderator
    )
    assert send(sign_in(organizer), moderator, proof="met").status_code == 422 and is_locked(moderator)
    page = page_of(sign_in(second), moderator)
    assert "Wei Zhang" in page and "identity: in a meeting or a video call" in page and 'name="proof"' not in page
    assert send(sign_in(second), moderator).status_code == 302 and not is_locked(moderator)
    act = AuditEntry.objects.get(verb="person.removed_passkeys")
    assert (act.actor_id, act.details) == (second.pk, {"proof": "met", "requested_by": organizer.pk})


def test_the_other_organizers_get_an_e_mail_in_their_language(organizer, second, moderator, takes_two):
    world.person("Suspended", is_organizer=True, suspended_at=clock.now())
    actions.request_passkeys_removal(actor=organizer, person=moderator, proof="met")
    (letter,) = sent()
    assert letter.to == [second.email]
    assert letter.subject == "Confirme la eliminación de una llave de acceso o aplicación de autenticación: Noor Haddad"
    assert "Wei Zhang" in letter.body and f"/es/desk/people/{moderator.pk}/" in letter.body


def test_no_e_mail_asks_for_what_has_been_done_in_the_meantime(organizer, second, moderator, takes_two):
    actions.request_passkeys_removal(actor=organizer, person=moderator, proof="met")
    actions.remove_passkeys(actor=second, person=moderator)
    assert [letter.to for letter in sent()] == [[moderator.email]]


def test_the_page_says_that_an_organizer_is_the_only_one(organizer, moderator, takes_two, sign_in):
    page = page_of(sign_in(organizer), moderator)
    assert ALONE in page and 'value="request_passkeys"' not in page
    assert ask(sign_in(organizer), moderator).status_code == 422
    with pytest.raises(InvalidInput, match=ALONE):
        actions.request_passkeys_removal(actor=organizer, person=moderator, proof="met")
    with pytest.raises(InvalidInput, match=NOT_ASKED):
        actions.remove_passkeys(actor=organizer, person=moderator, proof="met")
    assert is_locked(moderator)


def test_the_person_who_is_locked_out_is_no_second_organizer(organizer, locked_out, takes_two):
    locked_out.is_organizer = True
    locked_out.save()
    with pytest.raises(InvalidInput, match=ALONE):
        actions.request_passkeys_removal(actor=organizer, person=locked_out, proof="met")


def test_one_organizer_is_enough_for_a_person_without_a_role(organizer, locked_out, takes_two):
    actions.remove_passkeys(actor=organizer, person=locked_out, proof="met")
    assert not is_locked(locked_out)


def test_one_organizer_is_enough_where_the_site_does_not_ask_for_two(organizer, moderator):
    actions.remove_passkeys(actor=organizer, person=moderator, proof="met")
    assert not is_locked(moderator)


@pytest.mark.parametrize("end", ["used", "added", "old", "suspended"])
def test_a_request_ends(organizer, second, moderator, takes_two, end):
    actions.request_passkeys_removal(actor=organizer, person=moderator, proof="met")
    later = clock.now() + datetime.timedelta(hours=1)
    if end == "used":
        Authenticator.objects.filter(user=moderator, type="webauthn").update(last_used_at=later)
    elif end == "added":
        data = {"name": "New phone", "credential": {}}
        Authenticator.objects.create(user=moderator, type="webauthn", data=data, created_at=later)
    elif end == "old":
        later += datetime.timedelta(days=7)
    else:
        Person.objects.filter(pk=organizer.pk).update(suspended_at=clock.now())
    with clock.at(later), pytest.raises(InvalidInput, match=NOT_ASKED):
        actions.remove_passkeys(actor=second, person=moderator)
    assert is_locked(moderator)


def test_asking_twice_makes_one_request(organizer, second, moderator, takes_two):
    actions.request_passkeys_removal(actor=organizer, person=moderator, proof="met")
    for who in (organizer, second):
        with pytest.raises(AlreadyDone):
            actions.request_passkeys_removal(actor=who, person=moderator, proof="called")
    assert AuditEntry.objects.filter(verb="person.passkeys_removal_requested").count() == 1
