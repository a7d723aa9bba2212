"""Signing in with an identity provider (OpenID Connect): a real one, in a thread, that is honest or not."""

import html
import json
import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import PermissionDenied
from django.test import Client

from plenara.accounts import actions, limits
from plenara.accounts.models import Person, Session
from plenara.accounts.sign_on import actions as sign_on_actions
from plenara.accounts.sign_on import configuration
from plenara.core.models import AuditEntry
from tests import world
from tests.accounts import identity_provider
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent, sign_up, whose

pytestmark = pytest.mark.django_db
FAILED = "We could not sign you in with Reed Society. Try again, or choose another way."


@pytest.fixture(scope="module")
def server():
    with identity_provider.serving() as it:
        yield it


@pytest.fixture
def provider(server, settings):
    server.reset()
    settings.SIGN_ON = read(server.entry())
    return server


def read(*entries):
    return configuration.read(json.dumps(entries))


def leave(client, identifier="reed", language="en", address="", **more):
    """Press the button, and return the provider's address."""
    answer = client.post(address or f"/{language}/account/sign-on/{identifier}/", more)
    assert answer.status_code == 200
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())[1])


def come_back(client, to):
    """Let the provider answer, and return what we answer to that."""
    return client.get(identity_provider.follow(to).removeprefix("http://testserver"))


def sign_on(client, **more):
    return come_back(client, leave(client, **more))


def complete(client, language="en", **more):
    return client.post(
        f"/{language}/account/signup/complete/", {"name": "Noor Haddad", "accepts": "on", "website": "", **more}
    )


def page_after(client, answer):
    """Return the page to which an answer redirects."""
    return client.get(answer.url).content.decode()


def connected(person, uid="noor-1", identifier="reed"):
    return SocialAccount.objects.create(user=person, provider=identifier, uid=uid)


@pytest.fixture
def known(db):
    return actions.register(name="Noor Haddad", email=NEW)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_without_a_provider_the_pages_say_nothing_of_any(client, known, sign_in):
    for page in ("/en/account/login/", "/en/account/signup/"):
        assert "sign-on" not in client.get(page).content.decode()
    assert client.post("/en/account/sign-on/reed/").status_code == 404
    assert client.get("/sign-on/reed/answer/").status_code == 404
    sign_in(known)
    assert "connections" not in client.get("/en/my/settings/").content.decode()


def test_the_buttons_have_the_providers_names_and_come_before_the_other_ways(client, provider, settings):
    names = {"en": "Reed <Society>", "fr": "Société du Roseau"}
    settings.SIGN_ON = read(provider.entry(name=names), provider.entry("second", name="Second"))
    page = client.get("/en/account/login/").content.decode()
    assert "Sign in with <bdi>Reed &lt;Society&gt;</bdi>" in page
    assert page.index("Sign in with <bdi>Second</bdi>") < page.index("Send me a code")
    assert "Société du Roseau" in client.get("/fr/account/signup/").content.decode()


def test_no_get_begins_a_sign_in_and_no_other_site_can(client, provider):
    assert client.get("/en/account/sign-on/reed/").url == "/en/account/login/"
    assert Client(enforce_csrf_checks=True).post("/en/account/sign-on/reed/").status_code == 403


def test_the_policy_for_forms_names_this_site_alone(client, provider):
    answer = client.post("/en/account/sign-on/reed/")
    assert "form-action 'self';" in answer["Content-Security-Policy"] + ";"
    assert provider.url in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_we_ask_with_a_state_a_nonce_and_a_challenge_and_take_no_wishes_of_the_browser(client, provider):
    to = leave(client, address="/en/account/sign-on/reed/?scope=admin&auth_params=prompt%3Dnone")
    assert all(part in to for part in ("state=", "nonce=", "code_challenge_method=S256"))
    assert "admin" not in to and "prompt" not in to


def test_many_from_one_place_wait(client, provider, monkeypatch):
    monkeypatch.setitem(limits.AN_HOUR, "sign_on", {"ip": 1})
    leave(client)
    assert client.post("/en/account/sign-on/reed/").status_code == 429


# --- a new account ----------------------------------------------------------------------------------------------------


