"""Local hours and the moments in UTC that are calculated from them.

The local hour is what was announced, so it is what is stored. A moment in UTC follows from it by the rules of the zone,
and is calculated again when these change. A local time that a clock put forward skips is read with the offset before
the change (02:30 is then 03:30). Of a local time that occurs twice the first is meant.
"""

import datetime
import zoneinfo
from collections.abc import Iterator
from typing import NamedTuple

from plenara.events.models import Date, Details

#: Length of a whole day as text: "2026-12-01". With an hour it is "2026-12-01T09:00".
_DAY = 10
_UTC = datetime.UTC


def is_whole_day(local: str) -> bool:
    """Return whether a local time names a day without an hour."""
    return len(local) == _DAY


def read(local: str) -> datetime.datetime:
    """Return a local time without a zone; of a whole day its midnight. Raises `ValueError`."""
    if is_whole_day(local):
        day = datetime.date.fromisoformat(local)
        if day.isoformat() != local:  # "2026-W10-1" is a day too, but does not sort with others
            raise ValueError(local)
        return datetime.datetime.combine(day, datetime.time())
    found = datetime.datetime.fromisoformat(local)
    if found.tzinfo or f"{found:%Y-%m-%dT%H:%M}" != local:
        raise ValueError(local)
    return found


def moment(local: str, timezone: str) -> datetime.datetime:
    """Return the moment in UTC that a local time in a zone is; of a whole day midnight in UTC. Raises `ValueError`."""
    found = read(local)
    if is_whole_day(local):
        return found.replace(tzinfo=_UTC)
    return found.replace(tzinfo=zoneinfo.ZoneInfo(timezone), fold=0).astimezone(_UTC)


def is_skipped(local: str, timezone: str) -> bool:
    """Return whether a clock put forward skips a local time, so that it does not exist."""
    if is_whole_day(local):
        return False
    return f"{moment(local, timezone).astimezone(zoneinfo.ZoneInfo(timezone)):%Y-%m-%dT%H:%M}" != local


def comes_twice(local: str, timezone: str) -> bool:
    """Return whether a clock put back has a local time twice; `moment` is then the first."""
    if is_whole_day(local) or is_skipped(local, timezone):
        return False
    second = read(local).replace(tzinfo=zoneinfo.ZoneInfo(timezone), fold=1).astimezone(_UTC)
    return second != moment(local, timezone)


class CalculatedDate(NamedTuple):
    """A date of an event, with its moments. For whole days the end is midnight in UTC of the day after the last one."""

    number: int
    starts_local: str
    ends_local: str
    timezone: str
    is_whole_days: bool
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    is_cancelled: bool


def span(start: str, end: str, timezone: str) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the moments of a beginning and an end by local time; the end is never before the beginning."""
    starts = moment(start, timezone)
    ends = moment(end, timezone) + datetime.timedelta(days=1 if is_whole_day(end) else 0)
    # A change of clocks between the two may have swallowed a short meeting.
    return starts, max(starts, ends)


def occurrences_of(details: Details) -> Iterator[CalculatedDate]:
    """Yield the dates of an event in their order in its details."""
    for each in details.get("dates", []):
        yield _calculated(each, details["timezone"], is_cancelled=details.get("cancelled", False))


def _calculated(date: Date, timezone: str, *, is_cancelled: bool) -> CalculatedDate:
    starts, ends = span(date["start"], date["end"], timezone)
    return CalculatedDate(
        number=date["number"],
        starts_local=date["start"],
        ends_local=date["end"],
        timezone=timezone,
        is_whole_days=is_whole_day(date["start"]),
        starts_at=starts,
        ends_at=ends,
        is_cancelled=is_cancelled or date.get("cancelled", False),
    )
