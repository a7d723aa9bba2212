"""Making an organizer from the command line, and the link that signs them in once."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings

from plenara.accounts import actions, queries
from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent, whose

pytestmark = pytest.mark.django_db


def path(link):
    assert link.startswith(settings.SITE_URL)
    return link.removeprefix(settings.SITE_URL)


@pytest.fixture
def first(db):
    return actions.make_organizer(email=NEW, language="en")


def test_the_link_works_without_mail_and_leads_to_what_comes_first(client, first):
    link = path(queries.one_time_link(first))
    assert whose(client) is None
    assert client.get(link).status_code == 200
    assert whose(client) is None  # programs that follow links do nothing
    answer = client.post(link)
    assert answer.url.startswith("/en/my/settings/")  # who has no name yet gives one
    assert whose(client) == first.pk
    assert EmailAddress.objects.get(email=NEW).verified
    assert not BackgroundTask.objects.exists()
    answer = client.post("/en/my/settings/", {"name": "Wei Zhang", "language": "en", "next": "/en/my/"})
    assert answer.url.startswith("/en/desk/installation/")


def test_it_works_once(client, another_browser, first):
    link = path(queries.one_time_link(first))
    client.post(link)
    assert another_browser.get(link).status_code == 410
    answer = another_browser.post(link)
    assert answer.status_code == 410
    assert "older than 24 hours" in answer.content.decode()
    assert whose(another_browser) is None


def test_it_works_for_24_hours(client, first, noon):
    link = path(queries.one_time_link(first))
    with clock.at(noon + datetime.timedelta(hours=23, minutes=59)):
        assert client.get(link).status_code == 200
    with clock.at(noon + datetime.timedelta(hours=24, minutes=1)):
        assert client.get(link).status_code == 410


def test_any_other_sign_in_makes_it_void(client, another_browser, first):
    link = path(queries.one_time_link(first))
    ask_for_code(another_browser, NEW)
    enter_code(another_browser, code_in(sent()[-1]))
    assert client.get(link).status_code == 410


def test_another_link_recovers_who_signed_in_before_and_lost_the_passkey(client, another_browser, first):
    client.post(path(queries.one_time_link(first)))
    Authenticator.objects.create(user=first, type="webauthn", data={"name": "Lost phone", "credential": {}})
    first = actions.make_organizer(email=NEW.upper())
    another_browser.post(path(queries.one_time_link(first)))
    assert whose(another_browser) == first.pk
    assert Person.objects.count() == 1


def test_somebody_known_already_becomes_an_organizer(participant):
    made = actions.make_organizer(email=participant.email)
    assert made == participant
    assert Person.objects.get(pk=participant.pk).is_organizer
    assert AuditEntry.objects.get(verb="person.made_organizer").actor_id is None


def test_twice_is_once(first):
    actions.make_organizer(email=NEW)
    assert Person.objects.count() == 1
    assert AuditEntry.objects.filter(verb="person.made_organizer").count() == 1


def test_an_address_must_be_one(db):
    with pytest.raises(InvalidInput):
        actions.make_organizer(email="nobody")


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10:1:x", "é"])
def test_an_invented_link_signs_nobody_in(client, db, token):
    assert client.get(f"/en/account/link/{token}/").status_code == 410
    assert client.post(f"/en/account/link/{token}/").status_code == 410
    assert whose(client) is None


def test_a_link_stands_in_the_language_of_the_person(db):
    assert path(queries.one_time_link(world.person("Huda Salem", language="ar"))).startswith("/ar/account/link/")


def test_a_new_organizer_may_also_sign_in_by_code_at_once(client, first):
    ask_for_code(client, NEW)
    enter_code(client, code_in(sent()[-1]))
    assert whose(client) == first.pk


def test_the_link_of_a_closed_account_signs_nobody_in(client, first):
    link = path(queries.one_time_link(first))
    Person.objects.update(is_active=False)
    assert client.post(link).status_code == 410
