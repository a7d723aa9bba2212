"""The task worker: what is due is done, what hangs holds up nobody for good, sweeping comes once a day."""

import threading
import time

import pytest

from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.operations import worker as operation_worker
from plenara.operations.actions.tasks import enqueue_sweep
from tests.background import enqueue, make_known
from tests.installations import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

#: The threads of a worker.
THREADS = {"tasks", "long task", "at once"}


@pytest.fixture
def kinds(monkeypatch):
    """The kinds of task, to which a test adds its own."""
    monkeypatch.setattr(tasks, "_tasks", dict(tasks._tasks))
    monkeypatch.setattr(operation_worker, "enqueue_sweep", lambda: None)
    monkeypatch.setattr(operation_worker, "enqueue_exports", lambda: None)
    monkeypatch.setattr(operation_worker, "PAUSE", 0.05)
    yield tasks._tasks
    # A task that a test let go on marks itself as done: not while the next test writes.
    assert wait_until(lambda: not any(each.name in THREADS for each in threading.enumerate()))


def work_until(condition, **how):
    """Work until a condition holds; return the worker's exit code."""
    stop, codes = threading.Event(), []
    worker = threading.Thread(target=lambda: codes.append(operation_worker.work(stop, **how)))
    worker.start()
    end = time.monotonic() + 600
    while not condition() and worker.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    worker.join(600)
    return codes[0]


def test_what_is_queued_is_done(kinds):
    done = []
    make_known(kinds, "test.note", lambda name: done.append(name))
    enqueue("test.note", key="a", name="first")
    enqueue("test.note", key="b", name="second")
    assert work_until(lambda: BackgroundTask.objects.filter(done_at=None).count() == 0) == 0
    assert done == ["first", "second"]


def test_a_task_that_hangs_counts_as_failed_and_holds_up_nobody(kinds):
    release, done = threading.Event(), []
    make_known(kinds, "test.hang", lambda: release.wait(600))
    make_known(kinds, "test.note", lambda: done.append(True))
    enqueue("test.hang", key="a")
    enqueue("test.note", key="b")
    try:
        assert work_until(lambda: done, lease=0.2) == 0
        hanging = BackgroundTask.objects.get(key="a")
        assert (hanging.last_error, hanging.attempts, hanging.lease_until) == ("Overdue", 1, None)
        assert hanging.due_at > hanging.created_at
    finally:
        release.set()


def test_a_long_task_keeps_nothing_else_waiting_and_is_nobody_elses_in_the_meantime(kinds, monkeypatch):
    monkeypatch.setattr(tasks, "LEASE", 0.4)
    release, begun, done = threading.Event(), [], []
    make_known(kinds, "test.long", lambda: (begun.append(True), release.wait(600)), is_long=True)
    make_known(kinds, "test.note", lambda: done.append(True))
    enqueue("test.long", key="a")
    enqueue("test.long", key="b")
    enqueue("test.note", key="c")
    first = BackgroundTask.objects.get(key="a").due_at

    def has_outlasted_its_lease():
        lease = BackgroundTask.objects.get(key="a").lease_until
        return done and lease and (lease - first).total_seconds() > 1.5

    try:
        assert work_until(has_outlasted_its_lease, lease=0.2) == 0
        assert begun == [True]  # neither taken twice, nor another one beside it
        assert BackgroundTask.objects.get(key="a").attempts == 1
        assert BackgroundTask.objects.get(key="b").attempts == 0
    finally:
        release.set()


def test_a_worker_with_too_many_that_hang_gives_way(kinds):
    release = threading.Event()
    make_known(kinds, "test.hang", lambda: release.wait(600))
    for key in "abcd":
        enqueue("test.hang", key=key)
    try:
        assert work_until(lambda: False, lease=0.1) == 1
        assert BackgroundTask.objects.filter(last_error="Overdue").count() == operation_worker.MOST_HANGING
    finally:
        release.set()


def test_tasks_that_were_slow_and_have_finished_do_not_end_the_worker(kinds, monkeypatch):
    class Slow(operation_worker.Runner):
        """One whose tasks finish after their lease, and its thread with them."""

        def run(self, one, seconds):
            super().run(one, 600)
            raise operation_worker.Overdue

        def end(self):
            super().end()
            self._thread.join(600)

    done = []
    make_known(kinds, "test.slow", lambda: done.append(True))
    monkeypatch.setattr(operation_worker, "Runner", Slow)
    for number in range(operation_worker.MOST_HANGING + 2):
        enqueue("test.slow", key=f"slow-{number}")
    assert work_until(lambda: len(done) >= operation_worker.MOST_HANGING + 2) == 0
    assert not BackgroundTask.objects.filter(task="test.slow", done_at=None).exists()


def test_sweeping_is_queued_once_a_day_however_many_workers(noon):
    enqueue_sweep()
    enqueue_sweep()
    assert BackgroundTask.objects.filter(task="operations.sweep").count() == 1
    tasks.run_all()
    enqueue_sweep()
    assert BackgroundTask.objects.get(task="operations.sweep").done_at
