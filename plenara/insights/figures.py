"""The figures that pages show: by thread, group, language, channel, country and day. A fixed number of queries.

They are read from the tallies, which are kept while publishing, so that no page counts what there is.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum

from plenara.consultations.models import Thread
from plenara.contributions.models import Channel, DayTally, Tally
from plenara.contributions.tallying import day_in_utc
from plenara.core import clock
from plenara.core.vocabulary import StakeholderGroup


@dataclass
class Figures:
    """How much was contributed."""

    total: int = 0
    countries: int = 0
    by_thread: Counter[int] = field(default_factory=Counter)
    by_group: Counter[str] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_thread_and_group: dict[int, Counter[str]] = field(default_factory=dict)
    this_week: Counter[int] = field(default_factory=Counter)

    def groups(self, thread_id: int | None = None) -> list[tuple[str, int]]:
        """Return (group, count), the largest first; of one thread, or of all."""
        counts = self.by_group if thread_id is None else self.by_thread_and_group.get(thread_id, Counter())
        order = list(StakeholderGroup.values)
        return sorted(
            ((group, n) for group, n in counts.items() if n), key=lambda each: (-each[1], order.index(each[0]))
        )

    def channels(self) -> list[tuple[str, str, int]]:
        """Return (channel, its name, count) where there is more than one; old archives do not say which it was."""
        if len(self.by_channel) < 2:
            return []
        return [(code, str(label), self.by_channel[code]) for code, label in Channel.choices if self.by_channel[code]]


def figures_of(thread_ids: Sequence[int]) -> Figures:
    """Return the figures of these threads."""
    figures = Figures()
    cells = Tally.objects.filter(thread_id__in=thread_ids, count__gt=0)
    for row in cells.values("thread_id", "stakeholder_group", "language", "channel").annotate(n=Sum("count")):
        thread, group, n = row["thread_id"], row["stakeholder_group"], row["n"]
        figures.total += n
        figures.by_thread[thread] += n
        figures.by_group[group] += n
        figures.by_language[row["language"]] += n
        figures.by_channel[row["channel"]] += n
        figures.by_thread_and_group.setdefault(thread, Counter())[group] += n
    figures.countries = cells.exclude(country="").aggregate(n=Count("country", distinct=True))["n"]
    figures.this_week.update(_this_week(thread_ids))
    return figures


def totals_of(consultation_ids: Sequence[int]) -> Counter[int]:
    """Return how many contributions of each consultation are published. One query."""
    cells = Tally.objects.filter(thread__consultation__in=consultation_ids, count__gt=0)
    return Counter(dict(cells.values_list("thread__consultation").annotate(Sum("count"))))


def total_in(threads: QuerySet[Thread]) -> int:
    """Return how many contributions to these threads are published. One query."""
    cells = Tally.objects.filter(thread__in=threads.order_by().values("pk"), count__gt=0)
    return cells.aggregate(n=Sum("count"))["n"] or 0


def _this_week(thread_ids: Sequence[int]) -> dict[int, int]:
    """Return how many appeared in the last seven days (UTC), today among them, by thread."""
    today = day_in_utc(clock.now())
    assert today
    days = DayTally.objects.filter(thread_id__in=thread_ids, day__gt=today - datetime.timedelta(days=7))
    return dict(days.values_list("thread_id").annotate(Sum("count")))


def countries_of(thread_ids: Sequence[int]) -> Counter[str]:
    """Return how many came from each country; blank where it is not said. One query."""
    cells = Tally.objects.filter(thread_id__in=thread_ids, count__gt=0)
    return Counter(dict(cells.values_list("country").annotate(Sum("count"))))


def days_of(thread_ids: Sequence[int]) -> dict[datetime.date | None, int]:
    """Return how many appeared on each day (UTC) that has any, in order; last, under None, the undated. One query."""
    days = DayTally.objects.filter(thread_id__in=thread_ids, count__gt=0)
    found = dict(days.values_list("day").annotate(Sum("count")))
    return dict(sorted(found.items(), key=lambda each: each[0] or datetime.date.max))