def test_who_has_no_account_completes_one_and_is_signed_in(client, provider):
    answer = sign_on(client, next="/en/about/how/")
    assert answer.url == "/en/account/signup/complete/"
    page = page_after(client, answer)
    assert 'value="Noor Haddad"' in page and NEW in page and 'name="email"' not in page
    assert whose(client) is None and not Person.objects.exists()
    assert complete(client, name="Noor H.").url == "/en/about/how/"
    person = Person.objects.get()
    assert whose(client) == person.pk
    assert (person.name, person.email, person.organization, person.country) == ("Noor H.", NEW, "Reed Society", "LB")
    assert person.rules_version == "1"
    assert EmailAddress.objects.get().verified
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["person.signed_up", "person.verified_by_provider", "person.connected_identity"]


def test_the_rules_are_accepted_first(client, provider):
    sign_on(client)
    assert complete(client, accepts="").status_code == 422
    assert not Person.objects.exists()


def test_the_next_time_the_identity_signs_in(client, another_browser, provider):
    sign_on(client)
    complete(client)
    assert sign_on(another_browser, language="fr").url == "/fr/my/"
    assert whose(another_browser) == Person.objects.get().pk


def test_nothing_is_stored_but_who_it_is(client, provider):
    sign_on(client)
    stored = str([session.get_decoded() for session in Session.objects.all()])
    assert "noor-1" in stored and not any(token in stored for token in provider.tokens)
    complete(client)
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("reed", "noor-1", {})
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize(
    ("vouches_for", "verified"),
    [(False, True), (["other.example"], True), (["people.example"], False), (True, "false")],
)
def test_an_address_that_nobody_vouches_for_is_verified_by_a_code(client, provider, settings, vouches_for, verified):
    settings.SIGN_ON = read(provider.entry(vouches_for=vouches_for))
    provider.person["email_verified"] = verified
    sign_on(client)
    assert f'value="{NEW}"' in client.get("/en/account/signup/complete/").content.decode()
    assert complete(client, email=NEW).url.startswith("/en/account/confirm-email/")
    assert whose(client) is None and not SocialAccount.objects.exists()
    client.post("/en/account/confirm-email/", {"code": code_in(newest_with_code(sent()))})
    assert whose(client) == SocialAccount.objects.get().user_id


@pytest.mark.parametrize(("vouches_for", "verified"), [(["PEOPLE.example"], True), (["people.example"], None)])
def test_a_provider_vouches_for_the_addresses_of_its_domains(client, provider, settings, vouches_for, verified):
    settings.SIGN_ON = read(provider.entry(vouches_for=vouches_for))
    if verified is None:  # it does not say, and was named for these addresses
        del provider.person["email_verified"]
    sign_on(client)
    assert complete(client).url == "/en/my/"


def test_whoever_claims_an_address_is_not_let_in_by_its_owner(client, another_browser, provider, settings):
    settings.SIGN_ON = read(provider.entry(vouches_for=False))
    sign_on(client)
    complete(client, email=NEW)  # somebody else's address; the code goes there
    sign_up(another_browser)
    another_browser.post("/en/account/confirm-email/", {"code": code_in(newest_with_code(sent()))})
    assert whose(another_browser) == Person.objects.get().pk
    assert not SocialAccount.objects.exists()
    assert sign_on(Client()).url.startswith("/en/account/signup/complete/")


def test_without_an_address_the_form_asks_for_one(client, provider):
    del provider.person["email"]
    sign_on(client)
    assert complete(client).status_code == 422
    assert complete(client, email="other@people.example").url.startswith("/en/account/confirm-email/")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("Noor\r\nBcc: x", "Noor Bcc: x"),
        ("n" * 10_000, ""),
        ("https://spam.example", ""),
        (["Noor", "Haddad"], "Noor"),
        ({"first": "Noor"}, ""),
        (7, ""),
    ],
)
def test_a_name_is_text_that_fits_or_nothing(client, provider, name, shown):
    provider.person["name"] = name
    sign_on(client)
    page = client.get("/en/account/signup/complete/").content.decode()
    field = re.search(r'<input[^>]*name="name"[^>]*>', page)[0]
    assert f'value="{shown}"' in field if shown else "value=" not in field


