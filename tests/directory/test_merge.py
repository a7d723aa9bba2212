"""Two entries for the same thing become one."""

import pytest

from plenara.contributions.models import OrganizationMark
from plenara.core import clock
from plenara.core.models import UNDO_TIME
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.directory import actions
from plenara.directory.models import Listing
from plenara.directory.queries import duplicates, lookup
from tests import world
from tests.directory import making
from tests.directory.test_represent import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return world.person("Moussa Keita")


@pytest.fixture
def curator(db):
    return making.curator("Keeper")


@pytest.fixture
def two(owner, curator):
    """Two entries of one organization, of two owners."""
    other = world.person("Other owner")
    return (
        making.published(owner, curator),
        making.published(other, curator, name={"en": "Sahel Digital Net"}, site=""),
    )


def test_the_address_of_the_one_leads_to_the_other_for_good(two, curator, client):
    source, target = two
    actions.merge(actor=curator, source=source, target=target)
    answer = client.get(f"/fr/organizations/{source.number}/")
    assert answer.status_code == 301 and answer["Location"].endswith(f"/fr/organizations/{target.number}/")
    assert lookup.named([source.number], "en")[source.number].number == target.number
    assert not Listing.objects.get(pk=source.pk).places.exists()
    similar = duplicates.likely("organization", making.ORGANIZATION)
    assert source not in [each.listing for each in similar]


def test_representatives_of_the_one_represent_the_other_and_its_marks_are_the_others(
    two, owner, curator, author, moderator, thread
):
    source, target = two
    target.details |= {"site": source.details["site"]}
    target.save()
    actions.verify(actor=curator, organization=source, note="By letter.")
    speaking = named(owner, source, author)
    world.published(author, moderator, thread)
    actions.merge(actor=curator, source=source, target=target)
    again = target.representatives.get(person=author, until=None)
    assert again.since == speaking.since and not source.representatives.filter(until=None).exists()
    assert OrganizationMark.objects.get().organization == target
    assert not lookup.current_verifications([source.pk, target.pk])  # a moderator verifies the other again


def test_representatives_of_an_entry_of_another_domain_represent_nobody_and_its_marks_vanish(
    two, owner, curator, author, moderator, thread, client
):
    source, target = two
    actions.verify(actor=curator, organization=source, note="By letter.")
    named(owner, source, author)
    edition = world.published(author, moderator, thread)
    page = f"/en/consultations/{edition.consultation.slug}/contributions/{edition.number}/"
    assert "verified by the moderators of the directory" in client.get(page).content.decode()
    actions.merge(actor=curator, source=source, target=target)
    assert not target.representatives.exists()
    assert OrganizationMark.objects.get().organization == source  # never rewritten
    assert "verified by the moderators of the directory" not in client.get(page).content.decode()
    assert edition.symbol not in client.get(f"/en/organizations/{target.number}/contributions/").content.decode()


def test_a_second_click_changes_nothing_and_a_second_merger_is_refused(two, owner, curator):
    source, target = two
    actions.merge(actor=curator, source=source, target=target)
    actions.merge(actor=curator, source=source, target=target)
    third = making.published(world.person("Third"), curator, name={"en": "Sahel Net"})
    with pytest.raises(AlreadyDone):
        actions.merge(actor=curator, source=source, target=third)
    with pytest.raises(AlreadyDone):
        actions.merge(actor=curator, source=third, target=source)
    actions.merge(actor=curator, source=target, target=third)
    assert Listing.objects.get(pk=source.pk).merged_into == third  # one step, however often


def test_only_a_person_who_moderates_and_keeps_neither_merges(two, owner, curator):
    source, target = two
    for person in (owner, world.person("Stranger")):
        with pytest.raises(NotPermitted):
            actions.merge(actor=person, source=source, target=target)
    own = making.published(curator, making.curator("Second"), name={"en": "Kestrel Observatory"})
    with pytest.raises(InvalidInput, match=r"You maintain one of these entries, so another moderator decides on them."):
        actions.merge(actor=curator, source=own, target=target)


def test_only_published_entries_of_one_kind_are_merged(two, curator):
    _source, target = two
    project = making.published(world.person("Third"), curator, "project")
    waiting = making.proposed(world.person("Fourth"), name={"en": "It waits"})
    for wrong in (project, waiting, target):
        with pytest.raises(InvalidInput):
            actions.merge(actor=curator, source=wrong, target=target)


def test_an_entry_without_an_owner_goes_to_the_owner_of_the_other(two, curator, owner):
    source, target = two
    Listing.objects.filter(pk=target.pk).update(owner=None)
    actions.merge(actor=curator, source=source, target=target)
    assert Listing.objects.get(pk=target.pk).owner == owner


def test_a_moderator_merges_at_the_desk_after_a_question(two, curator, sign_in):
    source, target = two
    client = sign_in(curator)
    form = {"of": "organization", "source": source.number, "target": target.number}
    assert "You can undo the merge for 30 seconds" in client.post("/en/desk/directory/", form).content.decode()
    assert not Listing.objects.get(pk=source.pk).merged_into
    for _click in range(2):
        assert client.post("/en/desk/directory/", {**form, "sure": "1"}).status_code == 302
    assert not Listing.objects.get(pk=source.pk).merged_into  # it can still be undone
    with clock.at(clock.now() + UNDO_TIME):
        run_all()
    assert Listing.objects.get(pk=source.pk).merged_into == target
    assert client.post("/en/desk/directory/", {**form, "target": "99"}).status_code == 422


def test_what_somebody_says_of_themselves_they_take_back_also_when_it_was_merged(curator, owner, client):
    source, target = (
        making.published(each, curator, "person", name=name)
        for each, name in ((owner, "Moussa Keita"), (world.person("Moussa K."), "Moussa Keïta"))
    )
    actions.merge(actor=curator, source=source, target=target)
    client.force_login(owner)
    assert f"/en/my/listings/{source.pk}/withdraw/" in client.get(f"/en/my/listings/{source.pk}/").content.decode()
    assert client.post(f"/en/my/listings/{source.pk}/withdraw/").status_code == 302
    source.refresh_from_db()
    assert source.details == {} and not source.versions.exclude(details={}).exists()
    assert client.get(f"/en/people/{source.number}/").status_code == 301
    assert client.get(f"/en/people/{target.number}/").status_code == 200
