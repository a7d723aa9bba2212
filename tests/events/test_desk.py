"""The calendar's desk: an event is found by its title; duplicates and unverified organizers are listed."""

import pytest

from plenara.core import clock
from plenara.directory import actions as directory
from plenara.events.dates import moment
from plenara.events.queries import events
from tests import world
from tests.directory import making as listings
from tests.events import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
DESK = "/en/desk/events/"


@pytest.fixture
@made_once
def curator(db):
    return making.curator()


@pytest.fixture
@made_once
def event(curator):
    return making.published(world.person("Owner"), curator)


@pytest.fixture
def before():
    with clock.at(moment("2026-11-20T09:00", "UTC")):
        yield


@pytest.mark.parametrize("asked", ["village networks", "networks village", "réseaux", "1"])
def test_an_event_is_found_by_words_of_its_title_in_any_language_or_by_its_number(asked, event, curator, sign_in):
    page = sign_in(curator).get(DESK, {"q": asked}).content.decode()
    assert 'id="found"' in page and f"/en/desk/moderation/event/{event.pk}/published/" in page


def test_the_next_date_of_a_repeated_event_is_shown_and_the_last_one_once_all_are_past(curator, sign_in):
    dates = [{"start": f"2026-{month}-10T09:00", "end": f"2026-{month}-10T12:30"} for month in (10, 11, 12)]
    with clock.at(moment("2026-09-01T09:00", "UTC")):
        making.published(world.person("Owner"), curator, making.details(dates=dates))
    for now, shown in (("2026-09-01", "10 October"), ("2026-11-01", "10 November"), ("2027-01-02", "10 December")):
        with clock.at(moment(f"{now}T09:00", "UTC")):
            page = sign_in(curator).get(DESK, {"q": "village"}).content.decode()
            assert [each for each in ("10 October", "10 November", "10 December") if each in page] == [shown]


def test_an_empty_result_is_reported_and_other_people_are_refused(event, curator, sign_in):
    assert "No published event has this title" in sign_in(curator).get(DESK, {"q": "x" * 999}).content.decode()
    assert sign_in(world.person("Stranger")).get(DESK).status_code == 403


def test_events_of_a_like_title_on_one_day_are_listed_and_those_of_another_day_are_not(before, event, curator, sign_in):
    other = making.published(
        world.person("Other"), curator, making.details(title={"en": "Workshop on the village networks"})
    )
    later = [{"start": "2026-12-20T09:00", "end": "2026-12-20T12:30"}]
    making.published(world.person("Third"), curator, making.details(dates=later))
    (pair,) = events.doubles()
    assert {pair.first, pair.second} == {event, other}
    assert "Possible duplicate events" in sign_in(curator).get(DESK).content.decode()


def test_coming_events_of_an_organizer_that_is_not_verified_are_listed(before, curator, sign_in):
    organization = listings.published(world.person("Owner"), curator)
    event = making.published(world.person("Maker"), curator, making.details(organizer=organization.number))
    assert events.unverified() == ([event], 0)
    page = sign_in(curator).get(DESK).content.decode()
    assert (
        f"/en/desk/directory/organization/{organization.number}/" in page
        and DESK in sign_in(curator).get("/en/desk/").content.decode()
    )
    directory.verify(actor=curator, organization=organization, note="By letter.")
    assert events.unverified() == ([], 0)
