"""An organization is verified by an e-mail to its own domain, or by the secretariat; and a verification ends."""

import datetime
import re
import threading

import pytest
from django.db import connection

from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.directory import actions, permissions, personal_data
from plenara.directory.models import Proof
from plenara.directory.queries import lookup, verification
from tests import world
from tests.accounts.test_erase_at_once import at_once
from tests.directory import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def owner(db):
    return world.person("Aminata Diallo")


@pytest.fixture
@made_once
def curator(db):
    return making.curator()


@pytest.fixture
@made_once
def organization(owner, curator):
    made = making.published(owner, curator)
    tasks.run_all()
    return made


def link(mailoutbox):
    email = mailoutbox[-1]
    return email, re.search(r"/en/organizations/verify/[\w-]+/", email.body)[0]


def asked(organization, owner, mailoutbox, mailbox="info"):
    actions.ask_for_proof(actor=owner, organization=organization, mailbox=mailbox)
    tasks.run_all()
    return link(mailoutbox)


def test_the_link_verifies_when_the_button_is_pressed_and_not_when_it_is_opened(
    organization, owner, client, mailoutbox
):
    email, path = asked(organization, owner, mailoutbox)
    assert email.to == ["info@sahel-numerique.example"]
    assert "Sahel Digital" not in email.body + email.subject
    assert "Confirm this entry" in client.get(path).content.decode() and not lookup.current_verifications(
        [organization.pk]
    )
    assert client.post(path).status_code == 200
    assert client.post(path).status_code == 200  # a double click
    verification = lookup.current_verifications([organization.pk])[organization.pk]
    assert (verification.method, verification.domain) == ("mail", "sahel-numerique.example")


def test_a_used_an_old_and_an_invented_link_verify_nothing(organization, owner, curator, client, mailoutbox):
    _email, path = asked(organization, owner, mailoutbox)
    with clock.at(clock.now() + datetime.timedelta(days=3, minutes=1)):
        assert client.post(path).status_code == 409
    client.post(path)
    actions.end_verification(actor=curator, organization=organization)
    assert client.post(path).status_code == 409
    assert client.get("/en/organizations/verify/nothing/").status_code == 404


def test_an_address_that_is_none_or_cannot_be_reached_is_no_longer_stored_either(organization, owner, monkeypatch):
    def refused(**_email):
        raise tasks.Abort

    monkeypatch.setattr("plenara.email.delivery.send", refused)
    actions.ask_for_proof(actor=owner, organization=organization, mailbox="nobody.here")
    tasks.run_all()
    queued = BackgroundTask.objects.filter(task="directory.send_proof")
    assert queued.get().done_at and "nobody.here" not in str(queued.values())
    queued.update(done_at=None, failed_at=clock.now(), arguments={"address": "nobody.here@sahel-numerique.example"})
    with clock.at(clock.now() + datetime.timedelta(days=4)):
        personal_data.sweep()
    assert not queued.exists()


def test_the_address_is_stored_nowhere_once_the_message_is_sent(organization, owner, mailoutbox):
    asked(organization, owner, mailoutbox, "secret.box")
    kept = [
        *Proof.objects.values_list("address_digest", "domain"),
        *BackgroundTask.objects.values_list("arguments", "key"),
    ]
    assert "secret.box" not in str(kept)


@pytest.mark.parametrize("mailbox", ["", "a@b", "a b", "a\nBcc: x", "info..x", ".info", "info.", "é", "x" * 70, "<a>"])
def test_what_is_before_the_at_is_plain(organization, owner, mailbox):
    with pytest.raises(InvalidInput, match="before the"):
        actions.ask_for_proof(actor=owner, organization=organization, mailbox=mailbox)


@pytest.mark.parametrize("site", ["https://mail.gmail.com/", "https://orange.fr/", "https://sites.google.com/x", ""])
def test_where_anybody_has_an_address_nothing_is_sent(owner, curator, site):
    listing = making.published(owner, curator, site=site)
    with pytest.raises(InvalidInput):
        actions.ask_for_proof(actor=owner, organization=listing, mailbox="info")
    assert not Proof.objects.exists()


