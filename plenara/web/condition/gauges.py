"""How much waits and how long: read from the database in a fixed number of queries, whatever the size of the record.

Kinds, counts and moments alone: nobody's name, address or words.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q

from plenara.archive import tasks as archive_tasks
from plenara.core import clock
from plenara.core.models import Act, BackgroundTask
from plenara.moderation.models import Item
from plenara.moderation.queue import in_wait
from plenara.search.models import Unread
from plenara.web.task_words import is_letter

#: Minutes that a due task may wait for a worker before one wonders whether one runs.
PATIENCE = 10
EXPORTS = frozenset({archive_tasks.make_export.label, archive_tasks.make_community_export.label})


@dataclass(frozen=True)
class Queued:
    """The tasks of one kind, or of several, that are not done."""

    kind: str = ""
    waiting: int = 0  # not given up, due or not
    due: int = 0
    again: int = 0  # of those that wait: failed at least once
    late: int = 0  # due for longer than `PATIENCE`, and nobody has them
    failed: int = 0  # given up
    oldest: datetime.datetime | None = None  # when the first of those that are due was due


def tasks() -> list[Queued]:
    """Return what is enqueued of each kind, by its name. Two queries, each with an index of what is not done."""
    now = clock.now()
    late = now - datetime.timedelta(minutes=PATIENCE)
    waiting = BackgroundTask.objects.filter(done_at=None, failed_at=None).values(kind=F("task")).order_by()
    found: dict[str, dict[str, Any]] = {
        row["kind"]: {**row}
        for row in waiting.annotate(
            waiting=Count("pk"),
            due=Count("pk", filter=Q(due_at__lte=now)),
            again=Count("pk", filter=Q(attempts__gt=0, lease_until=None)),
            late=Count("pk", filter=Q(due_at__lt=late, lease_until=None)),
            oldest=Min("due_at", filter=Q(due_at__lte=now)),
        )
    }
    given_up = BackgroundTask.objects.filter(failed_at__isnull=False, done_at=None).values(kind=F("task")).order_by()
    for row in given_up.annotate(failed=Count("pk")):
        found.setdefault(row["kind"], {"kind": row["kind"]})["failed"] = row["failed"]
    return [Queued(**found[kind]) for kind in sorted(found)]


def together(some: Iterable[Queued]) -> Queued:
    """Return several kinds as one."""
    each = list(some)
    return Queued(
        waiting=sum(one.waiting for one in each),
        due=sum(one.due for one in each),
        again=sum(one.again for one in each),
        late=sum(one.late for one in each),
        failed=sum(one.failed for one in each),
        oldest=min((one.oldest for one in each if one.oldest), default=None),
    )


def letters_of(queued: Iterable[Queued]) -> Queued:
    """Return those of them that are letters."""
    return together(one for one in queued if is_letter(one.kind))


def exports_of(queued: Iterable[Queued]) -> Queued:
    """Return those of them that make files of the record."""
    return together(one for one in queued if one.kind in EXPORTS)


@dataclass(frozen=True)
class Queue:
    """What waits for the moderators of a consultation, and since when the oldest."""

    consultation_id: int | None
    waiting: int
    oldest: datetime.datetime


def queues() -> list[Queue]:
    """Return the queue of each consultation in which something waits. One query."""
    rows = Item.objects.filter(in_wait()).values("consultation_id").order_by()
    return [Queue(**row) for row in rows.annotate(waiting=Count("pk"), oldest=Min("since"))]


def unread() -> int:
    """Return how many texts wait to be read by their meaning. One query."""
    return Unread.objects.count()


def database_bytes() -> int:
    """Return how large the database is. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def clock_away() -> float:
    """Return how many seconds our clock is away from the database's, or behind the last act. Two queries at most."""
    last = Act.objects.order_by("-pk").values_list("at", flat=True).first()
    behind = max((last - clock.now()).total_seconds(), 0.0) if last else 0.0
    if connection.vendor != "postgresql":
        return behind
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return max(behind, abs((cursor.fetchone()[0] - clock.now()).total_seconds()))
