"""From days to what can be drawn: every day, or weeks, months or years where there would be too many."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Columns that a drawing has at most.
MOST = 120

type Day = datetime.date


def _day(day: Day) -> Day:
    return day


def _monday(day: Day) -> Day:
    return day - datetime.timedelta(days=day.weekday())


def _month(day: Day) -> Day:
    return day.replace(day=1)


def _year(day: Day) -> Day:
    return day.replace(month=1, day=1)


#: The spans of time, the shortest first: its name, the first day of the one that a day lies in, and days that lead
#: from there into the next.
SPANS: tuple[tuple[str, Callable[[Day], Day], int], ...] = (
    ("day", _day, 1),
    ("week", _monday, 7),
    ("month", _month, 31),
    ("year", _year, 366),
)


@dataclass(frozen=True)
class Series:
    """How many contributions first appeared in each span of time, from the first to the last, with those between."""

    span: str  # day, week, month or year
    counts: dict[Day, int]  # by the first day of each span

    @property
    def most(self) -> int:
        """The largest of them."""
        return max(self.counts.values(), default=0)


def series(days: Mapping[Day | None, int]) -> Series:
    """Return the days in the shortest spans of which there are few enough; undated ones are left out.

    Of more than a hundred years the latest are told.
    """
    dated = {day: count for day, count in days.items() if day and count}
    if not dated:
        return Series("day", {})
    first, last = min(dated), max(dated)
    for span, begins, step in SPANS:
        if span == "year":
            first = max(first, datetime.date(max(last.year - MOST + 1, 1), 1, 1))
        starts = _starts(begins(first), begins(last), begins, step)
        if len(starts) <= MOST:
            break
    counts = dict.fromkeys(starts, 0)
    for day, count in dated.items():
        if (start := begins(day)) in counts:
            counts[start] += count
    return Series(span, counts)


def _starts(first: Day, last: Day, begins: Callable[[Day], Day], step: int) -> list[Day]:
    """Return the first days of all spans between two; of too many, one more than enough."""
    starts = [first]
    while starts[-1] < last and len(starts) <= MOST:
        starts.append(begins(starts[-1] + datetime.timedelta(days=step)))
    return starts
