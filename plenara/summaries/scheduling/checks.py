"""What a schedule may be."""

from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.core.refusals import Answer, No
from plenara.summaries.models import Schedule

#: Working days, at most, that writing and translating may be given.
MOST_WORKING_DAYS = 30


def known_pace(every: str) -> Answer:
    """It comes every week, every two or four, or every month."""
    return every in Schedule.Every.values or No(_("Choose how often a summary is due."), "every", "every")


def a_weekday(weekday: int) -> Answer:
    """Its periods end on a day of the week."""
    return 1 <= weekday <= 7 or No(_("Choose the day on which a period ends."), "weekday", "weekday")


def known_language(language: str) -> Answer:
    """Its summaries are begun in one of the six languages."""
    return language in NAMES or No(_("Choose one of the six languages."), "language", "source_language")


def possible_days(days: int, field: str) -> Answer:
    """Writing and translating are given a day at least, and no more than some weeks."""
    return 1 <= days <= MOST_WORKING_DAYS or No(
        _("This can be 1 to %(limit)d working days.") % {"limit": MOST_WORKING_DAYS}, "days", field
    )
