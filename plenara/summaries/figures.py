"""The figures that a summary may tell: recomputed from the record, or standing in the words cited.

What holds is what the record says of the period (contributions, by group, question, language, country and channel;
cited, set aside, left; how many of each are represented; its dates and its length) and of what a statement cites. A
pair holds as a pair: the contributions that a statement cites within something, of all within it.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from plenara.documents.support.counted import group_named
from plenara.documents.support.dates import Day
from plenara.documents.support.figures import DATE, FRACTION, PERCENT, YEAR, Figure
from plenara.documents.support.pairs import Pair
from plenara.summaries.coverage import CITED, LEFT, SET_ASIDE, Coverage, Covered

_BY: tuple[Callable[[Covered], str | int], ...] = (
    lambda each: each.group,
    lambda each: each.language,
    lambda each: each.thread,
    lambda each: each.country,
    lambda each: each.channel,
)


class Whole:
    """Contributions, counted once by each of their properties: statements by the thousand are compared with them."""

    def __init__(self, contributions: list[Covered]):
        self.contributions = contributions
        self.counts = [Counter(map(of, contributions)) for of in _BY]
        self.groups = Counter(each.group for each in contributions)

    def __len__(self) -> int:
        return len(self.contributions)


@dataclass
class Recounted:
    """The numbers and pairs that hold of a statement, or of a frame."""

    numbers: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    of_group: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    numbers_of_group: dict[str, set[int]] = field(default_factory=dict)

    def add(self, part: list[Covered], whole: Whole) -> None:
        """Count a part, and of what it is a part, whole and by each property."""
        self.numbers |= {len(part), len(whole)}
        self._pair(len(part), len(whole))
        for of, theirs in zip(_BY, whole.counts, strict=True):
            mine = Counter(map(of, part))
            self.numbers |= set(mine.values()) | {len([key for key in mine if key])}
            for key, count in theirs.items():
                self._pair(mine[key], count)
            for count in mine.values():
                self._pair(count, len(part))
        for group, count in whole.groups.items():
            mine_of = sum(each.group == group for each in part)
            self.of_group.setdefault(group, set()).update({(mine_of, count), (mine_of, len(part))})
            self.numbers_of_group.setdefault(group, set()).update({mine_of, count})

    def _pair(self, part: int, whole: int) -> None:
        if whole:
            self.pairs.add((part, whole))


@dataclass(frozen=True)
class Period:
    """A period's contributions and its days, in the consultation's zone; the days that the record tells."""

    coverage: Coverage
    first: datetime.date
    last: datetime.date
    days: tuple[datetime.date, ...]  # also when the consultation opened and closes
    questions: frozenset[int]
    statements: int

    @cached_property
    def of_frame(self) -> Recounted:
        """What holds of the period as a whole."""
        return self._of(self.whole)

    @cached_property
    def whole(self) -> Whole:
        return Whole(self.coverage.contributions)

    @cached_property
    def by_question(self) -> dict[int, Whole]:
        """The contributions of each question."""
        found: dict[int, list[Covered]] = {each: [] for each in self.questions}
        for each in self.coverage.contributions:
            found.setdefault(each.thread, []).append(each)
        return {thread: Whole(some) for thread, some in found.items()}

    def of_question(self, thread: int) -> Recounted:
        """What holds of one question."""
        return self._of(self.by_question[thread])

    def _of(self, whole: Whole) -> Recounted:
        found = Recounted()
        for standing in (CITED, SET_ASIDE, LEFT):
            found.add([each for each in whole.contributions if each.standing == standing], whole)
        found.add(whole.contributions, whole)
        for counts in whole.counts:
            found.numbers |= set(counts.values())
            found.pairs |= {(count, len(whole)) for count in counts.values()}
        for group, count in whole.groups.items():
            found.of_group[group].add((count, len(whole)))
        length = (self.last - self.first).days + 1
        found.numbers |= {length, len(self.questions), self.statements}
        if length % 7 == 0 or length > 20:
            found.numbers.add(round(length / 7))
        if length > 27:
            found.numbers.add(round(length / 30.4))
        return found

    def of_statement(self, sides: Iterable[tuple[list[Covered], int]], thread: int | None) -> Recounted:
        """What holds of a statement that cites these contributions on its sides, and so many from other periods."""
        found, both, outside = Recounted(), [], 0
        here = self.by_question.get(thread) if thread else None
        sides = list(sides)
        for inside, elsewhere in sides:
            both += inside
            outside += elsewhere
        for part, elsewhere in [*sides, (list(dict.fromkeys(both)), outside)]:
            found.add(part, self.whole)
            if here is not None:
                found.add([each for each in part if each.thread == thread], here)
            found.numbers |= {elsewhere, len(part) + elsewhere}
        # All of the period are told by many statements, beside the part that cites.
        found.numbers |= set(self.whole.groups.values())
        return found

    def tells(self, day: Day) -> bool:
        """Say whether a date is one of the record, or a month or a year that the period touches."""
        if day.day:
            return any(day.may_be(Day(each.year, each.month, each.day)) for each in self.days)
        if day.month:
            months = {(each.year, each.month) for each in self._every_day()}
            return any(day.may_be(Day(year, month, 0)) for year, month in months)
        return day.year in {each.year for each in (*self.days, self.first, self.last)}

    def _every_day(self) -> Iterator[datetime.date]:
        day = self.first
        while day <= self.last:
            yield day
            day += datetime.timedelta(days=1 if (self.last - self.first).days < 62 else 15)
        yield self.last


def holds(figure: Figure, text: str, language: str, recounted: Recounted, period: Period) -> bool:
    """Say whether a figure on its own follows from the record; of the stakeholder group that it counts, if any."""
    if figure.kind == DATE and figure.day:
        return period.tells(figure.day)
    if figure.kind == YEAR:
        day = Day(int(figure.value), 0, 0)
        return period.tells(day) or figure.value in recounted.numbers
    if figure.kind == PERCENT:
        return any(_per_cent(figure.value, part, whole) for part, whole in recounted.pairs)
    if figure.kind == FRACTION:
        return any(abs(Decimal(part) / whole - figure.value) < Decimal("0.005") for part, whole in recounted.pairs)
    group = group_named(text, figure.begin, figure.end, language)
    known = recounted.numbers_of_group.get(group, {0}) if group else recounted.numbers
    return any(each in known for each in figure.values)


def _per_cent(value: Decimal, part: int, whole: int) -> bool:
    places = max(0, -int(value.as_tuple().exponent)) if isinstance(value.as_tuple().exponent, int) else 0
    return round(Decimal(100 * part) / whole, places) == round(value, places)


def pair_holds(pair: Pair, text: str, language: str, recounted: Recounted) -> bool:
    """Say whether a pair follows from the record as one: of the stakeholder group that its clause names, if any."""
    told = (int(pair.part.value), int(pair.whole.value))
    group = group_named(text, pair.begin, pair.end, language)
    return told in (recounted.of_group.get(group, set()) if group else recounted.pairs)


def should_be(pair: Pair, text: str, language: str, recounted: Recounted) -> tuple[int, int] | None:
    """Return the pair that the record has instead, where one alone is meant; nothing where it cannot be told."""
    group = group_named(text, pair.begin, pair.end, language)
    known = recounted.of_group.get(group, set()) if group else recounted.pairs
    parts = {part for part, whole in known if whole == pair.whole.value}
    if len(parts) == 1:
        return parts.pop(), int(pair.whole.value)
    whole_of_group = [each for each in known if each[0] == pair.part.value] if group else []
    return whole_of_group[0] if len(whole_of_group) == 1 else None
