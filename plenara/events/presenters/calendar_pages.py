"""The calendar as pages show it, in the active language: its lines by month, an event with all its dates, local hours;
and its structured data.
"""

import datetime
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date, format_skeleton
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation
from plenara.consultations.presenters.wording import city, isolated
from plenara.core.languages import CODES, FALLBACK, Localized, current, html_code, in_language
from plenara.core.life_cycle import State
from plenara.core.metadata import Description, Link, describe, home, oembed_link, opening_of, types
from plenara.core.templatetags.plenara import date_in_words, western
from plenara.core.text import plain
from plenara.core.vocabulary import country_name, language_name
from plenara.directory.queries import lookup as organizations
from plenara.events import dates
from plenara.events.models import Details, Event, Occurrence
from plenara.events.queries import calendar
from plenara.events.queries.calendar import Dated, Deadline, Filters, Key
from plenara.themes import queries as themes


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
    """Return a date of an event in words; beside the local hours are those of `zone`, or UTC."""
    return _when(one.starts_local, one.ends_local, one.starts_at, one.ends_at, one.timezone, zone or "UTC")


def moment(at: datetime.datetime, timezone: str, zone: str = "") -> When:
    """Return a moment in words in the same way."""
    local = f"{at.astimezone(zoneinfo.ZoneInfo(timezone)):%Y-%m-%dT%H:%M}"
    return _when(local, local, at, at, timezone, zone or "UTC")


def _when(start: str, end: str, starts: datetime.datetime, ends: datetime.datetime, timezone: str, beside: str) -> When:
    first, last = dates.read(start), dates.read(end)
    whole = dates.is_whole_day(start)
    there = zoneinfo.ZoneInfo(timezone)
    if not whole:  # an hour that a clock skips is shown as the hour that it is read as
        first, last = (at.astimezone(there).replace(tzinfo=None) for at in (starts, ends))
    until = last if last.date() > first.date() else None
    return When(
        starts=first.date().isoformat() if whole else starts.astimezone(there).isoformat(timespec="seconds"),
        ends=last.date().isoformat() if whole else ends.astimezone(there).isoformat(timespec="seconds"),
        day=str(first.day),
        month=_by(first, "LLL"),
        weekday=_weekday(first, until),
        month_in_full=month_in_full(first.year, first.month),
        date=_date_in_words(first, until),
        hours=_("All day") if whole else _hours_beside((first, last), (starts, ends), timezone, beside),
    )


def _weekday(first: datetime.datetime, last: datetime.datetime | None) -> str:
    weekday = _by(first, "ccc")
    if last is None:
        return weekday
    until = str(last.day) if (first.year, first.month) == (last.year, last.month) else _day(last)
    # Translators: below the day in the margin of the calendar, of what takes several days: "Tue to 20".
    return _("%(weekday)s to %(day)s") % {"weekday": weekday, "day": until}


def _date_in_words(first: datetime.datetime, last: datetime.datetime | None) -> str:
    if last is None:
        return western(format_date(first.date(), "full", locale=_locale()))
    return pgettext("label", "%(first)s to %(last)s") % {
        "first": date_in_words(first.date()),
        "last": date_in_words(last.date()),
    }


type _Pair = tuple[datetime.datetime, datetime.datetime]


def _hours_beside(there: _Pair, moments: _Pair, timezone: str, beside: str) -> str:
    """Return the local hours, followed by those of another zone."""
    hours = _hours_in(*there, timezone)
    if timezone == beside:
        return hours
    zone = zoneinfo.ZoneInfo(beside)
    first, last = (at.astimezone(zone).replace(tzinfo=None) for at in moments)
    other = _hours_in(first, last, beside)
    if first.date() != there[0].date() and last - first < datetime.timedelta(days=1):
        other = _("on %(day)s: %(hours)s") % {"day": _day(first), "hours": other}
    # Translators: hours at a place, then the same hours by another clock.
    return _("%(there)s (%(other)s)") % {"there": hours, "other": other}


def _hours_in(first: datetime.datetime, last: datetime.datetime, zone: str) -> str:
    return at_place(_hours_at_place(first, last), zone)


def at_place(hours: str, zone: str) -> str:
    """Return hours with the place of their clock, in the active language: "09:00 to 17:00 in Bamako"."""
    if zone == "UTC":
        return _("%(hours)s %(utc)s") % {"hours": hours, "utc": isolated("UTC")}
    # Translators: hours by the clock of a place, whose name comes in its plain form: "09:00 to 17:00 in Bamako".
    return _("%(hours)s in %(city)s") % {"hours": hours, "city": city(zone)}


def _hours_at_place(first: datetime.datetime, last: datetime.datetime) -> str:
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


@dataclass(frozen=True)
class Line:
    """A line of the calendar."""

    url: str
    title: Localized
    when: When
    place: str = ""
    country: str = ""
    is_online: bool = False
    languages: tuple[str, ...] = ()
    themes: tuple[tuple[str, Localized], ...] = ()  # code and label
    consultation: Consultation | None = None
    file: str = ""  # its iCalendar file
    is_cancelled: bool = False
    is_deadline: bool = False
    has_report: bool = False


