"""In which order the worker does what is enqueued: what somebody waits for first, what comes in thousands last."""

import datetime
import threading

import pytest

from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.operations import worker
from tests.background import enqueue, make_known
from tests.installations import wait_until
from tests.operations.test_work import kinds, work_until  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_later_task_that_somebody_waits_for_goes_before_a_thousand_earlier_ones():
    early = clock.now() - datetime.timedelta(minutes=9)
    for number in range(20):
        enqueue("test.many", key=f"many-{number}", run_after=early, queue=Queue.BULK)
    enqueue("test.note", key="in turn")
    enqueue("test.code", key="at once", queue=Queue.URGENT)
    assert [one.key for one in tasks.take(limit=3)] == ["at once", "in turn", "many-0"]


def test_one_lane_alone_can_be_taken():
    enqueue("test.note", key="in turn")
    enqueue("test.code", key="at once", queue=Queue.URGENT)
    assert [one.key for one in tasks.take(queue=Queue.URGENT)] == ["at once"]
    assert tasks.take(queue=Queue.URGENT) == []


def test_what_failed_keeps_its_lane():
    enqueue("test.unknown", key="a", queue=Queue.BULK)
    tasks.run_all()
    assert BackgroundTask.objects.get().queue == Queue.BULK


def test_a_code_leaves_while_something_else_takes_long(kinds):  # noqa: F811
    release, begun, done = threading.Event(), threading.Event(), []
    make_known(kinds, "test.slow", lambda: (begun.set(), release.wait(600)))
    make_known(kinds, "test.code", lambda: done.append(True))
    enqueue("test.slow", key="a")

    def has_left():
        if begun.is_set() and not BackgroundTask.objects.filter(key="b").exists():
            enqueue("test.code", key="b", queue=Queue.URGENT)
        if done:
            assert BackgroundTask.objects.get(key="a").done_at is None
            release.set()
        return bool(done)

    try:
        assert work_until(has_left) == 0
    finally:
        release.set()
    assert done == [True]


def test_a_code_that_fails_keeps_none_of_the_others_waiting(kinds, monkeypatch):  # noqa: F811
    monkeypatch.setattr(tasks, "LEASE", 3600)  # nobody takes over what was leased together
    done = []
    make_known(kinds, "test.broken", lambda: 1 / 0)
    make_known(kinds, "test.code", lambda: done.append(True))
    enqueue("test.broken", key="a", queue=Queue.URGENT)
    enqueue("test.code", key="b", queue=Queue.URGENT)
    enqueue("test.code", key="c", queue=Queue.URGENT)
    assert work_until(lambda: len(done) == 2) == 0
    assert len(done) == 2
    assert BackgroundTask.objects.get(key="a").last_error == "ZeroDivisionError"


def test_the_thread_for_codes_ends_with_the_worker(kinds):  # noqa: F811
    assert work_until(lambda: True) == 0
    assert wait_until(lambda: not any(thread.name == "at once" for thread in threading.enumerate()))
    assert worker.PAUSE < 1
