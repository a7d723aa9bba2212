"""Views for readers: the calendar (coming events, a month, past events), and an event with all its dates."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.presenters.wording import city
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.views import PublicView, gone
from plenara.events.models import Event, Occurrence
from plenara.events.presenters import calendar_pages
from plenara.events.queries import calendar
from plenara.events.queries.calendar import CalendarRequest
from plenara.events.queries.events import leads_of


class EventPage(PublicView):
    """One event. Knows `tz`."""

    template_name = "events/event.html"
    known_parameters = ("tz",)

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        event = calendar_pages.event_of(number)
        if event is None:
            raise Http404
        if not event.is_published:
            return _gone(request, event)
        zone = calendar.reader_zone(request.GET.get("tz", ""))
        dates = list(Occurrence.objects.filter(event=event, is_shown=True).order_by("starts_at", "number"))
        shown = calendar_pages.present_event(event, dates, zone, clock.now())
        description = calendar_pages.describe_event(shown)
        response = self.page(
            request,
            {
                "shown": shown,
                "event": event,
                "details": event.details,
                "zones": calendar.zone_choices(zone),
                "zone": zone or "UTC",
                "description": description,
                "leads": list(leads_of(event)),
                "nav_current": "calendar",
            },
        )
        response["Link"] = description.link_header
        return response


def _gone(request: HttpRequest, event: Event) -> HttpResponse:
    """Return 410: the state of the event, and none of its texts."""
    withdrawn = event.state == State.WITHDRAWN
    sentence = (
        _("This event was withdrawn by the person who proposed it.")
        if withdrawn
        else _("This event was removed by a moderator.")
    )
    return gone(
        request,
        {
            "sentence": sentence,
            "symbol": _("Event %(number)d") % {"number": event.number},
            "links": [(pgettext("label", "Calendar"), f"/{current()}/events/")],
        },
    )


#: Months before and after the shown or the current one that a page links to.
BEFORE, AFTER = 3, 3


class CalendarView(PublicView):
    """Base of the calendar's pages. Knows the filters of `calendar.Filters`, `tz` and `from`."""

    template_name = "events/calendar.html"
    known_parameters = calendar.PAGE_PARAMETERS

    def show(
        self,
        request: HttpRequest,
        span: calendar.Span,
        *,
        name: str,
        view_name: str,
        below: str = "",
        month: datetime.date | None = None,
    ) -> HttpResponse:
        """Return a page with a span of the calendar."""
        it = calendar.request_of(request.GET)
        months, further = calendar_pages.calendar_page(it.filters, span, it.zone, it.after)
        base = f"/{current()}/events/"
        description = calendar_pages.describe_calendar(name, f"{base}{below}", it.filters)
        response = self.page(
            request,
            {
                "name": name,
                "view_name": view_name,
                "months": months,
                "asked": it,
                "choices": calendar.filter_choices(it),
                "chosen": calendar.chosen_organization(it),
                "further": it.onward(further) if further else "",
                "is_further": it.after is not None,
                "zone": city(it.zone) if it.zone else "",
                "base": base,
                "query": f"?{it.filters.query}" if it.filters.given else "",
                "description": description,
                "around": _around(month, it),
                "nav_current": "calendar",
            },
        )
        response["Link"] = description.link_header
        return response


class Coming(CalendarView):
    """Current and coming events, the soonest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, calendar.coming(), name=pgettext("text", "Calendar"), view_name="coming")


class Past(CalendarView):
    """Past events, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            request, calendar.past(), name=pgettext("text", "Past events"), view_name="past", below="past/"
        )


class MonthPage(CalendarView):
    """What takes place in a month."""

    def get(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        if not (calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR and 1 <= month <= 12):
            raise Http404
        name = calendar_pages.month_in_full(year, month)
        day, below = datetime.date(year, month, 1), f"month/{year}-{month:02}/"
        return self.show(request, calendar.month(year, month), name=name, view_name="month", month=day, below=below)


def _around(month: datetime.date | None, it: CalendarRequest) -> list[dict[str, object]]:
    """Return links to the months around this one, or around the current one."""
    shown_month = month or clock.now().date()
    found = []
    for step in range(-BEFORE, AFTER + 1):
        years, number = divmod(shown_month.year * 12 + shown_month.month - 1 + step, 12)
        if calendar.FIRST_YEAR <= years <= calendar.LAST_YEAR:
            found.append(
                {
                    "text": calendar_pages.month_in_full(years, number + 1),
                    "url": f"/{current()}/events/month/{years}-{number + 1:02}/{it.query}",
                    "current": month is not None and step == 0,
                }
            )
    return found
