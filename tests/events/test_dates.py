"""Local hours become moments, across every change of clocks."""

import datetime

import pytest

from plenara.events import dates

BERLIN, SAO_PAULO, CASABLANCA, APIA = "Europe/Berlin", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia"


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-01-15T09:00", BERLIN, "2026-01-15T08:00"),
        ("2026-07-15T09:00", BERLIN, "2026-07-15T07:00"),
        ("2026-03-29T01:59", BERLIN, "2026-03-29T00:59"),  # the last minute before clocks go forward
        ("2026-03-29T02:30", BERLIN, "2026-03-29T01:30"),  # skipped: 03:30
        ("2026-03-29T03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),  # twice: the first
        ("2026-10-25T03:00", BERLIN, "2026-10-25T02:00"),
        ("2018-12-01T12:00", SAO_PAULO, "2018-12-01T14:00"),  # when it still had summer time
        ("2019-12-01T12:00", SAO_PAULO, "2019-12-01T15:00"),  # when it had no more
        ("2018-11-04T00:30", SAO_PAULO, "2018-11-04T03:30"),  # midnight itself was skipped
        ("2026-02-10T12:00", CASABLANCA, "2026-02-10T11:00"),
        ("2026-03-10T12:00", CASABLANCA, "2026-03-10T12:00"),  # in Ramadan clocks are an hour back
        ("2011-12-29T12:00", APIA, "2011-12-29T22:00"),
        ("2011-12-31T12:00", APIA, "2011-12-30T22:00"),  # the 30th did not exist
        ("1999-12-31T23:59", "Asia/Kathmandu", "1999-12-31T18:14"),
        ("2026-06-01", BERLIN, "2026-06-01T00:00"),  # whole days have no zone
        ("2026-06-01", APIA, "2026-06-01T00:00"),
    ],
)
def test_the_hour_at_a_place_is_this_moment(local, zone, utc):
    assert dates.moment(local, zone) == datetime.datetime.fromisoformat(utc).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("local", "zone", "skipped", "twice"),
    [
        ("2026-03-29T02:30", BERLIN, True, False),
        ("2026-03-29T03:00", BERLIN, False, False),
        ("2026-10-25T02:30", BERLIN, False, True),
        ("2026-10-25T01:59", BERLIN, False, False),
        ("2011-12-30T12:00", APIA, True, False),
        ("2018-11-04T00:30", SAO_PAULO, True, False),
        ("2026-03-29", BERLIN, False, False),
    ],
)
def test_hours_that_a_change_of_clocks_skips_or_repeats_are_known(local, zone, skipped, twice):
    assert (dates.is_skipped(local, zone), dates.comes_twice(local, zone)) == (skipped, twice)


@pytest.mark.parametrize(
    "local",
    [
        "2026-W10-1",
        "",
        "2026-13-01",
        "2026-02-30T10:00",
        "2026-02-03T10",
        "2026-02-03T10:00:00",
        "2026-02-03T10:00Z",
        "20260203",
    ],
)
def test_what_is_no_local_time_is_refused(local):
    with pytest.raises(ValueError):
        dates.read(local)


def test_whole_days_end_at_the_midnight_after_the_last_one():
    starts, ends = dates.span("2026-12-01", "2026-12-03", BERLIN)
    assert (starts.isoformat(), ends.isoformat()) == ("2026-12-01T00:00:00+00:00", "2026-12-04T00:00:00+00:00")


def test_an_end_is_never_before_its_beginning_whatever_clocks_do():
    starts, ends = dates.span("2026-03-29T02:59", "2026-03-29T03:00", BERLIN)
    assert starts == ends


def test_the_dates_of_an_event_are_cancelled_each_or_all():
    two = [
        {"number": 1, "start": "2026-12-01T09:00", "end": "2026-12-01T10:00", "cancelled": True},
        {"number": 3, "start": "2026-12-02", "end": "2026-12-02"},
    ]
    event = {"title": {"en": "A"}, "dates": two, "timezone": BERLIN}
    found = [(each.number, each.is_whole_days, each.is_cancelled) for each in dates.occurrences_of(event)]
    assert found == [(1, False, True), (3, True, False)]
    assert all(each.is_cancelled for each in dates.occurrences_of({**event, "cancelled": True}))
