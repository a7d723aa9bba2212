"""How often somebody may do a thing in an hour. Counted in the database, so that every worker sees the same.

Offices and whole villages share one IP address, so that is counted for sign-up and mail alone, and generously. What
is kept is a keyed hash of who it was, never the address itself; `retention.sweep` deletes it.
"""

import datetime
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from plenara.accounts.models import Visit
from plenara.common import clock
from plenara.common.networks import network_of
from plenara.common.refusals import Refused
from plenara.ledger.transaction import writes

#: Times an hour, by what is done and by whom it is counted.
AN_HOUR: dict[str, dict[str, int]] = {
    "sign_up": {"ip": 200, "address": 10},
    "mail": {"ip": 200, "address": 10},
    "password": {"address": 10},  # wrong ones only
    "code": {"person": 10},  # wrong recovery codes and passkeys, after a first step that was right
    "invite": {"person": 100, "address": 10},
    "remark": {"ip": 60},
    "cosign": {"person": 60, "address": 10},
    "paper": {"person": 30},  # each takes ten megabytes and up to a minute of a worker
    "calendar_file": {"person": 20},  # each is compared with the whole calendar
    "report": {"ip": 30, "address": 10},
}


class TooMany(Refused):
    """Something was asked for more often than an hour allows. The page says when to come again."""

    status = 429


def spend(purpose: str, **who: Any) -> None:
    """Count one time for each of `who` (`ip`, `address`, `person`), or raise `TooMany` and count none.

    Only what the purpose has a limit for is counted: `spend("mail", ip=…, address=…)`.
    """
    hour = _this_hour()
    counted = [(_hidden(kind, who[kind]), most) for kind, most in AN_HOUR[purpose].items() if who.get(kind)]
    with writes():
        rows = Visit.objects.filter(purpose=purpose, hour=hour, who__in=[key for key, _most in counted])
        so_far = dict(rows.select_for_update().values_list("who", "count"))
        if any(so_far.get(key, 0) >= most for key, most in counted):
            raise too_many(hour)
        for key, _most in counted:
            _add_one(key, purpose, hour)


def count_of(purpose: str, **who: Any) -> int:
    """Return how often one of `who` did it in this hour."""
    keys = [_hidden(kind, each) for kind, each in who.items() if each]
    rows = Visit.objects.filter(purpose=purpose, hour=_this_hour(), who__in=keys)
    return max(rows.values_list("count", flat=True), default=0)


def give_back(purpose: str, **who: Any) -> None:
    """Take back one time that was spent: a password that was right does not count."""
    keys = [_hidden(kind, who[kind]) for kind in AN_HOUR[purpose] if who.get(kind)]
    with writes():
        Visit.objects.filter(purpose=purpose, hour=_this_hour(), who__in=keys, count__gt=0).update(count=F("count") - 1)


def too_many(hour: datetime.datetime) -> TooMany:
    """Return the refusal, which names the time from which it is possible again."""
    again = hour + datetime.timedelta(hours=1)
    return TooMany(
        _("This was asked for too often within an hour. Try again after %(time)s UTC.") % {"time": f"{again:%H:%M}"},
        "too_many",
    )


def ip_of(request: HttpRequest) -> str:
    """Return the IP address that a request came from: as the trusted proxies say, or that of the connection.

    Of IPv6 only the network is told (/64), since one household has 2**64 addresses. Nothing where it cannot be read.
    """
    return network_of(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), settings.TRUSTED_PROXIES
    )


def place_of(request: HttpRequest) -> str:
    """Return the keyed hash of the address that a request came from: it tells the same place again, and no place."""
    address = ip_of(request)
    return _hidden("joined", address) if address else ""


def _this_hour() -> datetime.datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _hidden(kind: str, who: Any) -> str:
    key = hmac.new(settings.SECRET_KEY.encode(), b"plenara.limits", hashlib.sha256).digest()
    return hmac.new(key, f"{kind}:{getattr(who, 'pk', who)}".lower().encode(), hashlib.sha256).hexdigest()


def _add_one(key: str, purpose: str, hour: datetime.datetime) -> None:
    row = Visit.objects.filter(who=key, purpose=purpose, hour=hour)
    if row.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            Visit.objects.create(who=key, purpose=purpose, hour=hour, count=1)
    except IntegrityError:  # another worker made the row in this very moment
        row.update(count=F("count") + 1)
