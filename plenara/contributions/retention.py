"""What is not kept: untouched drafts, texts rejected and disputes decided long ago, spreadsheets nobody confirmed."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Coalesce

from plenara.contributions.models import (
    ENTERED,
    Byline,
    Contribution,
    Dispute,
    Draft,
    Sheet,
    Signatory,
    State,
    Text,
    Translation,
    Version,
)
from plenara.core import clock
from plenara.core.transaction import writing

#: How long the rows of a spreadsheet wait for somebody who confirms them.
UNCONFIRMED = datetime.timedelta(days=7)


@writing
def sweep() -> dict[str, int]:
    """Delete old drafts, blank old rejected texts and words of disputes, as `KEEP_DAYS` says; return how many of each.

    The decision stays, with its code; the digest stays too, so that a receipt can still be checked against it.
    """
    now = clock.now()
    untouched = Draft.objects.filter(saved_at__lt=now - _days("draft"))
    bylines = list(Signatory.objects.filter(draft__in=untouched, byline__isnull=False).values_list("byline", flat=True))
    drafts = untouched.count()
    untouched.delete()
    Byline.objects.filter(pk__in=bylines).delete()
    old = Version.objects.filter(
        state=State.REJECTED, contribution__state=State.REJECTED, contribution__state_at__lt=now - _days("rejected")
    )
    addresses = _forget_addresses(now - _days("rejected"))
    texts = Text.objects.filter(pk__in=old.values("text"), erased_at=None).update(content="", erased_at=now)
    # After the texts: who translates one holds it, and finds afterwards that it is erased.
    Translation.objects.filter(text__in=old.values("text")).delete()
    _forget_consents(now - _days("rejected"))
    sheets, _by_model = Sheet.objects.filter(entered_at=None, uploaded_at__lt=now - UNCONFIRMED).delete()
    disputes = _forget_disputes(now - _days("rejected"))
    return {"drafts": drafts, "rejected": texts, "addresses": addresses, "sheets": sheets, "disputes": disputes}


def _forget_disputes(before: datetime.datetime) -> int:
    """Blank what was said for and against disputed bylines, once it was decided on or taken back. The outcome stays."""
    over = Dispute.objects.exclude(status=Dispute.Status.PENDING).alias(ended_at=Coalesce("decided_at", "at"))
    told = over.filter(ended_at__lt=before).exclude(text="", answer="")
    return told.update(text="", language="", answer="", answer_language="")


def _forget_consents(before: datetime.datetime) -> None:
    """Forget how the authors of letters agreed to a publication that did not come, and what they had sent."""
    over = Contribution.objects.filter(
        channel__in=ENTERED, state__in=[State.REJECTED, State.WITHDRAWN], number=None, state_at__lt=before
    )
    over.update(consent="", original=None)


def _forget_addresses(before: datetime.datetime) -> int:
    """Blank the addresses of co-signatories of texts that are gone, or were decided on long ago."""
    kept = Signatory.objects.filter(version__isnull=False).exclude(address="")
    over = Q(version__contribution__state__in=[State.WITHDRAWN, State.REMOVED]) | Q(
        ~Q(version__state=State.PENDING), version__contribution__state_at__lt=before
    )
    return kept.filter(over).update(address="")


def _days(kind: str) -> datetime.timedelta:
    return datetime.timedelta(days=settings.KEEP_DAYS[kind])
