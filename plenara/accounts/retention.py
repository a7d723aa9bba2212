"""What is deleted because its time is over. The worker calls `sweep` once a day; `settings.KEEP_DAYS` says how long."""

import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q

from plenara.accounts.installation import row
from plenara.accounts.models import Invitation, Person, Visit
from plenara.core import audit, clock
from plenara.core.models import BackgroundTask
from plenara.core.transaction import writes

#: How many persons are deleted in one transaction: a flood of sign-ups must not hold up other writers.
AT_ONCE = 200


def sweep() -> dict[str, int]:
    """Delete what is over and return how many of each: unverified persons, counts, places, addresses and the like."""
    now = clock.now()
    swept = {"unverified": _unverified(now - datetime.timedelta(days=settings.KEEP_DAYS["unverified"]))}
    oldest = now - datetime.timedelta(days=settings.KEEP_DAYS["ip"])
    with writes():
        swept["visits"] = Visit.objects.filter(hour__lt=oldest).delete()[0]
        placed = Person.objects.filter(joined_at__lt=oldest).exclude(joined_from="")
        swept["places"] = placed.update(joined_from="")
        over = Invitation.objects.filter(
            Q(expires_at__lte=now) | Q(accepted_at__isnull=False) | Q(revoked_at__isnull=False)
        )
        swept["invitations"] = over.exclude(address="").update(address="", name="")
        swept["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
        # A letter that could not be sent holds an address, and a code that is void by now.
        swept["letters"] = BackgroundTask.objects.filter(task="accounts.letter", failed_at__lt=oldest).delete()[0]
        if any(swept.values()):
            audit.log("installation.swept", actor=None, about=row(), swept=swept)
    return swept


def _unverified(joined_before: datetime.datetime) -> int:
    """Delete who signed up and never proved the address."""
    never = Person.objects.filter(
        joined_at__lt=joined_before, last_login=None, is_organizer=False, is_operator=False
    ).exclude(emailaddress__verified=True)
    deleted = 0
    while True:
        with writes():
            ids = list(never.values_list("pk", flat=True)[:AT_ONCE])
            Person.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
        if len(ids) < AT_ONCE:
            return deleted
