"""Events similar to one that is about to be proposed, a person's own, what a moderator of the calendar searches for,
and the links of an event's page.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import fuzz

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES, Localized, in_language
from plenara.core.life_cycle import State, state_for_author
from plenara.core.text import clean_line, number_in
from plenara.directory.models import Verification
from plenara.events.dates import span
from plenara.events.models import Event, GivenDetails, Occurrence
from plenara.search.analyser import fold

#: Minimal similarity, in percent, of two titles that may be of one event, and of each of their words.
LEAST, LEAST_OF_ALL = 82, 72
#: Similar events that are returned, and dates of the calendar that are compared.
MOST_LIKE, MOST_COMPARED = 5, 500
_ONE_DAY = datetime.timedelta(days=1)
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Like:
    """An event of the calendar that may be the same."""

    event: Event
    title: Localized
    starts_local: str
    share: int


def events_like(details: GivenDetails, *, but: int | None = None, person: Person | None = None) -> list[Like]:
    """Return published events (and a person's own pending ones) that may be the same, best first. 3 queries."""
    near = Q()
    for date in details.get("dates", [])[:60]:
        starts, ends = span(date["start"], date["end"], details["timezone"])
        near |= Q(starts_at__lte=ends + _ONE_DAY, ends_at__gte=starts - _ONE_DAY)
    if not near:
        return []
    found: dict[int, Like] = {}
    dates = Occurrence.objects.filter(near, is_shown=True).select_related("event").order_by("starts_at", "pk")
    for one in dates.exclude(event=but or 0)[:MOST_COMPARED]:
        share = shared_words(details, one.event.details)
        if share and one.event_id not in found:
            found[one.event_id] = Like(one.event, in_language(one.event.details["title"]), one.starts_local, share)
    found |= _own_titles(details, but, person)
    return sorted(found.values(), key=lambda each: (-each.share, each.event.pk))[:MOST_LIKE]


def _own_titles(details: GivenDetails, but: int | None, person: Person | None) -> dict[int, Like]:
    """Return the person's own pending proposals with a similar title on a near day."""
    if person is None:
        return {}
    pending = Event.objects.filter(owner=person, state=State.PENDING).exclude(pk=but or 0).order_by("-pk")[:30]
    days = {date["start"][:10] for date in details.get("dates", [])}
    found = {}
    for event in pending.prefetch_related("versions"):
        last = list(event.versions.all())[-1].details
        start = next((each["start"] for each in last.get("dates", []) if each["start"][:10] in days), "")
        if start and (share := shared_words(details, last)):
            found[event.pk] = Like(event, in_language(last["title"]), start, share)
    return found


def shared_words(one: GivenDetails, other: GivenDetails) -> int:
    """Return in percent how similar two events' titles are, in any language; 0 where they are not similar enough."""
    return max((_share_of_words(title, its) for title in _titles(one) for its in _titles(other)), default=0)


def _titles(details: GivenDetails) -> Iterable[str]:
    folded = (_BETWEEN.sub(" ", fold(title)).strip() for title in (details.get("title") or {}).values())
    return {title for title in folded if title}


def _share_of_words(one: str, other: str) -> int:
    if one == other:
        return 100
    # The words in any order; but a long title must not match just because a short one's words are in it.
    words, all_of_it = fuzz.token_set_ratio(one, other), fuzz.token_sort_ratio(one, other)
    return round(words) if words >= LEAST and all_of_it >= LEAST_OF_ALL else 0


#: Events that one list shows, and characters of a title that are searched for.
DESK_PAGE, MOST_ASKED = 20, 120
#: Words of these that are searched for.
MOST_WORDS = 8
#: Dates that are looked at, and pairs of events that are compared.
MOST_DATES, MOST_PAIRS = 1000, 3000
#: Events that ended longer ago need no check for duplicates.
_PAST, _DAY = datetime.timedelta(days=30), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Doubles:
    """Two events that may be the same, and the similarity of their titles in percent."""

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
    return list(_published().filter(part).order_by("-pk")[: DESK_PAGE + 1])


def doubles() -> list[Doubles]:
    """Return the published events with similar titles within a day of each other, most similar first. Two queries."""
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
        if (percent := shared_words(known[one].details, known[two].details))
    ]
    return sorted(found, key=lambda each: (-each.percent, each.first.pk, each.second.pk))[: DESK_PAGE + 1]


def unverified(before: int = 0) -> tuple[list[Event], int]:
    """Return coming events with an unverified organizer, and the key of the next page. One query."""
    verifications = Verification.objects.filter(organization=OuterRef("organizer"), ended_at=None)
    comes = Occurrence.objects.filter(event=OuterRef("pk"), is_shown=True, ends_at__gte=clock.now())
    found = _published().filter(Exists(comes), cancelled_at=None).exclude(Exists(verifications))
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: DESK_PAGE + 1])
    return rows[:DESK_PAGE], rows[DESK_PAGE - 1].pk if len(rows) > DESK_PAGE else 0


def dates_of(events: Iterable[Event]) -> dict[int, Occurrence]:
    """Return the next date of each event, or its last one if none comes. One query."""
    found: dict[int, Occurrence] = {}
    now = clock.now()
    for each in Occurrence.objects.filter(event__in=list(events)).order_by("starts_at", "pk"):
        if each.event_id not in found or found[each.event_id].ends_at < now:
            found[each.event_id] = each
    return found


def _published() -> QuerySet[Event]:
    return Event.objects.filter(state=State.PUBLISHED).select_related("organizer")


#: A text in the active language, and an address.
type Lead = tuple[str, str]

#: `outcomes` registers meetings: it is above and cannot be imported.
_lead_providers: list[Callable[[Event], list[Lead]]] = []


def provides_leads(function: Callable[[Event], list[Lead]]) -> Callable[[Event], list[Lead]]:
    """Register a function that yields links for an event's page. For use when its package starts."""
    _lead_providers.append(function)
    return function


def leads_of(event: Event) -> Iterator[Lead]:
    """Yield the links of an event's page."""
    for function in _lead_providers:
        yield from function(event)


#: Events on one page of the person's own.
OWN_PAGE = 20


def own_events(person: Person, before: int = 0, most: int = OWN_PAGE) -> list[Event]:
    """Return a person's events, the newest first, each with its last version: one more than `most`. Two queries."""
    found = Event.objects.filter(owner=person).prefetch_related("versions").order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    events = list(found[: most + 1])
    for each in events:
        latest = list(each.versions.all())[-1]
        each.shown_state = state_for_author(each)  # type: ignore[attr-defined]
        each.latest = latest.state  # type: ignore[attr-defined]
        each.title = in_language(latest.details.get("title"))  # type: ignore[attr-defined]
        days = (datetime.date.fromisoformat(date["start"][:10]) for date in latest.details.get("dates", []))
        each.first = next(days, None)  # type: ignore[attr-defined]
    return events
