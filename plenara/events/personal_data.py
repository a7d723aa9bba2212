"""The personal data of the calendar: exported, erased with the account, deleted on expiry. A meeting stays."""

import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import (
    Erasure,
    ErasureChoice,
    PublishedTexts,
    counts_published,
    erases,
    locks_before_erasure,
)
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.transaction import writing
from plenara.directory.actions.entries import take_down
from plenara.events.models import CACHE_TAG, CalendarFile, Event, EventVersion

REASON = "ERASED"


@counts_published
def count_published(person: Person) -> PublishedTexts:
    """Return how many events of a person are in the calendar. One query."""
    return PublishedTexts(free=Event.objects.filter(owner=person, state=State.PUBLISHED).count())


@locks_before_erasure
def lock_events(person: Person) -> None:
    """Wait for decisions in progress on the person's events, and lock the events."""
    list(Event.objects.filter(owner=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def erase_events(erasure: Erasure) -> None:
    """Leave public events without an owner, or withdraw them where that is wished; blank what was never public."""
    events = list(Event.objects.filter(owner=erasure.person).order_by("pk"))
    CalendarFile.objects.filter(uploaded_by=erasure.person).delete()
    if not events:
        return
    withdrawn = []
    for event in events:
        if event.state == State.PUBLISHED and erasure.choice == ErasureChoice.PARTICIPANT:
            # A pending change loses its author; the details in force stay.
            pending = event.versions.exclude(state=State.PUBLISHED)
            pending.filter(state=State.PENDING).update(state=State.WITHDRAWN)
            pending.update(details={})
            continue
        withdrawn.append(event.pk)
        if event.state in {State.PENDING, State.RETURNED, State.PUBLISHED}:
            take_down(event, State.WITHDRAWN, reason=REASON, later=erasure.cache_tags)
        elif event.state == State.REMOVED:
            # Its notice does not change; a withdrawn event is never restored.
            Event.objects.filter(pk=event.pk).update(state=State.WITHDRAWN, reason=REASON)
    EventVersion.objects.filter(event__in=withdrawn).update(details={})
    Event.objects.filter(pk__in=withdrawn).update(imported_from="")  # a calendar's mark can contain an address
    Event.objects.filter(pk__in=[each.pk for each in events]).update(owner=None, key=None)
    erasure.submitted["event"] = [each.pk for each in events]
    erasure.erased["event"] = withdrawn
    erasure.cache_tags.add(CACHE_TAG)


@exports(
    "events",
    _("The events that you proposed, with every text that you sent"),
    of=["events.Event.owner"],
    purpose=Purpose.COMMUNITY,
)
def export_events(person: Person) -> Rows:
    """Yield the person's events, each version a row."""
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


@exports(
    "calendar_files",
    _("Calendar files that you sent"),
    of=["events.CalendarFile.uploaded_by"],
    purpose=Purpose.COMMUNITY,
)
def export_calendar_files(person: Person) -> Rows:
    """Yield the files that the person sent, with their pending rows."""
    for each in CalendarFile.objects.filter(uploaded_by=person).order_by("pk"):
        yield {
            "name": each.name,
            "sha256": each.sha256,
            "uploaded_at": each.uploaded_at,
            "confirmed_at": each.confirmed_at,
            "events": each.count,
            "rows": each.rows,
        }


#: How long the rows of a file are stored until its sender confirms them.
UNCONFIRMED_FILES = datetime.timedelta(days=7)


@writing
def delete_expired() -> dict[str, int]:
    """Blank the details of events rejected so long ago that no appeal is possible; delete old files. Return how many.

    The decision stays, with its code.
    """
    now = clock.now()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = EventVersion.objects.filter(state=State.REJECTED, event__state=State.REJECTED, event__state_at__lt=before)
    files, _by_model = CalendarFile.objects.filter(confirmed_at=None, uploaded_at__lt=now - UNCONFIRMED_FILES).delete()
    return {"events": old.exclude(details={}).update(details={}), "files": files}
