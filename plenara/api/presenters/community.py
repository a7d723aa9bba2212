"""Calendar, directory and themes in the API. Names are those of the community bundle."""

import datetime

from plenara.api import endpoints, problems
from plenara.api.validation import Parameters
from plenara.bundles.queries import community_bundle
from plenara.core.languages import CODES
from plenara.core.rows import without_absent
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.models import Kind, Listing, Progress
from plenara.directory.queries.lists import FILTERS, ListFilters
from plenara.directory.queries.lookup import BROADER, FOLDERS
from plenara.events import dates
from plenara.events.models import Event, Occurrence
from plenara.events.queries.calendar import Filters, Key, Span, key_of
from plenara.exports.addresses import site
from plenara.themes.models import Theme
from plenara.themes.queries import with_narrower

#: Columns of events for the rows of the calendar's list.
_OF_THE_EVENT = (
    "title", "place", "online", "country", "organizer", "organizer_name", "themes", "languages", "prepares",
)  # fmt: skip
_INSTANT = datetime.timedelta(microseconds=1)
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def pages(path: str) -> dict[str, str]:
    """Return the addresses of a page for people, by language."""
    return {code: site(f"/{code}/{path}") for code in CODES}


def filters(parameters: Parameters) -> Filters:
    """Return the filters of the calendar in an address. One query where a theme is named."""
    theme, organization = parameters.words("theme", 100) or "", parameters.number("organization", least=1)
    return Filters(
        theme=theme,
        country=parameters.country("country") or "",
        language=parameters.language("language") or "",
        consultation=parameters.slug("consultation") or "",
        organization=str(organization) if organization else "",
        themes=tuple(with_narrower(theme)) if theme else (),
    )


def span(parameters: Parameters) -> Span:
    """Return the span of the calendar in an address, by the beginning of its dates."""
    since, until = parameters.moment("since"), parameters.moment("until", is_end=True)
    return Span(first=since, last=until + _INSTANT if until and until < _LAST else None)


def after(parameters: Parameters) -> Key | None:
    """Return the key of the page's start; raise `NotFound` for an impossible one."""
    key_as_text = parameters.place("after")
    if key_as_text is None:
        return None
    if key := key_of(key_as_text):
        return key
    raise problems.not_found()


def date_row(occurrence: Occurrence) -> dict[str, object]:
    """Return a date of the calendar with its event. No query."""
    event = occurrence.event
    details: dict[str, object] = dict(event.details)
    return without_absent(
        {
            "event": event.number,
            "date": occurrence.number,
            "start": occurrence.starts_local,
            "end": occurrence.ends_local,
            "timezone": occurrence.timezone,
            "whole_days": occurrence.is_whole_days or None,
            "starts_at": iso(occurrence.starts_at),
            "ends_at": iso(occurrence.ends_at),
            "cancelled_at": iso(occurrence.cancelled_at),
            "sequence": occurrence.sequence or None,
            "changed_at": iso(occurrence.changed_at),
            **{name: details.get(name) for name in _OF_THE_EVENT},
            "pages": pages(f"events/{event.number}/"),
            "self": endpoints.event(event.number or 0),
        }
    )


def event_row(event: Event) -> dict[str, object]:
    """Return an event with all its dates. It comes with its related rows."""
    row = community_bundle.event_row(event, at=iso)
    for date in row.get("dates", ()):
        moments = dates.span(date["start"], date["end"], date.get("timezone", row["timezone"]))
        date["starts_at"], date["ends_at"] = (iso(each) for each in moments)
    number = event.number or 0
    return row | {"pages": pages(f"events/{number}/"), "self": endpoints.event(number)}


def listing_row(listing: Listing) -> dict[str, object]:
    """Return a listing, or its stub. It comes with its related rows."""
    folder, number = FOLDERS[Kind(listing.of)], listing.number or 0
    row = community_bundle.listing_row(listing, at=iso)
    return row | {"pages": pages(f"{folder}/{number}/"), "self": endpoints.listing(folder, number)}


def listing_filters(parameters: Parameters, kind: str) -> ListFilters:
    """Return the filters of a list of the directory in an address: those of its page."""
    organization = parameters.number("organization", least=1) if "organization" in FILTERS[Kind(kind)] else None
    values = {
        "theme": parameters.words("theme", 100),
        "country": parameters.country("country"),
        "region": parameters.choice("region", sorted(BROADER)),
        "group": parameters.choice("group", StakeholderGroup.values),
        "language": parameters.language("language"),
        "state": parameters.choice("state", Progress.values),
        "organization": str(organization) if organization else None,
    }
    return ListFilters(**{name: value for name, value in values.items() if value and name in FILTERS[Kind(kind)]})


def theme_row(theme: Theme) -> dict[str, object]:
    """Return a theme of the list. It comes with its related themes."""
    row = community_bundle.theme_row(theme, at=iso)
    return row | {
        "uri": site(f"/themes/{theme.code}"),
        "pages": pages(f"themes/{theme.code}/"),
        "self": endpoints.theme(theme.code),
    }