@pytest.mark.parametrize("country", ["Lebanon", "XX", "lb\r\nX: y", ["x"], 3])
def test_other_claims_that_do_not_fit_are_left_out(client, provider, country):
    provider.person |= {"address": {"country": country}, "organization": "x" * 10_000, "email": "a\r\nBcc: b@c.example"}
    sign_on(client)
    complete(client, email=NEW)
    person = Person.objects.get()
    assert (person.organization, person.country, person.email) == ("", "", NEW)


def test_claims_have_the_names_that_the_settings_say(client, provider, settings):
    claims = {"organization": ["org.name", "company"], "country": "c", "name": "full_name"}
    settings.SIGN_ON = read(provider.entry(claims=claims))
    provider.person |= {"org": {"name": "Kestrel Observatory"}, "c": "ml", "full_name": "N. Haddad"}
    sign_on(client)
    assert 'value="N. Haddad"' in client.get("/en/account/signup/complete/").content.decode()
    complete(client)
    assert (Person.objects.get().organization, Person.objects.get().country) == ("Kestrel Observatory", "ML")


# --- who has an account already ---------------------------------------------------------------------------------------


def test_a_known_address_signs_nobody_in_its_owner_signs_in_and_connects(client, known, provider):
    answer = sign_on(client)
    assert answer.url == "/en/account/login/?next=%2Fen%2Fmy%2Fsettings%2Fconnections%2F"
    assert "Your e-mail address already has an account on this site." in page_after(client, answer)
    assert whose(client) is None and not SocialAccount.objects.exists()
    wanted = "/en/my/settings/connections/"
    ask_for_code(client, NEW, next=wanted)
    assert enter_code(client, code_in(sent()[-1]), next=wanted).url == wanted
    answer = come_back(client, leave(client, address="/en/my/settings/connections/reed/"))
    assert "From now on, you can sign in with Reed Society." in page_after(client, answer)
    assert sent()[-1].subject == "An account has been connected"
    other = Client()
    sign_on(other)
    assert whose(other) == known.pk


def test_an_address_that_is_taken_in_the_meantime_is_not_taken_over(client, provider):
    sign_on(client)
    known = actions.register(name="Noor Haddad", email=NEW)
    assert complete(client).url.startswith("/en/account/login/")
    assert whose(client) is None and not SocialAccount.objects.filter(user=known).exists()


def test_nobody_learns_by_an_unverified_address_who_has_an_account(client, known, provider, settings):
    settings.SIGN_ON = read(provider.entry(vouches_for=False))
    answer = sign_on(client)
    assert answer.url == "/en/account/signup/complete/"
    assert complete(client, email=NEW).url.startswith("/en/account/confirm-email/")
    assert "already" in sent()[-1].body  # to the owner alone
    assert whose(client) is None and not SocialAccount.objects.exists()


def test_an_address_that_changed_at_the_provider_changes_nothing_here(client, known, provider):
    connected(known)
    provider.person["email"] = "new@people.example"
    sign_on(client)
    assert whose(client) == known.pk
    known.refresh_from_db()
    assert known.email == NEW


def test_an_address_that_now_belongs_to_another_account_here_signs_in_its_own_person(client, known, provider):
    connected(known)
    other = world.person("Ana Prieto")
    provider.person["email"] = other.email
    sign_on(client)
    assert whose(client) == known.pk


def test_another_identity_with_the_address_of_a_connected_account_does_not_get_in(client, known, provider):
    connected(known)
    provider.person["sub"] = "noor-2"  # the provider gave the address to somebody else
    assert sign_on(client).url.startswith("/en/account/login/")
    assert whose(client) is None


def test_an_identity_belongs_to_one_account(client, known, provider, sign_in):
    connected(world.person("Ana Prieto"))
    sign_in(known)
    answer = come_back(client, leave(client, address="/en/my/settings/connections/reed/"))
    assert "already connected to another account" in page_after(client, answer)
    assert not SocialAccount.objects.filter(user=known).exists()


def test_a_closed_account_stays_closed_and_a_suspended_one_suspended(client, known, provider, sign_in):
    connected(known)
    known.is_active = False
    known.save()
    assert sign_on(client).url == "/en/account/inactive/"
    assert whose(client) is None
    Person.objects.update(is_active=True)
    Person.objects.update(suspended_at="2026-01-01T00:00Z")
    other = Client()
    sign_on(other)
    assert whose(other) == known.pk
    assert other.post("/en/my/settings/connections/reed/").status_code == 403


