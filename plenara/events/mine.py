"""A person's own events, for their pages."""

import datetime
from typing import Any

from plenara.core import clock
from plenara.core.languages import in_language
from plenara.directory.models import EntryState
from plenara.events.models import Event

#: Events on one page of one's own.
PAGE = 20
#: How long a refusal is not told: it may still be undone (`moderation.models.UNDO_TIME`, which lies above).
FRESH = datetime.timedelta(seconds=30)


def of_person(person: Any, before: int = 0, most: int = PAGE) -> list[Event]:
    """Return a person's events, the newest first, each with its last version: one more than `most`. Two queries."""
    found = Event.objects.filter(owner=person).prefetch_related("versions").order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    events = list(found[: most + 1])
    for each in events:
        latest = list(each.versions.all())[-1]
        is_fresh = clock.now() < each.state_at + FRESH and each.state in {EntryState.RETURNED, EntryState.REJECTED}
        each.told = EntryState.PENDING if is_fresh else each.state  # type: ignore[attr-defined]
        each.latest = latest.state  # type: ignore[attr-defined]
        each.title = in_language(latest.details.get("title"))  # type: ignore[attr-defined]
        days = (datetime.date.fromisoformat(date["start"][:10]) for date in latest.details.get("dates", []))
        each.first = next(days, None)  # type: ignore[attr-defined]
    return events
