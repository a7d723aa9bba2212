"""What is not kept of readers' reports: those that nobody confirmed, addresses that were told, words of long ago."""

import datetime

from django.conf import settings

from plenara.core import clock
from plenara.core.transaction import writing
from plenara.moderation.models import Report


@writing
def sweep() -> dict[str, int]:
    """Delete reports whose address was never verified, blank what is left of old ones; return how many of each."""
    unverified, _by_model = Report.objects.filter(verified_at=None, at__lt=_before("unverified")).delete()
    over = Report.objects.filter(decided_at__isnull=False)
    # A letter that could not be sent keeps its address no longer than one that waits to be verified.
    addresses = over.filter(decided_at__lt=_before("unverified")).exclude(address="")
    words = over.filter(decided_at__lt=_before("rejected")).exclude(text="")
    return {
        "reports": unverified,
        "addresses": addresses.update(address="", token_digest=""),
        "words": words.update(text=""),
    }


def _before(kind: str) -> datetime.datetime:
    return clock.now() - datetime.timedelta(days=settings.KEEP_DAYS[kind])
