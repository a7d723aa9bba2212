"""An organizer of the installation removes the passkeys of somebody who lost them, recorded and announced."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from plenara.accounts import actions
from plenara.common.refusals import Invalid, NotAllowed
from plenara.ledger.models import Act
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent, whose

pytestmark = pytest.mark.django_db


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


def test_it_is_recorded_and_the_person_gets_an_e_mail_in_their_language(organizer, locked_out):
    actions.remove_passkeys(actor=organizer, person=locked_out, proof="met")
    act = Act.objects.get(verb="person.removed_passkeys")
    assert (act.actor_id, act.details) == (organizer.pk, {"proof": "met"})
    (letter,) = sent()
    assert letter.to == [NEW]
    assert letter.subject == "Vos clés d’accès ont été supprimées"
    assert "appel vidéo" in letter.body and "/fr/account/2fa/" in letter.body
    assert Act.objects.filter(verb="person.removed_passkeys").count() == 1


def test_nothing_is_recorded_where_there_is_no_passkey(organizer):
    actions.remove_passkeys(actor=organizer, person=world.person(), proof="met")
    assert not Act.objects.filter(verb="person.removed_passkeys").exists() and sent() == []


@pytest.mark.parametrize("proof", ["", "because"])
def test_without_an_answer_how_one_made_sure_nothing_is_removed(client, organizer, locked_out, sign_in, proof):
    sign_in(organizer)
    answer = send(client, locked_out, proof=proof)
    assert answer.status_code == 422
    assert "Choose how you made sure that it is this person." in answer.content.decode()
    with pytest.raises(Invalid):
        actions.remove_passkeys(actor=organizer, person=locked_out, proof=proof)
    assert Authenticator.objects.filter(user=locked_out).count() == 2


def test_nobody_but_an_organizer_of_the_installation_and_none_for_themselves(client, organizer, locked_out, sign_in):
    operator = world.person("Ana Prieto", is_operator=True)
    local = world.grant(world.person("Oyelaran"), world.consultation(), "organizer")
    for actor in (operator, local, locked_out):
        with pytest.raises(NotAllowed):
            actions.remove_passkeys(actor=actor, person=locked_out, proof="met")
    with pytest.raises(NotAllowed):
        actions.remove_passkeys(actor=organizer, person=organizer, proof="met")
    assert send(sign_in(local), locked_out, proof="met").status_code == 403


def test_who_is_locked_out_reads_who_can_help(client, locked_out, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_for_code(client, NEW)
    second = enter_code(client, code_in(newest_with_code(sent()))).url
    assert "An organizer of this site can remove them" in client.get(second).content.decode()