@dataclass(frozen=True)
class Month:
    """The lines of a month."""

    name: str
    lines: list[Line] = field(default_factory=list)


def calendar_page(
    filters: Filters, span: calendar.Span, zone: str, after: Key | None
) -> tuple[list[Month], Key | None]:
    """Return a page of the calendar by months, and the key to go on from. Five queries."""
    found, further = calendar.lines(filters, span, after)
    return by_month(lines_of(found, zone)), further


def next_lines(filters: Filters, limit: int) -> list[Line]:
    """Return the next lines, for a corner of another page. Five queries."""
    return lines_of(calendar.lines(filters, calendar.coming(), limit=limit)[0])


def of_consultation(consultation: Consultation, limit: int = 5) -> tuple[list[Line], list[Line]]:
    """Return the next meetings on a consultation, and the last ones before now. Four queries."""
    filters = Filters(consultation=consultation.slug)
    spans = (calendar.coming(), calendar.past())
    coming, past = (calendar.lines(filters, span, limit=limit, deadlines=False)[0] for span in spans)
    labels = labels_of([*coming, *past])
    return lines_of(coming, labels=labels), lines_of(past, labels=labels)


def labels_of(found: Iterable[Dated]) -> dict[str, Localized]:
    """Return the labels of the themes of these lines. One query."""
    events = [each.what.event for each in found if isinstance(each.what, Occurrence)]
    return themes.labels({code for event in events for code in event.details.get("themes", [])})


def lines_of(found: Sequence[Dated], zone: str = "", labels: dict[str, Localized] | None = None) -> list[Line]:
    """Return lines in words. One query, where no labels are given."""
    labels = labels_of(found) if labels is None else labels
    return [
        _deadline_line(each.what, zone) if isinstance(each.what, Deadline) else _date_line(each.what, zone, labels)
        for each in found
    ]


def _date_line(one: Occurrence, zone: str, labels: dict[str, Localized]) -> Line:
    event, details = one.event, one.event.details
    url = f"/{current()}/events/{event.number}/"
    return Line(
        url=url,
        title=in_language(details["title"]),
        when=when(one, zone),
        place=details.get("place", ""),
        country=country_name(details.get("country", "")) if details.get("country") else "",
        is_online=bool(details.get("online")),
        languages=tuple(language_name(each) for each in details.get("languages", [])),
        themes=tuple((code, labels[code]) for code in details.get("themes", []) if code in labels),
        consultation=event.prepares,
        file=f"{url}event.ics",
        is_cancelled=one.cancelled_at is not None,
        has_report=bool(details.get("report")),
    )


def _deadline_line(one: Deadline, zone: str) -> Line:
    it = one.consultation
    return Line(
        url=f"/{current()}/consultations/{it.slug}/",
        title=Localized(_("Consultation closes") if one.is_closing else _("Consultation opens"), current()),
        when=moment(one.at, it.timezone, zone),
        consultation=it,
        is_deadline=True,
    )


def by_month(lines: Iterable[Line]) -> list[Month]:
    """Return lines under their months, by the local calendar."""
    months: dict[str, Month] = {}
    for each in lines:
        name = each.when.month_in_full
        months.setdefault(name, Month(name)).lines.append(each)
    return list(months.values())


@dataclass(frozen=True)
class Words:
    """The texts of an event in one language."""

    language: str
    title: str
    description: str
    report: str


@dataclass(frozen=True)
class PresentedEvent:
    """An event as its page shows it."""

    event: Event
    title: Localized
    dates: list[tuple[Occurrence, When]]
    words: list[Words]  # the reader's language first
    themes: list[tuple[str, Localized]]
    languages: list[str]
    country: str
    organizer: Localized | None  # of the directory
    organizer_url: str
    is_cancelled: bool
    is_over: bool


def event_of(number: int) -> Event | None:
    """Return the event with this number, also one that is no longer public. One query."""
    found = Event.objects.filter(number=number).select_related("prepares", "organizer")
    return found.filter(state__in=[State.PUBLISHED, State.WITHDRAWN, State.REMOVED]).first()


def present_event(event: Event, dates: list[Occurrence], zone: str, now: datetime.datetime) -> PresentedEvent:
    """Return an event as its page shows it. Two queries."""
    details: Details = event.details
    labels = themes.labels(details.get("themes", []))
    named = organizations.named([event.organizer.number or 0] if event.organizer else [])
    organizer = next(iter(named.values()), None)
    return PresentedEvent(
        event=event,
        title=in_language(details["title"]),
        dates=[(each, when(each, zone)) for each in dates],
        words=_words(details),
        themes=[(code, labels[code]) for code in details.get("themes", []) if code in labels],
        languages=[language_name(each) for each in details.get("languages", [])],
        country=country_name(details["country"]) if details.get("country") else "",
        organizer=Localized(organizer.name, organizer.language) if organizer else None,
        organizer_url=organizer.url if organizer else "",
        is_cancelled=bool(dates) and all(each.cancelled_at for each in dates),
        is_over=bool(dates) and max(each.ends_at for each in dates) <= now,
    )


