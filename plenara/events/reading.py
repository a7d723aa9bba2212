"""The calendar as pages show it: its lines by month, and an event with all its dates, in the active language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.core.languages import CODES, FALLBACK, Localized, current, in_language
from plenara.core.vocabulary import country_name, language_name
from plenara.directory import reading as organizations
from plenara.directory.models import EntryState
from plenara.events import calendar, hours
from plenara.events.calendar import Dated, Deadline, Filters, Key
from plenara.events.models import Event, Occurrence
from plenara.themes import reading as themes


@dataclass(frozen=True)
class Line:
    """A line of the calendar."""

    url: str
    title: Localized
    when: hours.When
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


def page(filters: Filters, span: calendar.Span, zone: str, after: Key | None) -> tuple[list[Month], Key | None]:
    """Return a page of the calendar by months, and the key to go on from. Five queries."""
    found, further = calendar.lines(filters, span, after)
    return by_month(told(found, zone)), further


def next_lines(filters: Filters, limit: int) -> list[Line]:
    """Return the lines that come next, for a corner of another page. Five queries."""
    return told(calendar.lines(filters, calendar.coming(), limit=limit)[0])


def of_consultation(consultation: Consultation, limit: int = 5) -> tuple[list[Line], list[Line]]:
    """Return the meetings on a consultation that come next, and those that were held last. Four queries."""
    filters = Filters(consultation=consultation.slug)
    spans = (calendar.coming(), calendar.past())
    coming, past = (calendar.lines(filters, span, limit=limit, deadlines=False)[0] for span in spans)
    labels = labels_of([*coming, *past])
    return told(coming, labels=labels), told(past, labels=labels)


def labels_of(found: Iterable[Dated]) -> dict[str, Localized]:
    """Return the labels of the themes that lines are marked with. One query."""
    events = [each.what.event for each in found if isinstance(each.what, Occurrence)]
    return themes.labels({code for event in events for code in event.details.get("themes", [])})


def told(found: Sequence[Dated], zone: str = "", labels: dict[str, Localized] | None = None) -> list[Line]:
    """Return lines in words. One query, where no labels are given."""
    labels = labels_of(found) if labels is None else labels
    return [
        _deadline(each.what, zone) if isinstance(each.what, Deadline) else _date(each.what, zone, labels)
        for each in found
    ]


def _date(one: Occurrence, zone: str, labels: dict[str, Localized]) -> Line:
    event, details = one.event, one.event.details
    url = f"/{current()}/events/{event.number}/"
    return Line(
        url=url,
        title=in_language(details["title"]),
        when=hours.when(one, zone),
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


def _deadline(one: Deadline, zone: str) -> Line:
    it = one.consultation
    return Line(
        url=f"/{current()}/consultations/{it.slug}/",
        title=Localized(_("Contributions close") if one.is_closing else _("Consultation opens"), current()),
        when=hours.moment(one.at, it.timezone, zone),
        consultation=it,
        is_deadline=True,
    )


def by_month(lines: Iterable[Line]) -> list[Month]:
    """Return lines under their months, by the calendar at the place."""
    months: dict[str, Month] = {}
    for each in lines:
        name = each.when.month_in_full
        months.setdefault(name, Month(name)).lines.append(each)
    return list(months.values())


@dataclass(frozen=True)
class Words:
    """What an event tells of itself in one language."""

    language: str
    title: str
    description: str
    report: str


@dataclass(frozen=True)
class Shown:
    """An event as its page shows it."""

    event: Event
    title: Localized
    dates: list[tuple[Occurrence, hours.When]]
    words: list[Words]  # the reader's language first
    themes: list[tuple[str, Localized]]
    languages: list[str]
    country: str
    organizer: Localized | None  # of the directory
    organizer_url: str
    is_cancelled: bool
    is_over: bool


def event_of(number: int) -> Event | None:
    """Return what stands or stood at a number. One query."""
    found = Event.objects.filter(number=number).select_related("prepares", "organizer")
    return found.filter(state__in=[EntryState.PUBLISHED, EntryState.WITHDRAWN, EntryState.REMOVED]).first()


def shown(event: Event, dates: list[Occurrence], zone: str, now: Any) -> Shown:
    """Return an event as its page shows it. Two queries."""
    details: Any = event.details
    labels = themes.labels(details.get("themes", []))
    named = organizations.named([event.organizer.number or 0] if event.organizer else [])
    organizer = next(iter(named.values()), None)
    return Shown(
        event=event,
        title=in_language(details["title"]),
        dates=[(each, hours.when(each, zone)) for each in dates],
        words=_words(details),
        themes=[(code, labels[code]) for code in details.get("themes", []) if code in labels],
        languages=[language_name(each) for each in details.get("languages", [])],
        country=country_name(details["country"]) if details.get("country") else "",
        organizer=Localized(organizer.name, organizer.language) if organizer else None,
        organizer_url=organizer.url if organizer else "",
        is_cancelled=bool(dates) and all(each.cancelled_at for each in dates),
        is_over=bool(dates) and max(each.ends_at for each in dates) <= now,
    )


def _words(details: Any) -> list[Words]:
    title, description = details["title"], details.get("description", {})
    report = details.get("report", {}).get("text", {})
    there = {*title, *description, *report}
    order = [*dict.fromkeys([current(), *FALLBACK, *CODES, *sorted(there)])]
    return [
        Words(code, title.get(code, ""), description.get(code, ""), report.get(code, ""))
        for code in order
        if code in there
    ]
