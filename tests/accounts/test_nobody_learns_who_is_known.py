"""No response shows whether an address is known: neither its words, nor its redirect, nor its work."""

import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plenara.accounts import actions
from plenara.accounts.models import Visit
from plenara.accounts.queries import installation_row
from plenara.core.models import BackgroundTask
from tests.accounts.conftest import sign_up

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@people.example", "other@people.example"  # of one length
#: Queries by which the two may differ.
BOUND = 2

ASKING = {
    "sign up": ("/en/account/signup/", lambda email: {"name": "Noor", "email": email, "accepts": "on", "website": ""}),
    "code": ("/en/account/login/code/", lambda email: {"email": email}),
    "password": ("/en/account/login/", lambda email: {"login": email, "password": "wrong horse battery"}),
    "reset": ("/en/account/password/reset/", lambda email: {"email": email}),
}
BULK = {
    "sign up": "/en/account/confirm-email/",
    "code": "/en/account/login/code/confirm/",
    "reset": "/en/account/password/reset/confirm/",
}


@pytest.fixture(params=["without a password", "with a password", "never verified"])
def known(request, client):
    """Somebody whose address is known here."""
    if request.param == "never verified":
        sign_up(Client(), KNOWN)
        return None
    person = actions.register(name="Noor Haddad", email=KNOWN)
    if request.param == "with a password":
        person.set_password("seven lanterns by the quay")
        person.save()
    return person


def plain(response, email):
    """Return the content of a response, without what differs by itself."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(email, "ADDRESS")
    cookies = {name: {**morsel, "expires": ""} for name, morsel in response.cookies.items()}
    return response.status_code, response.headers.get("Location"), sorted(response.headers), cookies, body


def ask(way, email):
    """Send a form about an address, and return what came back and how many queries it took."""
    address, fields = ASKING[way]
    installation_row()  # the very first visitor makes it
    Visit.objects.all().delete()  # the first of an hour costs more than the second, for whomever
    browser = Client()
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = browser.post(address, fields(email))
    return browser, plain(response, email), len(queries)


@pytest.mark.once
@pytest.mark.parametrize("way", ASKING)
def test_the_answer_is_the_same_and_so_is_the_work(way, known):
    _browser, for_known, queries_known = ask(way, KNOWN)
    _browser, for_unknown, queries_unknown = ask(way, UNKNOWN)
    assert for_known == for_unknown
    assert abs(queries_known - queries_unknown) <= BOUND


@pytest.mark.once
@pytest.mark.parametrize("way", BULK)
def test_the_page_for_the_code_is_the_same_and_so_is_what_a_wrong_code_gets(way, known):
    answers = []
    for email in (KNOWN, UNKNOWN):
        browser, *_rest = ask(way, email)
        pages = [plain(browser.get(BULK[way]), email)]
        pages += [plain(browser.post(BULK[way], {"code": "1234-5678"}), email) for _attempt in range(5)]
        answers.append(pages)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("way", BULK)
def test_one_e_mail_is_queued_either_way(way, known):
    BackgroundTask.objects.all().delete()
    ask(way, KNOWN)
    assert BackgroundTask.objects.count() == 1
    ask(way, UNKNOWN)
    assert BackgroundTask.objects.count() == 2


@pytest.mark.once
def test_a_password_is_hashed_either_way(settings, known, monkeypatch):
    """A hash takes longer than all else in a request: one that was left out would show in the time of the answer."""
    settings.PASSWORD_HASHERS = [f"{PBKDF2PasswordHasher.__module__}.{PBKDF2PasswordHasher.__qualname__}"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10)
    if known is not None and known.has_usable_password():
        known.set_password("seven lanterns by the quay")
        known.save()
    monkeypatch.setattr("plenara.accounts.limits.spend", lambda *a, **k: None)
    hashed = []
    really = PBKDF2PasswordHasher.encode
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or really(*a, **k))
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        ask("password", email)
        assert len(hashed) == 1, email


def test_a_limit_is_met_by_both_alike(known):
    answers = []
    for email in (KNOWN, UNKNOWN):
        for _attempt in range(11):
            browser = Client()
            answer = browser.post("/en/account/login/code/", {"email": email})
        answers.append(plain(answer, email))
    assert answers[0] == answers[1]
    assert answers[0][0] == 429