def _words(details: Details) -> list[Words]:
    title, description = details["title"], details.get("description", {})
    report = details.get("report", {}).get("text", {})
    there = {*title, *description, *report}
    order = [*dict.fromkeys([current(), *FALLBACK, *CODES, *sorted(there)])]
    return [
        Words(code, title.get(code, ""), description.get(code, ""), report.get(code, ""))
        for code in order
        if code in there
    ]


#: Dates of a series that are described one by one.
_MOST_DESCRIBED = 20
_STATUS = "https://schema.org/Event"


def describe_calendar(name: str, path: str, filters: Filters) -> Description:
    """Describe a page of the calendar for machines. One query."""
    page, base = f"{settings.SITE_URL}{path}", f"{settings.SITE_URL}/{current()}/events/"
    query = f"?{filters.query}" if filters.given else ""
    links: list[Link] = [
        home(),
        (f"{base}calendar.ics{query}", "alternate", "text/calendar"),
        (f"{base}feed.atom{query}", "alternate", "application/atom+xml"),
        (f"{base}data.csv{query}", "alternate", "text/csv"),
        (f"{base}data.json{query}", "alternate", "application/json"),
        *types("CollectionPage"),
    ]
    if page == base:
        links.append(oembed_link(page))
    data = {"@type": "CollectionPage", "@id": page, "url": page, "name": name, "inLanguage": html_code(current())}
    opening = _("Meetings, workshops and the days on which consultations open and close.")
    return describe(data, links, title=name, opening=opening, url=page, site=installation().name)


def describe_event(shown: PresentedEvent) -> Description:
    """Describe an event for machines; each date of a series is an event of its own in it. One query."""
    event, page = shown.event, f"{settings.SITE_URL}/{current()}/events/{shown.event.number}/"
    about = next((each for each in shown.words if each.description), None)
    opening = opening_of(" ".join(plain(about.description).split())) if about else ""
    dates = [_described_date(one, when) for one, when in shown.dates]
    data = {
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": shown.title.text,
        "description": opening,
        "inLanguage": event.details.get("languages") or html_code(shown.title.language),
        "eventAttendanceMode": _mode(event.details),
        "location": _locations(event.details, shown.country),
        "organizer": _organizer(shown),
        "keywords": [label.text for _code, label in shown.themes],
        **_whole(dates),
    }
    links: list[Link] = [
        (page, "cite-as", ""),
        home(),
        (f"{settings.SITE_URL}/{current()}/events/", "collection", "text/html"),
        (f"{page}event.ics", "alternate", "text/calendar"),
        *types("Event", "AboutPage"),
    ]
    return describe(
        data, links, title=shown.title.text, opening=opening, url=page, site=installation().name, kind="article"
    )


def _whole(dates: list[dict[str, object]]) -> dict[str, object]:
    """Return when the whole event takes place: a single date's span, or from the first to the last one."""
    if len(dates) == 1:
        return dates[0]
    if not dates:
        return {}
    cancelled = {each["eventStatus"] for each in dates}
    return {
        "startDate": dates[0]["startDate"],
        "endDate": dates[-1]["endDate"],
        "eventStatus": cancelled.pop() if len(cancelled) == 1 else f"{_STATUS}Scheduled",
        "subEvent": [{"@type": "Event", **each} for each in dates[:_MOST_DESCRIBED]],
    }


def _described_date(one: Occurrence, when: When) -> dict[str, object]:
    status = "Cancelled" if one.cancelled_at else "Scheduled"
    return {"startDate": when.starts, "endDate": when.ends, "eventStatus": f"{_STATUS}{status}"}


def _mode(details: Details) -> str:
    mixed, online = details.get("place") and details.get("online"), details.get("online")
    mode = "Mixed" if mixed else "Online" if online else "Offline"
    return f"https://schema.org/{mode}EventAttendanceMode"


def _locations(details: Details, country: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if details.get("place"):
        address = {"@type": "PostalAddress", "addressCountry": details["country"]} if country else None
        place: dict[str, object] = {"@type": "Place", "name": details["place"]}
        found.append({**place, "address": address} if address else place)
    if details.get("online"):
        found.append({"@type": "VirtualLocation", "url": details["online"]})
    return found


def _organizer(shown: PresentedEvent) -> dict[str, object] | None:
    if shown.organizer:
        url = f"{settings.SITE_URL}{shown.organizer_url}"
        return {"@type": "Organization", "name": shown.organizer.text, "url": url}
    name = shown.event.details.get("organizer_name")
    return {"@type": "Organization", "name": name} if name else None
