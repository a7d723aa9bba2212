"""The days on which a rule of repetition falls (RFC 5545, RRULE), as far as meetings use it, and never more than asked.

Each day from the first on is asked whether the rule names it: ten years are some thousand questions, whatever is
written. What would need hours (every second of a century) or names no end is refused before anything is reckoned.
"""

import calendar
import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"})
_BY_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
#: Days that are looked at.
_SPAN = datetime.timedelta(days=3653)


class NotUnderstood(ValueError):
    """A rule that is not for meetings, or that nobody can read. Its text is a code of `importing`."""


@dataclass(frozen=True)
class Rule:
    """A rule of repetition: what of it meetings use."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime.date | None = None
    by_day: tuple[tuple[int, int], ...] = ()  # ordinal (0: each) and day of the week (0: Monday)
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    week_start: int = field(default=0)

    @classmethod
    def read(cls, given: Mapping[str, list[object]]) -> "Rule":
        """Return the rule whose parts are given. Raises `NotUnderstood`."""
        parts = {name.upper(): [str(each).upper() for each in values] for name, values in given.items()}
        frequency = parts.get("FREQ", [""])[0]
        if frequency not in _FREQUENCIES or set(parts) - _KNOWN:
            raise NotUnderstood("rule")
        if "COUNT" not in parts and "UNTIL" not in parts:
            raise NotUnderstood("endless")
        until = given.get("UNTIL", [None])[0]
        return cls(
            frequency,
            interval=max(_whole(parts.get("INTERVAL", ["1"])[0]), 1),
            count=_whole(parts["COUNT"][0]) if "COUNT" in parts else None,
            until=_day(until) if until is not None else None,
            by_day=tuple(_by_day(each) for each in parts.get("BYDAY", [])[:60]),
            by_month_day=tuple(_whole(each) for each in parts.get("BYMONTHDAY", [])[:62]),
            by_month=tuple(_whole(each) for each in parts.get("BYMONTH", [])[:12]),
            week_start=_DAYS.index(parts.get("WKST", ["MO"])[0]) if parts.get("WKST", ["MO"])[0] in _DAYS else 0,
        )

    def days(self, first: datetime.date, most: int) -> Iterator[datetime.date]:
        """Yield the days of the rule from the first on: at most `most` + 1, so that too many are seen to be so."""
        found = 0
        if first > datetime.date(9980, 1, 1):
            raise NotUnderstood("date")
        last = min(self.until or first + _SPAN, first + _SPAN)
        day = first
        while day <= last:
            if day == first or self.names(day, first):
                yield day
                found += 1
                if found > most or found == self.count:
                    return
            day += datetime.timedelta(days=1)
        if (self.count and found < self.count) or (self.until and self.until > last):
            raise NotUnderstood("long")

    def names(self, day: datetime.date, first: datetime.date) -> bool:
        """Say whether the rule, begun on a first day, names a later one."""
        if self.by_month and day.month not in self.by_month:
            return False
        match self.frequency:
            case "DAILY":
                return (day - first).days % self.interval == 0 and self._fits_month_day(day) and self._fits_day(day)
            case "WEEKLY":
                weeks = (_week(day, self.week_start) - _week(first, self.week_start)).days // 7
                wanted = {weekday for _nth, weekday in self.by_day} or {first.weekday()}
                return weeks % self.interval == 0 and day.weekday() in wanted
            case "MONTHLY":
                months = (day.year - first.year) * 12 + day.month - first.month
                return months % self.interval == 0 and self._fits_in_month(day, first)
        years = day.year - first.year
        if years % self.interval or (not self.by_month and not self.by_day and day.month != first.month):
            return False
        if self.by_day and not self.by_month and any(nth for nth, _weekday in self.by_day):
            raise NotUnderstood("rule")  # the twentieth Monday of the year
        return self._fits_in_month(day, first)

    def _fits_in_month(self, day: datetime.date, first: datetime.date) -> bool:
        if not self.by_day and not self.by_month_day:
            return day.day == first.day
        return self._fits_month_day(day) and self._fits_day(day)

    def _fits_month_day(self, day: datetime.date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        return not self.by_month_day or day.day in {
            each if each > 0 else length + 1 + each for each in self.by_month_day
        }

    def _fits_day(self, day: datetime.date) -> bool:
        if not self.by_day:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        return any(day.weekday() == weekday and nth in {0, from_start, from_end} for nth, weekday in self.by_day)


def _week(day: datetime.date, starts: int) -> datetime.date:
    return day - datetime.timedelta(days=(day.weekday() - starts) % 7)


def _whole(written: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", written):
        raise NotUnderstood("rule")
    return int(written)


def _by_day(written: str) -> tuple[int, int]:
    found = _BY_DAY.fullmatch(written)
    if found is None:
        raise NotUnderstood("rule")
    return int(found[1] or 0), _DAYS.index(found[2])


def _day(until: object) -> datetime.date:
    if isinstance(until, datetime.datetime):
        return until.date()
    if isinstance(until, datetime.date):
        return until
    raise NotUnderstood("rule")
