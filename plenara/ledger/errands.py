"""Running what is owed: leased, retried with back-off, marked done or given up. Safe to kill at any point."""

import datetime
import logging
from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from plenara.common import clock
from plenara.common.store import Away
from plenara.ledger.models import Errand
from plenara.ledger.transaction import gate, writes

log = logging.getLogger("plenara.errands")

#: Seconds that a worker has for one errand before another may take it over.
LEASE = 120
#: Seconds to wait after the first, second, … failure; after the last the errand is given up.
BACK_OFF = (5, 30, 120, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)

_kinds: dict[str, Callable[..., None]] = {}
#: Kinds that may take longer than a lease and cannot be cut in pieces: a worker runs them beside the others.
_long: set[str] = set()


def errand(kind: str, *, is_long: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the way to run errands of a kind. It gets the errand's arguments, and may run twice."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _kinds[kind] = function
        if is_long:
            _long.add(kind)
        return function

    return register


def long_kinds() -> frozenset[str]:
    """Return the kinds that may take longer than a lease."""
    return frozenset(_long)


class GiveUp(Exception):
    """An errand that no later attempt can mend: an address refused for good, a thing that is gone."""


class NotYet(Exception):
    """Something that an errand needs is not set up. It waits, however long, and is not counted as a failure."""


def due_now() -> QuerySet[Errand]:
    """Return what nobody runs and whose time has come, in the order of the lanes, the oldest first."""
    now = clock.now()
    due = Errand.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), done_at=None, failed_at=None)
    return due.filter(due_at__lte=now).order_by("lane", "due_at", "id")


def take(limit: int = 10, besides: Collection[str] = (), lane: int | None = None) -> list[Errand]:
    """Lease up to `limit` due errands to this worker and return them, in order; none of the kinds `besides`.

    With a `lane`, only what is in it.
    """
    now = clock.now()
    with writes():
        due = due_now().exclude(kind__in=besides)
        if lane is not None:
            due = due.filter(lane=lane)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        errands = list(due[:limit])
        Errand.objects.filter(pk__in=[one.pk for one in errands]).update(
            lease_until=now + datetime.timedelta(seconds=LEASE), attempts=F("attempts") + 1
        )
    for one in errands:
        one.attempts += 1
    return errands


def renew(one: Errand) -> None:
    """Keep a leased errand for two leases more: it is being run still, and who says so may be held up by another."""
    until = clock.now() + datetime.timedelta(seconds=2 * LEASE)
    with gate():
        held = Errand.objects.filter(pk=one.pk, done_at=None, failed_at=None, lease_until__isnull=False)
        held.update(lease_until=until)


def run(one: Errand) -> bool:
    """Run one leased errand and mark what came of it; return whether it was done."""
    try:
        function = _kinds[one.kind]
        function(**one.arguments)
    except Exception as error:
        postpone(one, error)
        return False
    # Arguments can hold an address (a letter to somebody without an account): nothing is kept that is no longer needed.
    _mark(one, done_at=clock.now(), lease_until=None, last_error="", arguments={})
    return True


def _mark(one: Errand, **changes: Any) -> None:
    with gate():
        Errand.objects.filter(pk=one.pk).update(**changes)


def postpone(one: Errand, error: Exception) -> None:
    """Note that an errand failed: it is due again later, or given up."""
    # A note holds codes alone, as a mail server's "550 5.1.1" (`mail/replies.py`).
    noted = " ".join([type(error).__name__, *getattr(error, "__notes__", ())])
    changes: dict[str, Any] = {"lease_until": None, "last_error": noted[:300]}
    if isinstance(error, NotYet | Away):  # object storage that is away comes back
        _mark(one, **changes, due_at=clock.now() + datetime.timedelta(seconds=60), attempts=0)
        return
    if isinstance(error, GiveUp) or one.attempts > len(BACK_OFF):
        changes["failed_at"] = clock.now()
    else:
        changes["due_at"] = clock.now() + datetime.timedelta(seconds=BACK_OFF[one.attempts - 1])
    _mark(one, **changes)
    # The exception's text may quote an address or a person's words, so the log names its type alone.
    log.warning("errand failed", extra={"errand": one.pk, "kind": one.kind, "error": type(error).__name__})


def run_all(limit: int = 1000, besides: Collection[str] = ()) -> int:
    """Run everything due now, and what it makes due, up to `limit`; return how many were done."""
    done = 0
    while done < limit and (errands := take(besides=besides)):
        done += sum(run(one) for one in errands)
    return done


def retry(errand_id: int) -> None:
    """Owe a given-up errand again, from its first attempt."""
    with writes():
        Errand.objects.filter(pk=errand_id, failed_at__isnull=False).update(
            failed_at=None, attempts=0, due_at=clock.now(), lease_until=None
        )
