"""Days are drawn one by one, or in longer spans where there would be too many."""

import datetime

import pytest

from plenara.insights.presenters import MOST, series

START = datetime.date(2024, 1, 30)


def spread(days, step=1):
    return {START + datetime.timedelta(days=n): 1 for n in range(0, days, step)}


@pytest.mark.parametrize(
    ("days", "span"),
    [(1, "day"), (MOST, "day"), (MOST + 1, "week"), (7 * MOST - 10, "week"), (7 * MOST + 7, "month"), (5000, "year")],
)
def test_a_span_of_time_is_the_shortest_of_which_there_are_few_enough(days, span):
    found = series(spread(days))
    assert found.span == span
    assert len(found.counts) <= MOST
    assert sum(found.counts.values()) == days, "nothing is lost"


def test_days_without_a_contribution_stand_between_the_others():
    found = series({START: 2, START + datetime.timedelta(days=4): 3, None: 9})
    assert list(found.counts.values()) == [2, 0, 0, 0, 3]
    assert found.most == 3


def test_weeks_begin_on_monday_and_months_on_the_first():
    assert all(day.weekday() == 0 for day in series(spread(200)).counts)
    assert all(day.day == 1 for day in series(spread(2000, 40)).counts)


def test_of_an_archive_of_centuries_the_latest_hundred_and_twenty_years_are_drawn():
    found = series({datetime.date(1, 1, 1): 1, datetime.date(2026, 1, 1): 1})
    assert (len(found.counts), min(found.counts).year, max(found.counts).year) == (MOST, 1907, 2026)


def test_the_last_day_that_there_can_be_is_drawn():
    assert series({datetime.date.max: 1, datetime.date.max - datetime.timedelta(days=3): 1}).most == 1


def test_nothing_gives_nothing():
    assert series({}).counts == {}
    assert series({None: 4}).counts == {}
