"""Passkeys and recovery codes without a browser: what is invented gets a sentence, and what needs a passkey says so."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from plenara.accounts import actions
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent, whose

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # the browser’s part

INVENTED = [
    "", "{", "[]", "1", "null", '"x"', "{}", '{"id": 1}', '{"response": {}}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AA"}}),
    json.dumps(
        {
            "id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {},
            "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"},
        }
    ),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "x" * 5000}}),
]  # fmt: skip


@pytest.fixture
def known(db):
    return actions.register(name="Noor Haddad", email=NEW)


@pytest.fixture
def protected(known):
    """Somebody with a passkey, and recovery codes."""
    Authenticator.objects.create(user=known, type="webauthn", data={"name": "Phone", "credential": {}})
    known.codes = RecoveryCodes.activate(known).get_unused_codes()
    return known


@pytest.mark.parametrize("credential", INVENTED)
def test_an_invented_passkey_signs_nobody_in(client, known, credential):
    client.get("/en/account/2fa/passkeys/login/", headers={"Accept": "application/json"})
    answer = client.post("/en/account/2fa/passkeys/login/", {"credential": credential})
    assert (answer.status_code, answer.url) == (302, "/en/account/login/")
    assert whose(client) is None


@pytest.mark.parametrize("credential", INVENTED)
def test_an_invented_passkey_is_not_added(client, known, sign_in, credential):
    sign_in(known)
    client.get("/en/account/2fa/passkeys/add/")
    answer = client.post(
        "/en/account/2fa/passkeys/add/", {"name": "Phone", "credential": credential, "passwordless": "on"}
    )
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_the_page_for_passkeys_needs_nothing_but_a_sign_in(client, known, sign_in):
    assert client.get("/en/account/2fa/").url.startswith("/en/account/login/")
    sign_in(known)
    assert "You have no passkey yet." in client.get("/en/account/2fa/").content.decode()


def test_after_a_code_by_mail_a_recovery_code_is_asked_for_where_there_is_a_passkey(client, protected, monkeypatch):
    # The made-up passkey has no key in it that a browser could be asked for.
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_for_code(client, NEW)
    assert enter_code(client, code_in(sent()[-1])).url == "/en/account/2fa/authenticate/"
    assert client.get("/en/account/2fa/authenticate/").status_code == 200
    assert client.post("/en/account/2fa/authenticate/", {"code": "00000000"}).status_code == 422
    assert whose(client) is None
    assert client.post("/en/account/2fa/authenticate/", {"code": protected.codes[3]}).url == "/en/my/"
    assert whose(client) == protected.pk


def test_a_recovery_code_works_once_and_ten_wrong_ones_an_hour_end_it(client, protected, monkeypatch, noon):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_for_code(client, NEW)
    enter_code(client, code_in(sent()[-1]))
    for _guess in range(10):
        assert client.post("/en/account/2fa/authenticate/", {"code": "00000000"}).status_code == 422
    answer = client.post("/en/account/2fa/authenticate/", {"code": protected.codes[0]})
    assert answer.status_code == 429
    assert "Try again after 13:00 UTC." in answer.content.decode()


def test_another_persons_passkey_cannot_be_renamed_or_removed(client, protected, sign_in):
    key = Authenticator.objects.get(type="webauthn")
    sign_in(actions.register(name="Ana", email="ana@people.example"))
    for what in ("edit", "remove"):
        assert client.get(f"/en/account/2fa/passkeys/{key.pk}/{what}/").status_code == 404
        assert client.post(f"/en/account/2fa/passkeys/{key.pk}/{what}/", {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Phone"


def test_a_passkey_without_a_name_is_asked_for_one_in_our_words(client, protected, sign_in, monkeypatch):
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.did_recently_reauthenticate", lambda of: True)
    sign_in(protected)
    key = Authenticator.objects.get(type="webauthn")
    answer = client.post(f"/en/account/2fa/passkeys/{key.pk}/edit/", {"name": ""})
    assert answer.status_code == 422 and "Enter a name." in answer.content.decode()


WITHOUT = (
    "If you lose your passkey or authenticator app, and also the recovery codes, you cannot sign in or reach your data."
)
WHO_CAN = "An organizer of this site can remove the passkey or the app, and the codes, after checking your identity."


def test_no_page_says_that_a_code_is_enough_where_a_passkey_is_asked_for(client, protected, sign_in):
    forgotten = client.get("/en/account/password/reset/").content.decode()
    assert "always" not in forgotten
    assert (
        "If your account has a passkey or an authenticator app, we also ask for it or for a recovery code." in forgotten
    )
    sign_in(protected)
    for path in ("my/settings/", "account/2fa/"):
        page = client.get(f"/en/{path}").content.decode()
        assert WITHOUT in page and "sign in with a code that we send" not in page, path


def test_a_page_that_asks_for_the_passkey_again_says_who_can_help(client, protected, sign_in, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    sign_in(protected)
    ways = ("/en/account/2fa/passkeys/reauthenticate/", "/en/account/2fa/reauthenticate/")
    for way in ways:
        page = client.get(f"{way}?next=/en/my/data/").content.decode()
        assert WITHOUT in page and WHO_CAN in page, way
    protected.set_password("seven lanterns by the quay")
    protected.save()
    sign_in(protected)
    for way in ways:
        assert WITHOUT not in client.get(way).content.decode(), way  # the password opens it too


def test_where_there_is_no_passkey_a_code_is_said_to_be_enough(client, known, sign_in):
    page = sign_in(known).get("/en/my/settings/").content.decode()
    assert "You can sign in with a code that we send to your e-mail address." in page and WITHOUT not in page


def test_recovery_codes_are_for_who_has_a_passkey(client, known, sign_in):
    sign_in(known)
    assert client.get("/en/account/2fa/recovery-codes/").status_code == 404
    answer = client.post("/en/account/2fa/recovery-codes/generate/")
    assert answer.status_code == 422
    assert (
        "You need a passkey or an authenticator app before you can have recovery codes. Add one first."
        in answer.content.decode()
    )
