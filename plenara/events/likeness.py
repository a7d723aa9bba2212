"""Which event of the calendar somebody may mean who is about to propose one: a like title, within a day of it."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz

from plenara.core.languages import Localized, in_language
from plenara.directory.models import EntryState
from plenara.events.dates import span
from plenara.events.models import Event, Occurrence
from plenara.search.analyser import fold

#: How like two titles are, in percent, that may be of one event; and the same of every one of their words.
LEAST, LEAST_OF_ALL = 82, 72
#: Events that are told, and dates of the calendar that are compared.
MOST, MOST_COMPARED = 5, 500
_DAY = datetime.timedelta(days=1)
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Like:
    """An event of the calendar that may be the same."""

    event: Event
    title: Localized
    starts_local: str
    share: int


def like(details: Mapping[str, Any], *, but: int | None = None, person: Any = None) -> list[Like]:
    """Return the published events (and a person's own that wait) that may be the same, the likest first. 3 queries."""
    near = Q()
    for date in details.get("dates", [])[:60]:
        starts, ends = span(date["start"], date["end"], details["timezone"])
        near |= Q(starts_at__lte=ends + _DAY, ends_at__gte=starts - _DAY)
    if not near:
        return []
    found: dict[int, Like] = {}
    dates = Occurrence.objects.filter(near, is_shown=True).select_related("event").order_by("starts_at", "pk")
    for one in dates.exclude(event=but or 0)[:MOST_COMPARED]:
        share = shared(details, one.event.details)
        if share and one.event_id not in found:
            found[one.event_id] = Like(one.event, in_language(one.event.details["title"]), one.starts_local, share)
    found |= _own(details, but, person)
    return sorted(found.values(), key=lambda each: (-each.share, each.event.pk))[:MOST]


def _own(details: Mapping[str, Any], but: int | None, person: Any) -> dict[int, Like]:
    """Return what the person has proposed already and waits, with a like title on a like day."""
    if person is None:
        return {}
    waits = Event.objects.filter(owner=person, state=EntryState.PENDING).exclude(pk=but or 0).order_by("-pk")[:30]
    days = {date["start"][:10] for date in details.get("dates", [])}
    found = {}
    for event in waits.prefetch_related("versions"):
        last = list(event.versions.all())[-1].details
        start = next((each["start"] for each in last.get("dates", []) if each["start"][:10] in days), "")
        if start and (share := shared(details, last)):
            found[event.pk] = Like(event, in_language(last["title"]), start, share)
    return found


def shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return in percent how like two events' titles are, in whatever language; 0 where they are not like enough."""
    return max((_shared(mine, its) for mine in _titles(one) for its in _titles(other)), default=0)


def _titles(details: Mapping[str, Any]) -> Iterable[str]:
    folded = (_BETWEEN.sub(" ", fold(title)).strip() for title in (details.get("title") or {}).values())
    return {title for title in folded if title}


def _shared(one: str, other: str) -> int:
    if one == other:
        return 100
    # The words in any order; but not where only a few of a long title's words are those of a short one.
    words, all_of_it = fuzz.token_set_ratio(one, other), fuzz.token_sort_ratio(one, other)
    return round(words) if words >= LEAST and all_of_it >= LEAST_OF_ALL else 0
