"""The dates of a schedule: when periods end and summaries are due. Days are those of the consultation."""

import datetime

from plenara.consultations.models import Consultation
from plenara.consultations.working_time import works_on
from plenara.summaries import periods
from plenara.summaries.models import Schedule

_DAY = datetime.timedelta(days=1)
_WEEKS = {Schedule.Every.WEEK: 1, Schedule.Every.TWO_WEEKS: 2, Schedule.Every.FOUR_WEEKS: 4}
#: Default working days for writing and for translating.
WORKING_DAYS = 5
#: The most days searched for working days: a calendar may have none.
MOST_DAYS = 400


def next_cut(schedule: Schedule, consultation: Consultation, after: datetime.datetime) -> datetime.datetime:
    """Return the end of the schedule's first day that ends after a moment."""
    day = after.astimezone(consultation.zone).date()
    if schedule.every == Schedule.Every.MONTH:
        ends = _last_of_month(day, schedule.weekday)
        if periods.ends(ends, consultation) <= after:
            ends = _last_of_month(day.replace(day=28) + datetime.timedelta(days=4), schedule.weekday)
    else:
        ends = day + datetime.timedelta(days=(schedule.weekday - day.isoweekday()) % 7)
        if periods.ends(ends, consultation) <= after:
            ends += 7 * _DAY
    return periods.ends(ends, consultation)


def cut_after(schedule: Schedule, consultation: Consultation, cut: datetime.datetime) -> datetime.datetime:
    """Return the period's end that follows another: so many weeks later, or the next month's."""
    if schedule.every == Schedule.Every.MONTH:
        return next_cut(schedule, consultation, cut)
    day = cut.astimezone(consultation.zone).date()
    following = periods.ends(day + 7 * _WEEKS[Schedule.Every(schedule.every)] * _DAY, consultation)
    # The day of the week may have been changed since.
    return next_cut(schedule, consultation, following - _DAY)


def last_due(
    schedule: Schedule, consultation: Consultation, cut: datetime.datetime, now: datetime.datetime
) -> datetime.datetime:
    """Return the latest period's end that has passed, from one that has: periods missed in a downtime are joined."""
    while (following := cut_after(schedule, consultation, cut)) <= now:
        cut = following
    return cut


def working_days_after(moment: datetime.datetime, days: int, consultation: Consultation) -> datetime.datetime:
    """Return the end of the day by which so many working days have passed since a moment."""
    day = moment.astimezone(consultation.zone).date()
    left = days
    for _each in range(MOST_DAYS):
        if left <= 0:
            break
        day += _DAY
        left -= works_on(day, consultation)
    return periods.ends(day, consultation)


def schedule_of(consultation: Consultation) -> Schedule | None:
    """Return the schedule of a consultation's summaries, if it has one."""
    return Schedule.objects.filter(consultation=consultation).first()


def writing_due(consultation: Consultation, ends: datetime.datetime) -> datetime.datetime | None:
    """Return when a summary of a period with this end is due; None without an active schedule."""
    schedule = schedule_of(consultation)
    return working_days_after(ends, schedule.writing_days, consultation) if schedule and schedule.is_on else None


def translating_due(consultation: Consultation, approved_at: datetime.datetime) -> datetime.datetime:
    """Return when translations are due of a summary approved at a moment."""
    schedule = schedule_of(consultation)
    return working_days_after(approved_at, schedule.translating_days if schedule else WORKING_DAYS, consultation)


def is_last_working_day(due: datetime.datetime, now: datetime.datetime, consultation: Consultation) -> bool:
    """Return whether there is no working day between today and a due day."""
    day, last = (each.astimezone(consultation.zone).date() for each in (now, due))
    if day >= last:
        return True
    day += _DAY
    while day < last:
        if works_on(day, consultation):
            return False
        day += _DAY
    return True


def _last_of_month(day: datetime.date, weekday: int) -> datetime.date:
    last = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - _DAY
    return last - datetime.timedelta(days=(last.isoweekday() - weekday) % 7)
