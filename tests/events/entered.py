"""Events in the calendar for tests, in one line each: written directly, without a review."""

from itertools import count
from typing import Any

from plenara.core.transaction import writes
from plenara.directory.actions import entries
from plenara.events.models import Event, EventVersion

_keys = count(1)


def details(title: str | dict[str, str] = "Regional meeting", **more: Any) -> dict[str, Any]:
    """Return an event's details: one date in Bamako, unless `dates` or `timezone` are given."""
    made: dict[str, Any] = {
        "title": title if isinstance(title, dict) else {"en": title},
        "dates": [{"number": 1, "start": "2026-12-01T09:00", "end": "2026-12-01T17:00"}],
        "timezone": "Africa/Bamako",
        "place": "Maison des Jeunes, Bamako",
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


def days(*starts: str, hours: str = "") -> list[dict[str, Any]]:
    """Return dates from then on that last an hour, or whole days that last that day."""
    return [
        {"number": number, "start": start, "end": (hours and f"{start[:11]}{hours}") or _an_hour_later(start)}
        for number, start in enumerate(starts, 1)
    ]


def _an_hour_later(start: str) -> str:
    return start if len(start) == 10 else f"{start[:11]}{int(start[11:13]) + 1:02}{start[13:]}"


def event(title: str | dict[str, str] = "Regional meeting", *, owner: Any = None, **more: Any) -> Event:
    """Return a published event."""
    with writes():
        made = Event.objects.create(owner=owner, key=f"event-{next(_keys)}")
        entries.publish(_version(made, details(title, **more)), actor=None)
    return Event.objects.get(pk=made.pk)


def _version(one: Event, details: dict[str, Any]) -> EventVersion:
    """Return a version that passed the queue: other tests cover its review."""
    return one.versions.create(number=one.versions.count() + 1, details=details, language=next(iter(details["title"])))


def revised(one: Event, **more: Any) -> Event:
    """Return an event after a revision of its details was published; `None` removes a key."""
    changed = {name: value for name, value in {**one.details, **more}.items() if value is not None}
    with writes():
        entries.publish(_version(one, changed), actor=None)
    return Event.objects.get(pk=one.pk)


def cancelled(one: Event) -> Event:
    """Return an event after it was cancelled as a whole."""
    return changed(one, cancelled=True)


def changed(one: Event, **more: Any) -> Event:
    """Return an event after something of its details was changed directly."""
    with writes():
        one.details = {**one.details, **more}
        entries.changed(one)
    return Event.objects.get(pk=one.pk)


def gone(one: Event, state: str = "withdrawn", reason: str = "") -> Event:
    """Return an event after it was removed."""
    with writes():
        entries.take_down(one, state, reason=reason)
    return Event.objects.get(pk=one.pk)
