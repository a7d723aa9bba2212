"""What the calendar holds of a person: exported for them, erased with their account, deleted after its time. A meeting
stays.
"""

import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, ErasureChoice, PublishedTexts, erases, foresees, locks
from plenara.accounts.personal_data.export import Rows, exports
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.transaction import writing
from plenara.directory.actions.entries import take_down
from plenara.events.models import CACHE_TAG, CalendarFile, Event, EventVersion

REASON = "ERASED"


@foresees
def count_published(person: Person) -> PublishedTexts:
    """Return how many events of a person stand in the calendar. One query."""
    return PublishedTexts(free=Event.objects.filter(owner=person, state=State.PUBLISHED).count())


@locks
def lock_events(person: Person) -> None:
    """Wait for whoever decides on an event of the person, and let nobody begin to."""
    list(Event.objects.filter(owner=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def erase_events(erasure: Erasure) -> None:
    """Leave public events without an owner, or take them out where that is wished; blank what was never public."""
    events = list(Event.objects.filter(owner=erasure.person).order_by("pk"))
    CalendarFile.objects.filter(uploaded_by=erasure.person).delete()
    if not events:
        return
    gone = []
    for event in events:
        if event.state == State.PUBLISHED and erasure.choice == ErasureChoice.PARTICIPANT:
            # A change that waits is nobody's any more; the details in force stay.
            waits = event.versions.exclude(state=State.PUBLISHED)
            waits.filter(state=State.PENDING).update(state=State.WITHDRAWN)
            waits.update(details={})
            continue
        gone.append(event.pk)
        if event.state in {State.PENDING, State.RETURNED, State.PUBLISHED}:
            take_down(event, State.WITHDRAWN, reason=REASON, later=erasure.cache_tags)
        elif event.state == State.REMOVED:
            # Its notice stays as it is; what is withdrawn is never restored.
            Event.objects.filter(pk=event.pk).update(state=State.WITHDRAWN, reason=REASON)
    EventVersion.objects.filter(event__in=gone).update(details={})
    Event.objects.filter(pk__in=gone).update(imported_from="")  # a calendar's mark can hold an address
    Event.objects.filter(pk__in=[each.pk for each in events]).update(owner=None, key=None)
    erasure.submitted["event"] = [each.pk for each in events]
    erasure.gone["event"] = gone
    erasure.cache_tags.add(CACHE_TAG)


@exports(
    "events",
    _("The events that you proposed, with every text that you sent"),
    of=["events.Event.owner"],
)
def export_events(person: Person) -> Rows:
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


@exports("calendar_files", _("Calendar files that you sent"), of=["events.CalendarFile.uploaded_by"])
def export_calendar_files(person: Person) -> Rows:
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


#: How long what was read of a file waits for somebody who confirms it.
UNCONFIRMED_FILES = datetime.timedelta(days=7)


@writing
def delete_expired() -> dict[str, int]:
    """Blank the details of events rejected so long ago that an appeal is over, and delete old files; return how many.

    The decision stays, with its code.
    """
    now = clock.now()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = EventVersion.objects.filter(state=State.REJECTED, event__state=State.REJECTED, event__state_at__lt=before)
    files, _by_model = CalendarFile.objects.filter(confirmed_at=None, uploaded_at__lt=now - UNCONFIRMED_FILES).delete()
    return {"events": old.exclude(details={}).update(details={}), "files": files}
