"""A listing is proposed, decided on by a moderator of the community, changed, withdrawn."""

import time

import pytest

from plenara.core import tasks
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.directory import actions, validation
from plenara.directory.models import Listing
from plenara.moderation.models import Code, Item
from tests import world
from tests.directory import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return world.person("Aminata Diallo", language="fr")


@pytest.fixture
def curator(db):
    return making.curator()


@pytest.mark.parametrize("kind", ["organization", "person", "project"])
def test_what_is_proposed_is_pending_and_is_published_by_a_moderator(owner, curator, kind):
    listing = making.proposed(owner, kind)
    assert listing.state == "pending" and listing.number is None and listing.details == {}
    assert Item.objects.filter(kind=kind, object_id=listing.pk).exists()
    listing = making.decided(listing, curator)
    assert (listing.state, listing.number) == ("published", 1)
    assert listing.details == making.DETAILS[kind] and listing.confirmed_at


def test_the_same_form_twice_makes_one(owner):
    details = making.ORGANIZATION
    one = actions.propose(actor=owner, kind="organization", details=details, language="fr", key="k")
    two = actions.propose(actor=owner, kind="organization", details=details, language="fr", key="k")
    assert one == two and Listing.objects.count() == 1


def test_a_person_who_proposes_gets_a_receipt_in_their_language(owner, mailoutbox):
    making.proposed(owner)
    tasks.run_all()
    assert len(mailoutbox) == 1 and "Sahel Digital Network" in mailoutbox[0].body


def test_a_revision_waits_while_what_is_published_stays(owner, curator):
    listing = making.published(owner, curator)
    actions.revise(actor=owner, listing=listing, details={**making.ORGANIZATION, "acronym": "ReSN"}, language="fr")
    listing.refresh_from_db()
    assert listing.details["acronym"] == "RSN"
    assert making.decided(listing, curator).details["acronym"] == "ReSN"


def test_what_was_returned_is_sent_again(owner, curator):
    listing = making.decided(making.proposed(owner), curator, Code.RETURNED, reason="E1")
    assert listing.state == "returned"
    actions.send_again(actor=owner, listing=listing, details=making.ORGANIZATION, language="fr")
    assert making.decided(listing, curator).state == "published"


def test_what_is_withdrawn_is_gone_at_once_and_keeps_its_number(owner, curator):
    listing = making.published(owner, curator)
    actions.withdraw(actor=owner, listing=listing)
    actions.withdraw(actor=owner, listing=listing)
    listing.refresh_from_db()
    assert (listing.state, listing.details, listing.number) == ("withdrawn", {}, 1)
    assert not listing.places.exists() and not listing.name_keys.exists()


def test_nothing_of_a_person_who_withdraws_is_kept(owner, curator):
    listing = making.published(owner, curator, "person")
    actions.withdraw(actor=owner, listing=listing)
    assert {each.details == {} for each in listing.versions.all()} == {True}


def test_nobody_has_two_entries_of_themselves(owner, curator):
    making.proposed(owner, "person")
    with pytest.raises(InvalidInput, match="already"):
        making.proposed(owner, "person")


def test_a_stranger_changes_nothing(owner, curator):
    listing, stranger = making.published(owner, curator), world.person("Someone else")
    with pytest.raises(NotPermitted):
        actions.revise(actor=stranger, listing=listing, details=making.ORGANIZATION, language="fr")
    with pytest.raises(NotPermitted):
        actions.withdraw(actor=stranger, listing=listing)


def test_a_person_who_is_suspended_proposes_nothing_but_may_withdraw(owner, curator):
    listing = making.published(owner, curator)
    owner.suspended_at = listing.published_at
    owner.save()
    with pytest.raises(NotPermitted):
        making.proposed(owner, "project")
    actions.withdraw(actor=owner, listing=listing)


def test_a_new_account_has_three_entries_waiting_at_most(owner):
    for number in range(3):
        making.proposed(owner, "project", title={"en": f"Project number {number}"})
    with pytest.raises(InvalidInput, match="3 of your entries are waiting"):
        making.proposed(owner, "project", title={"en": "One more"})


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "＠" * 60_000, "a@" * 60_000, "a@" + "b" * 300_000, "2000 " * 500 + "3000000", "1 (" * 60_000],
)
def test_no_text_takes_long_to_be_looked_at(text):
    began = time.process_time()
    validation.no_address({"about": {"en": text}})
    assert time.process_time() - began < 20  # quadratic time would take minutes
