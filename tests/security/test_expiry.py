"""What lets somebody in ends when docs/threats.md says that it does: sessions, codes, links; and nobody is led away."""

import contextlib
import datetime
from types import SimpleNamespace

import pytest
import time_machine
from allauth.core.context import request_context
from allauth.mfa.webauthn.internal import auth as passkeys
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from plenara.accounts import actions as accounts
from plenara.accounts import queries
from plenara.accounts.models import Person, Session
from plenara.accounts.personal_data import erasure
from plenara.consultations import emails as consultation_emails
from plenara.contributions.actions import save_draft, share
from plenara.contributions.queries.signatures import token_of
from plenara.core import clock, seals
from plenara.core.models import BackgroundTask
from plenara.directory import emails as directory_emails
from plenara.directory.actions import ask_for_proof
from plenara.directory.queries import lookup
from tests import world
from tests.accounts.conftest import (
    ask_for_code,
    code_in,
    enter_code,
    newest_with_code,
    sent,
    sign_up,
    whose,
)
from tests.conftest import NOW
from tests.directory import making as listings

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # none of it depends on the database

WORD, OTHER = "seven lanterns by the quay", "nine boats upstream"
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example", "\\/evil.example",
    "https:evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "/\r\n//evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", " //evil.example", "\t//evil.example",
]  # fmt: skip


