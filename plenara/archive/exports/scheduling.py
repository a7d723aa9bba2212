"""When the files of a record are to be made: at once where there are none that may be served, or where they are small;
else once an hour."""

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Max, Q

from plenara.archive import tasks
from plenara.archive.exports.making import how
from plenara.archive.exports.standing import Made, Record, made, record_of, withdrawn_tags
from plenara.archive.finding import public_consultations
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.cache_tags import withdrawn_from
from plenara.core.models import Revision
from plenara.core.transaction import writes
from plenara.events.models import CACHE_TAG as CALENDAR
from plenara.outcomes.behind import quoted_elsewhere, with_meetings

#: A record that only grows is made at most this often, once its files are large.
PAUSE = datetime.timedelta(hours=1)
#: Bytes of all files of a record up to which they are small: to make them takes some seconds.
SMALL = 10_000_000
#: Whatever the files of a consultation may hold.
_CACHE_TAGS = Q(cache_tag__startswith="consultation:") | Q(cache_tag=withdrawn_from(CALENDAR))
#: From a task's being due to the files: the worker looks several times a minute, and has others to do.
SOON = datetime.timedelta(minutes=1)


def due_at(found: Made | None, record: Record, how_now: str) -> datetime.datetime | None:
    """Return when the files are to be made anew; None where they are of the record as it is."""
    if found is None or found.record.gone != record.gone:
        return clock.now()
    if found.is_of(record, how_now):
        return None
    return max(clock.now(), next_at(found))


def next_at(found: Made) -> datetime.datetime:
    """Return from when on files are made again after these, where the record has only grown."""
    return found.made_at if found.size <= SMALL else found.made_at + PAUSE


def is_due(consultation: Consultation) -> bool:
    """Say whether it is time to make the files of a consultation."""
    due = due_at(made(consultation), record_of(consultation), how())
    return due is not None and due <= clock.now()


def newest_change() -> datetime.datetime | None:
    """Return when a consultation's record was last changed, of whatever consultation, or the calendar. One query."""
    return Revision.objects.filter(_CACHE_TAGS).aggregate(at=Max("at"))["at"]


def enqueue_exports() -> int:
    """Enqueue what is to be made of the records that have changed; return how many. The worker asks now and then."""
    now, how_now = clock.now(), how()
    consultations = list(public_consultations())
    numbers = dict(Revision.objects.filter(_CACHE_TAGS).values_list("cache_tag", "number"))
    queued, elsewhere, meeting = _queued(), quoted_elsewhere(), with_meetings()
    count = 0
    for each in consultations:
        cache_tags = withdrawn_tags(each, elsewhere.get(each.pk, ()), has_meetings=each.pk in meeting)
        gone = sum(numbers.get(cache_tag, 0) for cache_tag in cache_tags)
        record = Record(numbers.get(each.cache_tag, 0), gone, each.created_at)
        due = due_at(made(each), record, how_now)
        if due is None:
            continue
        at_once = due <= now
        # One that waits for the hour does not serve where something has gone meanwhile. One that failed does: it comes
        # back by itself, and another would fail beside it.
        if any(one.get("gone") == record.gone and (one.get("at_once") or not at_once) for one in queued[each.pk]):
            continue
        with writes():
            tasks.make_export.using(
                key=f"export-{each.pk}-{record.revision}-{record.gone}-{now:%Y%m%d%H%M%S}", run_after=due
            ).enqueue(consultation_id=each.pk, gone=record.gone, at_once=at_once)
        count += 1
    return count


def _queued() -> dict[int, list[dict[str, Any]]]:
    """Return the arguments of the tasks that are open, by consultation."""
    found = tasks.make_export.pending().values_list("arguments", flat=True)
    queued: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for arguments in found:
        queued[arguments.get("consultation_id")].append(arguments)
    return queued


def expected_at(consultation: Consultation) -> datetime.datetime:
    """Return when files that may be served can be expected, where there are none. One query."""
    queued = tasks.make_export.pending().filter(arguments__consultation_id=consultation.pk)
    due = queued.filter(arguments__at_once=True).order_by("due_at").values_list("due_at", flat=True).first()
    return max(due or clock.now(), clock.now()) + SOON
