"""Dates of the calendar as rows, as data and as entries of a feed. `docs/other-forms.md` describes all three."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.html import format_html

from plenara.archive.formats.tables import json_line
from plenara.core import atom
from plenara.core.languages import current, in_language
from plenara.core.templatetags.plenara import iso
from plenara.core.text import to_html
from plenara.directory.models import EntryState
from plenara.events import hours
from plenara.events.calendar import Filters
from plenara.events.models import Event, EventMark, Occurrence

#: The first line of every CSV. New columns come at the end; none is ever renamed or moved.
COLUMNS = (
    "event", "date", "status", "address", "title", "language", "starts", "ends", "timezone", "whole_days",
    "starts_at", "ends_at", "place", "online", "country", "organizer", "organizer_name", "themes", "languages",
    "prepares", "report", "description", "sequence", "published_at", "changed_at", "cancelled_at",
)  # fmt: skip
#: Entries of a feed.
LATEST = 50
#: The day from which on ids of feeds name this site.
BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def row(one: Occurrence) -> dict[str, Any]:
    """Return what is told of a date, without what there is not. It comes with event, organizer and consultation."""
    event = one.event
    details: dict[str, Any] = event.details
    values = {
        "event": event.number,
        "date": one.number,
        "status": "cancelled" if one.cancelled_at else "confirmed",
        "address": address(event),
        "title": details["title"],
        "starts": one.starts_local,
        "ends": one.ends_local,
        "timezone": one.timezone,
        "whole_days": one.is_whole_days,
        "starts_at": iso(one.starts_at),
        "ends_at": iso(one.ends_at),
        "organizer": event.organizer.number if event.organizer else None,
        "prepares": event.prepares.slug if event.prepares else None,
        "sequence": one.sequence,
        "published_at": iso(event.published_at),
        "changed_at": iso(one.changed_at),
        "cancelled_at": iso(one.cancelled_at),
    }
    more = ("place", "online", "country", "organizer_name", "themes", "languages", "documents", "report", "description")
    values |= {name: details.get(name) for name in more}
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def cells(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a spreadsheet takes it: texts in the reader's language, lists in one cell."""
    title = in_language(values["title"])
    made = {**values, "title": title.text, "language": title.language}
    for name in ("themes", "languages"):
        if name in made:
            made[name] = " ".join(made[name])
    if "report" in made:
        made["report"] = made["report"].get("url") or in_language(made["report"].get("text")).text
    if "description" in made:
        made["description"] = in_language(made["description"]).text
    return made


def as_json(rows: Iterable[dict[str, Any]], here: str, filters: dict[str, str]) -> Iterator[str]:
    """Yield one JSON object: where it is from, then `dates`, one a line."""
    head: dict[str, Any] = {"format": "plenara-calendar/1", "address": here}
    if filters:
        head["filters"] = filters
    yield json_line(head)[:-1] + ',"dates":['
    separator = "\n"
    for each in rows:
        yield separator + json_line(each)
        separator = ",\n"
    yield "\n]}\n"


def address(event: Event) -> str:
    """Return where an event stands, in the active language."""
    return f"{settings.SITE_URL}/{current()}/events/{event.number}/"


def tag(of: str) -> str:
    """Return the id of something of the calendar, the same in every feed."""
    return atom.tag(settings.SITE_URL, BEGAN, f"events/{of}")


def latest(filters: Filters) -> Iterator[Event]:
    """Return the events that changed last; unfiltered also those that have gone. Two queries."""
    states = [EntryState.PUBLISHED]
    if not filters.asked:
        states += [EntryState.WITHDRAWN, EntryState.REMOVED]  # nobody knows any more what they were about
    found = Event.objects.filter(number__isnull=False, changed_at__isnull=False, state__in=states)
    for what, values in filters.marks:
        marks = EventMark.objects.filter(what=what, value__in=values, occurrence__event=OuterRef("pk"))
        found = found.filter(Exists(marks))
    return iter(found.order_by("-changed_at", "-pk").prefetch_related("occurrences")[:LATEST])


def entry(event: Event) -> atom.Entry | atom.Deleted:
    """Return an event as an entry, or as the tombstone of one."""
    if not event.is_published:
        return atom.Deleted(tag(str(event.number)), event.state_at)
    details: dict[str, Any] = event.details
    title, about = in_language(details["title"]), in_language(details.get("description"))
    dates = sorted(event.occurrences.all(), key=lambda each: (each.starts_at, each.number))
    told = [hours.when(each) for each in dates]
    when = "; ".join(f"{each.date}, {each.hours}" for each in told)
    place = ", ".join(filter(None, [details.get("place"), details.get("online")]))
    language = about.language if about.text else title.language
    return atom.Entry(
        id=tag(str(event.number)),
        title=title.text,
        updated=event.changed_at or event.state_at,
        published=event.published_at,
        url=address(event),
        language=language,
        summary=" · ".join(filter(None, [when, place])),
        html=format_html("{}", to_html(about.text)) if about.text else "",
        categories=tuple(("", code) for code in details.get("themes", [])),
        links=(atom.Link(f"{address(event)}event.ics", "alternate", "text/calendar"),),
    )