def test_messages_are_few_a_day(organization, owner, curator, mailoutbox):
    before = len(mailoutbox)
    for _time in range(3):  # the third to the same address is not sent, and nobody is notified
        actions.ask_for_proof(actor=owner, organization=organization, mailbox="info")
    tasks.run_all()
    assert len(mailoutbox) - before == 2
    for number in range(3):
        actions.ask_for_proof(actor=owner, organization=organization, mailbox=f"info{number}")
    with pytest.raises(InvalidInput, match="Too many links"):
        actions.ask_for_proof(actor=owner, organization=organization, mailbox="other")
    with clock.at(clock.now() + datetime.timedelta(days=1, minutes=1)):
        actions.ask_for_proof(actor=owner, organization=organization, mailbox="other")


@pytest.mark.django_db(transaction=True)
def test_several_people_who_ask_at_once_about_one_domain_send_no_more(monkeypatch, mailoutbox):
    curator, owners = making.curator(), [world.person(f"Owner {number}") for number in range(6)]
    listings = [making.published(owner, curator) for owner in owners]
    tasks.run_all()
    barrier, hold = threading.Barrier(len(owners)), permissions.lock_sender

    def held(person):
        hold(person)
        if connection.vendor == "postgresql":  # SQLite lets one in at a time
            barrier.wait(300)

    monkeypatch.setattr(permissions, "lock_sender", held)
    asking = [
        lambda owner=owner, listing=listing: actions.ask_for_proof(actor=owner, organization=listing, mailbox="info")
        for owner, listing in zip(owners, listings, strict=True)
    ]
    assert [error for error in at_once(*asking) if error] == []
    assert Proof.objects.count() == verification.BY_ADDRESS


def test_only_the_owner_asks(organization, curator):
    for stranger in (world.person("Someone else"), curator):
        with pytest.raises(NotPermitted):
            actions.ask_for_proof(actor=stranger, organization=organization, mailbox="info")


def test_the_secretariat_verifies_with_a_note_that_nobody_reads(organization, curator, client):
    with pytest.raises(InvalidInput):
        actions.verify(actor=curator, organization=organization, note=" ")
    actions.verify(actor=curator, organization=organization, note="A letter of the ministry.")
    actions.verify(actor=curator, organization=organization, note="A letter of the ministry.")
    assert organization.verifications.count() == 1
    page = client.get(f"/en/organizations/{organization.number}/")
    assert page.status_code == 200 and "A letter of the ministry" not in page.content.decode()


def test_nobody_vouches_for_their_own_and_no_participant_for_any(organization, owner, curator):
    own = making.published(curator, making.curator("Second"), name={"en": "Kestrel Observatory"})
    for person, listing in ((curator, own), (owner, organization), (world.person("Outsider"), organization)):
        with pytest.raises(NotPermitted):
            actions.verify(actor=person, organization=listing, note="I know them.")


def test_another_site_ends_it_and_the_same_domain_does_not(organization, owner, curator):
    actions.verify(actor=curator, organization=organization, note="By telephone.")
    details = {**making.ORGANIZATION, "site": "https://sahel-numerique.example/fr/"}
    actions.revise(actor=owner, listing=organization, details=details, language="fr")
    making.decided(organization, curator)
    assert lookup.current_verifications([organization.pk])
    actions.revise(actor=owner, listing=organization, details={**details, "site": "https://x.example/"}, language="fr")
    assert lookup.current_verifications([organization.pk])  # not before a moderator has read it
    making.decided(organization, curator)
    assert not lookup.current_verifications([organization.pk])


def test_a_link_of_the_former_site_verifies_nothing(organization, owner, curator, client, mailoutbox):
    _email, path = asked(organization, owner, mailoutbox)
    details = {**making.ORGANIZATION, "site": "https://other.example/"}
    actions.revise(actor=owner, listing=organization, details=details, language="fr")
    making.decided(organization, curator)
    assert client.post(path).status_code == 409


def test_the_page_answers_the_same_whatever_the_mailbox(organization, owner, sign_in):
    client = sign_in(owner)
    path = f"/en/my/listings/{organization.pk}/verify/"
    answers = {client.post(path, {"mailbox": box}, follow=True).content for box in ("info", "nobody-there")}
    pages = [re.sub(rb'value="[^"]+"', b"", each) for each in answers]
    assert all(b"If this address exists" in each for each in pages)
