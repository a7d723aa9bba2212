"""Events on the first page and on the page of the consultation that they prepare; odd addresses of the calendar."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core import clock
from tests import world
from tests.events import entered

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/"


@pytest.fixture(autouse=True)
def today(noon):
    """It is 14 October 2026."""
    with clock.at(noon):
        yield noon


def get(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_names_what_comes_next_and_leads_to_the_whole_calendar(client, today):
    assert "Next events" not in get(client, "/en/")
    world.consultation("internet-governance", closes_at=today + datetime.timedelta(days=2))
    entered.event("It is over", dates=entered.days("2026-10-01T09:00"))
    for number in range(1, 6):
        entered.event(f"Meeting {number}", dates=entered.days(f"2026-11-0{number}T09:00"))
    page = get(client, "/en/")
    assert "It is over" not in page and "Meeting 4" not in page
    there = ("Consultation closes", "Meeting 1", "Meeting 2", "Meeting 3", '<a href="/en/events/">Whole calendar</a>')
    places = [page.index(each) for each in there]
    assert places == sorted(places)


def test_a_consultation_names_the_meetings_that_prepare_it_and_those_held_on_it(client):
    world.consultation("internet-governance")
    world.consultation("another")
    assert "Meetings" not in get(client, HERE)
    entered.event("To come", prepares="internet-governance")
    entered.event(
        "Was held",
        prepares="internet-governance",
        dates=entered.days("2026-09-01T09:00"),
        report={"url": "https://x.example/"},
    )
    entered.event("Of another", prepares="another")
    page = get(client, HERE)
    assert (
        page.index("Upcoming meetings") < page.index("To come") < page.index("Past meetings") < page.index("Was held")
    )
    assert "Of another" not in page and "With a report" in page
    assert "/en/events/?consultation=internet-governance" in page
    assert 'Took place in preparation for <a href="/en/consultations/internet-governance/">' in get(
        client, "/en/events/2/"
    )


def test_these_pages_ask_a_fixed_number_of_questions_however_full_the_calendar_is(client):
    world.consultation("internet-governance")

    def counted():
        found = []
        for path in ("/en/", HERE):
            with CaptureQueriesContext(connection) as queries:
                get(client, path)
            found.append(len(queries))
        return found

    def make(count):
        for number in range(count):
            for day in ("2026-09-01", "2026-11-01"):
                entered.event(f"E{number}", prepares="internet-governance", themes=["C1"], dates=entered.days(day))

    make(2)
    few = counted()
    make(15)
    assert counted() == few


@pytest.mark.parametrize(
    "address",
    [
        "?from=99991231T235959999999-e999999999999999999",
        "?from=00010101T000000000000-c1",
        "?from=00000000T000000000000-e1",
        "?from=%00&tz=%00&theme=%00&country=%00&language=%00&consultation=%00&organization=%00",
        "?organization=999999999&theme=" + "C" * 5000,
        "?tz=" + "A" * 5000,
        "past/?from=99991231T235959999999-o1",
    ],
)
def test_an_odd_address_is_answered_like_any_other(client, address):
    entered.event()
    get(client, f"/en/events/{address}")
    assert client.get(f"/en/events/calendar.ics{address.removeprefix('past/')}").status_code == 200


@pytest.mark.parametrize("number", ["99999999999999999999999", "4294967296", "00"])
def test_a_number_that_nothing_has_is_not_found(client, number):
    assert client.get(f"/en/events/{number}/").status_code == 404
    assert client.get(f"/en/events/{number}/event.ics").status_code == 404
