"""What the calendar shows of an event, created from its details in the transaction that publishes them, and again when
the rules of a time zone change.
"""

import hashlib
import json
import zoneinfo
from collections.abc import Iterator, Sequence
from itertools import batched

from plenara.consultations.models import Consultation, State
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State as ItemState
from plenara.core.tasks import task
from plenara.core.transaction import writing
from plenara.directory.actions.entries import Handler, register_kind
from plenara.directory.models import Kind, Listing
from plenara.events.actions import search_index
from plenara.events.dates import CalculatedDate, occurrences_of, span
from plenara.events.models import CACHE_TAG, Details, Event, EventMark, Occurrence, ZoneRules
from plenara.events.presenters.icalendar import zone_digest

_AT_ONCE = 500


def changed_zones() -> list[str]:
    """Return the zones whose rules differ from those that dates were last calculated by, or were never recorded."""
    noted = dict(ZoneRules.objects.values_list("timezone", "digest"))
    used = Occurrence.objects.filter(is_whole_days=False).order_by("timezone").values_list("timezone", flat=True)
    return [name for name in used.distinct() if _rules_are_known(name) and zone_digest(name) != noted.get(name)]


def _rules_are_known(name: str) -> bool:
    # An update that removes a zone's name leaves the moments unchanged.
    return name in zoneinfo.available_timezones()


@writing
def recalculate(timezone: str) -> int:
    """Calculate the moments of all dates in a zone again, and return how many of them changed.

    Only these get a new sequence number in calendars. Safe to run twice: the second run changes nothing.
    """
    dates = Occurrence.objects.filter(timezone=timezone, is_whole_days=False).order_by("pk")
    moved = [one for one in dates.iterator(_AT_ONCE) if _move(one)]
    Occurrence.objects.bulk_update(moved, ["starts_at", "ends_at", "sequence", "changed_at"], batch_size=_AT_ONCE)
    for some in batched(moved, _AT_ONCE):
        by_id = {each.pk: each for each in some}
        marks = list(EventMark.objects.filter(occurrence__in=by_id))
        for mark in marks:
            one = by_id[mark.occurrence_id]
            mark.starts_at, mark.ends_at = one.starts_at, one.ends_at
        EventMark.objects.bulk_update(marks, ["starts_at", "ends_at"], batch_size=_AT_ONCE)
    rules, is_new = ZoneRules.objects.update_or_create(timezone=timezone, defaults={"digest": zone_digest(timezone)})
    if moved or not is_new:
        # Calendar files contain the rules themselves, so they change even where no date does.
        audit.log("zone.recalculated", actor=None, about=rules, moved=len(moved))
        invalidate(CACHE_TAG, nothing_withdrawn=True)
    return len(moved)


def _move(one: Occurrence) -> bool:
    """Set a date's moments to those of its local hours now, and return whether they differ."""
    moments = span(one.starts_local, one.ends_local, one.timezone)
    if moments == (one.starts_at, one.ends_at):
        return False
    one.starts_at, one.ends_at = moments
    one.sequence += 1
    one.changed_at = clock.now()
    return True


_What = EventMark.What


def show(event: Event) -> None:
    """Bring dates, marks and the index up to date with what is public of an event."""
    details: Details = event.details
    event.prepares = _consultation(details.get("prepares"))
    event.organizer = _organization(details.get("organizer"))
    event.save(update_fields=["prepares", "organizer"])
    if event.is_published:
        _show_dates(event)
    else:
        _hide_dates(event)
    search_index.index_events([event.pk])


def _consultation(slug: str | None) -> Consultation | None:
    if not slug:
        return None
    return Consultation.objects.filter(slug=slug, is_community=False).exclude(stage=State.DRAFT).first()


def _organization(number: int | None) -> Listing | None:
    """Return an organization of the directory; for a merged one, the organization it was merged into."""
    found = Listing.objects.filter(of=Kind.ORGANIZATION, number=number).first() if number else None
    return found.merged_into if found and found.merged_into else found


def details_digest(event: Event, date: CalculatedDate | Occurrence) -> str:
    """Return the SHA-256 of what calendars show of a date: the event, and of its dates only this one."""
    details = {name: value for name, value in event.details.items() if name not in {"dates", "cancelled"}}
    values = [details, event.prepares_id, event.organizer_id, date.number, date.starts_local, date.ends_local]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _show_dates(event: Event) -> None:
    now = clock.now()
    existing = {each.number: each for each in Occurrence.objects.filter(event=event)}
    dates = list(occurrences_of(event.details))
    new, changed = [], []
    for date in dates:
        one = existing.pop(date.number, None)
        digest = details_digest(event, date)
        is_cancelled = bool(date.is_cancelled or event.cancelled_at)
        if one is None:
            one = Occurrence(event=event, number=date.number)
            new.append(one)
        elif (one.digest, bool(one.cancelled_at), one.is_shown, one.starts_at, one.ends_at) == (
            digest, is_cancelled, True, date.starts_at, date.ends_at,
        ):  # fmt: skip
            continue
        else:
            one.sequence += 1
            changed.append(one)
        one.digest, one.is_shown, one.changed_at = digest, True, now
        one.starts_local, one.ends_local = date.starts_local, date.ends_local
        one.timezone, one.is_whole_days = date.timezone, date.is_whole_days
        one.starts_at, one.ends_at = date.starts_at, date.ends_at
        one.cancelled_at = (one.cancelled_at or now) if is_cancelled else None
    # A date that a revision leaves out stays in the calendars that have it, as cancelled.
    for one in existing.values():
        digest = details_digest(event, one)
        if not one.cancelled_at or not one.is_shown or one.digest != digest:
            one.sequence += 1
            one.cancelled_at, one.is_shown, one.changed_at = one.cancelled_at or now, True, now
            one.digest = digest
            changed.append(one)
    Occurrence.objects.bulk_create(new)
    Occurrence.objects.bulk_update(changed, _CHANGED, batch_size=200)
    save_marks([*new, *changed], event)


