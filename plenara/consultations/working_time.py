"""The secretariat's calendar: how much working time lies between two moments. A working day counts its 24 hours.

A promise of two working days is 48 hours of such days, wherever in the day they begin: what comes on a Friday at noon
is due on Tuesday at noon.
"""

import datetime

from plenara.consultations.models import Consultation

#: Days that are looked at, at most: nothing waits for years.
MOST_DAYS = 2000


def works_on(day: datetime.date, consultation: Consultation) -> bool:
    """Say whether the secretariat works on a day."""
    return day.isoweekday() in consultation.working_days and day.isoformat() not in consultation.holidays


def working_minutes(since: datetime.datetime, until: datetime.datetime, consultation: Consultation) -> int:
    """Return the minutes of working days between two moments; days are those of the consultation's zone."""
    zone = consultation.zone
    day, minutes = since.astimezone(zone).date(), 0.0
    for _number in range(MOST_DAYS):
        begins = datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC)
        if begins >= until:
            break
        day += datetime.timedelta(days=1)
        ends = datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC)
        if works_on(day - datetime.timedelta(days=1), consultation):
            minutes += max((min(ends, until) - max(begins, since)).total_seconds(), 0.0) / 60
    return int(minutes)


def promised_minutes(consultation: Consultation) -> int:
    """Return the minutes of working days within which a decision is promised."""
    return consultation.promise_working_days * 24 * 60
