"""A calendar as iCalendar (RFC 5545, RFC 7986): its lines, its time zones, its events, written one by one, so that a
long calendar is never in memory as a whole.
"""

import datetime
import functools
import hashlib
import re
import zoneinfo
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

import plenara
from plenara.accounts.queries import installation
from plenara.consultations.models import LIST_CACHE_TAG
from plenara.core.languages import current, django_code, html_code, in_language
from plenara.core.metadata import site_host
from plenara.core.text import plain
from plenara.directory.models import CACHE_TAG as DIRECTORY_CACHE_TAG
from plenara.events import dates
from plenara.events.models import CACHE_TAG, Details, Event, Occurrence
from plenara.events.queries import calendar
from plenara.events.queries.calendar import Deadline, Filters

#: Octets of a line; what is longer goes on in the next one, after a space.
_WIDTH = 75
#: Control characters, which no text may contain. A tab is allowed, a line break is written as `\n`.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x85]")
_NOT_IN_PARAMETER = re.compile(r'["\x00-\x1f\x7f-\x9f]')


def text_value(value: str) -> str:
    """Return a text as a value (3.3.11)."""
    value = _CONTROL.sub("", _BREAK.sub("\n", value))
    for sign in "\\;,":
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", "\\n")


def parameter_value(value: str) -> str:
    """Return a text as a parameter's value, in quotation marks (3.2)."""
    return f'"{_NOT_IN_PARAMETER.sub("", _BREAK.sub(" ", value))}"'


def uri_value(value: str) -> str:
    """Return an address as a value: one line without blanks, or nothing where it is not an address."""
    return value if value.isprintable() and " " not in value else ""


def utc_value(at: datetime.datetime) -> str:
    """Return a moment in UTC (3.3.5)."""
    return at.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def local_value(at: datetime.datetime) -> str:
    """Return a local time, whose zone is written elsewhere."""
    return at.strftime("%Y%m%dT%H%M%S")


def day_value(at: datetime.date) -> str:
    """Return a day (3.3.4)."""
    return at.strftime("%Y%m%d")


def fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, none cut inside a character."""
    if len(line) * 4 <= _WIDTH or len(line.encode()) <= _WIDTH:
        yield f"{line}\r\n"
        return
    piece: list[str] = []
    size, room = 0, _WIDTH
    for character in line:
        octets = len(character.encode())
        if size + octets > room:
            yield f"{''.join(piece)}\r\n "
            piece, size, room = [], 0, _WIDTH - 1
        piece.append(character)
        size += octets
    yield f"{''.join(piece)}\r\n"


def line_of(lines: Iterable[str]) -> str:
    """Return lines joined and encoded for the file."""
    return "".join(piece for line in lines for piece in fold(line))


_DAY = datetime.timedelta(days=1)
_SECOND = datetime.timedelta(seconds=1)

type _State = tuple[datetime.timedelta, bool, str]


def timezone(name: str, first_year: int, last_year: int) -> str:
    """Return a VTIMEZONE that is right for every moment of these years."""
    return _timezone(name, first_year, last_year, zone_digest(name))


@functools.lru_cache(maxsize=1000)
def _timezone(name: str, first_year: int, last_year: int, _digest: str) -> str:
    zone = zoneinfo.ZoneInfo.no_cache(name)
    begins = datetime.datetime(first_year, 1, 1, tzinfo=datetime.UTC) - _DAY
    ends = datetime.datetime(last_year + 1, 1, 1, tzinfo=datetime.UTC) + _DAY
    # The state at the beginning, then each rule with the moments at which it begins.
    state = _state(zone, begins)
    observances: dict[tuple[_State, datetime.timedelta], list[datetime.datetime]] = {(state, state[0]): [begins]}
    for at, before, after in _changes(zone, begins, ends):
        observances.setdefault((after, before[0]), []).append(at)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for (after, offset), moments in observances.items():
        lines += _observance(after, offset, moments)
    return line_of([*lines, "END:VTIMEZONE"])


def _observance(state: _State, offset_before: datetime.timedelta, moments: list[datetime.datetime]) -> Iterator[str]:
    offset, is_summer, name = state
    kind = "DAYLIGHT" if is_summer else "STANDARD"
    # DTSTART is the local time just before the change.
    local_times = [local_value(at + offset_before) for at in moments]
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local_times[0]}"
    for each in local_times[1:]:
        yield f"RDATE:{each}"
    yield f"TZOFFSETFROM:{_offset(offset_before)}"
    yield f"TZOFFSETTO:{_offset(offset)}"
    yield f"TZNAME:{text_value(name)}"
    yield f"END:{kind}"


def _state(zone: zoneinfo.ZoneInfo, at: datetime.datetime) -> _State:
    there = at.astimezone(zone)
    return there.utcoffset() or datetime.timedelta(), bool(there.dst()), there.tzname() or ""


def _changes(
    zone: zoneinfo.ZoneInfo, begins: datetime.datetime, ends: datetime.datetime
) -> Iterator[tuple[datetime.datetime, _State, _State]]:
    """Yield the moments at which clocks change: found day by day, then to the second."""
    at, before = begins, _state(zone, begins)
    while at < ends:
        after = _state(zone, at + _DAY)
        if after != before:
            low, high = at, at + _DAY
            while high - low > _SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _state(zone, middle) == before else (low, middle)
            yield high, before, after
            before = after
        at += _DAY


def _offset(offset: datetime.timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = "-" if seconds < 0 else "+", abs(seconds)
    rest_seconds = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{rest_seconds}"


def zone_digest(name: str) -> str:
    """Return the SHA-256 of a zone's data on this machine: another digest means that its rules have changed."""
    for folder in zoneinfo.TZPATH:
        if (file := Path(folder, name)).is_file():
            return hashlib.sha256(file.read_bytes()).hexdigest()
    *region, place = name.split("/")
    packaged = resources.files("tzdata.zoneinfo").joinpath(*region, place)
    return hashlib.sha256(packaged.read_bytes()).hexdigest()


