"""How days and hours are told in the active language: by the clock at the place, and beside it by another one."""

import datetime
import zoneinfo
from dataclasses import dataclass

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.shown import city, isolated
from plenara.core.languages import current
from plenara.core.templatetags.plenara import date_in_words, western
from plenara.events import dates
from plenara.events.models import Occurrence


@dataclass(frozen=True)
class When:
    """A date of an event, in words."""

    starts: str  # for machines: a day, or a moment with its offset
    ends: str
    day: str  # "14"
    month: str  # "Apr"
    weekday: str  # "Tue", and "to 20" where it takes several days
    month_in_full: str  # "April 2026"
    date: str  # "Tuesday 14 April 2026", or "14 April 2026 to 20 April 2026"
    hours: str  # "09:00 to 17:00 in Bamako (09:00 to 17:00 UTC)"


def when(one: Occurrence, zone: str = "") -> When:
    """Return a date of an event in words; beside the hours at the place stand those of `zone`, or UTC."""
    return _when(one.starts_local, one.ends_local, one.starts_at, one.ends_at, one.timezone, zone or "UTC")


def moment(at: datetime.datetime, timezone: str, zone: str = "") -> When:
    """Return a moment in words in the same way."""
    local = f"{at.astimezone(zoneinfo.ZoneInfo(timezone)):%Y-%m-%dT%H:%M}"
    return _when(local, local, at, at, timezone, zone or "UTC")


def _when(start: str, end: str, starts: datetime.datetime, ends: datetime.datetime, timezone: str, beside: str) -> When:
    first, last = dates.read(start), dates.read(end)
    whole = dates.is_whole_day(start)
    there = zoneinfo.ZoneInfo(timezone)
    if not whole:  # an hour that a clock skips is told as the one that it is read as
        first, last = (at.astimezone(there).replace(tzinfo=None) for at in (starts, ends))
    until = last if last.date() > first.date() else None
    return When(
        starts=first.date().isoformat() if whole else starts.astimezone(there).isoformat(timespec="seconds"),
        ends=last.date().isoformat() if whole else ends.astimezone(there).isoformat(timespec="seconds"),
        day=str(first.day),
        month=_by(first, "LLL"),
        weekday=_weekday(first, until),
        month_in_full=month_in_full(first.year, first.month),
        date=_date(first, until),
        hours=_("All day") if whole else _hours_beside((first, last), (starts, ends), timezone, beside),
    )


def _weekday(first: datetime.datetime, last: datetime.datetime | None) -> str:
    weekday = _by(first, "ccc")
    if last is None:
        return weekday
    until = str(last.day) if (first.year, first.month) == (last.year, last.month) else _day(last)
    # Translators: below the day in the margin of the calendar, of what takes several days: "Tue to 20".
    return _("%(weekday)s to %(day)s") % {"weekday": weekday, "day": until}


def _date(first: datetime.datetime, last: datetime.datetime | None) -> str:
    if last is None:
        return western(format_date(first.date(), "full", locale=_locale()))
    return _("%(first)s to %(last)s") % {"first": date_in_words(first.date()), "last": date_in_words(last.date())}


type _Pair = tuple[datetime.datetime, datetime.datetime]


def _hours_beside(there: _Pair, moments: _Pair, timezone: str, beside: str) -> str:
    """Return the hours at the place, and beside them those of another zone."""
    told = _hours_in(*there, timezone)
    if timezone == beside:
        return told
    zone = zoneinfo.ZoneInfo(beside)
    first, last = (at.astimezone(zone).replace(tzinfo=None) for at in moments)
    other = _hours_in(first, last, beside)
    if first.date() != there[0].date() and last - first < datetime.timedelta(days=1):
        other = _("on %(day)s: %(hours)s") % {"day": _day(first), "hours": other}
    # Translators: hours at a place, then the same hours by another clock.
    return _("%(there)s (%(other)s)") % {"there": told, "other": other}


def _hours_in(first: datetime.datetime, last: datetime.datetime, zone: str) -> str:
    return at_place(_hours(first, last), zone)


def at_place(hours: str, zone: str) -> str:
    """Return hours with the place by whose clocks they are, in the active language: "09:00 to 17:00 in Bamako"."""
    if zone == "UTC":
        return _("%(hours)s %(utc)s") % {"hours": hours, "utc": isolated("UTC")}
    # Translators: hours by the clock of a place, whose name comes in its plain form: "09:00 to 17:00 in Bamako".
    return _("%(hours)s in %(city)s") % {"hours": hours, "city": city(zone)}


def _hours(first: datetime.datetime, last: datetime.datetime) -> str:
    if first == last:
        return f"{first:%H:%M}"
    if last - first < datetime.timedelta(days=1):  # also over midnight
        return pgettext("hours", "%(first)s to %(last)s") % {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
    return _("%(first_day)s, %(first)s to %(last_day)s, %(last)s") % {
        "first_day": _day(first),
        "first": f"{first:%H:%M}",
        "last_day": _day(last),
        "last": f"{last:%H:%M}",
    }


def month_in_full(year: int, month: int) -> str:
    """Return a month such as "April 2026"."""
    found = western(format_skeleton("yMMMM", datetime.date(year, month, 1), locale=_locale()))
    return found[:1].upper() + found[1:]


def _day(at: datetime.datetime) -> str:
    return western(format_skeleton("MMMd", at.date(), locale=_locale()))


def _by(at: datetime.datetime, pattern: str) -> str:
    return western(format_date(at.date(), pattern, locale=_locale()))


def _locale() -> str:
    return {"zh": "zh_Hans", "en": "en_GB"}.get(current(), current())
