"""What the pages of the calendar say of themselves to machines (`common.describing`)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.core.describing import Description, Link, describe, home, opening_of, types
from plenara.core.embedding import oembed_link
from plenara.core.languages import current, html_code
from plenara.core.text import plain
from plenara.events import hours
from plenara.events.calendar import Filters
from plenara.events.models import Occurrence
from plenara.events.reading import Shown

#: Dates of a series that are described one by one.
_MOST = 20
_STATUS = "https://schema.org/Event"


def describe_calendar(name: str, path: str, filters: Filters) -> Description:
    """Describe a page of the calendar. One query."""
    page, base = f"{settings.SITE_URL}{path}", f"{settings.SITE_URL}/{current()}/events/"
    query = f"?{filters.query}" if filters.asked else ""
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


def describe_event(shown: Shown) -> Description:
    """Describe an event; each date of a series is one of its own in it. One query."""
    event, page = shown.event, f"{settings.SITE_URL}/{current()}/events/{shown.event.number}/"
    about = next((each for each in shown.words if each.description), None)
    opening = opening_of(" ".join(plain(about.description).split())) if about else ""
    dates = [_date(one, when) for one, when in shown.dates]
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


def _whole(dates: list[dict[str, Any]]) -> dict[str, Any]:
    """Return when the whole of an event takes place: a single date's own, or from the first to the last one."""
    if len(dates) == 1:
        return dates[0]
    if not dates:
        return {}
    cancelled = {each["eventStatus"] for each in dates}
    return {
        "startDate": dates[0]["startDate"],
        "endDate": dates[-1]["endDate"],
        "eventStatus": cancelled.pop() if len(cancelled) == 1 else f"{_STATUS}Scheduled",
        "subEvent": [{"@type": "Event", **each} for each in dates[:_MOST]],
    }


def _date(one: Occurrence, when: hours.When) -> dict[str, Any]:
    status = "Cancelled" if one.cancelled_at else "Scheduled"
    return {"startDate": when.starts, "endDate": when.ends, "eventStatus": f"{_STATUS}{status}"}


def _mode(details: Any) -> str:
    mixed, online = details.get("place") and details.get("online"), details.get("online")
    mode = "Mixed" if mixed else "Online" if online else "Offline"
    return f"https://schema.org/{mode}EventAttendanceMode"


def _locations(details: Any, country: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if details.get("place"):
        address = {"@type": "PostalAddress", "addressCountry": details["country"]} if country else None
        place = {"@type": "Place", "name": details["place"]}
        found.append({**place, "address": address} if address else place)
    if details.get("online"):
        found.append({"@type": "VirtualLocation", "url": details["online"]})
    return found


def _organizer(shown: Shown) -> dict[str, Any] | None:
    if shown.organizer:
        url = f"{settings.SITE_URL}{shown.organizer_url}"
        return {"@type": "Organization", "name": shown.organizer.text, "url": url}
    name = shown.event.details.get("organizer_name")
    return {"@type": "Organization", "name": name} if name else None
