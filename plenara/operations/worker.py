"""The task worker: runs due tasks one after another, and no task can block it forever; beside it a thread for
tasks that a person waits for at the screen.
"""

import datetime
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import close_old_connections, connections

from plenara.consultations.emails import enqueue_digests
from plenara.core import tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.core.store import Away
from plenara.core.transaction import is_busy
from plenara.events.actions.publication import enqueue_zone_check
from plenara.exports.actions import enqueue_community_export, enqueue_exports, newest_change
from plenara.front import observation
from plenara.moderation.emails import enqueue_reminders
from plenara.operations import heartbeat
from plenara.operations.actions.tasks import enqueue_index, enqueue_sweep
from plenara.operations.middleware import run_task
from plenara.outcomes.presenters.paper import PRINTER as OUTCOME_PRINTER
from plenara.search.actions.index import enqueue_pending
from plenara.summaries.printing.presenters.summaries import PRINTER as SUMMARY_PRINTER
from plenara.summaries.schedule.actions import enqueue_look

log = logging.getLogger("plenara.worker")

#: Seconds between two polls: a delay that nobody notices before an e-mail.
URGENT_PAUSE = 0.25
#: Tasks that are leased in one transaction.
SOME = 5


class AtOnce:
    """The thread; it ends when `stop` is set. The worker takes over a task that hangs in it after its lease."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="at once", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not (self._stop.is_set() or self._over.is_set()):
            try:
                close_old_connections()
                # Each is run whatever happens to those before it: only we have their leases.
                done = [run_task(one) for one in _urgent_due()]
                if done and all(done):
                    continue
            except Exception:
                # The worker logs it too, and polls less and less often; the lease ends by itself.
                log.exception("tasks not taken at once")
                connections.close_all()
                self._over.wait(5.0)
            self._over.wait(URGENT_PAUSE)
        connections.close_all()

    def end(self, seconds: float = 5.0) -> None:
        """Stop the thread, and wait for its task."""
        self._over.set()
        self._thread.join(seconds)


def _urgent_due() -> list[BackgroundTask]:
    # First without the write lock: writers are not delayed four times a second for nothing.
    if not tasks.due_now().filter(queue=Queue.URGENT).exists():
        return []
    return tasks.take(limit=SOME, queue=Queue.URGENT)


#: Seconds between two polls when nothing is due.
PAUSE = 1.0
#: Seconds between two checks of scheduled tasks: the daily sweep, hourly reminders, files of changed records.
ROUND = 60.0
#: Seconds that the worker yields, before a task, to requests that write; and between checks.
GIVES_WAY, LOOK = 0.5, 0.02
#: Seconds between two checks for changed records: files of a small one are ready within the minute.
RECORDS = 15.0
#: Threads that may hang before the worker restarts.
MOST_HANGING = 3


class Overdue(Exception):
    """A task that outlasted its lease."""


class Aside:
    """A separate thread for a long task; its lease is renewed while it runs."""

    def __init__(self, one: BackgroundTask) -> None:
        self._task = one
        self._thread = threading.Thread(target=self._work, name="long task", daemon=True)
        self._renewed = float("-inf")
        self._thread.start()

    def _work(self) -> None:
        try:
            run_task(self._task)
        except Exception:
            log.exception("task not marked")  # the lease ends by itself
        connections.close_all()

    def is_running(self) -> bool:
        """Return whether it still runs, and renew its lease then. After a kill, another worker takes it over."""
        if self._thread.is_alive() and time.monotonic() - self._renewed > tasks.LEASE / 4:
            tasks.renew(self._task)
            self._renewed = time.monotonic()
        return self._thread.is_alive()


class Runner:
    """A thread that runs tasks given to it."""

    def __init__(self) -> None:
        self._given: queue.SimpleQueue[BackgroundTask | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="tasks", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (one := self._given.get()) is not None:
            try:
                close_old_connections()
                self._done.put(run_task(one))
            except Exception:
                # The result could not be saved, so the database is unavailable; the lease ends by itself.
                log.exception("task not marked")
                self._done.put(False)
        connections.close_all()

    def run(self, one: BackgroundTask, seconds: float) -> bool:
        """Run a task and return whether it was done. Raises `Overdue` after its seconds."""
        self._given.put(one)
        try:
            return self._done.get(timeout=seconds)
        except queue.Empty:
            raise Overdue from None

    def end(self) -> None:
        """Stop the thread when it has finished."""
        self._given.put(None)

    def is_running(self) -> bool:
        """Return whether the thread is still running."""
        return self._thread.is_alive()


def work(stop: threading.Event, *, lease: float = tasks.LEASE - 5) -> int:
    """Run tasks until `stop` is set; return the exit code: 1 if too many of them hang."""
    observation.start("worker", **settings.OBSERVATION)
    runner = Runner()
    left_behind: list[Runner] = []
    at_once = AtOnce(stop)
    aside: Aside | None = None
    pause, rounds = PAUSE, Rounds()
    while not stop.is_set():
        heartbeat.worker_lives()
        try:
            close_old_connections()
            rounds.come()
            _give_way(stop)
            aside = aside if aside and aside.is_running() else None
            taken = tasks.take(limit=1, besides=tasks.long_tasks() if aside else ())
            pause = PAUSE
        except Exception:
            # An unavailable database comes back; until then we poll less and less often.
            log.exception("tasks not taken")
            connections.close_all()
            taken, pause = [], min(pause * 2, 30.0)
        if not taken:
            stop.wait(pause)
            continue
        if taken[0].task in tasks.long_tasks():
            aside = Aside(taken[0])
            continue
        try:
            runner.run(taken[0], lease)
        except Overdue as overdue:
            tasks.postpone(taken[0], overdue)
            runner.end()  # if it ever finishes
            # A slow task that has finished since does not count.
            left_behind = [each for each in [*left_behind, runner] if each.is_running()]
            if len(left_behind) >= MOST_HANGING:
                log.error("too many tasks hang; the worker ends")
                at_once.end()
                return 1
            runner = Runner()
    at_once.end()
    runner.end()
    connections.close_all()
    observation.stop()
    return 0


def _give_way(stop: threading.Event) -> None:
    """Yield to requests. A task has time; urgent ones run in a separate thread."""
    until = time.monotonic() + GIVES_WAY
    while is_busy() and time.monotonic() < until and not stop.wait(LOOK):
        pass


class Rounds:
    """Enqueues scheduled tasks once a minute; and in between, files of records that were changed."""

    def __init__(self) -> None:
        self._last = self._looked = float("-inf")
        self._seen: datetime.datetime | None = None

    def come(self) -> None:
        """Enqueue what is due. It may be called at any time: it limits its own frequency."""
        now = time.monotonic()
        if now - self._looked <= RECORDS:
            return
        # Read before the files: the next check sees a change between the two.
        seen, self._seen = self._seen, newest_change()
        if now - self._last > ROUND:
            _enqueue_what_is_due()
            self._last = now
        elif seen != self._seen:
            _enqueue_what_is_due((enqueue_exports,))
        self._looked = now


def _enqueue_what_is_due(what: Iterable[Callable[[], object]] = ()) -> None:
    """Enqueue tasks for the time or for changed records. Tasks on files wait while the storage is unavailable."""
    everything = (
        enqueue_sweep,
        enqueue_index,
        enqueue_exports,
        enqueue_community_export,
        enqueue_reminders,
        enqueue_digests,
        SUMMARY_PRINTER.enqueue_prints,
        OUTCOME_PRINTER.enqueue_prints,
        enqueue_look,
        enqueue_zone_check,
        enqueue_pending,
    )
    for enqueues in what or everything:
        try:
            enqueues()
        except Away as error:
            log.warning("object storage away", extra={"reason": error.reason})
