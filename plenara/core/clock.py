"""The one clock, which tests and the demo can set, and the names of time zones."""

import datetime
import functools
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_set_to: ContextVar[datetime.datetime | None] = ContextVar("clock", default=None)


def now() -> datetime.datetime:
    """Return the current time, aware and in UTC."""
    return _set_to.get() or timezone.now()  # noqa: TID251 - the one place


def is_set_to() -> datetime.datetime | None:
    """Return the moment that the clock is set to, or None if it is not set."""
    return _set_to.get()


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let `now()` return `moment` inside the block."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


@functools.cache
def zone_names() -> frozenset[str]:
    """Return every IANA zone of this machine."""
    return frozenset(zoneinfo.available_timezones())
