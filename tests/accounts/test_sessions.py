"""A person sees where they are signed in, and ends one session or all others."""

import datetime
import importlib

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as OldStore
from django.contrib.sessions.models import Session as OldSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plenara.accounts import actions
from plenara.accounts.models import Session
from plenara.core import clock
from plenara.core.models import AuditEntry
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent, whose

pytestmark = pytest.mark.django_db

PAGE, BACKEND = "/en/my/sessions/", "plenara.accounts.adapter.Backend"


@pytest.fixture
def known(db):
    return actions.register(name="Noor Haddad", email=NEW)


def browser(person):
    """Return a browser in which a person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def is_signed_in(client):
    return client.get("/en/my/settings/").status_code == 200


def names(client):
    return [each.name for each in client.get(PAGE).context["sessions"] if not each.is_current]


def test_a_person_sees_their_sessions_with_dates_and_this_browser_first(client, known):
    browser(known)
    browser(world.person("Another one"))
    ask_for_code(client, NEW)
    enter_code(client, code_in(newest_with_code(sent())))
    answer = client.get(PAGE)
    current, other = answer.context["sessions"]
    assert (current.is_current, other.is_current) == (True, False)
    assert current.began_at.date() == clock.now().date() and other.began_at is None
    page = answer.content.decode()
    assert page.count("this browser") == 1 and page.count("End this session") == 1
    assert not any(key in page for key in Session.objects.values_list("pk", flat=True))


def test_one_session_is_ended_by_its_owner_and_the_end_is_recorded(known):
    here, there, elsewhere = browser(known), browser(known), browser(known)
    first = names(here)[0]
    assert here.post(PAGE, {"session": first}, follow=True).status_code == 200
    assert len(names(here)) == 1 and [is_signed_in(there), is_signed_in(elsewhere)].count(True) == 1
    assert AuditEntry.objects.get(verb="person.ended_sessions").details == {"count": 1}


def test_all_others_are_ended_at_once_and_this_one_stays(known):
    here, there, elsewhere = browser(known), browser(known), browser(known)
    assert "All other sessions have ended." in here.post(PAGE, follow=True).content.decode()
    assert [is_signed_in(each) for each in (here, there, elsewhere)] == [True, False, False]


def test_nobody_ends_the_session_of_another_person(known):
    other = browser(world.person("Another one"))
    here = browser(known)
    (name,) = names(browser(known))[:1]
    other.post(PAGE, {"session": name})
    other.post(PAGE)
    assert is_signed_in(here) and Session.objects.filter(person=known).count() == 2


@pytest.mark.parametrize("kind", ["webauthn", "totp"])
def test_removing_a_second_factor_ends_the_others(known, kind, monkeypatch):
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.did_recently_reauthenticate", lambda of: True)
    data = {"name": "Phone", "credential": {}, "secret": "AA"}
    key = Authenticator.objects.create(user=known, type=kind, data=data)
    here, there = browser(known), browser(known)
    way = f"passkeys/{key.pk}" if kind == "webauthn" else "app"
    here.get(f"/en/account/2fa/{way}/remove/")
    assert is_signed_in(there)  # looking at the page ends nothing
    here.post(f"/en/account/2fa/{way}/remove/")
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_an_organizer_who_removes_lost_passkeys_ends_all_sessions(known, organizer):
    Authenticator.objects.create(user=known, type="totp", data={"secret": "AA"})
    found_phone = browser(known)
    actions.remove_passkeys(actor=organizer, person=known, proof="met")
    assert not is_signed_in(found_phone)


def test_a_changed_password_ends_the_others_and_the_list_shows_none_of_them(known):
    known.set_password("seven lanterns by the quay")
    known.save()
    here, there = browser(known), browser(known)
    new = "eleven lanterns by the quay"
    fields = {"oldpassword": "seven lanterns by the quay", "password1": new, "password2": new}
    here.post("/en/account/password/change/", fields)
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert names(here) == []


def test_the_last_use_is_noted_once_an_hour(known):
    here = browser(known)
    old = clock.now() - datetime.timedelta(minutes=59)
    Session.objects.update(used_at=old)
    here.get("/en/my/settings/")
    assert Session.objects.get().used_at == old
    Session.objects.update(used_at=old - datetime.timedelta(minutes=2))
    here.get("/en/my/settings/")
    assert Session.objects.get().used_at > old


def test_the_page_asks_as_often_however_many_sign_in(known, django_assert_num_queries):
    here = browser(known)
    here.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        here.get(PAGE)
    for number in range(5):
        browser(known)
        browser(world.person(f"Somebody {number}"))
    with django_assert_num_queries(len(few)):
        here.get(PAGE)


def test_the_migration_moves_the_sessions_so_that_nobody_is_signed_out(known):
    here = browser(known)
    row = Session.objects.get()
    OldSession.objects.create(session_key=row.pk, session_data=row.session_data, expire_date=row.expire_date)
    OldSession.objects.create(
        session_key="x" * 32, session_data=OldStore().encode({"_auth_user_id": "987654"}), expire_date=row.expire_date
    )
    key = row.pk
    row.delete()
    assert not is_signed_in(here)
    importlib.import_module("plenara.accounts.migrations.0003_session").move_sessions(apps, None)
    here.cookies[settings.SESSION_COOKIE_NAME] = key
    assert is_signed_in(here) and not OldSession.objects.exists()
    assert Session.objects.get(pk="x" * 32).person_id is None and whose(here) == known.pk
