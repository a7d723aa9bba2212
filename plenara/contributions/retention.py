"""What is not kept: drafts nobody touched, and the texts of contributions rejected long ago."""

import datetime

from django.conf import settings

from plenara.common import clock
from plenara.contributions.models import Draft, State, Text, Version
from plenara.ledger.transaction import writing


@writing
def sweep() -> dict[str, int]:
    """Delete old drafts and blank old rejected texts, as `KEEP_DAYS` says; return how many of each.

    The decision stays, with its code; the digest stays too, so that a receipt can still be checked against it.
    """
    now = clock.now()
    drafts, _by_model = Draft.objects.filter(saved_at__lt=now - _days("draft")).delete()
    old = Version.objects.filter(
        state=State.REJECTED, contribution__state=State.REJECTED, contribution__state_at__lt=now - _days("rejected")
    )
    texts = Text.objects.filter(pk__in=old.values("text"), erased_at=None).update(content="", erased_at=now)
    return {"drafts": drafts, "rejected": texts}


def _days(kind: str) -> datetime.timedelta:
    return datetime.timedelta(days=settings.KEEP_DAYS[kind])