def test_a_passkey_is_asked_for_after_the_provider_too(client, known, provider):
    connected(known)
    Authenticator.objects.create(user=known, type="webauthn", data={})
    assert sign_on(client).url == "/en/account/2fa/authenticate/"
    assert whose(client) is None


def test_disconnecting_is_confirmed_first_and_ends_signing_in_with_it(client, known, provider, sign_in):
    account = connected(known)
    known.set_password("seven lanterns by the quay")
    known.save()
    sign_in(known)
    assert client.get("/en/my/settings/connections/").url.startswith("/en/account/reauthenticate/")
    client.post("/en/account/reauthenticate/", {"password": "seven lanterns by the quay"})
    page = client.get("/en/my/settings/connections/").content.decode()
    assert "Disconnect <bdi>Reed Society</bdi>" in page
    client.post("/en/my/settings/connections/", {"disconnect": account.pk})
    assert not SocialAccount.objects.exists()
    assert sent()[-1].subject == "An account has been disconnected"
    assert sign_on(Client()).url.startswith("/en/account/login/")


def test_nobody_disconnects_the_identity_of_another(client, known, provider, sign_in):
    account = connected(world.person("Ana Prieto"))
    sign_in(known)
    client.post("/en/my/settings/connections/", {"disconnect": account.pk})
    assert SocialAccount.objects.exists()


def test_signing_out_ends_the_session_here(client, known, provider):
    connected(known)
    sign_on(client)
    assert client.post("/en/account/logout/").url == "/en/"
    assert whose(client) is None


def test_connected_identities_are_exported_and_erased(known, provider):
    from plenara.accounts.personal_data import export

    connected(known)
    rows = [row for row in export.sign_in(known) if row["what"] == "account with another provider"]
    assert [(row["provider"], row["name"]) for row in rows] == [("reed", "noor-1")]
    actions.erase(actor=known, choice="participant")
    assert not SocialAccount.objects.exists()


# --- answers that are not to be believed ------------------------------------------------------------------------------


def refuses(client, answer, sentence=FAILED):
    """Say that an answer signs nobody in, and that the page says so and offers the other ways."""
    assert answer.url.partition("?")[0] == "/en/account/login/"
    page = page_after(client, answer)
    assert sentence in page and "Send me a code" in page
    assert whose(client) is None and not SocialAccount.objects.filter(user=None).exists()


WRONG = {
    "another audience": {"aud": "somebody-else"},
    "our name among others": {"aud": ["plenara", "somebody-else"]},
    "for another party": {"azp": "somebody-else"},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "of another sign-in"},
    "no subject": {"sub": None},
    "a subject that is no text": {"sub": ["noor-1"]},
    "an empty subject": {"sub": ""},
    "a subject of 10,000 characters": {"sub": "n" * 10_000},
    "no end": {"exp": None},
    "no time": {"iat": None},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_id_token_that_is_wrong_signs_nobody_in(client, known, provider, what):
    connected(known)
    provider.id_token = WRONG[what]
    if isinstance(provider.id_token.get("sub"), str):
        provider.userinfo = {"sub": provider.id_token["sub"]}
    refuses(client, sign_on(client))


@pytest.mark.parametrize(
    ("algorithm", "key", "header"),
    [
        ("RS256", identity_provider.FORGED, {"kid": "one"}),
        ("RS256", identity_provider.KEY, {"kid": "two"}),
        ("HS256", None, {"kid": "one"}),
        ("none", None, {"kid": "one"}),
    ],
)
def test_a_signature_that_is_not_the_providers_signs_nobody_in(client, known, provider, algorithm, key, header):
    connected(known)
    provider.algorithm, provider.key, provider.header = algorithm, key, header
    refuses(client, sign_on(client))


def test_a_key_without_a_name_is_found_if_it_is_the_only_one(client, known, provider):
    connected(known)
    provider.header = {}
    sign_on(client)
    assert whose(client) == known.pk


@pytest.mark.parametrize(("seconds", "gets_in"), [(-100, True), (100, True), (-700, False), (700, False)])
def test_a_clock_that_is_off_by_a_minute_or_two_does_no_harm(client, known, provider, seconds, gets_in):
    connected(known)
    now = int(time.time()) + seconds
    provider.id_token = {"iat": now, "exp": now + 60, "nbf": now}
    answer = sign_on(client)
    assert (whose(client) == known.pk) == gets_in
    if not gets_in:
        refuses(client, answer)


