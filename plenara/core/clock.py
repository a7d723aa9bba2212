"""The one clock. Permissions, models and pages use it, so that tests and the demo can set it."""

import datetime
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
