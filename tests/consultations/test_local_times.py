"""Local times that people type: what clocks skip, what they show twice, zones that do not exist."""

import datetime

import pytest

from plenara.consultations import validation

Z = "Europe/Zurich"


def local(text):
    return datetime.datetime.fromisoformat(text)


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("2026-04-30T23:59", Z, "2026-04-30T21:59"),
        ("2026-01-30T23:59", Z, "2026-01-30T22:59"),
        ("2026-04-30T23:59", "UTC", "2026-04-30T23:59"),
        ("2026-04-30T23:59", "Pacific/Kiritimati", "2026-04-30T09:59"),
        ("2026-04-30T23:59", "Pacific/Pago_Pago", "2026-05-01T10:59"),
        ("2026-04-30T12:00", "Asia/Kathmandu", "2026-04-30T06:15"),
    ],
)
def test_a_local_time_is_read_in_its_zone(typed, zone, moment):
    assert validation.read_moment(local(typed), zone) == (utc(moment), False)


def test_a_time_that_the_clock_skips_is_refused_and_the_next_one_named():
    answer = validation.read_moment(local("2027-03-28T02:30"), Z)
    assert not answer
    assert "The time 02:30 does not exist in Europe/Zurich on that day" in str(answer.sentence)
    assert "03:30" in str(answer.sentence)


def test_a_time_that_comes_twice_means_the_first_or_the_second_as_asked():
    first = validation.read_moment(local("2026-10-25T02:30"), Z)
    second = validation.read_moment(local("2026-10-25T02:30"), Z, second=True)
    assert first == (utc("2026-10-25T00:30"), True)
    assert second == (utc("2026-10-25T01:30"), True)


def test_half_an_hour_is_skipped_on_lord_howe():
    assert not validation.read_moment(local("2026-10-04T02:15"), "Australia/Lord_Howe")
    assert validation.read_moment(local("2026-10-04T02:30"), "Australia/Lord_Howe")


def test_a_year_beyond_reason_is_refused():
    assert not validation.read_moment(local("0026-04-30T23:59"), Z)
    assert not validation.read_moment(local("9999-12-31T23:59"), "Pacific/Pago_Pago")


@pytest.mark.parametrize(
    "name", ["", "Europe/Atlantis", "../../etc/passwd", "europe/zurich", "Europe/Zurich\x00", "CET+1"]
)
def test_a_zone_that_is_none_is_refused(name):
    assert not validation.zone_exists(name)


def test_every_zone_offered_exists_and_utc_comes_first():
    assert validation.zone_choices()[0] == "UTC"
    assert all(validation.zone_exists(name) for name in validation.zone_choices())


def test_a_moment_read_back_is_what_was_typed():
    for typed in ("2026-04-30T23:59", "2026-10-25T02:30", "2026-03-29T03:00"):
        moment = validation.read_moment(local(typed), Z, second=True)
        assert validation.local_moment(moment.at, Z) == local(typed)
