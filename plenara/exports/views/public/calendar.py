"""The calendar in other forms, with the filters of its pages: for calendars, feed readers and programs."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.queries import installation
from plenara.core import atom
from plenara.core.languages import current
from plenara.core.views import gone, open_to_all
from plenara.events.models import Event
from plenara.events.presenters import calendar_pages, icalendar
from plenara.events.queries import calendar
from plenara.events.queries.calendar import Filters
from plenara.events.queries.calendar import dates as all_dates
from plenara.exports import addresses
from plenara.exports.presenters import community, feeds, tables
from plenara.exports.views.base import OtherForm


class CalendarForm(OtherForm):
    """A calendar, filtered or whole, in one form."""

    known_parameters = calendar.FILTER_PARAMETERS

    filters: Filters
    name = ""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.filters = calendar.filters_of(request.GET)
        self.variant = [self.filters.given, self.filters.themes]

    def cache_tags(self) -> list[str]:
        return list(icalendar.CACHE_TAGS)

    @property
    def whole(self) -> str:
        """The address of the calendar's page."""
        return f"{addresses.home()}events/"

    @property
    def query(self) -> str:
        """The query string of the filters."""
        return f"?{self.filters.query}" if self.filters.given else ""

    def file_name(self) -> str:
        return self.name

    def canonical(self) -> str:
        return f"{self.whole}{self.query}"


class CalendarIcs(CalendarForm):
    """A calendar to subscribe to."""

    media_type = icalendar.MEDIA_TYPE
    name = "calendar.ics"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        return icalendar.calendar_text(self.filters, current())


class EventIcs(CalendarForm):
    """One event, to add to a calendar."""

    media_type = icalendar.MEDIA_TYPE
    event: Event

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        event = calendar_pages.event_of(self.kwargs["number"])
        if event is None:
            raise Http404
        if not event.is_published:
            return open_to_all(gone(request, {"sentence": _("This event is no longer in the calendar.")}))
        self.event = event
        return super().get(request, *args, **kwargs)

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.filters = Filters()

    @property
    def whole(self) -> str:
        return icalendar.event_url(self.event)

    def file_name(self) -> str:
        return f"event-{self.event.number}.ics"

    def write(self) -> Iterable[str]:
        return icalendar.event_text(self.event)


class CalendarCsv(CalendarForm):
    """A table for spreadsheets: a row for each date."""

    media_type = "text/csv; charset=utf-8; header=present"
    name = "calendar.csv"

    def write(self) -> Iterable[str]:
        return tables.as_csv(map(community.date_cells, self.rows()), community.DATE_COLUMNS)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the dates as rows, from the earliest to the last."""
        found = all_dates(self.filters).select_related("event__organizer", "event__prepares")
        return (community.date_row(each) for each in found.iterator(200))


class CalendarJson(CalendarCsv):
    """Data for programs: an object for each date."""

    media_type = "application/json; charset=utf-8"
    name = "calendar.json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        return community.dates_as_json(self.rows(), f"{self.whole}data.json{self.query}", self.filters.given)


class CalendarFeed(CalendarForm):
    """The last announcements, changes and cancellations."""

    media_type = atom.MEDIA_TYPE
    name = "feed.atom"
    disposition = "inline"

    def write(self) -> Iterator[str]:
        entries = [community.date_entry(each) for each in community.latest_dates(self.filters)]
        name = installation().name
        return atom.write(
            atom.Feed(
                id=community.date_tag(f"feed/{current()}{self.query}"),
                title=pgettext("heading", "%(name)s: calendar") % {"name": name},
                updated=feeds.moment(entries, community.BEGAN),
                url=f"{settings.SITE_URL}{self.request.path}{self.query}",
                home=f"{self.whole}{self.query}",
                language=current(),
                author=name,
                links=(atom.Link(f"{self.whole}calendar.ics{self.query}", "alternate", "text/calendar"),),
            ),
            entries,
        )
