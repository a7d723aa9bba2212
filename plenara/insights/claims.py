"""What the pages of a consultation say, as one object: `figures.json`, and what `plenara verify` compares.

Read as the pages read it, from tallies, from the register and from what summaries keep, so that a comparison with
`recomputing` tries the pages, and not the record a second time.
"""

import json
from collections import Counter
from typing import Any

from django.db.models import Count

from plenara.consultations.models import Consultation
from plenara.contributions.campaigns import followers
from plenara.contributions.models import DayTally, Edition, EditionSignatory, Tally
from plenara.insights.figures import countries_of, days_of, figures_of
from plenara.insights.recomputing import FORMAT
from plenara.insights.recomputing.contributed import cells
from plenara.insights.recomputing.moderated import register_cells, turn_of
from plenara.insights.recomputing.summarized import summary
from plenara.moderation.models import Decision
from plenara.moderation.register import Wanted, matching
from plenara.moderation.turnaround import Turn, lately, turnaround
from plenara.summaries import compilation
from plenara.summaries.bundling.exporting import kept_coverage
from plenara.summaries.correcting import bundle as correcting
from plenara.summaries.reading import published
from plenara.summaries.since import last_covered, new_since


def claims(consultation: Consultation) -> dict[str, Any]:
    """Return every figure that the pages of a consultation show."""
    return {
        "format": FORMAT,
        "consultation": {"slug": consultation.slug, "symbol": consultation.symbol},
        **_contributed(consultation),
        **_moderated(consultation),
        **_summarized(consultation),
    }


def as_json(figures: dict[str, Any]) -> str:
    """Return figures as a file."""
    return json.dumps(figures, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _contributed(consultation: Consultation) -> dict[str, Any]:
    threads = {each.pk: each.number for each in consultation.threads.all()}
    found, days, countries = figures_of(list(threads)), days_of(list(threads)), countries_of(list(threads))
    standing = Edition.objects.filter(consultation=consultation, in_force=True, status=Edition.Status.PUBLISHED)
    voted = standing.exclude(contribution__bundle__tallies=None).order_by("number")
    signed = EditionSignatory.objects.filter(edition__in=standing).values_list("edition__number")
    by_cell = Tally.objects.filter(thread__in=threads, count__gt=0).values_list(
        "thread__number", "stakeholder_group", "language", "country", "channel", "count"
    )
    by_day = DayTally.objects.filter(thread__in=threads, count__gt=0).values_list("thread__number", "day", "count")
    return {
        "contributions": found.total,
        "replies": standing.exclude(in_reply_to=None).count(),
        "countries": found.countries,
        "undated": days.get(None, 0),
        "by_day": {day.isoformat(): count for day, count in days.items() if day},
        "by_question": {str(number): found.by_thread[key] for key, number in threads.items()},
        "by_stakeholder_group": dict(found.by_group),
        "by_country": dict(countries),
        "by_language": dict(found.by_language),
        "by_channel": dict(found.by_channel),
        "cells": cells(Counter({row[:5]: row[5] for row in by_cell})),
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


def _campaigns(consultation: Consultation) -> dict[str, Any]:
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


def _moderated(consultation: Consultation) -> dict[str, Any]:
    every, found = matching(consultation, Wanted()), turnaround(consultation)
    standing = Decision.objects.filter(consultation=consultation, undone_at=None).order_by()
    total = every.count()
    rows = standing.values_list("code", "thread", "language", "appeal__status").annotate(Count("pk"))
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
            "lately_minutes": lately(consultation),
        },
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return turn_of(turn.codes, turn.times)


def _summarized(consultation: Consultation) -> dict[str, Any]:
    editions = list(published([consultation.pk]).prefetch_related("summary__left_out__edition__contribution"))
    asked = correcting.public(each.document_id for each in editions)
    statements = dict(published([consultation.pk]).order_by().values_list("number").annotate(Count("paragraphs")))
    return {
        "summaries": {
            str(each.number): summary(
                kept_coverage(each.summary),
                statements=statements.get(each.number, 0),
                set_aside=sum(one.is_set_aside for one in each.summary.left_out.all()),
                corrections=len(asked.get(each.document_id, ())),
            )
            for each in editions
        },
        "compilation": {str(number): count for number, count in compilation.counts(consultation).items()},
        "since": _since(consultation),
    }


def _since(consultation: Consultation) -> int | None:
    """Return how many contributions no summary has covered; nothing where that depends on undated ones."""
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
    return new_since(consultation, last).count