_CHANGED = (
    "starts_local", "ends_local", "timezone", "is_whole_days", "starts_at", "ends_at", "cancelled_at", "sequence",
    "changed_at", "digest", "is_shown",
)  # fmt: skip


def _hide_dates(event: Event) -> None:
    now = clock.now()
    shown = list(Occurrence.objects.filter(event=event, is_shown=True))
    for one in shown:
        one.sequence += 1
        one.is_shown, one.changed_at = False, now
    Occurrence.objects.bulk_update(shown, ["sequence", "is_shown", "changed_at"], batch_size=200)
    EventMark.objects.filter(occurrence__event=event).delete()


def save_marks(occurrences: list[Occurrence], event: Event) -> None:
    """Replace the marks by which dates are found with those of their event."""
    EventMark.objects.filter(occurrence__in=occurrences).delete()
    values = list(marks_of(event))
    EventMark.objects.bulk_create(
        (
            EventMark(occurrence=one, what=what, value=value, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in occurrences
            for what, value in values
        ),
        batch_size=500,
    )


def marks_of(event: Event) -> Iterator[tuple[str, str]]:
    """Yield the marks by which the dates of an event are found, each once."""
    details = event.details
    yield from ((_What.THEME, code) for code in dict.fromkeys(details.get("themes", [])))
    yield from ((_What.LANGUAGE, code) for code in dict.fromkeys(details.get("languages", [])))
    if details.get("country"):
        yield _What.COUNTRY, details["country"]
    if event.prepares:
        yield _What.CONSULTATION, event.prepares.slug
    if event.organizer and event.organizer.number:
        yield _What.ORGANIZATION, str(event.organizer.number)


def link_organizers(events: Sequence[Event]) -> None:
    """Link events that are not saved yet to the consultations and organizers in their details. Two queries."""
    slugs = {each.details["prepares"] for each in events if each.details.get("prepares")}
    consultations = Consultation.objects.filter(slug__in=slugs, is_community=False).exclude(stage=State.DRAFT)
    by_slug = {each.slug: each for each in consultations}
    numbers = {each.details["organizer"] for each in events if each.details.get("organizer")}
    listed = Listing.objects.filter(of=Kind.ORGANIZATION, number__in=numbers).select_related("merged_into")
    existing = {each.number: each.merged_into or each for each in listed}
    for event in events:
        event.prepares = by_slug.get(event.details.get("prepares", ""))
        event.organizer = existing.get(event.details.get("organizer"))


def show_new(events: Sequence[Event], dates: Sequence[Occurrence]) -> None:
    """Add some hundred linked events that were never in the calendar, with these dates."""
    Occurrence.objects.bulk_create(dates, batch_size=500)
    values = {event: list(marks_of(event)) for event in events}
    EventMark.objects.bulk_create(
        (
            EventMark(occurrence=one, what=what, value=value, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in dates
            for what, value in values[one.event]
        ),
        batch_size=500,
    )
    search_index.index_new_events(events)


def show_preparing(consultation: Consultation) -> None:
    """Show events that were here before an imported consultation together with it.

    Nothing else of the events has changed: their dates stay in calendars as they are.
    """
    found = list(Event.objects.filter(state=ItemState.PUBLISHED, details__prepares=consultation.slug).order_by("pk"))
    for event in found:
        event.prepares = _consultation(consultation.slug)
        event.save(update_fields=["prepares"])
        dates = list(Occurrence.objects.filter(event=event, is_shown=True))
        for one in dates:
            one.digest = details_digest(event, one)
        Occurrence.objects.bulk_update(dates, ["digest"], batch_size=200)
        save_marks(dates, event)
    search_index.index_events([each.pk for each in found])
    if found:
        invalidate(CACHE_TAG, nothing_withdrawn=True)


register_kind("event", Handler(CACHE_TAG, show))


def enqueue_zone_check() -> None:
    """Enqueue the daily check of time zones, once."""
    recalculate_zones.using(key=f"events-recalculate-zones-{clock.now():%Y-%m-%d}").enqueue()


@task
def recalculate_zones() -> None:
    """Calculate the dates again in each zone whose rules have changed."""
    zoneinfo.ZoneInfo.clear_cache()  # The rules of a zone that this process has cached are from before the update.
    for name in changed_zones():
        recalculate(name)
