"""The record of processing: what it says of controller, data, time limits, recipients and measures is so."""

import json
import re
from types import SimpleNamespace

import pytest

from plenara.accounts.models import Installation
from plenara.accounts.personal_data.export import Purpose, parts
from plenara.accounts.sign_on import configuration
from plenara.core.languages import CODES
from plenara.core.machines import servers
from plenara.operations import heartbeat
from plenara.operations.environment import mailers
from plenara.operations.presenters import processing
from tests.accounts.test_sign_on_settings import GOOD
from tests.consultations.pages import text

pytestmark = pytest.mark.django_db

PAGE = "/en/desk/processing/"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder without a backup, and no servers elsewhere."""
    settings.DATA, settings.MAILERS, settings.SIGN_ON, settings.MODEL, settings.TRANSLATION = (
        tmp_path,
        {},
        [],
        None,
        None,
    )


@pytest.fixture
def read(sign_in, operator):
    """A function that returns the words of the page."""

    def page(language="en"):
        answer = sign_in(operator).get(PAGE.replace("/en/", f"/{language}/"))
        assert answer.status_code == 200
        return text(answer)

    return page


def test_every_kind_of_personal_data_is_listed_once_below_its_purpose(read):
    listed = [str(label) for each in processing.activities() for label in each.data]
    assert sorted(listed) == sorted(str(each.label) for each in parts())
    assert all(each.data for each in processing.activities()) and len(processing.activities()) == len(Purpose)
    shown = read()
    assert [label for label in listed if label not in shown] == []


def test_it_names_the_controller_or_says_that_none_was_entered(read):
    assert read().count("not entered yet") == 2
    controller = {"en": "Reed Society, 1 Reed Street"}
    Installation.objects.update_or_create(pk=1, defaults={"controller": controller, "contact": "hello@reed.example"})
    shown = read()
    assert "Reed Society, 1 Reed Street" in shown and "hello@reed.example" in shown and "not entered yet" not in shown


def test_time_limits_are_those_of_the_settings(read, settings):
    settings.KEEP_DAYS = {"unverified": 3, "ip": 5, "draft": 11, "rejected": 17}
    shown = read()
    for words in ("was not verified 3 days", "(IP) addresses 5 days", "no one changed 11 days", "to sign 17 days"):
        assert words in shown


def test_servers_that_the_settings_name_are_recipients_and_no_secret_is_shown(read, settings, monkeypatch):
    assert list(processing.recipients()) == []
    databases = {"default": {"HOST": "db.example.org", "PASSWORD": "hush"}, "replica": {"HOST": "/run/postgresql"}}
    there = {name: SimpleNamespace(settings_dict=each) for name, each in databases.items()}
    monkeypatch.setattr(processing, "connections", SimpleNamespace(all=lambda: there.values()))
    settings.MAILERS = mailers("smtps://us:hush@mail.example.org")
    settings.MODEL = servers.Server("openai", "https://models.example.org/v1", "m", "hush")
    settings.TRANSLATION = servers.Server("libretranslate", "https://words.example.org", key="hush")
    settings.SIGN_ON = configuration.read(json.dumps([GOOD]))
    hosts = ["mail.example.org", "db.example.org", "models.example.org", "words.example.org", "login.reed.example"]
    assert [each.server for each in processing.recipients()] == hosts
    shown = read()
    assert all(host in shown for host in hosts) and "hush" not in shown


def test_measures_are_those_that_the_installation_has(read, settings):
    shown = read()
    for words in ("Connections are not encrypted", "can sign in without a passkey", "No backup has been made"):
        assert words in shown
    settings.SITE_IS_HTTPS = True
    Installation.objects.update(requires_second_factor=True)
    heartbeat.backup_made()
    measures = " ".join(processing.measures())
    for words in ("All connections are encrypted", "must use a passkey", "The last backup was made on"):
        assert words in measures


def test_it_is_there_in_six_languages(read):
    shown = [read(language) for language in CODES]
    assert len({page[:500] for page in shown}) == len(CODES)
    assert not [page for page in shown if re.search(r"\{\w+\}|%\(\w+\)", page)]


def test_organizers_and_operators_open_it_and_the_desk_leads_there(sign_in, organizer, moderator, participant):
    for who, status in [(moderator, 403), (participant, 403), (organizer, 200)]:
        assert sign_in(who).get(PAGE).status_code == status
    assert f'<a href="{PAGE}">' in sign_in(organizer).get("/en/desk/").content.decode()
