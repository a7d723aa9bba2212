"""The period of a summary: its two days in the consultation's zone, as moments and in words."""

import datetime

from django.utils.translation import pgettext

from plenara.consultations.models import Consultation
from plenara.core.templatetags.plenara import date_in_words


def begins(day: datetime.date, consultation: Consultation) -> datetime.datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.datetime.combine(day, datetime.time(), consultation.zone).astimezone(datetime.UTC)


def ends(day: datetime.date, consultation: Consultation) -> datetime.datetime:
    """Return the last second of a day, in UTC."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), consultation.zone).astimezone(datetime.UTC)


def days(
    period_from: datetime.datetime, period_to: datetime.datetime, consultation: Consultation
) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of a period in the consultation's zone."""
    return period_from.astimezone(consultation.zone).date(), period_to.astimezone(consultation.zone).date()


def in_words(period_from: datetime.datetime, period_to: datetime.datetime, consultation: Consultation) -> str:
    """Return "1 March 2026 to 31 March 2026", by the reader's locale."""
    first, last = days(period_from, period_to, consultation)
    if first == last:
        return date_in_words(first)
    return pgettext("label", "%(first)s to %(last)s") % {"first": date_in_words(first), "last": date_in_words(last)}
