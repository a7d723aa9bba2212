"""What is not kept: links that were never used, and details of entries that were rejected long ago."""

import datetime

from django.conf import settings

from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.transaction import writing
from plenara.directory.models import EntryState, ListingVersion, Proof
from plenara.directory.verifying import LIFE

#: How long a message that is over is remembered, so that limits can count it.
PROOF_DAYS = 7


@writing
def sweep() -> int:
    """Delete links that are over, and blank what was rejected so long ago that an appeal is over; return how many."""
    now = clock.now()
    Proof.objects.filter(expires_at__lt=now - datetime.timedelta(days=PROOF_DAYS)).delete()
    # What could not be sent until its link was over holds the only copy of an address.
    BackgroundTask.objects.filter(task="directory.send_proof", done_at=None, failed_at__lt=now - LIFE).delete()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = ListingVersion.objects.filter(
        state=EntryState.REJECTED, listing__state=EntryState.REJECTED, listing__state_at__lt=before
    )
    return old.exclude(details={}).update(details={})