MEDIA_TYPE = "text/calendar; charset=utf-8"
#: The cache tags of a calendar file: events, their organizers, consultations.
CACHE_TAGS = (CACHE_TAG, DIRECTORY_CACHE_TAG, LIST_CACHE_TAG)
#: Dates that one file contains; the earliest ones are left out beyond that. The tables have all.
MOST = 5_000
#: How often a client may ask again: an answer that nothing has changed costs next to nothing.
_REFRESH = "PT4H"
_CHUNK = 200


def calendar_of(
    filters: Filters, language: str, *, name: str = "", description: str = "", source: str = "", url: str = ""
) -> Iterator[bytes]:
    """Yield a calendar file: past, coming and cancelled dates, from the earliest to the last, and deadlines.

    `name` and `description` are what clients show, `source` the file's own address and `url` its page's; the defaults
    describe the filters.
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
        query = f"?{filters.query}" if filters.given else ""
        head = _head(
            name or pgettext("label", "%(name)s: calendar") % {"name": installation().name},
            description or _("Meetings, workshops and the days on which consultations open and close."),
            source or f"{page}calendar.ics{query}",
            url or f"{page}{query}",
        )
        zones = _zones_of(rows, deadlines)
    yield head + zones
    # The language is set again for each piece: other code runs between two of them.
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
    """Return the UID of a date, the same for good and in every language."""
    return f"event-{one.event.number}-{one.number}@{site_host()}"


def _head(name: str, description: str, source: str, url: str) -> str:
    named, described = text_value(name), text_value(description)
    return line_of(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:-//Plenara//Plenara {plenara.__version__}//{html_code(current()).upper()}",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            f"NAME:{named}",
            f"X-WR-CALNAME:{named}",  # for clients that do not know RFC 7986
            *([f"DESCRIPTION:{described}", f"X-WR-CALDESC:{described}"] if description else []),
            f"SOURCE;VALUE=URI:{uri_value(source)}",
            f"URL:{uri_value(url)}",
            f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
            f"X-PUBLISHED-TTL:{_REFRESH}",
        ]
    )


def _zones_of(rows: QuerySet[Occurrence], deadlines: Iterable[Deadline]) -> str:
    """Return the time zones of a calendar's hours, each for the years in which it occurs. One query."""
    years: dict[str, tuple[int, int]] = {}
    found = rows.filter(is_whole_days=False).order_by("timezone").values_list("timezone")
    spans = list(found.annotate(first=Min("starts_at"), last=Max("ends_at")))
    spans += [(each.consultation.timezone, each.at, each.at) for each in deadlines]
    for name, first, last in spans:
        known = years.get(name, (first.year, last.year))
        years[name] = (min(known[0], first.year), max(known[1], last.year))
    zones = [timezone(name, *years[name]) for name in sorted(years) if name != "UTC"]
    # A calendar has at least one component (3.6), even an empty one.
    return "".join(zones) or timezone("UTC", 2026, 2026)


