"""An event with all its dates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.core import clock
from plenara.core.languages import current
from plenara.core.views import PublicView, gone
from plenara.directory.models import EntryState
from plenara.events import describing, reading, zones
from plenara.events.leading import leads_of
from plenara.events.models import Event, Occurrence


class EventPage(PublicView):
    """One event. Knows `tz`."""

    template_name = "events/event.html"
    known_parameters = ("tz",)

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        event = reading.event_of(number)
        if event is None:
            raise Http404
        if not event.is_published:
            return _gone(request, event)
        zone = zones.readers(request.GET.get("tz", ""))
        dates = list(Occurrence.objects.filter(event=event, is_shown=True).order_by("starts_at", "number"))
        shown = reading.shown(event, dates, zone, clock.now())
        description = describing.describe_event(shown)
        response = self.page(
            request,
            {
                "shown": shown,
                "event": event,
                "details": event.details,
                "zones": zones.offered(zone),
                "zone": zone or "UTC",
                "description": description,
                "leads": list(leads_of(event)),
                "nav_current": "calendar",
            },
        )
        response["Link"] = description.link_header
        return response


def _gone(request: HttpRequest, event: Event) -> HttpResponse:
    """Return 410: what became of it, and nothing of what it said."""
    withdrawn = event.state == EntryState.WITHDRAWN
    sentence = (
        _("This event was withdrawn by whoever announced it.")
        if withdrawn
        else _("This event was removed by a moderator.")
    )
    return gone(
        request,
        {
            "sentence": sentence,
            "symbol": _("Event %(number)d") % {"number": event.number},
            "links": [(_("Calendar"), f"/{current()}/events/")],
        },
    )
