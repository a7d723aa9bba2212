"""Rate limits per hour. Counted in the database, so that every worker sees the same.

Offices and whole villages share one IP address, so it counts for sign-up and e-mail only, and generously. What
is stored is a keyed hash of the person or address, never the address itself; `erasure.sweep` deletes it.
"""

import datetime
import hashlib
import hmac

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from plenara.accounts.models import Visit
from plenara.core import clock
from plenara.core.refusals import ActionRefused
from plenara.core.transaction import writes
from plenara.front.requests import network_of

#: Times an hour, by what is done and by whom it is counted.
AN_HOUR: dict[str, dict[str, int]] = {
    "sign_up": {"ip": 200, "address": 10},
    "mail": {"ip": 200, "address": 10},
    "sign_on": {"ip": 200},  # each asks the identity provider
    "password": {"address": 10},  # wrong ones only
    "mailed_code": {"code": settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS},  # in the hour in which it was sent
    "code": {"person": 10},  # wrong recovery codes and codes of an app, after a first step that was right
    "app_code": {"code": 1},  # each code of an app works once, in the hour in which the app shows it
    "invite": {"person": 100, "address": 10},
    "remark": {"ip": 60},
    "cosign": {"person": 60, "address": 10},
    "paper": {"person": 30},  # each takes ten megabytes and up to a minute of a worker's time
    "calendar_file": {"person": 20},  # each is compared with the whole calendar
    "report": {"ip": 30, "address": 10},
}


class TooMany(ActionRefused):
    """A request over the limit. The page shows when to come again."""

    status = 429


def spend(purpose: str, *, at: datetime.datetime | None = None, **who: object) -> None:
    """Count one time for each of `who` (`ip`, `address`, `person`), or raise `TooMany` and count none.

    Only those for which the purpose has a limit count: `spend("mail", ip=…, address=…)`. It is counted in this hour, or
    in that of `at`: attempts at one code have one limit, however late they come.
    """
    hour = _hour_of(at or clock.now())
    with writes():
        for kind, most in AN_HOUR[purpose].items():
            if who.get(kind) and not _add_one(_hidden(kind, who[kind]), purpose, hour, most):
                raise too_many(hour)


def count_of(purpose: str, **who: object) -> int:
    """Return the count of one of `who` in this hour."""
    keys = [_hidden(kind, each) for kind, each in who.items() if each]
    rows = Visit.objects.filter(purpose=purpose, hour=_hour_of(clock.now()), who__in=keys)
    return max(rows.values_list("count", flat=True), default=0)


def give_back(purpose: str, **who: object) -> None:
    """Uncount one attempt: a right password does not count."""
    keys = [_hidden(kind, who[kind]) for kind in AN_HOUR[purpose] if who.get(kind)]
    with writes():
        rows = Visit.objects.filter(purpose=purpose, hour=_hour_of(clock.now()), who__in=keys, count__gt=0)
        rows.update(count=F("count") - 1)


def too_many(hour: datetime.datetime) -> TooMany:
    """Return the refusal, which names the time when it is possible again."""
    again = hour + datetime.timedelta(hours=1)
    return TooMany(
        _("There were too many requests within an hour. Try again after %(time)s UTC.") % {"time": f"{again:%H:%M}"},
        "too_many",
    )


def ip_of(request: HttpRequest) -> str:
    """Return the IP address that a request came from: as the trusted proxies say, or that of the connection.

    Of IPv6 only the network (/64), since one household has 2**64 addresses. Empty if it cannot be read.
    """
    return network_of(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), settings.TRUSTED_PROXIES
    )


def place_of(request: HttpRequest) -> str:
    """Return the keyed hash of the address that a request came from: the same place has the same hash."""
    address = ip_of(request)
    return _hidden("joined", address) if address else ""


def _hour_of(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _hidden(kind: str, who: object) -> str:
    key = hmac.new(settings.SECRET_KEY.encode(), b"plenara.limits", hashlib.sha256).digest()
    return hmac.new(key, f"{kind}:{getattr(who, 'pk', who)}".lower().encode(), hashlib.sha256).hexdigest()


def _add_one(key: str, purpose: str, hour: datetime.datetime, most: int) -> bool:
    """Count one and return True; or False, where there were `most` already.

    Check and count are one statement: of any number at once no more than `most` pass.
    """
    below = Visit.objects.filter(who=key, purpose=purpose, hour=hour, count__lt=most)
    if below.update(count=F("count") + 1):
        return True
    first = Visit(who=key, purpose=purpose, hour=hour, count=0)
    Visit.objects.bulk_create([first], ignore_conflicts=True)  # the row exists, or another worker is creating it
    return bool(below.update(count=F("count") + 1))
