"""Once a year owners are asked to confirm their entries; an unconfirmed one is marked, then leaves the lists."""

import datetime
import re

import pytest

from plenara.core import clock, tasks
from plenara.directory import actions, emails
from plenara.directory.models import Listing
from tests import world
from tests.directory import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return world.person("Aminata Diallo")


@pytest.fixture
def curator(db):
    return making.curator()


def after(**span):
    return clock.at(clock.now() + datetime.timedelta(**span))


def look():
    emails.enqueue_yearly_review()
    tasks.run_all()


def as_now(listing):
    return Listing.objects.get(pk=listing.pk)


@pytest.fixture
def listings(owner, curator):
    made = [making.published(owner, curator), making.published(owner, curator, "project")]
    tasks.run_all()
    return made


def test_an_owner_gets_one_email_for_all_entries_and_none_before_a_year(listings, owner, mailoutbox):
    before = len(mailoutbox)
    with after(days=364):
        look()
    assert len(mailoutbox) == before
    with after(days=366):
        look()
        look()
    assert len(mailoutbox) == before + 1
    assert "Sahel Digital Network" in mailoutbox[-1].body and "Libraries online" in mailoutbox[-1].body


def test_opening_the_link_confirms_nothing_and_its_button_confirms_all(listings, owner, client, mailoutbox):
    with after(days=366):
        look()
        path = re.search(r"/en/directory/confirm/\S+/", mailoutbox[-1].body)[0]
        assert "Yes, everything is still correct" in client.get(path).content.decode()
        assert as_now(listings[0]).asked_at
        assert client.post(path).status_code == 200
        assert all(as_now(each).asked_at is None and as_now(each).confirmed_at == clock.now() for each in listings)
    assert client.get("/en/directory/confirm/forged/").status_code == 404


def test_without_an_answer_it_is_marked_then_leaves_the_lists_and_one_click_brings_it_back(listings, owner, curator):
    one = listings[0]
    with after(days=366):
        look()
    with after(days=397):
        look()
        assert as_now(one).doubted_at and as_now(one).places.exists()
    with after(days=488):
        look()
        assert as_now(one).archived_at and not as_now(one).places.exists()
        assert as_now(one).details and as_now(one).state == "published"  # its page stays
        actions.confirm(actor=owner, listing=one)
        assert as_now(one).is_listed and as_now(one).places.exists() and not as_now(one).doubted_at


def test_a_change_answers_too(listings, owner):
    with after(days=397):
        emails.review_due("2027-12-01", 1)
        details = {**making.ORGANIZATION, "acronym": "ReSN"}
        actions.revise(actor=owner, listing=listings[0], details=details, language="en")
        assert as_now(listings[0]).asked_at is None


def test_what_nobody_keeps_is_asked_of_nobody_and_marked_all_the_same(listings, mailoutbox):
    Listing.objects.update(owner=None)
    before = len(mailoutbox)
    with after(days=366):
        look()
    with after(days=397):
        look()
    assert len(mailoutbox) == before and as_now(listings[0]).doubted_at


def test_a_link_confirms_only_what_its_reader_still_keeps(listings, owner, client):
    path = f"/en/directory/confirm/{emails.confirmation_token(owner, listings)}/"
    Listing.objects.filter(pk=listings[0].pk).update(owner=world.person("Someone else"), asked_at=clock.now())
    client.post(path)
    assert as_now(listings[0]).asked_at


def test_an_erased_account_takes_its_own_entry_and_leaves_the_others_without_an_owner(listings, owner, curator):
    from plenara.accounts.actions import erase

    person = making.published(owner, curator, "person")
    waits = making.proposed(owner, "project", title={"en": "It waits"})
    erase(actor=owner, choice="participant")
    assert as_now(person).state == "withdrawn" and as_now(waits).state == "withdrawn"
    assert {str(each.details) for one in (person, waits) for each in one.versions.all()} == {"{}"}
    assert as_now(listings[0]).is_listed and as_now(listings[0]).owner is None
