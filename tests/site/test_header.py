"""The header of public pages for somebody who is signed in: what the script asks for, and what it gets."""

import datetime
import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from plenara.accounts import actions, session
from plenara.core import clock
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent

pytestmark = pytest.mark.django_db
HEADER = "/en/my/header.json"


def test_a_stranger_gets_nothing_that_any_cache_may_store(client):
    answer = client.get(HEADER)
    assert (answer.status_code, answer.json()) == (403, {})
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_participant_gets_their_own_page_and_how_to_sign_out(client, participant, sign_in):
    sign_in(participant)
    answer = client.get("/fr/my/header.json")
    assert answer.json() == {
        "name": participant.name,
        "pages": [["Ma page", "/fr/my/"]],
        "leave": ["Se déconnecter", "/fr/account/logout/"],
    }
    assert "no-store" in answer["Cache-Control"]


def test_somebody_with_a_role_gets_the_desk_too(client, sign_in):
    sign_in(world.grant(world.person("Wei Zhang"), world.consultation(), "moderator"))
    assert ["Desk", "/en/desk/"] in client.get(HEADER).json()["pages"]


def test_the_number_of_what_is_new_is_there_until_one_looks_at_ones_page(
    client, thread, participant, moderator, sign_in
):
    edition = world.published(participant, moderator, thread)
    sign_in(participant)
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):
        world.published(world.person("Wei Zhang"), moderator, thread, in_reply_to=edition.contribution)
    with clock.at(clock.now() + datetime.timedelta(minutes=2)):
        assert client.get(HEADER).json()["pages"][0] == ["My page (1 new)", "/en/my/"]
        client.get("/en/my/")
        assert client.get(HEADER).json()["pages"][0] == ["My page", "/en/my/"]


def test_a_reload_loses_nothing_and_the_next_visit_begins_where_this_one_ended(client, thread, moderator):
    author = actions.register(
        name="Noor Haddad", email=NEW, stakeholder_group="civil_society", capacity="individual", country="ML"
    )
    begins = clock.now()
    author.last_login = begins - datetime.timedelta(days=2)
    author.save()
    with clock.at(begins - datetime.timedelta(days=3)):
        edition = world.published(author, moderator, thread)
    with clock.at(begins - datetime.timedelta(days=1)):
        world.published(world.person("Wei Zhang"), moderator, thread, in_reply_to=edition.contribution)
    ask_for_code(client, NEW)
    enter_code(client, code_in(newest_with_code(sent())))
    for minutes in (0, 1, 60, 150):
        with clock.at(begins + datetime.timedelta(minutes=minutes)):
            page = client.get("/en/my/").content.decode()
            assert "New since your visit on 12 October 2026, 12:00 UTC" in page
            assert "Wei Zhang · Civil society · in reply to 1" in page
    with clock.at(begins + datetime.timedelta(minutes=150) + session.VISIT_PAUSE * 2):
        page = client.get("/en/my/").content.decode()
        assert "New since your visit on 14 October 2026" in page
        assert "Your contributions have no new replies. No new document cites or answers them." in page


def test_the_first_visit_says_nothing_of_one_before(client, participant, sign_in):
    sign_in(participant)
    assert "New since" not in client.get("/en/my/").content.decode()


def test_what_people_wrote_is_shown_and_never_run(client, thread, participant, moderator, sign_in):
    edition = world.published(participant, moderator, thread)
    sign_in(participant)
    session = client.session
    session["visit"] = {"since": clock.now().isoformat(), "seen": ""}
    session.save()
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):
        world.published(world.person("<script>alert(1)</script>"), moderator, thread, in_reply_to=edition.contribution)
        page = client.get("/en/my/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


def test_without_scripts_the_link_leads_to_ones_own_page(client, participant, sign_in):
    sign_in(participant)
    assert client.get("/en/account/login/", headers={"Referer": "http://testserver/en/about/how/"}).url == "/en/my/"


@pytest.mark.once
def test_public_pages_are_the_same_bytes_for_somebody_who_is_signed_in(client, participant, sign_in):
    before = client.get("/en/about/how/").content
    sign_in(participant)
    assert client.get("/en/about/how/").content == before
    assert before.count(b"<script") == 1


@pytest.mark.once
def test_the_script_is_tiny():
    assert len(gzip.compress(Path(finders.find("me.js")).read_bytes())) < 1000
