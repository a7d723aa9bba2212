"""What of a person's events goes with their account: what was never public, and the owner. A meeting stays."""

from plenara.accounts.erasing import Choice, Erasure, Published, erases, foresees, holds
from plenara.accounts.models import Person
from plenara.directory.entries import take_down
from plenara.directory.models import EntryState
from plenara.events.models import CACHE_TAG, CalendarFile, Event, EventVersion

REASON = "ERASED"


@foresees
def published(person: Person) -> Published:
    """Return how many events of a person stand in the calendar. One query."""
    return Published(free=Event.objects.filter(owner=person, state=EntryState.PUBLISHED).count())


@holds
def hold(person: Person) -> None:
    """Wait for whoever decides on an event of the person, and let nobody begin to."""
    list(Event.objects.filter(owner=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def events(erasure: Erasure) -> None:
    """Leave public events without an owner, or take them out where that is wished; blank what was never public."""
    mine = list(Event.objects.filter(owner=erasure.person).order_by("pk"))
    CalendarFile.objects.filter(uploaded_by=erasure.person).delete()
    if not mine:
        return
    gone = []
    for event in mine:
        if event.state == EntryState.PUBLISHED and erasure.choice == Choice.PARTICIPANT:
            # A change that waits is nobody's any more; the details in force stay.
            waits = event.versions.exclude(state=EntryState.PUBLISHED)
            waits.filter(state=EntryState.PENDING).update(state=EntryState.WITHDRAWN)
            waits.update(details={})
            continue
        gone.append(event.pk)
        if event.state in {EntryState.PENDING, EntryState.RETURNED, EntryState.PUBLISHED}:
            take_down(event, EntryState.WITHDRAWN, reason=REASON, later=erasure.cache_tags)
        elif event.state == EntryState.REMOVED:
            # Its notice stays as it is; what is withdrawn is never restored.
            Event.objects.filter(pk=event.pk).update(state=EntryState.WITHDRAWN, reason=REASON)
    EventVersion.objects.filter(event__in=gone).update(details={})
    Event.objects.filter(pk__in=gone).update(imported_from="")  # a calendar's mark can hold an address
    Event.objects.filter(pk__in=[each.pk for each in mine]).update(owner=None, key=None)
    erasure.submitted["event"] = [each.pk for each in mine]
    erasure.gone["event"] = gone
    erasure.cache_tags.add(CACHE_TAG)
