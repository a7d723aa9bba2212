"""Reckoning moments anew when the rules of a time zone have changed: the hour at the place stays as announced."""

import zoneinfo
from itertools import batched

from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.transaction import writing
from plenara.events.dates import span
from plenara.events.icalendar_zones import digest_of
from plenara.events.models import CACHE_TAG, EventMark, Occurrence, ZoneRules

_AT_ONCE = 500


def changed_zones() -> list[str]:
    """Return the zones whose rules are others than those that dates were reckoned by last, or were never noted."""
    noted = dict(ZoneRules.objects.values_list("timezone", "digest"))
    used = Occurrence.objects.filter(is_whole_days=False).order_by("timezone").values_list("timezone", flat=True)
    return [name for name in used.distinct() if _is_known(name) and digest_of(name) != noted.get(name)]


def _is_known(name: str) -> bool:
    # A name that an update takes away leaves the moments as they are.
    return name in zoneinfo.available_timezones()


@writing
def reckon_anew(timezone: str) -> int:
    """Reckon the moments of all dates in a zone anew, and return how many of them moved.

    Only these are told to calendars as changed. Safe to run twice: the second time nothing moves.
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
    rules, is_new = ZoneRules.objects.update_or_create(timezone=timezone, defaults={"digest": digest_of(timezone)})
    if moved or not is_new:
        # Calendar files tell the rules themselves, so they change even where no date does.
        audit.log("zone.reckoned", actor=None, about=rules, moved=len(moved))
        invalidate(CACHE_TAG, nothing_goes=True)
    return len(moved)


def _move(one: Occurrence) -> bool:
    """Give a date the moments that its hours are now, and say whether they are others."""
    moments = span(one.starts_local, one.ends_local, one.timezone)
    if moments == (one.starts_at, one.ends_at):
        return False
    one.starts_at, one.ends_at = moments
    one.sequence += 1
    one.changed_at = clock.now()
    return True
