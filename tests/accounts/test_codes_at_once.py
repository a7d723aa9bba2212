"""Many attempts at one code that arrive together: as few of them are compared as one after the other."""

import threading

import pytest
from allauth.account import forms as allauth_forms
from django.db import connection
from django.test import Client

from plenara.accounts import actions, queries
from plenara.accounts.forms import sign_in
from plenara.accounts.views import open as open_views
from plenara.core.models import AuditEntry
from tests.accounts.conftest import NEW, ask_for_code, code_in, sent, sign_up
from tests.accounts.test_erase_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WRONG, TOGETHER, ALLOWED = "0000-0000", 12, 5


def known():
    return actions.register(name="Noor Haddad", email=NEW)


def to_sign_in(client):
    known()
    ask_for_code(client, NEW)
    return "/en/account/login/code/confirm/"


def to_prove_an_address(client):
    sign_up(client)
    return "/en/account/confirm-email/"


def for_a_new_password(client):
    known()
    client.post("/en/account/password/reset/", {"email": NEW})
    return "/en/account/password/reset/confirm/"


def for_nobody(client):
    ask_for_code(client, "nobody@people.example")
    return "/en/account/login/code/confirm/"


def together(monkeypatch, owner, name, path, client, code=""):
    """Send a form from twelve tabs of a browser at once, and return the answers.

    The requests meet as they call `owner.name`: each has read what it needs, and none has written. From there on they
    go one after the other on SQLite, which in memory has no room for two.
    """
    barrier, turn, called, answers = threading.Barrier(TOGETHER), threading.Lock(), getattr(owner, name), []
    is_sqlite = connection.vendor == "sqlite"

    def meeting(*args, **kwargs):
        result = called(*args, **kwargs)
        barrier.wait(300)
        if is_sqlite:
            turn.acquire()
        return result

    def send():
        tab = Client()
        tab.cookies.update(client.cookies)
        try:
            answers.append(tab.post(path, {"code": code}))
        finally:
            if is_sqlite:
                turn.release()

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, meeting)
        assert [error for error in at_once(*[send] * TOGETHER) if error] == []
    return answers


@pytest.fixture
def compared(monkeypatch):
    """The codes that were compared with the one that was sent."""
    codes, compare = [], allauth_forms.compare_user_code

    def noted(*, actual, expected):
        codes.append(actual)
        return compare(actual=actual, expected=expected)

    monkeypatch.setattr(allauth_forms, "compare_user_code", noted)
    return codes


@pytest.mark.parametrize("ask", [to_sign_in, to_prove_an_address, for_a_new_password, for_nobody])
def test_of_attempts_sent_together_five_are_compared(client, monkeypatch, compared, ask):
    answers = together(monkeypatch, sign_in.AsksForCode, "__init__", ask(client), client, WRONG)
    assert len(compared) == ALLOWED
    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) == TOGETHER - ALLOWED
    assert all("There were too many wrong attempts. Ask for a new code" in each.content.decode() for each in refused)
    assert {each.status_code for each in answers} == {422, 429}


def test_after_them_the_right_code_does_not_sign_in_and_a_new_one_does(client, monkeypatch):
    path = to_sign_in(client)
    together(monkeypatch, sign_in.AsksForCode, "__init__", path, client, WRONG)
    assert client.post(path, {"code": code_in(sent()[-1])}).status_code == 429
    client.post("/en/account/logout/")
    ask_for_code(client, NEW)
    assert client.post(path, {"code": code_in(sent()[-1])}).url == "/en/my/"


def test_a_one_time_link_pressed_many_times_at_once_signs_in_once(client, monkeypatch):
    path = f"/en/account/link/{queries.one_time_link(known()).rstrip('/').rsplit('/', 1)[1]}/"
    answers = together(monkeypatch, open_views, "person_of_link", path, client)
    assert sorted(each.status_code for each in answers) == [302, *[410] * (TOGETHER - 1)]
    assert AuditEntry.objects.filter(verb="person.used_link").count() == 1