def test_claims_of_another_person_sign_nobody_in(client, known, provider):
    connected(known)
    provider.userinfo = {"sub": "somebody-else"}
    refuses(client, sign_on(client))


def test_an_answer_without_an_id_token_signs_nobody_in(client, known, provider):
    connected(known)
    provider.with_id_token = False
    refuses(client, sign_on(client))


def test_an_answer_counts_once(client, another_browser, known, provider):
    connected(known)
    answered = identity_provider.follow(leave(client)).removeprefix("http://testserver")
    client.get(answered)
    assert whose(client) == known.pk
    client.post("/en/account/logout/")
    refuses(client, client.get(answered))


def test_an_answer_counts_in_the_browser_that_asked(client, another_browser, known, provider):
    connected(known)
    answered = identity_provider.follow(leave(client)).removeprefix("http://testserver")
    refuses(another_browser, another_browser.get(answered))


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?state=y&error=server_error", "?code=%00&state="])
def test_an_answer_that_nobody_asked_for_signs_nobody_in(client, provider, query):
    refuses(client, client.get("/sign-on/reed/answer/" + query))


def test_an_answer_to_one_provider_does_not_count_for_another(client, known, provider, settings):
    settings.SIGN_ON = read(provider.entry(), provider.entry("second", name="Second"))
    connected(known, identifier="second")
    answered = identity_provider.follow(leave(client)).removeprefix("http://testserver")
    refuses(client, client.get(answered.replace("/reed/", "/second/")), FAILED.replace("Reed Society", "Second"))


def test_two_providers_with_one_client_id_are_two(client, known, provider, settings):
    settings.SIGN_ON = read(provider.entry(), provider.entry("second", name="Second"))
    connected(known, identifier="reed")
    assert sign_on(client, identifier="second").url.startswith("/en/account/login/")
    provider.person["email"] = "other@people.example"
    assert "You have signed in with <bdi>Second</bdi>" in page_after(client, sign_on(client, identifier="second"))


def test_who_turns_back_is_led_to_the_other_ways(client, provider):
    provider.error = "access_denied"
    sentence = "You did not sign in with Reed Society. You can try again, or choose another way."
    refuses(client, sign_on(client), sentence)


DOWN = "Reed Society does not answer. Try again later, or choose another way to sign in."


def test_a_provider_that_is_away_is_named_and_the_other_ways_are_offered(client, provider, settings):
    provider.is_down = True
    refuses(client, client.post("/en/account/sign-on/reed/"), DOWN)
    settings.SIGN_ON = read(provider.entry(server_url="http://127.0.0.1:9"))
    refuses(client, client.post("/en/account/sign-on/reed/"), DOWN)


def test_metadata_of_another_issuer_sign_nobody_in(client, provider, settings):
    settings.SIGN_ON = read(provider.entry(server_url=provider.url.replace("127.0.0.1", "localhost")))
    refuses(client, client.post("/en/account/sign-on/reed/"))


def test_a_provider_that_goes_away_in_between_is_named(client, provider):
    answered = identity_provider.follow(leave(client)).removeprefix("http://testserver")
    provider.is_down = True
    refuses(client, client.get(answered), DOWN)


def test_the_log_names_the_kind_of_error_and_nothing_of_the_person(client, provider, caplog):
    provider.id_token = {"aud": NEW}
    sign_on(client)
    entry = next(each for each in caplog.records if each.name == "plenara.sign_on")
    assert (entry.provider, entry.error) == ("reed", "InvalidAudienceError")
    assert NEW not in str([each.__dict__ for each in caplog.records])


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client, known, provider, wanted):
    connected(known)
    assert sign_on(client, next=wanted).url == "/en/my/"


def test_a_person_who_is_suspended_on_the_way_connects_nothing(known, provider):
    Person.objects.update(suspended_at="2026-01-01T00:00Z")
    known.refresh_from_db()
    with pytest.raises(PermissionDenied):
        sign_on_actions.connect(actor=known, provider="reed", uid="noor-1")
    assert not SocialAccount.objects.exists()
