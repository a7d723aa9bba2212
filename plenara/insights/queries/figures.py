"""The figures that pages show, by thread, group, language, channel, country and day; and all that a consultation's
pages show, as one object (`figures.json`).
"""

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.actions.tallies import day_in_utc
from plenara.contributions.models import Channel, DayTally, Edition, EditionSignatory, Tally
from plenara.contributions.queries.campaigns import followers
from plenara.core import clock
from plenara.core.prepared import prepared
from plenara.core.vocabulary import StakeholderGroup
from plenara.insights.queries.recomputation import FORMAT, contributed_cells, register_cells, summary_figures, turn_of
from plenara.moderation.models import Decision
from plenara.moderation.queries.register import RegisterFilters, Turn, latest_turnaround, matching, turnaround
from plenara.summaries.corrections.queries import bundle_rows
from plenara.summaries.queries import record
from plenara.summaries.queries.bundle_rows import recorded_coverage
from plenara.summaries.queries.record import last_covered, summaries_in_force, uncovered_contributions


@dataclass
class Figures:
    """The figures of contributions."""

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
        """Return (channel, its name, count) if there is more than one; old archives do not name it."""
        if len(self.by_channel) < 2:
            return []
        return [(code, str(label), self.by_channel[code]) for code, label in Channel.choices if self.by_channel[code]]


def figures_of(thread_ids: Sequence[int]) -> Figures:
    """Return the figures of these threads."""
    figures = Figures()
    for thread, group, language, channel, n in _sums(list(thread_ids)):
        figures.total += n
        figures.by_thread[thread] += n
        figures.by_group[group] += n
        figures.by_language[language] += n
        figures.by_channel[channel] += n
        figures.by_thread_and_group.setdefault(thread, Counter())[group] += n
    figures.countries = len(_countries(list(thread_ids)))
    figures.this_week.update(_this_week(thread_ids))
    return figures


@prepared
def _sums(threads: list[int]) -> QuerySet[Tally, tuple[int, str, str, str, int]]:
    cells = Tally.objects.filter(thread_id__in=threads, count__gt=0)
    columns = ("thread_id", "stakeholder_group", "language", "channel")
    return cells.values_list(*columns).annotate(Sum("count"))


@prepared
def _countries(threads: list[int]) -> QuerySet[Tally, str]:
    cells = Tally.objects.filter(thread_id__in=threads, count__gt=0).exclude(country="")
    return cells.values_list("country", flat=True).distinct()


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
    return dict(_sums_since(list(thread_ids), today - datetime.timedelta(days=7)))


@prepared
def _sums_since(threads: list[int], day: datetime.date) -> QuerySet[DayTally, tuple[int, int]]:
    days = DayTally.objects.filter(thread_id__in=threads, day__gt=day)
    return days.values_list("thread_id").annotate(Sum("count"))


def countries_of(thread_ids: Sequence[int]) -> Counter[str]:
    """Return how many came from each country; blank if it is not given. One query."""
    cells = Tally.objects.filter(thread_id__in=thread_ids, count__gt=0)
    return Counter(dict(cells.values_list("country").annotate(Sum("count"))))


def days_of(thread_ids: Sequence[int]) -> dict[datetime.date | None, int]:
    """Return how many appeared on each day (UTC), in order; the undated are last, under None. One query."""
    days = DayTally.objects.filter(thread_id__in=thread_ids, count__gt=0)
    found = dict(days.values_list("day").annotate(Sum("count")))
    return dict(sorted(found.items(), key=lambda each: each[0] or datetime.date.max))


def page_figures(consultation: Consultation) -> dict[str, object]:
    """Return every figure that the pages of a consultation show."""
    return {
        "format": FORMAT,
        "consultation": {"slug": consultation.slug, "symbol": consultation.symbol},
        **_contributed(consultation),
        **_moderated(consultation),
        **_summarized(consultation),
    }


