"""Background tasks: Django's, in a table of the installation's own database.

A task is enqueued in the transaction of the action that causes it, and run afterwards, at least once: a worker leases
it, retries it with back-off, and marks it done or failed. A process may be killed at any point.
"""

import datetime
import functools
import hashlib
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self, cast

from django.db.models import F, Q, QuerySet
from django.tasks import TaskResult, TaskResultStatus
from django.tasks import base as django_tasks
from django.tasks import task as django_task
from django.tasks.backends.base import BaseTaskBackend

from plenara.core import clock
from plenara.core.models import BackgroundTask, Queue
from plenara.core.prepared import insert, prepared
from plenara.core.rows import Json
from plenara.core.store import Away
from plenara.core.transaction import write_lock, writes
from plenara.front import observation

log = logging.getLogger("plenara.tasks")

#: Seconds that a worker has for one task before another may take it over.
LEASE = 120
#: Seconds to wait after the first, second, … failure; after the last one the task has failed.
BACK_OFF = (5, 30, 120, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600)


_tasks: dict[str, "Task"] = {}


class Abort(Exception):
    """A task that no later attempt can complete: an address refused for good, a deleted row."""


class RetryLater(Exception):
    """Something that a task needs is not set up. The task waits without limit; this does not count as a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(django_tasks.Task):  # type: ignore[explicit-any] # of a function with any arguments
    """A function that is run in the background. Its arguments are ids, never texts."""

    #: A second task with the same key is not enqueued. The default key is made of the arguments.
    key: str = ""
    #: It may take longer than a lease and cannot be split: a worker runs it beside the others.
    is_long: bool = False

    @property
    def label(self) -> str:
        """Return its name in the table, at the desk and in the metrics: package and function."""
        return f"{self.func.__module__.split('.')[1]}.{self.func.__name__}"

    def using(  # type: ignore[override]
        self, *, key: str | None = None, queue_name: str | None = None, run_after: datetime.datetime | None = None
    ) -> Self:
        """Return the task with other options; `key` is our own, the others are Django's."""
        made: Self = django_tasks.Task.using(self, queue_name=queue_name, run_after=run_after)  # type: ignore[assignment]
        return replace(made, key=self.key if key is None else key)

    def pending(self) -> QuerySet[BackgroundTask]:
        """Return its rows that are neither done nor failed."""
        return self.rows().filter(done_at=None, failed_at=None)

    def rows(self) -> QuerySet[BackgroundTask]:
        """Return all its rows."""
        return BackgroundTask.objects.filter(task=self.label)

    def enqueue_all(self, arguments_by_key: Mapping[str, Json]) -> None:
        """Enqueue the task many times, once for each key. One query for some hundred."""
        rows = (_row(self.using(key=key), arguments) for key, arguments in arguments_by_key.items())
        BackgroundTask.objects.bulk_create(rows, ignore_conflicts=True)


def task(function: Callable, *, is_long: bool = False) -> Task:
    """Make a function a task, as Django's decorator does. A worker finds it by its label."""
    made = replace(cast(Task, django_task(function)), is_long=is_long)
    assert made.label not in _tasks or _tasks[made.label].module_path == made.module_path, made.label
    _tasks[made.label] = made
    return made


def long_tasks() -> list[str]:
    """Return the labels of the tasks that may take longer than a lease."""
    return [label for label, each in _tasks.items() if each.is_long]


def named(label: str) -> Task:
    """Return a task of a package that the caller may not import."""
    return _tasks[label]


class DatabaseBackend(BaseTaskBackend):
    """Django's interface to the table of background tasks. Enqueuing is one query, in the caller's transaction."""

    task_class = Task
    supports_defer = True

    def enqueue(self, task: Task, args: list, kwargs: Json) -> TaskResult:  # type: ignore[override] # its `task_class`
        """Enqueue a task, once for each key."""
        if args:
            raise TypeError("A background task takes keyword arguments.")
        row = _row(task, kwargs)
        insert(row, ignore_conflicts=True)
        return TaskResult(
            task=task, id=row.key, status=TaskResultStatus.READY, enqueued_at=row.created_at, started_at=None,
            finished_at=None, last_attempted_at=None, args=[], kwargs=kwargs, backend=self.alias, errors=[],
            worker_ids=[],
        )  # fmt: skip


