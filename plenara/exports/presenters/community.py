"""Dates of the calendar and entries of the directory as rows, as data and as entries of a feed. `docs/other-forms.md`
describes all.
"""

import datetime
from collections.abc import Iterable, Iterator
from itertools import batched

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.html import format_html

from plenara.core import atom
from plenara.core.languages import CODES, current, in_language
from plenara.core.life_cycle import State
from plenara.core.office_files import guard_cell
from plenara.core.rows import Json, json_document, without_absent
from plenara.core.templatetags.plenara import iso
from plenara.core.text import to_html
from plenara.directory.models import Kind, Listing
from plenara.directory.queries import lookup
from plenara.events.models import Details, Event, EventMark, Occurrence
from plenara.events.presenters import calendar_pages
from plenara.events.queries.calendar import Filters
from plenara.exports import addresses

#: The first line of every CSV. New columns come at the end; none is ever renamed or moved.
DATE_COLUMNS = (
    "event", "date", "status", "address", "title", "language", "starts", "ends", "timezone", "whole_days",
    "starts_at", "ends_at", "place", "online", "country", "organizer", "organizer_name", "themes", "languages",
    "prepares", "report", "description", "sequence", "published_at", "changed_at", "cancelled_at",
)  # fmt: skip
#: Entries of a feed.
LATEST = 50
#: The day from which on the ids of feeds have this site's name.
BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def date_row(one: Occurrence) -> Json:
    """Return the fields of a date, without empty ones. It comes with event, organizer and consultation."""
    event = one.event
    details: Details = event.details
    values: Json = {
        "event": event.number,
        "date": one.number,
        "status": "cancelled" if one.cancelled_at else "confirmed",
        "address": date_address(event),
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
    return without_absent(values)


def date_cells(values: Json) -> Json:
    """Return a row for a spreadsheet: texts in the reader's language, lists in one cell."""
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


def dates_as_json(rows: Iterable[Json], here: str, filters: dict[str, str]) -> Iterator[str]:
    """Return one JSON object: its source, then `dates`, one a line."""
    head: dict[str, object] = {"format": "plenara-calendar/1", "address": here}
    if filters:
        head["filters"] = filters
    return json_document(head, "dates", rows)


def date_address(event: Event) -> str:
    """Return the address of an event, in the active language."""
    return f"{settings.SITE_URL}/{current()}/events/{event.number}/"


def date_tag(of: str) -> str:
    """Return the id of something in the calendar, the same in every feed."""
    return atom.tag(settings.SITE_URL, BEGAN, f"events/{of}")


def latest_dates(filters: Filters) -> Iterator[Event]:
    """Return the events that changed last; unfiltered also those that were withdrawn or removed. Two queries."""
    states = [State.PUBLISHED]
    if not filters.given:
        states += [State.WITHDRAWN, State.REMOVED]  # their subjects are no longer known
    found = Event.objects.filter(number__isnull=False, changed_at__isnull=False, state__in=states)
    for what, values in filters.marks:
        marks = EventMark.objects.filter(what=what, value__in=values, occurrence__event=OuterRef("pk"))
        found = found.filter(Exists(marks))
    return iter(found.order_by("-changed_at", "-pk").prefetch_related("occurrences")[:LATEST])


def date_entry(event: Event) -> atom.Entry | atom.Deleted:
    """Return an event as an entry, or as the tombstone of one."""
    if not event.is_published:
        return atom.Deleted(date_tag(str(event.number)), event.state_at)
    details: Details = event.details
    title, about = in_language(details["title"]), in_language(details.get("description"))
    dates = sorted(event.occurrences.all(), key=lambda each: (each.starts_at, each.number))
    dates_in_words = [calendar_pages.when(each) for each in dates]
    when = "; ".join(f"{each.date}, {each.hours}" for each in dates_in_words)
    place = ", ".join(filter(None, [details.get("place"), details.get("online")]))
    language = about.language if about.text else title.language
    return atom.Entry(
        id=date_tag(str(event.number)),
        title=title.text,
        updated=event.changed_at or event.state_at,
        published=event.published_at,
        url=date_address(event),
        language=language,
        summary=" · ".join(filter(None, [when, place])),
        html=format_html("{}", to_html(about.text)) if about.text else "",
        categories=tuple(("", code) for code in details.get("themes", [])),
        links=(atom.Link(f"{date_address(event)}event.ics", "alternate", "text/calendar"),),
    )


FORMAT = "plenara-directory/1"
#: Columns of the table. New ones come at the end; none is ever renamed or moved.
LISTING_COLUMNS = (
    "number", "kind", "address", "name", *(f"name_{code}" for code in CODES), "acronym", "stakeholder_group",
    "country", "countries", "site", "ror", "orcid", "themes", "languages", "organizations", "affiliation", "starts",
    "ends", "progress", *(f"description_{code}" for code in CODES), "verified_by", "verified_at", "published_at",
    "changed_at", "doubted_at",
)  # fmt: skip
#: Listings whose verification is queried at a time.
_AT_ONCE = 200


def listing_rows(listings: Iterable[Listing]) -> Iterator[Json]:
    """Yield listings for programs, with all their languages. A query for each few hundred."""
    for some in batched(listings, _AT_ONCE):
        verifications = lookup.current_verifications(each.pk for each in some if each.of == Kind.ORGANIZATION)
        for each in some:
            verification = verifications.get(each.pk)
            yield without_absent(
                {
                    "number": each.number,
                    "kind": each.of,
                    "address": addresses.site(lookup.path_of(each.of, each.number or 0)),
                    **each.details,
                    "verified_by": verification.method if verification else None,
                    "verified_at": iso(verification.at) if verification else None,
                    "published_at": iso(each.published_at),
                    "changed_at": iso(each.changed_at),
                    "doubted_at": iso(each.doubted_at),
                }
            )


def listing_cells(listings: Iterable[Listing]) -> Iterator[dict[str, str]]:
    """Yield listings as the cells of a table: `name` in the reader's language, lists separated by spaces."""
    for some in batched(listings, _AT_ONCE):
        for listing, row in zip(some, listing_rows(some), strict=True):
            names = row.get("title", row.get("name"))
            texts = row.get("about") or row.get("description") or {}
            named = names if isinstance(names, dict) else {}
            values: dict[str, object] = {
                **{column: row[column] for column in LISTING_COLUMNS if column in row and column != "name"},
                "name": lookup.name_of(listing).text,
                **{f"name_{code}": text for code, text in named.items()},
                **{f"description_{code}": text for code, text in texts.items()},
                "stakeholder_group": row.get("group"),
                "site": row.get("site", row.get("link")),
                "affiliation": row.get("affiliation_name"),
                "organizations": row.get("organizations", [row["affiliation"]] if "affiliation" in row else []),
            }
            yield {name: _cell(value) for name, value in without_absent(values).items() if name in LISTING_COLUMNS}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return guard_cell(value) if isinstance(value, str) else str(value)


def listings_as_json(listings: Iterable[Listing], address: str, filters: dict[str, str]) -> Iterator[str]:
    """Return one JSON object: the filters, then `entries`, one a line."""
    head: dict[str, object] = {"format": FORMAT, "address": address}
    if filters:
        head["filters"] = filters
    return json_document(head, "entries", listing_rows(listings))
