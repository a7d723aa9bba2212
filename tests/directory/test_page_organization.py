"""An organization's page lists contributions of its representatives, events, people and projects."""

import re

import pytest

from plenara.contributions.models import Edition
from plenara.contributions.models.record import Dispute, OrganizationMark
from plenara.core import clock
from plenara.directory.models import Verification
from tests import world
from tests.directory import listed
from tests.events import entered as calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def verified():
    """An organization that is verified, and the verification."""
    made = listed.organization({"en": "Sahel Networks"})
    return made, Verification.objects.create(organization=made, method="mail", domain="sahel.example")


def marked(edition, verified):
    """Return an edition that carries an organization's mark."""
    OrganizationMark.objects.create(edition=edition, organization=verified[0], verification=verified[1])
    return edition


def opened(client, organization, below=""):
    return client.get(f"/en/organizations/{organization.number}/{below}").content.decode()


def test_contributions_of_its_representatives_are_on_its_page_the_newest_first(
    client, verified, author, moderator, thread
):
    for at in range(7):
        marked(world.published(author, moderator, thread, f"Word number {at}."), verified)
    world.published(author, moderator, thread, "Not in its name.")
    page = opened(client, verified[0])
    assert re.findall(r"Word number \d", page) == [f"Word number {at}" for at in (6, 5, 4, 3, 2)]
    assert "Not in its name" not in page
    assert f"/en/organizations/{verified[0].number}/contributions/" in page
    assert len(re.findall(r"Word number \d", opened(client, verified[0], "contributions/"))) == 7


def test_all_contributions_are_read_page_by_page(client, verified, author, moderator, thread, monkeypatch):
    from plenara.site.queries import overviews

    monkeypatch.setattr(overviews.represented, "__kwdefaults__", {"start": None, "limit": 2})
    for at in range(5):
        marked(world.published(author, moderator, thread, f"Word number {at}."), verified)
    forth, seen = f"/en/organizations/{verified[0].number}/contributions/", []
    while forth:
        page = client.get(forth).content.decode()
        seen += re.findall(r"Word number \d", page)
        found = re.search(r'<a href="([^"]+)" rel="next"', page)
        last, forth = forth, found[1] if found else ""
    assert seen == [f"Word number {at}" for at in (4, 3, 2, 1, 0)]
    back = re.search(r'<a href="([^"]+)" rel="prev"', client.get(last).content.decode())[1]
    assert re.findall(r"Word number \d", client.get(back).content.decode()) == ["Word number 2", "Word number 1"]
    assert client.get(f"/en/organizations/{verified[0].number}/contributions/from/1/").status_code in {200, 404}
    assert client.get("/en/organizations/99/contributions/").status_code == 404


def test_what_was_withdrawn_or_disowned_is_not_there(client, verified, author, moderator, thread):
    from plenara.contributions.actions import withdraw

    gone = marked(world.published(author, moderator, thread, "Withdrawn words."), verified)
    withdraw(actor=author, contribution=gone.contribution)
    disowned = marked(world.published(author, moderator, thread, "Disowned words."), verified)
    Dispute.objects.create(edition=disowned, organization=verified[0], status=Dispute.Status.UPHELD)
    pending = marked(world.published(author, moderator, thread, "Disputed words."), verified)
    Dispute.objects.create(edition=pending, organization=verified[0])
    page = opened(client, verified[0])
    assert "Withdrawn words" not in page and "Disowned words" not in page and "Disputed words" in page


def test_members_of_a_merged_one_belong_to_it_and_marks_only_where_the_merger_moved_them(
    client, verified, author, moderator, thread
):
    other = listed.organization("Sahel Network")
    proof = Verification.objects.create(organization=other, method="secretariat")
    marked(world.published(author, moderator, thread, "Said before."), (other, proof))
    listed.person("Aminata Diallo", affiliation=other.number)
    listed.stands(other, merged_into=verified[0])
    page = opened(client, verified[0])
    assert "Aminata Diallo" in page and "Said before." not in page


def test_its_events_people_and_projects_are_there(client, verified):
    number = verified[0].number
    coming = f"{clock.now().year + 1}-03-01T09:00"
    calendar.event("Meeting of networks", organizer=number, dates=calendar.days(coming))
    listed.person("Aminata Diallo", affiliation=number)
    listed.project("Village radio", organizations=[number], progress="running")
    listed.person("Somebody Else")
    page = opened(client, verified[0])
    for words in ("Meeting of networks", "Aminata Diallo", "Village radio", "Running"):
        assert words in page
    assert "Somebody Else" not in page


def test_of_many_people_the_first_are_named_and_the_list_has_all(client, verified):
    for at in range(10):
        listed.person(f"Person {at}", affiliation=verified[0].number)
    page = opened(client, verified[0])
    assert len(re.findall(r">Person \d<", page)) == 8
    assert f"/en/people/?organization={verified[0].number}" in page


@pytest.mark.once
def test_the_page_takes_the_same_number_of_queries_however_much_belongs_to_it(
    client, verified, author, moderator, thread, django_assert_num_queries, django_assert_max_num_queries
):
    def more(*numbers):
        for at in numbers:
            marked(world.published(author, moderator, thread, f"Word {at}."), verified)
            listed.person(f"Person {at}", affiliation=verified[0].number)
            listed.project(f"Project {at}", organizations=[verified[0].number])

    more(1, 2, 3)
    path = f"/en/organizations/{verified[0].number}/"
    with django_assert_max_num_queries(26) as few:
        client.get(path)
    more(*range(4, 16))
    with django_assert_num_queries(len(few)):
        client.get(path)
    assert Edition.objects.count() == 15
