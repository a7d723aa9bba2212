"""The dates of a schedule, in the consultation's zone and by the secretariat's calendar."""

import datetime

import pytest

from plenara.consultations.models import Consultation
from plenara.summaries.models import Schedule
from plenara.summaries.schedule import queries

ZURICH = Consultation(timezone="Europe/Zurich", working_days=[1, 2, 3, 4, 5], holidays=["2026-10-19"])


def at(text):
    return datetime.datetime.fromisoformat(text)


def local(moment):
    return moment.astimezone(ZURICH.zone).isoformat()


@pytest.mark.parametrize(
    ("every", "weekday", "after", "ends"),
    [
        ("week", 5, "2026-10-14T12:00+02:00", "2026-10-16T23:59:59+02:00"),
        ("week", 5, "2026-10-16T12:00+02:00", "2026-10-16T23:59:59+02:00"),  # today counts until it ends
        ("week", 5, "2026-10-16T23:59:59+02:00", "2026-10-23T23:59:59+02:00"),
        ("two_weeks", 7, "2026-10-20T00:00+02:00", "2026-10-25T23:59:59+01:00"),  # the day on which clocks change
        ("month", 5, "2026-10-14T12:00+02:00", "2026-10-30T23:59:59+01:00"),
        ("month", 5, "2026-10-31T12:00+01:00", "2026-11-27T23:59:59+01:00"),
        ("month", 3, "2026-12-31T12:00+01:00", "2027-01-27T23:59:59+01:00"),
        ("month", 7, "2027-02-28T23:59:59+01:00", "2027-03-28T23:59:59+02:00"),
    ],
)
def test_a_period_ends_with_the_first_of_its_days_that_is_not_over(every, weekday, after, ends):
    schedule = Schedule(every=every, weekday=weekday)
    assert local(queries.next_cut(schedule, ZURICH, at(after))) == ends


@pytest.mark.parametrize(
    ("every", "following"),
    [
        ("week", "2026-10-23T23:59:59+02:00"),
        ("two_weeks", "2026-10-30T23:59:59+01:00"),
        ("four_weeks", "2026-11-13T23:59:59+01:00"),
        ("month", "2026-10-30T23:59:59+01:00"),
    ],
)
def test_the_next_period_ends_so_many_weeks_later(every, following):
    schedule = Schedule(every=every, weekday=5)
    assert local(queries.cut_after(schedule, ZURICH, at("2026-10-16T23:59:59+02:00"))) == following


def test_where_the_day_was_changed_the_next_period_ends_on_the_new_one():
    schedule = Schedule(every="two_weeks", weekday=3)
    assert local(queries.cut_after(schedule, ZURICH, at("2026-10-16T23:59:59+02:00"))) == "2026-11-04T23:59:59+01:00"


def test_after_an_absence_periods_join():
    schedule = Schedule(every="week", weekday=5)
    cut = queries.last_due(schedule, ZURICH, at("2026-10-02T23:59:59+02:00"), at("2026-10-20T08:00+02:00"))
    assert local(cut) == "2026-10-16T23:59:59+02:00"


@pytest.mark.parametrize(
    ("days", "due"),
    [(1, "2026-10-20"), (2, "2026-10-21"), (5, "2026-10-26"), (0, "2026-10-16")],  # the 19th is a holiday
)
def test_weekends_and_holidays_are_no_working_days(days, due):
    found = queries.working_days_after(at("2026-10-16T23:59:59+02:00"), days, ZURICH)
    assert local(found).startswith(f"{due}T23:59:59")


def test_a_secretariat_that_never_works_does_not_hang():
    never = Consultation(timezone="UTC", working_days=[], holidays=[])
    assert queries.working_days_after(at("2026-10-16T12:00+00:00"), 3, never) > at("2027-01-01T00:00+00:00")


@pytest.mark.parametrize(
    ("now", "is_last"),
    [("2026-10-16", True), ("2026-10-17", True), ("2026-10-15", False), ("2026-10-20", True), ("2026-10-25", True)],
)
def test_the_reminder_comes_when_no_working_day_lies_between(now, is_last):
    due = at("2026-10-20T23:59:59+02:00")  # a Tuesday; Monday is a holiday
    assert queries.is_last_working_day(due, at(f"{now}T09:00+02:00"), ZURICH) is is_last
