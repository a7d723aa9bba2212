"""The desk of the directory: searching by name, duplicates, unverified entries, known facts, and the half minute."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.models import UNDO_TIME, AuditEntry, BackgroundTask, Queue
from plenara.core.refusals import AlreadyDone, NotPermitted
from plenara.core.tasks import run_all
from plenara.directory import actions
from plenara.directory.models import Distinction, Listing
from plenara.directory.queries import desk, lookup
from plenara.directory.queries.lookup import name_of
from tests import world
from tests.directory import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
DESK = "/en/desk/directory/"


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
    return making.published(owner, curator)


def later():
    with clock.at(clock.now() + UNDO_TIME):
        run_all()


def page(client, address=DESK, **asked):
    return client.get(address, asked).content.decode()


@pytest.mark.parametrize("asked", ["Sahel", "sahel numérique", "RSN", "Сахель", "Numérique", "1"])
def test_an_entry_is_found_by_a_part_of_its_name_its_acronym_in_another_script_or_its_number(
    asked, organization, curator, sign_in
):
    shown = page(sign_in(curator), q=asked)
    assert 'id="found"' in shown and f"{DESK}organization/{organization.number}/" in shown


def test_a_name_says_in_which_language_it_is(organization, curator, sign_in):
    found = page(sign_in(curator), DESK.replace("/en/", "/zh/"), q="Sahel").partition('id="found"')[2]
    language = name_of(organization).language
    assert language and f'<bdi lang="{language}">' in found.partition("</li>")[0]


def test_a_name_that_nobody_has_is_answered_by_a_sentence_and_an_unpublished_entry_is_not_found(
    organization, owner, curator, sign_in
):
    making.proposed(owner, name={"en": "Kestrel Observatory"})
    client = sign_in(curator)
    for asked in ("Kestrel", "x" * 5000, "%_'\"<b>"):
        assert "No published entry has this name or number." in page(client, q=asked)
    assert 'id="found"' not in page(client, q="Sahel", kind="person")


def test_entries_that_look_alike_are_listed_with_a_link_that_merges_them(organization, curator, sign_in):
    other = making.published(world.person("Other"), curator, name={"en": "Sahel Digital Net"}, acronym="RSN")
    making.published(world.person("Third"), curator, name={"en": "Kestrel Observatory"}, acronym="KO", site="")
    (pair,) = desk.doubles()
    assert {pair.first, pair.second} == {organization, other}
    assert f"source={other.number}&amp;target={organization.number}#merge" in page(sign_in(curator))
    actions.merge(actor=curator, source=other, target=organization)
    assert desk.doubles() == [] and "There are no similar entries." in page(sign_in(curator))


def test_two_that_look_alike_and_are_not_the_same_are_kept_apart_and_not_shown_again(organization, curator, sign_in):
    other = making.published(world.person("Other"), curator, name={"en": "Sahel Digital Net"}, acronym="RSN")
    client = sign_in(curator)
    shown = page(client)
    value = f"organization-{organization.number}-{other.number}"
    assert f'name="distinguish" value="{value}"' in shown and "Mark these two entries as different" in shown
    for _click in range(2):
        after = client.post(DESK, {"distinguish": value}, follow=True).content.decode()
    assert "will be marked as different entries." in after and "There are no similar entries." in after
    task = BackgroundTask.objects.get(task="directory.carry_out")
    assert "The decision was undone." in client.post(f"{DESK}undo/{task.pk}/", follow=True).content.decode()
    later()
    assert desk.doubles() and not Distinction.objects.exists()
    client.post(DESK, {"distinguish": value})
    later()
    row = Distinction.objects.get()
    assert (row.first, row.second, row.by) == (organization, other, curator)
    assert AuditEntry.objects.filter(verb="listing.distinguished", actor_id=curator.pk).count() == 1
    assert desk.doubles() == []
    assert "Possible duplicates" not in page(client, f"{DESK}organization/{other.number}/")
    client.post(DESK, {"distinguish": value})
    assert not BackgroundTask.objects.filter(done_at=None, task="directory.carry_out").exists()


def test_nobody_keeps_apart_what_they_keep_themselves_or_what_is_not_there(organization, curator, sign_in):
    own = making.published(curator, making.curator("Second"), name={"en": "Sahel Digital Net"}, acronym="RSN")
    client = sign_in(curator)
    for value, said in [
        (f"organization-{organization.number}-{own.number}", "another moderator decides on them."),
        (f"organization-{organization.number}-{organization.number}", "Choose another entry"),
        ("organization-1-99999", "No published entry has this number."),
        ("", "No published entry has this number."),
        ("x-y-" + "9" * 5000, "No published entry has this number."),
    ]:
        assert said in client.post(DESK, {"distinguish": value}, follow=True).content.decode()
    assert not BackgroundTask.objects.filter(task="directory.carry_out").exists()
    assert sign_in(world.person("Stranger")).post(DESK, {"distinguish": "x"}).status_code == 403


def test_whether_two_are_the_same_does_not_hold_up_another_decision(organization, curator):
    other = making.published(world.person("Other"), curator, name={"en": "Sahel Digital Net"}, acronym="RSN")
    actions.decide_to_distinguish(actor=curator, first=other, second=organization)
    actions.decide_to_verify(actor=curator, organization=organization, note="By letter.")
    later()
    assert lookup.current_verifications([organization.pk]) and Distinction.objects.count() == 1


def test_organizations_that_nobody_verified_are_listed_those_that_asked_first_and_a_page_at_a_time(
    organization, owner, curator, sign_in
):
    for number in range(desk.PAGE + 3):
        making.published(world.person(f"Owner {number}"), curator, name={"en": f"Body {number}"}, acronym="", site="")
    actions.ask_for_proof(actor=owner, organization=organization, mailbox="info")
    first = desk.unverified()
    assert first.rows[0] == organization and len(first.rows) == desk.PAGE + 1 and first.after
    assert len(desk.unverified(first.after).rows) == 3
    client = sign_in(curator)
    assert "sahel-numerique.example" in page(client) and f"?unverified={first.after}#unverified" in page(client)
    actions.verify(actor=curator, organization=organization, note="By letter.")
    assert organization not in desk.unverified().rows


def test_before_verifying_a_moderator_sees_site_domain_and_owner_but_no_address(organization, owner, curator, sign_in):
    one = f"{DESK}organization/{organization.number}/"
    client = sign_in(curator)
    for address, says in [
        ("aminata@sahel-numerique.example", "sahel-numerique.example: the domain of the website"),
        ("aminata@mail.sahel-numerique.example", ": the domain of the website"),
        ("aminata@gmail.com", "gmail.com: anyone can get an address at this domain"),
        ("aminata@elsewhere.example", "elsewhere.example: not the domain of the website"),
    ]:
        Person.objects.filter(pk=owner.pk).update(email=address, organization="Réseau Sahel Numérique")
        shown = page(client, one)
        assert says in shown and "aminata@" not in shown
    assert (
        'href="https://www.sahel-numerique.example/"' in shown
        and "The person’s profile names this organization" in shown
    )


def test_of_a_site_where_anybody_has_a_page_the_desk_says_so(owner, curator, sign_in):
    listing = making.published(owner, curator, site="https://sites.google.com/x")
    shown = page(sign_in(curator), f"{DESK}organization/{listing.number}/")
    assert "Anyone can get a page or an e-mail address at this domain" in shown


def test_a_verification_can_be_undone_for_half_a_minute_and_is_there_after_it(organization, curator, sign_in):
    client, one = sign_in(curator), f"{DESK}organization/{organization.number}/"
    for _click in range(2):
        client.post(one, {"what": "verify", "note": "A letter of the ministry."})
    task = BackgroundTask.objects.get(task="directory.carry_out")
    assert "A letter" not in str(task.arguments)  # ids, no texts
    assert task.queue == Queue.URGENT  # "This happens in 30 seconds", whatever else is to be done
    shown = page(client, one)
    assert "Until then, you can undo it." in shown and not lookup.current_verifications([organization.pk])
    assert "Until then, you can undo it." in page(client)
    after = client.post(f"{DESK}undo/{task.pk}/", follow=True).content.decode()
    assert "The decision was undone." in after and "Until then" not in after
    later()
    assert not organization.verifications.exists()
    assert client.post(f"{DESK}undo/{task.pk}/").status_code == 302  # a double click
    client.post(one, {"what": "verify", "note": "A letter of the ministry."})
    later()
    verification = lookup.current_verifications([organization.pk])[organization.pk]
    assert (verification.note, verification.by, organization.verifications.count()) == (
        "A letter of the ministry.",
        curator,
        1,
    )


def test_the_end_of_a_verification_and_a_merger_can_be_undone_too(organization, curator):
    actions.verify(actor=curator, organization=organization, note="By letter.")
    other = making.published(world.person("Other"), curator, name={"en": "Sahel Digital Net"})
    actions.decide_to_end(actor=curator, organization=organization)
    actions.decide_to_merge(actor=curator, source=other, target=organization)
    for task in BackgroundTask.objects.filter(task="directory.carry_out"):
        actions.undo_decision(actor=curator, task=task)
    later()
    assert lookup.current_verifications([organization.pk]) and Listing.objects.get(pk=other.pk).merged_into is None
    actions.decide_to_end(actor=curator, organization=organization)
    actions.decide_to_merge(actor=curator, source=other, target=organization)
    later()
    assert (
        not lookup.current_verifications([organization.pk])
        and Listing.objects.get(pk=other.pk).merged_into == organization
    )


def test_nobody_undoes_what_another_decided_or_what_is_done(organization, curator, sign_in):
    actions.decide_to_verify(actor=curator, organization=organization, note="By letter.")
    task = BackgroundTask.objects.get(task="directory.carry_out")
    with pytest.raises(NotPermitted):
        actions.undo_decision(actor=making.curator("Second"), task=task)
    sign_in(making.curator("Third")).post(f"{DESK}undo/{task.pk}/")
    assert sign_in(world.person("Stranger")).post(f"{DESK}undo/{task.pk}/").status_code == 403
    later()
    assert lookup.current_verifications([organization.pk])
    with pytest.raises(AlreadyDone, match="already been carried out"):
        actions.undo_decision(actor=curator, task=task)


def test_what_happened_within_the_half_minute_is_not_overruled(organization, owner, curator):
    actions.decide_to_verify(actor=curator, organization=organization, note="By letter.")
    actions.withdraw(actor=owner, listing=organization)
    later()
    assert not organization.verifications.filter(ended_at=None).exists()
    assert BackgroundTask.objects.get(task="directory.carry_out").done_at


def test_the_desk_asks_as_often_however_many_entries_there_are(organization, curator, sign_in):
    client = sign_in(curator)

    def made(number):
        who = world.person(f"Owner {number}")
        making.published(who, curator, name={"en": f"Body of {number}"}, acronym="B", site="")

    def queries():
        with CaptureQueriesContext(connection) as found:
            page(client, q="Body")
        return len(found)

    for number in range(3):
        making.published(
            world.person(f"Owner {number}"), curator, name={"en": f"Body of {number}"}, acronym="B", site=""
        )
    few = queries()
    for number in range(3, 9):
        making.published(
            world.person(f"Owner {number}"), curator, name={"en": f"Body of {number}"}, acronym="B", site=""
        )
    assert queries() <= few
