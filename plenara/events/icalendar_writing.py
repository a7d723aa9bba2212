"""A calendar as iCalendar (RFC 5545, RFC 7986), written event by event, so that a long one never stands in memory.

The same record gives the same bytes: no line tells when it was asked for. `calendar_of` is for whoever has a calendar
to give away: the page of a theme, of an organization.
"""

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import override

import plenara
from plenara.accounts.installation import installation
from plenara.consultations.models import LIST_CACHE_TAG
from plenara.core.languages import current, django_code, html_code, in_language
from plenara.core.text import plain
from plenara.directory.models import CACHE_TAG as DIRECTORY_CACHE_TAG
from plenara.events import calendar, dates
from plenara.events.calendar import Deadline, Filters
from plenara.events.icalendar_lines import day, local, parameter, text, uri, utc, written
from plenara.events.icalendar_zones import timezone
from plenara.events.models import CACHE_TAG, Event, Occurrence

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: What a calendar file stands on: what it tells of events, of who organizes them, of consultations.
CACHE_TAGS = (CACHE_TAG, DIRECTORY_CACHE_TAG, LIST_CACHE_TAG)
#: Dates that one file holds; of more it leaves out those that were earliest. The tables have all.
MOST = 5_000
#: How often a client may ask again: an answer that nothing has changed costs next to nothing.
_REFRESH = "PT4H"
_CHUNK = 200


def calendar_of(
    filters: Filters, language: str, *, name: str = "", description: str = "", source: str = "", url: str = ""
) -> Iterator[bytes]:
    """Yield a calendar file: past, coming and cancelled dates, from the earliest to the last, and deadlines.

    `name` and `description` are what clients show, `source` the file's own address and `url` its page's; each has a
    default that says what the filters ask for.
    """
    for piece in calendar_text(filters, language, name=name, description=description, source=source, url=url):
        yield piece.encode()


def calendar_text(
    filters: Filters, language: str, *, name: str = "", description: str = "", source: str = "", url: str = ""
) -> Iterator[str]:
    """Yield the same as text, for `OtherForm.write`."""
    with override(django_code(language)):
        rows = calendar.latest(filters, MOST)
        deadlines = sorted(calendar.deadlines(filters), key=lambda each: each.key)
        page = f"{settings.SITE_URL}/{language}/events/"
        query = f"?{filters.query}" if filters.asked else ""
        head = _head(
            name or _("%(name)s: calendar") % {"name": installation().name},
            description or _("Meetings, workshops and the days on which consultations open and close."),
            source or f"{page}calendar.ics{query}",
            url or f"{page}{query}",
        )
        zones = _zones_of(rows, deadlines)
    yield head + zones
    # The language is set for each piece anew: between two of them other code runs.
    for one in rows.select_related("event__organizer", "event__prepares").iterator(_CHUNK):
        with override(django_code(language)):
            piece = _event(one)
        yield piece
    for each in deadlines:
        with override(django_code(language)):
            piece = _deadline(each)
        yield piece
    yield "END:VCALENDAR\r\n"


def event_text(event: Event) -> Iterator[str]:
    """Yield the file of one event with all its dates, in the active language."""
    rows = Occurrence.objects.filter(event=event, is_shown=True).order_by("number")
    address = event_url(event)
    title, about = in_language(event.details["title"]).text, in_language(event.details.get("description")).text
    yield _head(title, " ".join(plain(about).split())[:500], f"{address}event.ics", address)
    yield _zones_of(rows, [])
    for one in rows.select_related("event__organizer", "event__prepares"):
        yield _event(one)
    yield "END:VCALENDAR\r\n"


def event_url(event: Event) -> str:
    """Return the address of an event's page in the active language."""
    return f"{settings.SITE_URL}/{current()}/events/{event.number}/"


def uid(one: Occurrence) -> str:
    """Return what calendars know a date by, the same for good and in every language."""
    return f"event-{one.event.number}-{one.number}@{_host()}"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _head(name: str, description: str, source: str, url: str) -> str:
    named, described = text(name), text(description)
    return written(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:-//Plenara//Plenara {plenara.__version__}//{html_code(current()).upper()}",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            f"NAME:{named}",
            f"X-WR-CALNAME:{named}",  # what clients read that do not know RFC 7986
            *([f"DESCRIPTION:{described}", f"X-WR-CALDESC:{described}"] if description else []),
            f"SOURCE;VALUE=URI:{uri(source)}",
            f"URL:{uri(url)}",
            f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
            f"X-PUBLISHED-TTL:{_REFRESH}",
        ]
    )


