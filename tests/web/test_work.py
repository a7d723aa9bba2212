"""The errand worker: what is due is done, what hangs holds up nobody for good, sweeping comes once a day."""

import threading
import time

import pytest

from plenara.ledger import errands
from plenara.ledger.actions import owe
from plenara.ledger.models import Errand
from plenara.web import working
from plenara.web.errands import owe_sweep
from tests.web.installations import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

#: The threads of a worker.
THREADS = {"errands", "long errand", "at once"}


@pytest.fixture
def kinds(monkeypatch):
    """The kinds of errand, to which a test adds its own."""
    monkeypatch.setattr(errands, "_kinds", dict(errands._kinds))
    monkeypatch.setattr(working, "owe_sweep", lambda: None)
    monkeypatch.setattr(working, "owe_exports", lambda: None)
    monkeypatch.setattr(working, "PAUSE", 0.05)
    yield errands._kinds
    # An errand that a test let go on marks itself as done: not while the next test writes.
    assert wait_until(lambda: not any(each.name in THREADS for each in threading.enumerate()))


def work_until(condition, **how):
    """Work until a condition holds; return the worker's exit code."""
    stop, codes = threading.Event(), []
    worker = threading.Thread(target=lambda: codes.append(working.work(stop, **how)))
    worker.start()
    end = time.monotonic() + 600
    while not condition() and worker.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    worker.join(600)
    return codes[0]


def test_what_is_owed_is_done(kinds):
    done = []
    kinds["test.note"] = lambda name: done.append(name)
    owe("test.note", key="a", name="first")
    owe("test.note", key="b", name="second")
    assert work_until(lambda: Errand.objects.filter(done_at=None).count() == 0) == 0
    assert done == ["first", "second"]


def test_an_errand_that_hangs_counts_as_failed_and_holds_up_nobody(kinds):
    release, done = threading.Event(), []
    kinds["test.hang"] = lambda: release.wait(600)
    kinds["test.note"] = lambda: done.append(True)
    owe("test.hang", key="a")
    owe("test.note", key="b")
    try:
        assert work_until(lambda: done, lease=0.2) == 0
        hanging = Errand.objects.get(key="a")
        assert (hanging.last_error, hanging.attempts, hanging.lease_until) == ("Overdue", 1, None)
        assert hanging.due_at > hanging.created_at
    finally:
        release.set()


def test_a_long_errand_keeps_nothing_else_waiting_and_is_nobody_elses_meanwhile(kinds, monkeypatch):
    monkeypatch.setattr(errands, "_long", {"test.long"})
    monkeypatch.setattr(errands, "LEASE", 0.4)
    release, begun, done = threading.Event(), [], []
    kinds["test.long"] = lambda: (begun.append(True), release.wait(600))
    kinds["test.note"] = lambda: done.append(True)
    owe("test.long", key="a")
    owe("test.long", key="b")
    owe("test.note", key="c")
    first = Errand.objects.get(key="a").due_at

    def has_outlasted_its_lease():
        lease = Errand.objects.get(key="a").lease_until
        return done and lease and (lease - first).total_seconds() > 1.5

    try:
        assert work_until(has_outlasted_its_lease, lease=0.2) == 0
        assert begun == [True]  # neither taken twice, nor another one beside it
        assert Errand.objects.get(key="a").attempts == 1
        assert Errand.objects.get(key="b").attempts == 0
    finally:
        release.set()


def test_a_worker_with_too_many_that_hang_gives_way(kinds):
    release = threading.Event()
    kinds["test.hang"] = lambda: release.wait(600)
    for key in "abcd":
        owe("test.hang", key=key)
    try:
        assert work_until(lambda: False, lease=0.1) == 1
        assert Errand.objects.filter(last_error="Overdue").count() == working.MOST_HANGING
    finally:
        release.set()


def test_errands_that_were_slow_and_have_finished_do_not_end_the_worker(kinds, monkeypatch):
    class Slow(working.Runner):
        """One whose errands finish after their lease, and its thread with them."""

        def run(self, one, seconds):
            super().run(one, 600)
            raise working.Overdue

        def end(self):
            super().end()
            self._thread.join(600)

    done = []
    kinds["test.slow"] = lambda: done.append(True)
    monkeypatch.setattr(working, "Runner", Slow)
    for number in range(working.MOST_HANGING + 2):
        owe("test.slow", key=f"slow-{number}")
    assert work_until(lambda: len(done) >= working.MOST_HANGING + 2) == 0
    assert not Errand.objects.filter(kind="test.slow", done_at=None).exists()


def test_sweeping_is_owed_once_a_day_however_many_workers(noon):
    owe_sweep()
    owe_sweep()
    assert Errand.objects.filter(kind="web.sweep").count() == 1
    errands.run_all()
    owe_sweep()
    assert Errand.objects.get(kind="web.sweep").done_at
