"""What is not kept: texts of requests that were rejected long ago."""

import datetime

from django.conf import settings

from plenara.contributions.models import Text
from plenara.core import clock
from plenara.core.transaction import writing
from plenara.summaries.models import CorrectionState, CorrectionVersion


@writing
def sweep() -> int:
    """Blank the texts of requests rejected so long ago that an appeal is over; return how many.

    The decision stays, with its code; the digest stays too, so that a receipt can still be checked against it.
    """
    now = clock.now()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = CorrectionVersion.objects.filter(
        state=CorrectionState.REJECTED,
        correction__state=CorrectionState.REJECTED,
        correction__state_at__lt=before,
    )
    return Text.objects.filter(pk__in=old.values("text"), erased_at=None).update(content="", erased_at=now)
