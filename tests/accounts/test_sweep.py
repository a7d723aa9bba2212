"""What is deleted because its time is over."""

import datetime

import pytest

from plenara.accounts import actions, invitations, limits
from plenara.accounts.models import Invitation, Person, Session, Visit
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.tasks import run_all
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent

pytestmark = pytest.mark.django_db


def days(number):
    return datetime.timedelta(days=number)


def test_who_never_verified_the_address_is_deleted_after_seven_days(noon):
    actions.sign_up(name="Noor", email=NEW, language="en")
    kept = actions.register(name="Ana", email="ana@people.example")
    organizer = actions.make_organizer(email="wei@people.example")
    with clock.at(noon + days(7) - datetime.timedelta(minutes=1)):
        assert actions.sweep()["unverified"] == 0
    with clock.at(noon + days(7) + datetime.timedelta(minutes=1)):
        assert actions.sweep()["unverified"] == 1
    assert set(Person.objects.all()) == {kept, organizer}


def test_the_days_are_configured(noon, settings):
    settings.KEEP_DAYS = {**settings.KEEP_DAYS, "unverified": 2, "ip": 3}
    actions.sign_up(name="Noor", email=NEW, language="en")
    limits.spend("mail", ip="192.0.2.1", address=NEW)
    with clock.at(noon + days(2.5)):
        swept = actions.sweep()
        assert (swept["unverified"], swept["visits"]) == (1, 0)
    with clock.at(noon + days(3.5)):
        assert actions.sweep()["visits"] == 2


def test_a_flood_of_sign_ups_is_deleted_in_portions(noon, monkeypatch):
    monkeypatch.setattr("plenara.accounts.personal_data.erasure.AT_ONCE", 3)
    for number in range(7):
        actions.sign_up(name="Noor", email=f"noor{number}@people.example", language="en")
    with clock.at(noon + days(8)):
        assert actions.sweep()["unverified"] == 7
    assert not Person.objects.exists()


def test_counts_by_ip_address_are_deleted_after_fourteen_days(noon):
    limits.spend("mail", ip="192.0.2.1", address=NEW)
    with clock.at(noon + days(13)):
        actions.sweep()
        assert Visit.objects.exists()
    with clock.at(noon + days(15)):
        actions.sweep()
    assert not Visit.objects.exists()


def test_the_address_of_an_invitation_that_is_over_is_blanked(noon, monkeypatch):
    monkeypatch.setattr(invitations, "_openers", {"tea": lambda invitation, person: None})
    actions.invite(actor=world.person("Ana Prieto"), address=NEW, purpose={"kind": "tea"})
    actions.sweep()
    assert Invitation.objects.get().address == NEW
    with clock.at(noon + days(14)):
        actions.sweep()
    assert Invitation.objects.get().address == ""


def test_old_sessions_are_deleted(client, participant, sign_in):
    sign_in(participant)
    assert client.get("/en/my/").status_code == 200
    actions.sweep()
    assert Session.objects.count() == 1
    with clock.at(clock.now() + days(15)):
        actions.sweep()
    assert not Session.objects.exists()


def test_a_session_in_which_an_address_was_typed_and_nobody_signed_in_ends_after_a_day(client, another_browser):
    actions.register(name="Noor Haddad", email=NEW)
    ask_for_code(client, NEW)
    ask_for_code(another_browser, NEW)
    enter_code(another_browser, code_in(sent()[-1]))
    assert another_browser.session.get_expiry_age() == 14 * 24 * 3600
    with clock.at(clock.now() + days(1.01)):
        assert actions.sweep()["sessions"] == 1
    assert another_browser.get("/en/my/").status_code == 200


def test_an_e_mail_that_could_not_be_sent_is_forgotten_with_its_address(noon, client, monkeypatch):
    monkeypatch.setattr("plenara.core.tasks.BACK_OFF", ())
    monkeypatch.setattr("plenara.email.delivery.send", lambda **given: 1 / 0)
    client.post("/en/account/login/code/", {"email": NEW})
    run_all()
    assert BackgroundTask.objects.get().failed_at
    with clock.at(noon + days(15)):
        actions.sweep()
    assert not BackgroundTask.objects.exists()


def test_what_was_swept_is_recorded_in_numbers(noon):
    actions.sign_up(name="Noor", email=NEW, language="en")
    with clock.at(noon + days(8)):
        actions.sweep()
        actions.sweep()  # nothing to do any more, nothing to record
    act = AuditEntry.objects.get(verb="installation.swept")
    assert act.details["swept"]["unverified"] == 1
    assert act.actor_id is None