def _event(one: Occurrence) -> str:
    event = one.event
    details: Details = event.details
    title, about = in_language(details["title"]), in_language(details.get("description"))
    summary = _("Cancelled: %(title)s") % {"title": title.text} if one.cancelled_at else title.text
    address = event_url(event)
    online = parameter_value(pgettext("label", "Online"))
    place = details.get("place") or (pgettext("label", "Online") if details.get("online") else "")
    return line_of(
        filter(
            None,
            [
                "BEGIN:VEVENT",
                f"UID:{uid(one)}",
                f"DTSTAMP:{utc_value(one.changed_at)}",
                f"LAST-MODIFIED:{utc_value(one.changed_at)}",
                f"CREATED:{utc_value(event.published_at)}" if event.published_at else "",
                f"SEQUENCE:{one.sequence}",
                f"STATUS:{'CANCELLED' if one.cancelled_at else 'CONFIRMED'}",
                *_times(one),
                f"SUMMARY;LANGUAGE={html_code(title.language)}:{text_value(summary)}",
                f"DESCRIPTION;LANGUAGE={html_code(about.language)}:{text_value(_about(event, about.text, address))}",
                f"LOCATION:{text_value(place)}" if place else "",
                f"URL:{uri_value(address)}",
                f"CONFERENCE;VALUE=URI;LABEL={online}:{uri_value(details['online'])}"
                if uri_value(details.get("online", ""))
                else "",
                f"CATEGORIES:{','.join(map(text_value, details['themes']))}" if details.get("themes") else "",
                *(
                    f"ATTACH:{uri_value(each['url'])}"
                    for each in details.get("documents", [])
                    if uri_value(each["url"])
                ),
                "END:VEVENT",
            ],
        )
    )


def _times(one: Occurrence) -> list[str]:
    first, last = dates.read(one.starts_local), dates.read(one.ends_local)
    if one.is_whole_days:
        after = last.date() + datetime.timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{day_value(first)}", f"DTEND;VALUE=DATE:{day_value(after)}", "TRANSP:TRANSPARENT"]
    if one.timezone == "UTC":
        return [f"DTSTART:{local_value(first)}Z", f"DTEND:{local_value(last)}Z"]
    # An hour that a clock skips does not exist: the hour that it is read as is written.
    zone = zoneinfo.ZoneInfo(one.timezone)
    times = [f"{local_value(at.astimezone(zone))}" for at in (one.starts_at, one.ends_at)]
    return [f"DTSTART;TZID={one.timezone}:{times[0]}", f"DTEND;TZID={one.timezone}:{times[1]}"]


def _about(event: Event, about: str, address: str) -> str:
    """Return what a client shows below the title: what has no property of its own, and the page's address."""
    details: Details = event.details
    organizer = in_language(event.organizer.details.get("name")).text if event.organizer else ""
    organizer = organizer or details.get("organizer_name", "")
    report = details.get("report", {})
    paragraphs = [
        plain(about).strip(),
        _("Organizer: %(name)s") % {"name": organizer} if organizer else "",
        _("Online: %(address)s") % {"address": details["online"]} if details.get("online") else "",
        _("Prepares the consultation: %(title)s") % {"title": in_language(event.prepares.title).text}
        if event.prepares
        else "",
        _("Report: %(address)s") % {"address": report["url"]} if report.get("url") else "",
        address,
    ]
    return "\n\n".join(filter(None, paragraphs))


def _deadline(one: Deadline) -> str:
    it = one.consultation
    name = "closes" if one.is_closing else "opens"
    title = in_language(it.title)
    sentence = _("Consultation closes: %(title)s") if one.is_closing else _("Consultation opens: %(title)s")
    extensions = [each.at for each in it.extensions.all()] if one.is_closing else []
    known = max([*extensions, it.announced_at or it.created_at])
    address = f"{settings.SITE_URL}/{current()}/consultations/{it.slug}/"
    at = (
        f";TZID={it.timezone}:{local_value(one.at.astimezone(it.zone))}"
        if it.timezone != "UTC"
        else f":{utc_value(one.at)}"
    )
    return line_of(
        [
            "BEGIN:VEVENT",
            f"UID:consultation-{it.slug}-{name}@{site_host()}",
            f"DTSTAMP:{utc_value(known)}",
            f"LAST-MODIFIED:{utc_value(known)}",
            f"SEQUENCE:{len(extensions)}",
            "STATUS:CONFIRMED",
            f"DTSTART{at}",
            "TRANSP:TRANSPARENT",
            f"SUMMARY;LANGUAGE={html_code(title.language)}:{text_value(sentence % {'title': title.text})}",
            f"URL:{uri_value(address)}",
            f"DESCRIPTION:{text_value(address)}",
            "END:VEVENT",
        ]
    )
