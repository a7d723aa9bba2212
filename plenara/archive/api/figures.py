"""How much was contributed: the figures of the page, in the names of `figures.json`."""

from collections.abc import Sequence
from typing import Any

from plenara.consultations.models import Thread
from plenara.insights.figures import countries_of, days_of, figures_of


def figures(threads: Sequence[Thread]) -> dict[str, Any]:
    """Return the figures of questions: published contributions, each once under every heading. Six queries."""
    keys = [each.pk for each in threads]
    found, days = figures_of(keys), days_of(keys)
    return {
        "contributions": found.total,
        "countries": found.countries,
        "undated": days.get(None, 0),
        "by_day": {day.isoformat(): count for day, count in days.items() if day},
        "by_question": {str(each.number): found.by_thread[each.pk] for each in threads},
        "by_stakeholder_group": dict(found.by_group),
        "by_language": dict(found.by_language),
        "by_country": dict(countries_of(keys)),
        "by_channel": dict(found.by_channel),
    }
