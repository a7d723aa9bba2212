"""Calendar, directory and themes by the API: rows, filters, pages, what is gone, how often the database is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core.life_cycle import State
from plenara.directory.actions import entries
from plenara.directory.models import Listing
from plenara.events.models import Event
from tests import databases, world
from tests.api.answers import ROOT, ask, walk
from tests.bundles.community.making import DAYS, ORGANIZATION, PERSON, PROJECT, community, published, revised

pytestmark = pytest.mark.django_db
EVENTS, ORGANIZATIONS, PEOPLE, PROJECTS = (
    f"{ROOT}{name}" for name in ("events", "organizations", "people", "projects")
)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """A community with everything, and the consultation that an event prepares."""
    with databases.shared(django_db_blocker):
        world.consultation()
        community()
        yield


@pytest.fixture(autouse=True)
def there(made, db):
    """The same for each test; what it changes is undone behind it."""


def numbers(client, path, key="number", under=None):
    """Return the numbers of a list's rows."""
    return [row[key] for row in walk(client, path, under or path.split("?")[0].rsplit("/", 1)[1])]


def test_everything_begins_at_the_index(client):
    links = ask(client, ROOT)["links"]
    for name in ("events", "organizations", "people", "projects", "themes"):
        assert ask(client, links[name])["self"] == links[name]


def test_dates_of_the_calendar_are_sorted_by_their_beginning(client):
    rows = walk(client, EVENTS, "events")
    assert [(row["event"], row["date"]) for row in rows] == [(2, 1), (3, 1), (1, 1), (1, 3), (1, 2)]
    assert rows[2]["starts_at"] == "2026-12-01T08:00:00Z"
    assert (rows[2]["start"], rows[2]["timezone"], rows[2]["sequence"]) == ("2026-12-01T09:00", "Europe/Zurich", 1)
    assert rows[0]["whole_days"] is True
    assert "cancelled_at" in rows[1]
    assert rows[2]["pages"]["zh"].endswith("/zh/events/1/")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_the_calendar_leave_nothing_out_and_say_nothing_twice(limit, client):
    rows = walk(client, f"{EVENTS}?limit={limit}", "events")
    assert len(rows) == len({(row["event"], row["date"]) for row in rows}) == 5


FOUND = [
    ("theme=C2", [1, 1, 1]),
    ("theme=C7-e-health", []),
    ("theme=old", []),
    ("country=CH", [1, 1, 1]),
    ("country=ML", []),
    ("language=fr", [1, 1, 1]),
    ("consultation=internet-governance", [1, 1, 1]),
    ("consultation=nowhere", []),
    ("organization=1", [1, 1, 1]),
    ("organization=2", []),
    ("since=2026-12-01", [1, 1, 1]),
    ("until=2026-11-30", [2, 3]),
    ("since=2026-12-01T08:00:00Z&until=2026-12-01T08:00:00Z", [1, 1]),
    ("theme=C2&country=CH&language=en&organization=1", [1, 1, 1]),
    ("theme=C2&country=ML", []),
    ("until=9999-12-31", [2, 3, 1, 1, 1]),
]


@pytest.mark.parametrize(("query", "found"), FOUND)
def test_the_calendar_is_filtered_as_the_site_filters_it(query, found, client):
    assert numbers(client, f"{EVENTS}?{query}", "event", "events") == found


def test_an_event_has_all_its_dates_those_too_that_were_left_out(client):
    said = ask(client, f"{EVENTS}/1")
    assert [(date["number"], date.get("left_out", False)) for date in said["dates"]] == [
        (1, False),
        (3, False),
        (2, True),
    ]
    assert said["dates"][2]["starts_at"] == "2027-03-28T01:30:00Z"
    assert said["documents"] == [{"title": "Agenda", "url": "https://meet.example/agenda.pdf"}]
    assert said["prepares"] == "internet-governance"


def test_what_is_gone_is_a_problem_that_says_what_is_left(client):
    for path, state in ((f"{EVENTS}/4", "removed"), (f"{ORGANIZATIONS}/4", "removed"), (f"{PEOPLE}/2", "withdrawn")):
        said = ask(client, path, 410)
        assert (said["state"], said["number"]) == (state, int(path[-1]))
        assert "hush" not in str(said).lower()
        assert said["type"].endswith("#/components/responses/EntryGone")


def test_listings_are_sorted_by_number_and_a_gone_or_merged_one_is_a_stub(client):
    rows = walk(client, ORGANIZATIONS, "organizations")
    assert [(row["number"], row["status"]) for row in rows] == [
        (1, "published"), (2, "published"), (3, "merged"), (4, "removed"),
    ]  # fmt: skip
    assert rows[0]["verification"]["method"] == "mail"
    assert rows[2]["merged_into"] == 1
    assert "name" not in rows[2]
    assert "name" not in rows[3]
    assert ask(client, f"{ORGANIZATIONS}/3")["merged_into"] == 1
    assert "archived_at" in rows[1]