def _row(it: Task, arguments: Json) -> BackgroundTask:
    now = clock.now()
    return BackgroundTask(
        task=it.label,
        key=it.key or _key(it.label, arguments),
        arguments=arguments,
        queue=Queue[it.queue_name.upper()],
        created_at=now,
        due_at=it.run_after or now,
    )


def _key(label: str, arguments: Json) -> str:
    digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
    return f"{label}-{digest[:32]}"


def due_now(now: datetime.datetime | None = None) -> QuerySet[BackgroundTask]:
    """Return the tasks that are due and not running, in the order of the queues, the oldest first."""
    now = now or clock.now()
    due = BackgroundTask.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), done_at=None, failed_at=None)
    return due.filter(due_at__lte=now).order_by("queue", "due_at", "id")


@functools.cache
def _first_due(limit: int) -> Callable[[datetime.datetime, list[str], int | None], QuerySet[BackgroundTask]]:
    @prepared
    def due(now: datetime.datetime, besides: list[str], queue: int | None) -> QuerySet[BackgroundTask]:
        found = due_now(now).exclude(task__in=besides).select_for_update(skip_locked=True)
        return found[:limit] if queue is None else found.filter(queue=queue)[:limit]

    return due


def take(limit: int = 10, besides: Collection[str] = (), queue: Queue | None = None) -> list[BackgroundTask]:
    """Lease up to `limit` due tasks to this worker and return them, in order; none with the labels `besides`.

    With a `queue`, only tasks in it.
    """
    now = clock.now()
    with writes():
        rows = list(_first_due(limit)(now, list(besides), queue))
        if rows:
            leased = BackgroundTask.objects.filter(pk__in=[one.pk for one in rows])
            leased.update(lease_until=now + datetime.timedelta(seconds=LEASE), attempts=F("attempts") + 1)
    for one in rows:
        one.attempts += 1
    return rows


def renew(one: BackgroundTask) -> None:
    """Extend a task's lease by two leases: it is still running, and the thread that renews it may be delayed."""
    until = clock.now() + datetime.timedelta(seconds=2 * LEASE)
    with write_lock():
        leased = BackgroundTask.objects.filter(pk=one.pk, done_at=None, failed_at=None, lease_until__isnull=False)
        leased.update(lease_until=until)


def run(one: BackgroundTask) -> bool:
    """Run one leased task and mark the result; return whether it was done."""
    try:
        _tasks[one.task].call(**one.arguments)
    except Exception as error:
        observation.name_error(error)
        postpone(one, error)
        return False
    # Arguments can hold an address (an e-mail to somebody without an account), so they are deleted.
    _mark(one, done_at=clock.now(), lease_until=None, last_error="", arguments={})
    return True


def _mark(one: BackgroundTask, **changes: object) -> None:
    with write_lock():
        BackgroundTask.objects.filter(pk=one.pk).update(**changes)


def postpone(one: BackgroundTask, error: Exception) -> None:
    """Store a failure: the task is due again later, or has failed permanently."""
    # A note holds codes only, such as a mail server's "550 5.1.1" (`email/delivery.py`).
    noted = " ".join([type(error).__name__, *getattr(error, "__notes__", ())])
    changes: Json = {"lease_until": None, "last_error": noted[:300]}
    if isinstance(error, RetryLater | Away):  # unavailable object storage comes back
        _mark(one, **changes, due_at=clock.now() + datetime.timedelta(seconds=60), attempts=0)
        return
    if isinstance(error, Abort) or one.attempts > len(BACK_OFF):
        changes["failed_at"] = clock.now()
    else:
        changes["due_at"] = clock.now() + datetime.timedelta(seconds=BACK_OFF[one.attempts - 1])
    _mark(one, **changes)
    # The exception's text may quote an address or a person's words, so the log has its type only.
    log.warning("task failed", extra={"id": one.pk, "task": one.task}, exc_info=error)


def run_all(limit: int = 1000, besides: Collection[str] = ()) -> int:
    """Run all due tasks, and those that they make due, up to `limit`; return how many were done."""
    done = 0
    while done < limit and (rows := take(besides=besides)):
        done += sum(run(one) for one in rows)
    return done


def retry(pk: int) -> None:
    """Enqueue a failed task again, from its first attempt."""
    with writes():
        BackgroundTask.objects.filter(pk=pk, failed_at__isnull=False).update(
            failed_at=None, attempts=0, due_at=clock.now(), lease_until=None
        )
