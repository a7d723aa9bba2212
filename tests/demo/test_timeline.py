"""A made-up history is played in the order of time, and never reaches into the future."""

import datetime
import zoneinfo

import pytest

from plenara.core import clock
from plenara_sample import SLUGS, content, installation
from plenara_sample.timeline import Story, Timeline

ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")
NOON = datetime.datetime(2026, 10, 14, 12, 0, tzinfo=datetime.UTC)


def moments(timeline):
    return [(event.name, event.at) for event in timeline.in_order()]


def ago(**span):
    return NOON - datetime.timedelta(**span)


def test_acts_are_done_in_the_order_of_time_whatever_the_order_of_adding():
    timeline = Timeline(NOON)
    timeline.add(ago(days=1), "second", list)
    timeline.add(ago(days=2), "first", list)
    timeline.add(ago(days=1), "third, told later", list)
    assert [name for name, _at in moments(timeline)] == ["first", "second", "third, told later"]


def test_what_would_lie_in_the_future_happened_a_few_minutes_ago_in_its_order():
    timeline = Timeline(NOON)
    timeline.add(ago(hours=1), "an hour ago", list)
    timeline.add(ago(hours=-1), "in an hour", list)
    timeline.add(ago(hours=-2), "in two hours", list)
    assert moments(timeline) == [
        ("an hour ago", ago(hours=1)),
        ("in an hour", ago(minutes=4)),
        ("in two hours", ago(minutes=3)),
    ]


def test_what_happened_just_before_makes_room():
    timeline = Timeline(NOON)
    timeline.add(ago(minutes=3, seconds=20), "just now", list)
    timeline.add(ago(hours=-1), "in an hour", list)
    assert moments(timeline) == [("just now", ago(minutes=4)), ("in an hour", ago(minutes=3))]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime.datetime(2026, 10, 14, 21, 30, tzinfo=datetime.UTC), 14),  # 23:30 in Zurich
        (datetime.datetime(2026, 10, 14, 22, 30, tzinfo=datetime.UTC), 15),  # half past midnight there
    ],
)
def test_days_are_counted_in_the_zone_of_the_consultation(now, day):
    moment = Timeline(now).day(0, "12:00", ZURICH)
    assert moment.astimezone(ZURICH).replace(tzinfo=None) == datetime.datetime(2026, 10, day, 12, 0)


def test_a_time_that_a_clock_skips_is_a_moment_all_the_same():
    after_easter = datetime.datetime(2026, 3, 30, 12, 0, tzinfo=datetime.UTC)
    assert Timeline(after_easter).day(1, "02:25", ZURICH) == datetime.datetime(2026, 3, 29, 1, 25, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_each_act_is_done_at_its_moment_and_progress_is_reported():
    timeline, seen, progress = Timeline(NOON), [], []
    for days in (2, 1):
        timeline.add(ago(days=days), f"{days} days ago", lambda: seen.append(clock.now()))
    timeline.play(lambda done, total: progress.append((done, total)))
    assert seen == [ago(days=2), ago(days=1)]
    assert progress == [(1, 2), (2, 2)]


@pytest.mark.django_db
def test_an_act_that_fails_says_which_it_was():
    timeline = Timeline(NOON)
    timeline.add(ago(days=1), "c33 withdrawn", lambda: {}["nobody"])
    with pytest.raises(KeyError) as failed:
        timeline.play(lambda done, total: None)
    assert failed.value.__notes__ == ["in the demo's history: c33 withdrawn, 2026-10-13 12:00 UTC"]


@pytest.mark.parametrize("hour", range(24))
def test_whoever_speaks_for_an_organization_has_come_before_whatever_the_hour(hour):
    zones = {slug: zoneinfo.ZoneInfo(content(f"{slug}/consultation")["timezone"]) for slug in SLUGS}
    story = Story(Timeline(datetime.datetime(2026, 11, 26, hour, 37, tzinfo=datetime.UTC)), zones)
    installation._add_history(story)
    names = [event.name for event in story.timeline.in_order()]
    speaking = [name for name in names if name.endswith(" speaks")]
    assert speaking
    for name in speaking:
        assert names.index(name.removesuffix(" speaks")) < names.index(name)
