"""What is not kept: details of events that were rejected long ago, calendar files that nobody confirmed."""

import datetime

from django.conf import settings

from plenara.core import clock
from plenara.core.transaction import writing
from plenara.directory.models import EntryState
from plenara.events.models import CalendarFile, EventVersion

#: How long what was read of a file waits for somebody who confirms it.
UNCONFIRMED = datetime.timedelta(days=7)


@writing
def sweep() -> dict[str, int]:
    """Blank the details of events rejected so long ago that an appeal is over, and delete old files; return how many.

    The decision stays, with its code.
    """
    now = clock.now()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = EventVersion.objects.filter(
        state=EntryState.REJECTED, event__state=EntryState.REJECTED, event__state_at__lt=before
    )
    files, _by_model = CalendarFile.objects.filter(confirmed_at=None, uploaded_at__lt=now - UNCONFIRMED).delete()
    return {"events": old.exclude(details={}).update(details={}), "files": files}
