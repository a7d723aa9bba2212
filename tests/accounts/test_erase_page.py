"""The page on which somebody erases their account."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from plenara.accounts.models import Person, Session
from plenara.consultations.models import Consultation
from tests import world

pytestmark = pytest.mark.django_db


def confirmed(client, person):
    """Let a session say that the person has just confirmed who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def with_password(person, word="a long enough password"):
    person.set_password(word)
    person.save()
    browser = Client()
    browser.post("/en/account/login/", {"login": person.email, "password": word})
    return browser


def test_the_page_asks_who_comes_and_then_erases(leaver, moderator, thread):
    world.published(leaver, moderator, thread)
    browser = with_password(leaver)
    asked = browser.get("/en/my/data/erase/")
    assert asked.url.startswith("/en/account/reauthenticate/?next=")
    back = browser.post(asked.url, {"password": "a long enough password"})
    page = browser.get(back.url).content.decode()
    assert "1 of your contributions is published" in page
    assert browser.post(back.url, {"choice": "tombstones"}).status_code == 422
    assert browser.post(back.url, {"sure": "on"}).status_code == 422
    done = browser.post(back.url, {"choice": "tombstones", "sure": "on"})
    assert done.url == "/en/account/erased/"
    assert "Your account has been erased" in browser.get(done.url).content.decode()
    assert browser.get("/en/my/").status_code == 302
    assert not Session.objects.exists()
    assert not EmailAddress.objects.filter(email=leaver.email).exists()
    # The second tab, and the second click, find nobody.
    assert browser.post(back.url, {"choice": "tombstones", "sure": "on"}).url.startswith("/en/account/login/")


def test_who_signs_in_by_code_alone_signs_in_once_more(client, leaver, sign_in):
    from tests.accounts.conftest import ask_for_code, code_in, enter_code, sent

    sign_in(leaver)
    page = client.get("/en/my/data/erase/").content.decode()
    assert "Sign in again" in page
    assert "Erase my account now" not in page
    refused = client.post("/en/my/data/erase/", {"choice": "participant", "sure": "on"})
    assert refused.url == "/en/account/login/?next=/en/my/data/erase/"
    assert Person.objects.filter(pk=leaver.pk).exists()
    ask_for_code(client, leaver.email, next="/en/my/data/erase/")
    assert enter_code(client, code_in(sent()[-1]), next="/en/my/data/erase/").status_code == 302
    assert client.post("/en/my/data/erase/", {"choice": "participant", "sure": "on"}).url == "/en/account/erased/"
    assert not Person.objects.filter(pk=leaver.pk).exists()


def test_the_last_organizer_reads_why_not_and_gets_no_button(client, organizer, sign_in):
    sign_in(organizer)
    page = client.get("/en/my/data/erase/").content.decode()
    assert "last organizer of this site" in page
    assert "Erase my account now" not in page


def test_where_the_record_is_archived_there_is_nothing_to_choose_and_the_page_says_so(
    client, leaver, moderator, thread, sign_in
):
    world.published(leaver, moderator, thread)
    Consultation.objects.update(stage="archived")
    confirmed(sign_in(leaver), leaver)
    page = client.get("/en/my/data/erase/").content.decode()
    assert 'value="tombstones"' not in page
    assert "belongs to an archived consultation" in page