def figures_json(figures: dict[str, object]) -> str:
    """Return figures as a file."""
    return json.dumps(figures, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _contributed(consultation: Consultation) -> dict[str, object]:
    threads = {each.pk: each.number for each in consultation.threads.all()}
    found, days, countries = figures_of(list(threads)), days_of(list(threads)), countries_of(list(threads))
    in_force = Edition.objects.filter(consultation=consultation, in_force=True, status=Edition.Status.PUBLISHED)
    voted = in_force.exclude(contribution__bundle__tallies=None).order_by("number")
    signed = EditionSignatory.objects.filter(edition__in=in_force).values_list("edition__number")
    by_cell = Tally.objects.filter(thread__in=threads, count__gt=0).values_list(
        "thread__number", "stakeholder_group", "language", "country", "channel", "count"
    )
    by_day = DayTally.objects.filter(thread__in=threads, count__gt=0).values_list("thread__number", "day", "count")
    return {
        "contributions": found.total,
        "replies": in_force.exclude(in_reply_to=None).count(),
        "countries": found.countries,
        "undated": days.get(None, 0),
        "by_day": {day.isoformat(): count for day, count in days.items() if day},
        "by_question": {str(number): found.by_thread[key] for key, number in threads.items()},
        "by_stakeholder_group": dict(found.by_group),
        "by_country": dict(countries),
        "by_language": dict(found.by_language),
        "by_channel": dict(found.by_channel),
        "cells": contributed_cells(Counter({row[:5]: row[5] for row in by_cell})),
        "days": [
            {"question": thread, "day": day, "contributions": count}
            for thread, day, count in sorted(
                (thread, day.isoformat() if day else "", count) for thread, day, count in by_day
            )
        ],
        "votes": {
            str(number): votes
            for number, votes in voted.values_list("number", "contribution__bundle__tallies")
            if votes
        },
        "campaigns": _campaigns(consultation),
        "signatories": {str(number): count for number, count in signed.annotate(Count("pk")).order_by()},
    }


def _campaigns(consultation: Consultation) -> dict[str, object]:
    """Return how many submitted the same words, by group, under the number of the contribution that leads."""
    under = Edition.objects.filter(consultation=consultation, campaign_of__isnull=False, in_force=True)
    leads = Edition.objects.filter(
        consultation=consultation,
        number__in=under.values("campaign_of"),
        in_force=True,
        status=Edition.Status.PUBLISHED,
    )
    groups = {number: Counter([group]) for number, group in leads.values_list("number", "stakeholder_group")}
    counts = followers(consultation.pk, groups).order_by().values_list("campaign_of", "stakeholder_group")
    gathered = set()
    for number, group, count in counts.annotate(Count("pk")):
        groups[number][group] += count
        gathered.add(number)
    return {
        str(number): {"contributions": groups[number].total(), "groups": dict(groups[number])} for number in gathered
    }


def _moderated(consultation: Consultation) -> dict[str, object]:
    every, found = matching(consultation, RegisterFilters()), turnaround(consultation)
    in_force = Decision.objects.filter(consultation=consultation, undone_at=None).order_by()
    total = every.count()
    rows = in_force.values_list("code", "thread", "language", "appeal__status").annotate(Count("pk"))
    counts = Counter({(code, thread or 0, language, appeal or ""): n for code, thread, language, appeal, n in rows})
    return {
        "register": {
            "decisions": total,
            "undone": total - counts.total(),
            "cells": register_cells(counts),
        },
        "turnaround": {
            "all": _turn(found.overall),
            "by_question": {str(number): _turn(turn) for number, turn in found.threads.items()},
            "by_language": {code: _turn(turn) for code, turn in found.languages.items()},
            "by_week": {day.isoformat(): _turn(turn) for day, turn in found.weeks.items()},
            "after_publication": dict(found.after),
            "appeals": dict(found.appeals),
            "lately_minutes": latest_turnaround(consultation),
        },
    }


def _turn(turn: Turn) -> dict[str, object]:
    return turn_of(turn.codes, turn.times)


def _summarized(consultation: Consultation) -> dict[str, object]:
    editions = list(summaries_in_force([consultation.pk]).prefetch_related("summary__left_out__edition__contribution"))
    corrections = bundle_rows.public(each.document_id for each in editions)
    statements = dict(
        summaries_in_force([consultation.pk]).order_by().values_list("number").annotate(Count("paragraphs"))
    )
    return {
        "summaries": {
            str(each.number): summary_figures(
                recorded_coverage(each.summary),
                statements=statements.get(each.number, 0),
                set_aside=sum(one.is_set_aside for one in each.summary.left_out.all()),
                corrections=len(corrections.get(each.document_id, ())),
            )
            for each in editions
        },
        "compilation": {str(number): count for number, count in record.statement_counts(consultation).items()},
        "since": _new_contributions(consultation),
    }


def _new_contributions(consultation: Consultation) -> int | None:
    """Return how many contributions no summary has covered; None if that depends on undated ones."""
    last = last_covered(consultation)
    if (
        last
        and Edition.objects.filter(
            consultation=consultation,
            in_force=True,
            status=Edition.Status.PUBLISHED,
            contribution__editions__revision=0,
            contribution__editions__published_at=None,
        ).exists()
    ):
        return None
    return uncovered_contributions(consultation, last).count
