"""What is kept of a person's events, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.events.models import CalendarFile, EventVersion


@tells(
    "events",
    _("The events that you proposed, with every text that you sent"),
    of=["events.Event.owner"],
)
def events(person: Person) -> Rows:
    """Yield the person's events, each text a row."""
    found = EventVersion.objects.filter(event__owner=person).select_related("event")
    for each in found.order_by("event_id", "number"):
        yield {
            "event": each.event.number,
            "state": each.event.state,
            "version": each.number,
            "version_state": each.state,
            "submitted_at": each.submitted_at,
            "language": each.language,
            "details": each.details,
        }


@tells("calendar_files", _("Calendar files that you sent"), of=["events.CalendarFile.uploaded_by"])
def calendar_files(person: Person) -> Rows:
    """Yield the files that the person sent, with what waits of them."""
    for each in CalendarFile.objects.filter(uploaded_by=person).order_by("pk"):
        yield {
            "name": each.name,
            "sha256": each.sha256,
            "uploaded_at": each.uploaded_at,
            "confirmed_at": each.confirmed_at,
            "events": each.count,
            "rows": each.rows,
        }
