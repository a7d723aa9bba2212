"""The calendar: what is to come, a month, what is over."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.consultations.shown import city
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.views import PublicView
from plenara.events import asking, calendar, describing, hours, reading
from plenara.events.asking import Asked

#: Months around the one that is shown, or around the present one, that a page leads to.
BEFORE, AFTER = 3, 3


class CalendarView(PublicView):
    """What the pages of the calendar share. Knows the filters of `calendar.Filters`, `tz` and `from`."""

    template_name = "events/calendar.html"
    known_parameters = asking.PAGE_PARAMETERS

    def show(self, request: HttpRequest, span: calendar.Span, **more: Any) -> HttpResponse:
        """Return a page of a part of the calendar."""
        it = asking.asked(request.GET)
        months, further = reading.page(it.filters, span, it.zone, it.after)
        base = f"/{current()}/events/"
        description = describing.describe_calendar(more["name"], f"{base}{more.get('below', '')}", it.filters)
        response = self.page(
            request,
            {
                "months": months,
                "asked": it,
                "choices": asking.choices(it),
                "chosen": asking.organization(it),
                "further": it.onward(further) if further else "",
                "is_further": it.after is not None,
                "zone": city(it.zone) if it.zone else "",
                "base": base,
                "query": f"?{it.filters.query}" if it.filters.asked else "",
                "description": description,
                "around": _around(more.get("month"), it),
                "nav_current": "calendar",
                **more,
            },
        )
        response["Link"] = description.link_header
        return response


class Coming(CalendarView):
    """What goes on now and what is to come, the soonest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, calendar.coming(), name=_("Calendar"), view_name="coming")


class Past(CalendarView):
    """What is over, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, calendar.past(), name=_("Past events"), view_name="past", below="past/")


class MonthPage(CalendarView):
    """What takes place in a month."""

    def get(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        if not (calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR and 1 <= month <= 12):
            raise Http404
        name = hours.month_in_full(year, month)
        day, below = datetime.date(year, month, 1), f"month/{year}-{month:02}/"
        return self.show(request, calendar.month(year, month), name=name, view_name="month", month=day, below=below)


def _around(month: datetime.date | None, it: Asked) -> list[dict[str, Any]]:
    """Return links to the months around one, or around the present one."""
    here = month or clock.now().date()
    found = []
    for step in range(-BEFORE, AFTER + 1):
        years, number = divmod(here.year * 12 + here.month - 1 + step, 12)
        if calendar.FIRST_YEAR <= years <= calendar.LAST_YEAR:
            found.append(
                {
                    "text": hours.month_in_full(years, number + 1),
                    "url": f"/{current()}/events/month/{years}-{number + 1:02}/{it.query}",
                    "current": month is not None and step == 0,
                }
            )
    return found
