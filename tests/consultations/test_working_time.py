"""How long something waits, in the working time of a secretariat."""

import datetime

import pytest

from plenara.consultations.models import Consultation
from plenara.consultations.working_time import Calendar, due, promised_minutes, working_minutes

pytestmark = pytest.mark.once

HOUR = 60
DAY = 24 * HOUR


def secretariat(zone="UTC", **fields):
    return Consultation(timezone=zone, **fields)


def at(day, hour=0, minute=0):
    """Return a moment of October 2026, in UTC: the 12th is a Monday."""
    return datetime.datetime(2026, 10, day, hour, minute, tzinfo=datetime.UTC)


def hours(since, until, **fields):
    return working_minutes(since, until, secretariat(**fields)) / HOUR


def test_a_working_day_counts_its_24_hours():
    assert hours(at(12, 9), at(13, 9)) == 24
    assert hours(at(12, 9), at(12, 9, 30)) == 0.5


def test_a_weekend_counts_nothing():
    assert hours(at(16, 12), at(19, 12)) == 24  # from Friday noon to Monday noon
    assert hours(at(17, 1), at(18, 23)) == 0
    assert hours(at(17, 12), at(20)) == 24  # what comes on a Saturday begins to wait on Monday


def test_a_holiday_counts_nothing():
    assert hours(at(13, 12), at(15, 12), holidays=["2026-10-14"]) == 24


def test_some_work_from_sunday_to_thursday():
    assert hours(at(16), at(19), working_days=[7, 1, 2, 3, 4]) == 24


def test_who_works_on_no_day_is_never_late():
    never = secretariat(working_days=[])
    assert working_minutes(at(1), at(31), never) == 0
    assert Calendar(never, at(31)).moment_before(1) < at(1) - datetime.timedelta(days=1000)


@pytest.mark.parametrize("since", [at(12, 9), at(15, 20, 30), at(16, 12), at(17, 3), at(18, 23)])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_decision_is_due_when_the_promised_time_has_been_worked(since, zone):
    ours = secretariat(zone, promise_working_days=2, holidays=["2026-10-14"])
    moment = due(ours, since)
    assert working_minutes(since, moment, ours) == promised_minutes(ours) == 2 * DAY
    assert working_minutes(since, moment - datetime.timedelta(minutes=1), ours) < 2 * DAY
    assert due(secretariat(zone, working_days=[]), since) is None


def test_days_are_those_of_the_consultations_zone():
    # In Auckland Monday begins at 11:00 UTC on Sunday; in Los Angeles Friday ends at 07:00 UTC on Saturday.
    assert hours(at(18), at(18, 12), zone="Pacific/Auckland") == 1
    assert hours(at(17), at(17, 12), zone="America/Los_Angeles") == 7


def test_a_day_on_which_clocks_change_counts_the_hours_that_it_has():
    every_day = {"working_days": [1, 2, 3, 4, 5, 6, 7], "zone": "Europe/Zurich"}
    assert hours(at(24, 22), at(25, 23), **every_day) == 25  # the 25th of October, by its midnights
    spring = datetime.datetime(2026, 3, 28, 23, tzinfo=datetime.UTC)
    assert hours(spring, spring + datetime.timedelta(days=2), **every_day) == 48


def test_what_comes_later_has_not_waited():
    assert hours(at(13), at(12)) == 0


def test_seconds_are_not_rounded_up():
    assert working_minutes(at(12), at(12) + datetime.timedelta(seconds=119), secretariat()) == 1


def test_the_moment_before_is_the_one_since_which_that_much_was_worked():
    calendar = Calendar(secretariat("Asia/Kolkata", holidays=["2026-10-14"]), at(20, 7, 3))
    for minutes in (0, 1, 400, DAY, DAY + 1, 3 * DAY, 7 * DAY):
        moment = calendar.moment_before(minutes)
        assert calendar.minutes_since(moment) == minutes
        assert calendar.minutes_since(moment - datetime.timedelta(minutes=1)) >= minutes


def test_one_calendar_gives_the_same_as_one_for_each_question():
    where = secretariat("America/Santiago", holidays=["2026-09-18"])
    calendar = Calendar(where, at(20, 7, 3))
    for back in range(0, 4000, 7):
        since = at(20) - datetime.timedelta(hours=back)
        assert calendar.minutes_since(since) == working_minutes(since, at(20, 7, 3), where)


def test_fifty_rows_that_have_waited_for_a_year_look_at_each_day_once(monkeypatch):
    looked_at, begin = [], Calendar._begin
    monkeypatch.setattr(Calendar, "_begin", lambda self, day: looked_at.append(day) or begin(self, day))
    year = at(20) - datetime.timedelta(days=365)
    calendar = Calendar(secretariat("Europe/Zurich"), at(20))
    for row in range(50):
        calendar.minutes_since(year + datetime.timedelta(hours=row))
    assert len(looked_at) == len(set(looked_at)) <= 367


def test_a_promise_is_counted_in_working_days():
    assert promised_minutes(secretariat(promise_working_days=2)) == 48 * HOUR