def _zones_of(rows: Any, deadlines: Iterable[Deadline]) -> str:
    """Return the zones that a calendar's hours are in, each for the years that it is needed for. One query."""
    years: dict[str, tuple[int, int]] = {}
    found = rows.filter(is_whole_days=False).order_by("timezone").values_list("timezone")
    spans = list(found.annotate(first=Min("starts_at"), last=Max("ends_at")))
    spans += [(each.consultation.timezone, each.at, each.at) for each in deadlines]
    for name, first, last in spans:
        known = years.get(name, (first.year, last.year))
        years[name] = (min(known[0], first.year), max(known[1], last.year))
    zones = [timezone(name, *years[name]) for name in sorted(years) if name != "UTC"]
    # A calendar has at least one component (3.6), even where nothing stands in it yet.
    return "".join(zones) or timezone("UTC", 2026, 2026)


def _event(one: Occurrence) -> str:
    event = one.event
    details: Any = event.details
    title, about = in_language(details["title"]), in_language(details.get("description"))
    summary = _("Cancelled: %(title)s") % {"title": title.text} if one.cancelled_at else title.text
    address = event_url(event)
    place = details.get("place") or (_("Online") if details.get("online") else "")
    return written(
        filter(
            None,
            [
                "BEGIN:VEVENT",
                f"UID:{uid(one)}",
                f"DTSTAMP:{utc(one.changed_at)}",
                f"LAST-MODIFIED:{utc(one.changed_at)}",
                f"CREATED:{utc(event.published_at)}" if event.published_at else "",
                f"SEQUENCE:{one.sequence}",
                f"STATUS:{'CANCELLED' if one.cancelled_at else 'CONFIRMED'}",
                *_times(one),
                f"SUMMARY;LANGUAGE={html_code(title.language)}:{text(summary)}",
                f"DESCRIPTION;LANGUAGE={html_code(about.language)}:{text(_about(event, about.text, address))}",
                f"LOCATION:{text(place)}" if place else "",
                f"URL:{uri(address)}",
                f"CONFERENCE;VALUE=URI;LABEL={parameter(_('Online'))}:{uri(details['online'])}"
                if uri(details.get("online", ""))
                else "",
                f"CATEGORIES:{','.join(map(text, details['themes']))}" if details.get("themes") else "",
                *(f"ATTACH:{uri(each['url'])}" for each in details.get("documents", []) if uri(each["url"])),
                "END:VEVENT",
            ],
        )
    )


def _times(one: Occurrence) -> list[str]:
    first, last = dates.read(one.starts_local), dates.read(one.ends_local)
    if one.is_whole_days:
        after = last.date() + datetime.timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{day(first)}", f"DTEND;VALUE=DATE:{day(after)}", "TRANSP:TRANSPARENT"]
    if one.timezone == "UTC":
        return [f"DTSTART:{local(first)}Z", f"DTEND:{local(last)}Z"]
    # An hour that a clock skips exists nowhere: what it was read as is told.
    zone = zoneinfo.ZoneInfo(one.timezone)
    times = [f"{local(at.astimezone(zone))}" for at in (one.starts_at, one.ends_at)]
    return [f"DTSTART;TZID={one.timezone}:{times[0]}", f"DTEND;TZID={one.timezone}:{times[1]}"]


def _about(event: Event, about: str, address: str) -> str:
    """Return what a client shows below the title: all that has no property of its own, and where the page is."""
    details: Any = event.details
    organizer = in_language(event.organizer.details.get("name")).text if event.organizer else ""
    organizer = organizer or details.get("organizer_name", "")
    report = details.get("report", {})
    told = [
        plain(about).strip(),
        _("Organizer: %(name)s") % {"name": organizer} if organizer else "",
        _("Online: %(address)s") % {"address": details["online"]} if details.get("online") else "",
        _("Prepares: %(title)s") % {"title": in_language(event.prepares.title).text} if event.prepares else "",
        _("Report: %(address)s") % {"address": report["url"]} if report.get("url") else "",
        address,
    ]
    return "\n\n".join(filter(None, told))


def _deadline(one: Deadline) -> str:
    it = one.consultation
    name = "closes" if one.is_closing else "opens"
    title = in_language(it.title)
    said = _("Contributions close: %(title)s") if one.is_closing else _("Consultation opens: %(title)s")
    extensions = [each.at for each in it.extensions.all()] if one.is_closing else []
    known = max([*extensions, it.announced_at or it.created_at])
    address = f"{settings.SITE_URL}/{current()}/consultations/{it.slug}/"
    at = f";TZID={it.timezone}:{local(one.at.astimezone(it.zone))}" if it.timezone != "UTC" else f":{utc(one.at)}"
    return written(
        [
            "BEGIN:VEVENT",
            f"UID:consultation-{it.slug}-{name}@{_host()}",
            f"DTSTAMP:{utc(known)}",
            f"LAST-MODIFIED:{utc(known)}",
            f"SEQUENCE:{len(extensions)}",
            "STATUS:CONFIRMED",
            f"DTSTART{at}",
            "TRANSP:TRANSPARENT",
            f"SUMMARY;LANGUAGE={html_code(title.language)}:{text(said % {'title': title.text})}",
            f"URL:{uri(address)}",
            f"DESCRIPTION:{text(address)}",
            "END:VEVENT",
        ]
    )