@pytest.fixture
def later():
    """A function that moves every clock on, counted from the beginning of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda **span: stack.enter_context(time_machine.travel(NOW + datetime.timedelta(**span)))


@pytest.fixture
def known(db):
    someone = world.person("Noor Haddad")
    someone.set_password(WORD)
    someone.save()
    return someone


def browser_of(person, word=WORD):
    """Return a browser in which a person has signed in with their password."""
    browser = Client()
    browser.post("/en/account/login/", {"login": person.email, "password": word})
    assert whose(browser) == person.pk
    return browser


def is_in(browser):
    """Say whether somebody is signed in, as a page sees it."""
    return browser.get("/en/my/").status_code == 200


def test_a_session_ends_fourteen_days_after_signing_in(known, later):
    browser = browser_of(known)
    later(days=13, hours=23)
    assert is_in(browser)
    later(days=14, minutes=1)
    assert not is_in(browser)


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_of_other_sites(known):
    cookie = browser_of(known).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) <= 14 * 24 * 3600


def test_signing_out_ends_the_session_for_who_kept_its_cookie(known):
    browser, thief = browser_of(known), Client()
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert is_in(thief)
    browser.post("/en/account/logout/")
    assert not is_in(thief)


def test_a_cookie_from_before_signing_in_is_not_that_of_after(known):
    planted = Client()
    planted.get("/en/account/login/")
    ask_for_code(planted, known.email)
    thief = Client()
    thief.cookies["sessionid"] = planted.cookies["sessionid"].value
    enter_code(planted, code_in(sent()[-1]))
    assert is_in(planted)
    assert not is_in(thief)


def test_a_changed_password_ends_every_other_session(known):
    here, elsewhere = browser_of(known), browser_of(known)
    here.post("/en/account/password/change/", {"oldpassword": WORD, "password1": OTHER})
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_password_set_again_by_a_code_ends_every_other_session(known):
    elsewhere, here = browser_of(known), Client()
    asked = here.post("/en/account/password/reset/", {"email": known.email})
    here.post(asked.url, {"code": code_in(sent()[-1])})
    here.post("/en/account/password/reset/complete/", {"password1": OTHER})
    assert is_in(here)
    assert not is_in(elsewhere)


def test_an_erased_account_ends_every_session(known):
    browsers = [browser_of(known), browser_of(known)]
    erasure.erase(actor=known, choice=erasure.ErasureChoice.PARTICIPANT)
    assert not any(is_in(each) for each in browsers)
    assert not Session.objects.exists()


def test_a_closed_account_ends_every_session(known):
    browser = browser_of(known)
    known.is_active = False
    known.save()
    assert not is_in(browser)


def test_who_is_suspended_stays_signed_in_and_may_not_act(known, organizer):
    browser = browser_of(known)
    assert browser.get("/en/my/byline/").status_code == 200
    known.suspended_at = clock.now()
    known.save()
    assert is_in(browser)
    assert browser.get("/en/my/byline/").status_code == 403


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_a_code_to_sign_in_lives_for_fifteen_minutes(client, known, later, minutes, works):
    ask_for_code(client, known.email)
    code = code_in(sent()[-1])
    later(minutes=minutes)
    enter_code(client, code)
    assert (whose(client) == known.pk) == works


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_a_code_for_a_new_password_lives_for_fifteen_minutes(client, known, later, minutes, works):
    asked = client.post("/en/account/password/reset/", {"email": known.email})
    code = code_in(sent()[-1])
    later(minutes=minutes)
    client.post(asked.url, {"code": code})
    client.post("/en/account/password/reset/complete/", {"password1": OTHER})
    known.refresh_from_db()
    assert known.check_password(OTHER) == works


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_a_code_that_proves_an_address_lives_for_fifteen_minutes(client, db, later, minutes, works):
    sign_up(client)
    code = code_in(newest_with_code(sent()))
    later(minutes=minutes)
    client.post("/en/account/confirm-email/", {"code": code})
    assert (whose(client) is not None) == works


def test_a_newer_code_ends_the_older(client, known):
    ask_for_code(client, known.email)
    older = code_in(sent()[-1])
    ask_for_code(client, known.email)
    newer = code_in(sent()[-1])
    enter_code(client, older)
    assert whose(client) is None
    enter_code(client, newer)
    assert whose(client) == known.pk


def test_a_code_is_for_the_browser_that_asked_for_it(client, known):
    ask_for_code(client, known.email)
    code, elsewhere = code_in(sent()[-1]), Client()
    enter_code(elsewhere, code)
    assert whose(elsewhere) is None
    ask_for_code(elsewhere, "somebody.else@people.example")
    enter_code(elsewhere, code)
    assert whose(elsewhere) is None


def test_a_passkeys_challenge_is_answered_once(client, known, monkeypatch):
    """Whatever signed it: the same answer, sent again, meets no challenge."""
    client.get("/en/account/2fa/passkeys/login/", headers={"Accept": "application/json"})
    request, asked = RequestFactory().post("/"), []
    request.session = client.session

    class Server:
        def authenticate_complete(self, state, *_answer):
            asked.append(state)
            return SimpleNamespace(credential_id=b"")

    monkeypatch.setattr(passkeys, "get_server", Server)
    for _twice in range(2):
        with request_context(request), contextlib.suppress(ValidationError):
            passkeys.complete_authentication(known, {})
    assert asked == [client.session[passkeys.STATE_SESSION_KEY]]


def test_any_other_sign_in_ends_an_operators_link(known):
    token = queries.one_time_link(known).rstrip("/").rsplit("/", 1)[1]
    assert queries.person_of_link(token) == known
    browser_of(known)
    assert queries.person_of_link(token) is None


@pytest.mark.parametrize(("span", "works"), [({"days": 2, "hours": 23}, True), ({"days": 3, "minutes": 1}, False)])
def test_the_link_that_verifies_an_organization_is_good_for_three_days(client, known, later, span, works):
    organization = listings.published(known, listings.curator())
    ask_for_proof(actor=known, organization=organization, mailbox="info")
    token = BackgroundTask.objects.get(task="directory.send_proof").arguments["token"]
    later(**span)
    answer = client.post(f"/en/organizations/verify/{token}/")
    assert answer.status_code == (200 if works else 409)
    assert bool(lookup.current_verifications([organization.pk])) == works


@pytest.mark.parametrize("days", [1, 30])
def test_a_link_to_a_draft_is_good_for_as_long_as_its_author_says(client, known, thread, later, days):
    draft = save_draft(actor=known, thread=thread, key="a-draft", text="Half a thought.")
    address = f"/en/shared/{token_of(share(actor=known, draft=draft, days=days))}/"
    later(days=days, minutes=-1)
    assert client.get(address).status_code == 200
    later(days=days, minutes=1)
    assert client.get(address).status_code == 410


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (16, False)])
def test_who_has_no_password_erases_within_fifteen_minutes_of_signing_in(client, db, later, minutes, works):
    """docs/my-data.md: who signs in by code alone has nothing else to be asked for."""
    someone = world.person("Noor Haddad")
    ask_for_code(client, someone.email)
    enter_code(client, code_in(sent()[-1]))
    later(minutes=minutes)
    client.post("/en/my/data/erase/", {"choice": "participant", "sure": "on"})
    assert Person.objects.filter(pk=someone.pk).exists() != works


def test_five_wrong_codes_end_the_attempt_and_the_right_one_comes_too_late(client, known):
    ask_for_code(client, known.email)
    code = code_in(sent()[-1])
    for _attempt in range(5):
        enter_code(client, "0000-0000" if code != "0000-0000" else "1111-1111")
    enter_code(client, code)
    assert whose(client) is None


def test_an_operators_link_works_for_a_day_and_once(known, later):
    token = queries.one_time_link(known).rstrip("/").rsplit("/", 1)[1]
    later(hours=23, minutes=59)
    assert queries.person_of_link(token) == known
    later(hours=24, minutes=1)
    assert queries.person_of_link(token) is None
    later(hours=1)
    first, second = Client(), Client()
    first.post(f"/en/account/link/{token}/")
    second.post(f"/en/account/link/{token}/")
    assert whose(first) == known.pk
    assert whose(second) is None


def test_an_invitation_is_over_after_fourteen_days(consultation, organizer, known, later):
    purpose = {"kind": "consultation_role", "consultation_id": consultation.pk, "role": "moderator", "language": ""}
    invitation, _token = accounts.invite(actor=organizer, address=known.email, purpose=purpose)
    later(days=13, hours=23)
    assert invitation.is_pending
    later(days=14, minutes=1)
    assert not invitation.is_pending


def test_the_yearly_link_is_good_for_two_hundred_days_and_only_for_what_it_names(known, later):
    token = directory_emails.confirmation_token(known, [])
    later(days=199)
    assert directory_emails.read_confirmation_token(token) == (known.pk, [])
    later(days=201)
    assert directory_emails.read_confirmation_token(token) is None


def test_the_link_that_stops_mail_has_no_end_and_can_do_nothing_else(known, later):
    token = consultation_emails.stop_token(known.pk, "daily")
    later(days=3650)
    assert consultation_emails.read_stop_token(token) == (known.pk, "daily")
    assert queries.person_of_link(token) is None
    assert directory_emails.read_confirmation_token(token) is None


def test_no_token_passes_for_one_of_another_kind(known):
    one_time = queries.one_time_link(known).rstrip("/").rsplit("/", 1)[1]
    for token in (one_time, directory_emails.confirmation_token(known, []), "x", "", ":", "a:b:c", "é" * 50):
        assert consultation_emails.read_stop_token(token) is None
    assert directory_emails.read_confirmation_token(one_time) is None
    assert seals.unseal(one_time, "another", 3) is None


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("way", ["password", "code", "byline", "rules", "logout", "settings"])
def test_nobody_is_led_to_another_site(client, known, elsewhere, way):
    if way == "password":
        answer = client.post("/en/account/login/", {"login": known.email, "password": WORD, "next": elsewhere})
    elif way == "code":
        ask_for_code(client, known.email, next=elsewhere)
        answer = enter_code(client, code_in(sent()[-1]), next=elsewhere)
    else:
        client.force_login(known, backend="plenara.accounts.adapter.Backend")
        address = {
            "byline": "my/byline",
            "rules": "account/rules",
            "logout": "account/logout",
            "settings": "my/settings",
        }
        sends = {"next": elsewhere, "accepts": "on", "name": known.name, "language": "en", "capacity": "individual",
                 "stakeholder_group": "civil_society", "country": "ML"}  # fmt: skip
        answer = client.post(f"/en/{address[way]}/", sends)
    assert answer.status_code in {200, 302, 422}
    if answer.status_code == 302:
        assert answer.url[0] == "/" and answer.url[1] not in "/\\"
        assert not {"\r", "\n"} & set(answer.url)
