"""Time zones as iCalendar has them (RFC 5545, 3.6.5), from the zone data of this machine.

Each change of clocks that a calendar's dates can meet is written out: historic rules, rules of the future, and those
that no recurrence can tell, such as Morocco's Ramadan.
"""

import datetime
import functools
import hashlib
import zoneinfo
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from plenara.events.icalendar_lines import local, text, written

_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)

type _State = tuple[datetime.timedelta, bool, str]


def timezone(name: str, first_year: int, last_year: int) -> str:
    """Return a VTIMEZONE that is right for every moment of these years."""
    return _timezone(name, first_year, last_year, digest_of(name))


@functools.lru_cache(maxsize=1000)
def _timezone(name: str, first_year: int, last_year: int, _digest: str) -> str:
    zone = zoneinfo.ZoneInfo.no_cache(name)
    begins = datetime.datetime(first_year, 1, 1, tzinfo=datetime.UTC) - _DAY
    ends = datetime.datetime(last_year + 1, 1, 1, tzinfo=datetime.UTC) + _DAY
    # What holds at the beginning, then each rule with the moments at which it begins.
    state = _state(zone, begins)
    observances: dict[tuple[_State, datetime.timedelta], list[datetime.datetime]] = {(state, state[0]): [begins]}
    for at, before, after in _changes(zone, begins, ends):
        observances.setdefault((after, before[0]), []).append(at)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for (after, offset), moments in observances.items():
        lines += _observance(after, offset, moments)
    return written([*lines, "END:VTIMEZONE"])


def _observance(state: _State, offset_before: datetime.timedelta, moments: list[datetime.datetime]) -> Iterator[str]:
    offset, is_summer, name = state
    kind = "DAYLIGHT" if is_summer else "STANDARD"
    # A beginning is told by the clock that is about to be changed.
    local_times = [local(at + offset_before) for at in moments]
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local_times[0]}"
    for each in local_times[1:]:
        yield f"RDATE:{each}"
    yield f"TZOFFSETFROM:{_offset(offset_before)}"
    yield f"TZOFFSETTO:{_offset(offset)}"
    yield f"TZNAME:{text(name)}"
    yield f"END:{kind}"


def _state(zone: zoneinfo.ZoneInfo, at: datetime.datetime) -> _State:
    there = at.astimezone(zone)
    return there.utcoffset() or datetime.timedelta(), bool(there.dst()), there.tzname() or ""


def _changes(
    zone: zoneinfo.ZoneInfo, begins: datetime.datetime, ends: datetime.datetime
) -> Iterator[tuple[datetime.datetime, _State, _State]]:
    """Yield the moments at which clocks change: found day by day, then to the second."""
    at, before = begins, _state(zone, begins)
    while at < ends:
        after = _state(zone, at + _DAY)
        if after != before:
            low, high = at, at + _DAY
            while high - low > _SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _state(zone, middle) == before else (low, middle)
            yield high, before, after
            before = after
        at += _DAY


def _offset(offset: datetime.timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    rest = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{rest}"


def digest_of(name: str) -> str:
    """Return the SHA-256 of a zone's data, as this machine has it: where it differs, its rules have changed."""
    for folder in zoneinfo.TZPATH:
        if (file := Path(folder, name)).is_file():
            return hashlib.sha256(file.read_bytes()).hexdigest()
    *region, place = name.split("/")
    packaged = resources.files("tzdata.zoneinfo").joinpath(*region, place)
    return hashlib.sha256(packaged.read_bytes()).hexdigest()
