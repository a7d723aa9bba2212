"""A thread beside the task worker for what somebody waits for at the screen: a code, a text that was approved.

The worker takes such tasks first, but it may have begun something that takes a minute. This thread never begins
anything else, so a code leaves within moments whatever is under way and however much is enqueued.
"""

import logging
import threading

from django.db import close_old_connections, connections

from plenara.core import tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.web import spent

log = logging.getLogger("plenara.worker")

#: Seconds between two looks: what a person does not notice before a mail.
PAUSE = 0.25
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
                done = [_run(one) for one in _due()]
                if done and all(done):
                    continue
            except Exception:
                # The worker beside us says so too, and asks less and less often; the lease ends by itself.
                log.exception("tasks not taken at once")
                connections.close_all()
                self._over.wait(5.0)
            self._over.wait(PAUSE)
        connections.close_all()

    def end(self, seconds: float = 5.0) -> None:
        """Let the thread end, and wait for what it does."""
        self._over.set()
        self._thread.join(seconds)


def _run(one: BackgroundTask) -> bool:
    with spent.of_task(one.task):
        return tasks.run(one)


def _due() -> list[BackgroundTask]:
    # Asked without the gate first: who writes is not held up four times a second for nothing.
    if not tasks.due_now().filter(queue=Queue.URGENT).exists():
        return []
    return tasks.take(limit=SOME, queue=Queue.URGENT)
