"""The figures that pages show, by thread, group, language, channel and country. Three queries, whatever the archive."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Sum

from plenara.common import clock
from plenara.common.vocabulary import StakeholderGroup
from plenara.contributions.models import Channel, Edition, Tally


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
    week = clock.now() - datetime.timedelta(days=7)
    recent = Edition.objects.filter(
        thread_id__in=thread_ids, revision=0, minted_at__gte=week, status=Edition.Status.PUBLISHED
    )
    figures.this_week.update(dict(recent.values_list("thread_id").annotate(n=Count("id"))))
    return figures