LISTED = [
    (f"{ORGANIZATIONS}?theme=C2", [1]),
    (f"{ORGANIZATIONS}?theme=C7", [1]),
    (f"{ORGANIZATIONS}?country=ML", [1]),
    (f"{ORGANIZATIONS}?region=011", [1]),
    (f"{ORGANIZATIONS}?region=002", [1]),
    (f"{ORGANIZATIONS}?region=150", []),
    (f"{ORGANIZATIONS}?group=civil_society", [1]),
    (f"{ORGANIZATIONS}?language=ar", [1]),
    (f"{PEOPLE}?organization=1", [1]),
    (f"{PEOPLE}?organization=3", [1]),
    (f"{PEOPLE}?organization=2", []),
    (f"{PEOPLE}?language=bm", [1]),
    (f"{PROJECTS}?state=running", [1]),
    (f"{PROJECTS}?state=stopped", []),
    (f"{PROJECTS}?country=NE", [1]),
    (f"{PROJECTS}?theme=C2&country=NE&state=running&organization=1", [1]),
]


@pytest.mark.parametrize(("path", "found"), LISTED)
def test_the_directory_is_filtered_as_the_site_filters_it(path, found, client):
    assert numbers(client, path) == found


BAD = [
    (f"{EVENTS}?after=5", "after"),
    (f"{EVENTS}?after=20261201T000000000000-o1", "after"),
    (f"{EVENTS}?country=ml", "country"),
    (f"{EVENTS}?since=soon", "since"),
    (f"{EVENTS}?organization=x", "organization"),
    (f"{EVENTS}?limit=101", "limit"),
    (f"{EVENTS}?consultation=a b", "consultation"),
    (f"{ORGANIZATIONS}?group=army", "group"),
    (f"{ORGANIZATIONS}?region=1", "region"),
    (f"{ORGANIZATIONS}?after=-1", "after"),
    (f"{PROJECTS}?state=stuck", "state"),
    (f"{ROOT}themes?limit=0", "limit"),
    (f"{EVENTS}?theme=a&theme=b", "theme"),
]


@pytest.mark.parametrize(("path", "parameter"), BAD)
def test_a_wrong_value_is_a_problem_that_names_the_parameter(path, parameter, client):
    assert ask(client, path, 400)["parameter"] == parameter


def test_a_place_that_is_no_date_leads_nowhere(client):
    ask(client, f"{EVENTS}?after=99999999T999999999999-e1", 404)


def test_what_a_list_does_not_know_is_ignored(client):
    assert numbers(client, f"{ORGANIZATIONS}?organization=2&tz=x") == [1, 2, 3, 4]
    assert numbers(client, f"{PEOPLE}?state=running") == [1, 2]


def test_themes_are_sorted_by_their_codes_with_all_their_fields(client):
    published_codes = [row["code"] for row in walk(client, f"{ROOT}themes?limit=1", "themes")]
    assert published_codes == ["C2", "C7", "C7-e-health", "old"]
    theme = ask(client, f"{ROOT}themes/C7-e-health")
    assert (theme["broader"], theme["related"]) == ("C7", ["C2"])
    assert ask(client, f"{ROOT}themes/old")["replaced_by"] == "C2"
    assert theme["uri"].endswith("/themes/C7-e-health")
    ask(client, f"{ROOT}themes/C99", 404)


def test_a_revision_and_a_removal_make_answers_new(client):
    paths = [EVENTS, f"{EVENTS}/2", ORGANIZATIONS, f"{ORGANIZATIONS}/2", PEOPLE, PROJECTS]
    before = {path: client.get(path)["ETag"] for path in paths}
    event = Event.objects.get(number=2)
    revised(event, {**event.details, "place": "Kayes"})
    for path in paths:
        status = client.get(path, headers={"if-none-match": before[path]}).status_code
        assert status == (200 if path.startswith(EVENTS) else 304), path
    entries.take_down(Listing.objects.get(of="organization", number=2), State.REMOVED, reason="R2")
    for path in (ORGANIZATIONS, PEOPLE, PROJECTS):
        assert client.get(path, headers={"if-none-match": before[path]}).status_code == 200, path
    assert client.get(f"{ORGANIZATIONS}/2").status_code == 410
    assert ask(client, f"{EVENTS}/2")["place"] == "Kayes"


def test_nothing_that_is_pending_or_private_is_returned(client):
    for path in (EVENTS, ORGANIZATIONS, PEOPLE, PROJECTS):
        for row in walk(client, path, path.rsplit("/", 1)[1]):
            assert "hush" not in str(row).lower()
            assert "owner" not in row


@pytest.mark.once
def test_every_list_takes_the_same_queries_at_5_and_at_60_entries(client):
    paths = [f"{path}{more}" for path in (EVENTS, ORGANIZATIONS, PEOPLE, PROJECTS) for more in ("", "/1")]
    paths += [f"{EVENTS}?theme=C2&country=CH", f"{ORGANIZATIONS}?theme=C2&country=ML", f"{ROOT}themes"]

    def counted():
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            found[path] = len(captured)
        return found

    few = counted()
    for number in range(15):
        published("organization", {**ORGANIZATION, "name": {"en": f"Forum {number}"}})
        published("person", {**PERSON, "name": f"Person {number}"})
        published("project", {**PROJECT, "title": {"en": f"Project {number}"}})
        published("event", {**DAYS, "themes": ["C2"], "country": "CH"})
    assert counted() == few
    assert max(few.values()) <= 12


def test_what_the_search_finds_of_the_community_leads_to_its_place_here(client):
    said = ask(client, f"{ROOT}search?q=Sahel&kind=organization")
    assert [row["self"] for row in said["results"]] == [ask(client, f"{ORGANIZATIONS}/1")["self"]]
    assert "symbol" not in said["results"][0]
