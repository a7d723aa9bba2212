"""What a moderator of the calendar looks for: an event by its title, doubles, organizers that are not verified."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.text import clean_line, number_in
from plenara.directory.models import EntryState, Verification
from plenara.events.likeness import shared
from plenara.events.models import Event, Occurrence

#: Events that one list shows, and characters of a title that are looked for.
PAGE, MOST_ASKED = 20, 120
#: Words of these that are looked for.
MOST_WORDS = 8
#: Dates that are looked at, and pairs of events that are compared.
MOST_DATES, MOST_PAIRS = 1000, 3000
#: What ended longer ago is of no use to a double.
_PAST, _DAY = datetime.timedelta(days=30), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Doubles:
    """Two events that may be the same, and how alike their titles are, in percent."""

    first: Event
    second: Event
    percent: int


def found_by_title(asked: str) -> list[Event]:
    """Return the published events with all these words in a title, in any language, or with this number. One query."""
    asked = clean_line(asked)[:MOST_ASKED]
    if not asked:
        return []
    words, part = asked.split()[:MOST_WORDS], Q()
    for code in NAMES:
        in_title = Q()
        for word in words:
            in_title &= Q(**{f"details__title__{code}__icontains": word})
        part |= in_title
    if number := number_in(asked):
        part |= Q(number=number)
    return list(_published().filter(part).order_by("-pk")[: PAGE + 1])


def doubles() -> list[Doubles]:
    """Return the published events of a like title within a day of each other, the likest first. Two queries."""
    begins = clock.now() - _PAST
    dates = Occurrence.objects.filter(is_shown=True, ends_at__gte=begins).order_by("starts_at", "pk")
    rows = list(dates.values_list("event", "starts_at", "ends_at")[:MOST_DATES])
    pairs: dict[tuple[int, int], None] = {}
    for place, (event, _starts, ends) in enumerate(rows):
        for other, starts, _ends in rows[place + 1 :]:
            if starts > ends + _DAY or len(pairs) >= MOST_PAIRS:
                break
            if other != event:
                pairs[min(event, other), max(event, other)] = None
    known = Event.objects.in_bulk({pk for pair in pairs for pk in pair})
    found = [
        Doubles(known[one], known[two], percent)
        for one, two in pairs
        if (percent := shared(known[one].details, known[two].details))
    ]
    return sorted(found, key=lambda each: (-each.percent, each.first.pk, each.second.pk))[: PAGE + 1]


def unverified(before: int = 0) -> tuple[list[Event], int]:
    """Return coming events whose organizer nobody has verified, and after which the list goes on. One query."""
    standing = Verification.objects.filter(organization=OuterRef("organizer"), ended_at=None)
    comes = Occurrence.objects.filter(event=OuterRef("pk"), is_shown=True, ends_at__gte=clock.now())
    found = _published().filter(Exists(comes), cancelled_at=None).exclude(Exists(standing))
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else 0


def dates_of(events: Iterable[Event]) -> dict[int, Occurrence]:
    """Return the next date of each event, or its last one if none comes. One query."""
    found: dict[int, Occurrence] = {}
    now = clock.now()
    for each in Occurrence.objects.filter(event__in=list(events)).order_by("starts_at", "pk"):
        if each.event_id not in found or found[each.event_id].ends_at < now:
            found[each.event_id] = each
    return found


def _published() -> QuerySet[Event]:
    return Event.objects.filter(state=EntryState.PUBLISHED).select_related("organizer")
