"""The calendar over HTTP, as calendars, feed readers, spreadsheets and programs fetch it."""

import csv
import datetime
import io
import json

import feedparser
import icalendar
import pytest

from plenara.core import clock
from tests import world
from tests.events import entered
from tests.feed_rules import errors

pytestmark = pytest.mark.django_db

FORMS = ["calendar.ics", "feed.atom", "data.csv", "data.json", "1/event.ics"]


def get(client, address, language="en", **headers):
    return client.get(f"/{language}/events/{address}", headers=headers)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("address", FORMS)
def test_a_client_that_has_it_gets_304_until_something_changes(client, address):
    event = entered.event()
    first = get(client, address)
    assert first.status_code == 200 and body(first)
    etag, modified = first["ETag"], first["Last-Modified"]
    for _hour in range(3):
        again = get(client, address, **{"if-none-match": etag})
        assert (again.status_code, body(again), again["ETag"]) == (304, b"", etag)
    assert get(client, address, **{"if-modified-since": modified}).status_code == 304
    entered.cancelled(event)
    changed = get(client, address, **{"if-none-match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag


@pytest.mark.parametrize("address", FORMS)
def test_any_site_s_script_may_read_it_and_no_cookie_is_set(client, address):
    entered.event()
    answer = get(client, address)
    assert answer["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer
    assert "public" in answer["Cache-Control"] and answer["Content-Language"] == "en"


def test_filters_that_differ_are_different_files(client):
    entered.event(country="ML")
    etags = {
        get(client, f"calendar.ics{query}")["ETag"]
        for query in ("", "?country=ML", "?country=FR", "?x=1", "?country=XX")
    }
    assert len(etags) == 3


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_calendar_says_that_it_is_one(client, language):
    entered.event(world.six("Meeting"))
    answer = get(client, "calendar.ics?country=ML", language)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Link"] == f'<http://127.0.0.1:8000/{language}/events/?country=ML>; rel="canonical"'
    found = icalendar.Calendar.from_ical(body(answer))
    assert found["SOURCE"].endswith(f"/{language}/events/calendar.ics?country=ML")


def test_the_file_of_an_event_that_is_gone_says_so(client):
    entered.gone(entered.event("A secret"))
    answer = get(client, "1/event.ics")
    assert answer.status_code == 410 and b"secret" not in body(answer)
    assert get(client, "2/event.ics").status_code == 404


def test_a_feed_is_valid_and_lists_what_changed_last(client, noon):
    with clock.at(noon):
        entered.event("First", themes=["C1"], description={"fr": "**Deux** jours."})
        second = entered.event("Second")
    with clock.at(noon + datetime.timedelta(hours=1)):
        entered.gone(entered.event("A secret"))
    with clock.at(noon + datetime.timedelta(hours=2)):
        entered.cancelled(second)
    answer = get(client, "feed.atom")
    content = body(answer)
    assert not errors(content, f"http://127.0.0.1:8000{answer.request['PATH_INFO']}", answer["Content-Type"])
    feed = feedparser.parse(content)
    assert [each.title for each in feed.entries] == ["Second", "First"]
    assert feed.entries[1].tags[0].term == "C1" and "<strong>Deux</strong>" in feed.entries[1].content[0].value
    assert "1 December 2026" in feed.entries[0].summary
    assert b"deleted-entry" in content and b"secret" not in content


def test_a_table_has_a_row_for_each_date_and_no_formula(client):
    entered.event(
        "=HYPERLINK(1)", dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"), place="+1", themes=["C1", "C2"]
    )
    rows = list(csv.DictReader(io.StringIO(body(get(client, "data.csv")).decode("utf-8-sig"))))
    assert [(each["event"], each["date"], each["starts_at"]) for each in rows] == [
        ("1", "1", "2026-12-01T09:00:00Z"),
        ("1", "2", "2026-12-08T09:00:00Z"),
    ]
    assert (rows[0]["title"], rows[0]["place"], rows[0]["themes"]) == ("'=HYPERLINK(1)", "'+1", "C1 C2")


def test_data_have_every_language_and_say_what_was_asked(client):
    entered.event({"fr": "Ici", "ar": "هنا"}, country="ML")
    entered.event("There", country="FR")
    answer = json.loads(body(get(client, "data.json?country=ML")))
    assert answer["filters"] == {"country": "ML"} and answer["address"].endswith("/events/data.json?country=ML")
    (one,) = answer["dates"]
    assert one["title"] == {"fr": "Ici", "ar": "هنا"} and one["starts"] == "2026-12-01T09:00"


def test_empty_calendars_have_every_form(client):
    for address in FORMS[:4]:
        assert get(client, address).status_code == 200
    assert icalendar.Calendar.from_ical(body(get(client, "calendar.ics"))).subcomponents
