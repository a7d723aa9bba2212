"""The task worker: runs what is due, one task after another, and is held up for good by none; beside it a thread for
what somebody waits for at the screen.
"""

import datetime
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable

from django.db import close_old_connections, connections

from plenara.consultations.emails import enqueue_digests
from plenara.core import tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.core.store import Away
from plenara.core.transaction import is_busy
from plenara.events.actions.publication import enqueue_reckoning
from plenara.exports.actions import enqueue_community_export, enqueue_exports, newest_change
from plenara.moderation.emails import enqueue_reminders
from plenara.operations import heartbeat, middleware
from plenara.operations.actions.tasks import enqueue_index, enqueue_sweep
from plenara.outcomes.presenters.paper import PRINTER as OUTCOME_PRINTER
from plenara.search.actions.index import enqueue_pending
from plenara.summaries.printing.presenters.summaries import PRINTER as SUMMARY_PRINTER
from plenara.summaries.schedule.actions import enqueue_look

log = logging.getLogger("plenara.worker")

#: Seconds between two looks: what a person does not notice before a mail.
URGENT_PAUSE = 0.25
#: Tasks that are taken in one turn at the database.
SOME = 5


class AtOnce:
    """The thread; it ends when `stop` is set. What hangs in it is taken over by the worker once its lease is over."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="at once", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not (self._stop.is_set() or self._over.is_set()):
            try:
                close_old_connections()
                # Each is run whatever becomes of those before it: they are leased to us alone.
                done = [_run_urgent(one) for one in _urgent_due()]
                if done and all(done):
                    continue
            except Exception:
                # The worker beside us says so too, and asks less and less often; the lease ends by itself.
                log.exception("tasks not taken at once")
                connections.close_all()
                self._over.wait(5.0)
            self._over.wait(URGENT_PAUSE)
        connections.close_all()

    def end(self, seconds: float = 5.0) -> None:
        """Let the thread end, and wait for what it does."""
        self._over.set()
        self._thread.join(seconds)


def _run_urgent(one: BackgroundTask) -> bool:
    with middleware.of_task(one.task):
        return tasks.run(one)


def _urgent_due() -> list[BackgroundTask]:
    # Asked without the gate first: who writes is not held up four times a second for nothing.
    if not tasks.due_now().filter(queue=Queue.URGENT).exists():
        return []
    return tasks.take(limit=SOME, queue=Queue.URGENT)


#: Seconds between two looks when nothing is due.
PAUSE = 1.0
#: Seconds between two looks at what the clock enqueues: the day's sweep, the hour's reminders, changed records' files.
ROUND = 60.0
#: Seconds that the worker gives way, before a task, to those who send forms and write on SQLite; and between looks.
GIVES_WAY, LOOK = 0.5, 0.02
#: Seconds between two looks at whether a record was changed: files of a small one are there within the minute.
RECORDS = 15.0
#: Threads that may hang before the worker gives way to a fresh one.
MOST_HANGING = 3


class Overdue(Exception):
    """A task that outlasted its lease."""


class Aside:
    """A thread of its own for a long task, beside the others; its lease is renewed for as long as it runs."""

    def __init__(self, one: BackgroundTask) -> None:
        self._task = one
        self._thread = threading.Thread(target=self._work, name="long task", daemon=True)
        self._renewed = float("-inf")
        self._thread.start()

    def _work(self) -> None:
        try:
            with middleware.of_task(self._task.task):
                tasks.run(self._task)
        except Exception:
            log.exception("task not marked")  # the lease ends by itself
        connections.close_all()

    def is_running(self) -> bool:
        """Say whether it runs still, and keep its lease if it does. Killed with us, it is another's in some minutes."""
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
                with middleware.of_task(one.task):
                    done = tasks.run(one)
                self._done.put(done)
            except Exception:
                # The mark could not be made, so the database is away; the lease ends by itself.
                log.exception("task not marked")
                self._done.put(False)
        connections.close_all()

    def run(self, one: BackgroundTask, seconds: float) -> bool:
        """Run a task and return whether it was done. Raises `Overdue` when the seconds are over."""
        self._given.put(one)
        try:
            return self._done.get(timeout=seconds)
        except queue.Empty:
            raise Overdue from None

    def end(self) -> None:
        """Let the thread end when it has finished."""
        self._given.put(None)

    def is_running(self) -> bool:
        """Say whether the thread has not ended yet."""
        return self._thread.is_alive()


def work(stop: threading.Event, *, lease: float = tasks.LEASE - 5) -> int:
    """Run tasks until `stop` is set; return the exit code: 1 where too many of them hang."""
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
            # A database that is away comes back; meanwhile we ask less and less often.
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
            runner.end()  # should it ever finish
            # What was slow, on a machine under load, and has finished since does not count.
            left_behind = [each for each in [*left_behind, runner] if each.is_running()]
            if len(left_behind) >= MOST_HANGING:
                log.error("too many tasks hang; the worker ends")
                at_once.end()
                return 1
            runner = Runner()
    at_once.end()
    runner.end()
    connections.close_all()
    return 0


def _give_way(stop: threading.Event) -> None:
    """Let those go first who wait at a screen. A task has time; what has none runs in a thread of its own."""
    until = time.monotonic() + GIVES_WAY
    while is_busy() and time.monotonic() < until and not stop.wait(LOOK):
        pass


class Rounds:
    """Enqueues what the clock asks for once a minute; and between, the files of records that were changed."""

    def __init__(self) -> None:
        self._last = self._looked = float("-inf")
        self._seen: datetime.datetime | None = None

    def come(self) -> None:
        """Enqueue what is due by now. Safe to call at any time: it looks no more often than it should."""
        now = time.monotonic()
        if now - self._looked <= RECORDS:
            return
        # Read before the files are: a change between the two is seen at the next look.
        seen, self._seen = self._seen, newest_change()
        if now - self._last > ROUND:
            _enqueue_what_is_due()
            self._last = now
        elif seen != self._seen:
            _enqueue_what_is_due((enqueue_exports,))
        self._looked = now


def _enqueue_what_is_due(what: Iterable[Callable[[], object]] = ()) -> None:
    """Enqueue what the clock, or a changed record, asks for. What looks into files waits where those are away."""
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
        enqueue_reckoning,
        enqueue_pending,
    )
    for enqueues in what or everything:
        try:
            enqueues()
        except Away as away:
            log.warning("object storage away", extra={"reason": away.reason})
