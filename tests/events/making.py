"""Events that tests propose and publish, in one line each, through the product's own actions."""

from typing import Any

from plenara.consultations.community import community
from plenara.events import actions
from plenara.events.models import Event
from plenara.moderation.actions import decide
from plenara.moderation.models import Code
from tests import world

#: A workshop that any test may vary.
WORKSHOP: dict[str, Any] = {
    "title": {"en": "Workshop on village networks", "fr": "Atelier sur les réseaux de village"},
    "description": {"en": "How villages run their own networks."},
    "dates": [{"start": "2026-12-01T09:00", "end": "2026-12-01T12:30"}],
    "timezone": "Europe/Zurich",
    "place": "Palais des Nations, room XX, Geneva",
    "country": "CH",
    "languages": ["en", "fr"],
}


def details(**changes: Any) -> dict[str, Any]:
    """Return the workshop's details with changes; what is None is left out."""
    return {name: value for name, value in {**WORKSHOP, **changes}.items() if value is not None}


def series(days: int = 3, **changes: Any) -> dict[str, Any]:
    """Return details of the workshop on several Tuesdays."""
    dates = [
        {"start": f"2026-12-{1 + 7 * week:02}T09:00", "end": f"2026-12-{1 + 7 * week:02}T12:30"} for week in range(days)
    ]
    return details(dates=dates, **changes)


def proposed(owner: Any, given: dict[str, Any] | None = None, **more: Any) -> Event:
    """Return a pending event."""
    return actions.propose(actor=owner, details=given or details(), language="en", **more)


def curator(name: str = "Ana Prieto", role: str = "moderator", **fields: Any) -> Any:
    """Return a person with a role in the community."""
    return world.grant(world.person(name, **fields), community(), role)


def decided(event: Event, moderator: Any, code: str = Code.APPROVED, **more: Any) -> Event:
    """Decide on an event's pending version, and return the event."""
    version = event.versions.get(state="pending")
    decide(actor=moderator, kind="event", pk=event.pk, version_id=version.pk, code=code, **more)
    return Event.objects.get(pk=event.pk)


def published(owner: Any, moderator: Any, given: dict[str, Any] | None = None) -> Event:
    """Return a published event."""
    return decided(proposed(owner, given), moderator)
