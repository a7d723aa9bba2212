"""The secretariat's calendar: the working time between two moments. A working day counts as 24 hours.

A promise of two working days is 48 hours of such days, from any time of day: what arrives on a Friday at noon
is due on Tuesday at noon. A day on which clocks change counts as 23 or 25 hours.
"""

import datetime

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.consultations.presenters.wording import city
from plenara.core.languages import current, join_sentences
from plenara.core.templatetags.plenara import enumerated
from plenara.core.vocabulary import weekday_names

#: The most days to look back: nothing is pending for years.
MOST_DAYS = 2000
_DAY = datetime.timedelta(days=1)


def in_words(consultation: Consultation) -> str:
    """Return a sentence about the days and hours that count towards a promise in working days."""
    names = weekday_names(current())
    days = enumerated(names[day - 1] for day in consultation.working_days)
    which = _("Working days: %(days)s, except the holidays that the organizer has set.")
    if not consultation.holidays:
        which = _("Working days: %(days)s.")
    how = _("Each working day counts as 24 hours (%(city)s time).")
    return join_sentences(which % {"days": days}, how % {"city": city(consultation.timezone)})


def works_on(day: datetime.date, consultation: Consultation) -> bool:
    """Return whether the secretariat works on a day."""
    return day.isoweekday() in consultation.working_days and day.isoformat() not in consultation.holidays


class Calendar:
    """The working time of one consultation up to a moment. Each day is looked up once."""

    def __init__(self, consultation: Consultation, until: datetime.datetime):
        self._consultation, self.zone = consultation, consultation.zone
        self.until = until.astimezone(datetime.UTC)
        self._first = self.until.astimezone(self.zone).date()
        #: For each day, going back from the last: when it begins, when it ends, and the seconds worked after it.
        self._days = [(self._begin(self._first), self.until, 0.0)]

    def minutes_since(self, moment: datetime.datetime) -> int:
        """Return the minutes of working days from a moment to this calendar's end; days are those of its zone."""
        if moment >= self.until:
            return 0
        day = moment.astimezone(self.zone).date()
        begins, ends, after = self._back(min((self._first - day).days, MOST_DAYS))
        inside = (ends - max(moment, begins)).total_seconds() if works_on(day, self._consultation) else 0.0
        return int((after + inside) // 60)

    def moment_before(self, minutes: float) -> datetime.datetime:
        """Return the moment since which that many minutes have been worked."""
        wanted = minutes * 60
        for number in range(MOST_DAYS):
            begins, ends, after = self._back(number)
            worked = (ends - begins).total_seconds() if works_on(self._day(number), self._consultation) else 0.0
            if after + worked >= wanted:
                return ends - datetime.timedelta(seconds=wanted - after)
        return self._back(MOST_DAYS)[0]  # of a secretariat that never works

    def _back(self, number: int) -> tuple[datetime.datetime, datetime.datetime, float]:
        while len(self._days) <= number:
            day = self._day(len(self._days))
            ends, end_of_next, after = self._days[-1]
            if works_on(day + _DAY, self._consultation):
                after += (end_of_next - ends).total_seconds()
            self._days.append((self._begin(day), ends, after))
        return self._days[number]

    def _day(self, number: int) -> datetime.date:
        return self._first - number * _DAY

    def _begin(self, day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(day, datetime.time(), self.zone).astimezone(datetime.UTC)


def working_minutes(since: datetime.datetime, until: datetime.datetime, consultation: Consultation) -> int:
    """Return the minutes of working days between two moments; days are those of the consultation's zone."""
    return Calendar(consultation, until).minutes_since(since)


def due(consultation: Consultation, since: datetime.datetime) -> datetime.datetime | None:
    """Return the end of the promise for what came at a moment; nothing for a secretariat that never works."""
    left, begins = promised_minutes(consultation) * 60.0, since.astimezone(datetime.UTC)
    day = since.astimezone(consultation.zone).date()
    for _number in range(MOST_DAYS):
        following = datetime.datetime.combine(day + _DAY, datetime.time(), consultation.zone)
        ends = following.astimezone(datetime.UTC)
        if works_on(day, consultation):
            worked = (ends - begins).total_seconds()
            if worked >= left:
                return begins + datetime.timedelta(seconds=left)
            left -= worked
        begins, day = ends, day + _DAY
    return None


def promised_minutes(consultation: Consultation) -> int:
    """Return the minutes of working days within which a decision is promised."""
    return consultation.promise_working_days * 24 * 60
