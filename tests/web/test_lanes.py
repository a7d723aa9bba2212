"""In which order the worker does what is owed: what somebody waits for first, what comes in thousands last."""

import datetime
import threading

import pytest

from plenara.common import clock
from plenara.ledger import errands
from plenara.ledger.actions import owe
from plenara.ledger.models import Errand, Lane
from plenara.web import working
from tests.web.installations import wait_until
from tests.web.test_work import kinds, work_until  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_later_errand_that_somebody_waits_for_goes_before_a_thousand_earlier_ones():
    early = clock.now() - datetime.timedelta(minutes=9)
    for number in range(20):
        owe("test.many", key=f"many-{number}", due_at=early, lane=Lane.AFTERWARDS)
    owe("test.note", key="in turn")
    owe("test.code", key="at once", lane=Lane.AT_ONCE)
    assert [one.key for one in errands.take(limit=3)] == ["at once", "in turn", "many-0"]


def test_one_lane_alone_can_be_taken():
    owe("test.note", key="in turn")
    owe("test.code", key="at once", lane=Lane.AT_ONCE)
    assert [one.key for one in errands.take(lane=Lane.AT_ONCE)] == ["at once"]
    assert errands.take(lane=Lane.AT_ONCE) == []


def test_what_failed_keeps_its_lane():
    owe("test.unknown", key="a", lane=Lane.AFTERWARDS)
    errands.run_all()
    assert Errand.objects.get().lane == Lane.AFTERWARDS


def test_a_code_leaves_while_something_else_takes_long(kinds):  # noqa: F811
    release, begun, done = threading.Event(), threading.Event(), []
    kinds["test.slow"] = lambda: (begun.set(), release.wait(600))
    kinds["test.code"] = lambda: done.append(True)
    owe("test.slow", key="a")

    def has_left():
        if begun.is_set() and not Errand.objects.filter(key="b").exists():
            owe("test.code", key="b", lane=Lane.AT_ONCE)
        if done:
            assert Errand.objects.get(key="a").done_at is None
            release.set()
        return bool(done)

    try:
        assert work_until(has_left) == 0
    finally:
        release.set()
    assert done == [True]


def test_a_code_that_fails_keeps_none_of_the_others_waiting(kinds, monkeypatch):  # noqa: F811
    monkeypatch.setattr(errands, "LEASE", 3600)  # nobody takes over what was leased together
    done = []
    kinds["test.broken"] = lambda: 1 / 0
    kinds["test.code"] = lambda: done.append(True)
    owe("test.broken", key="a", lane=Lane.AT_ONCE)
    owe("test.code", key="b", lane=Lane.AT_ONCE)
    owe("test.code", key="c", lane=Lane.AT_ONCE)
    assert work_until(lambda: len(done) == 2) == 0
    assert len(done) == 2
    assert Errand.objects.get(key="a").last_error == "ZeroDivisionError"


def test_the_thread_for_codes_ends_with_the_worker(kinds):  # noqa: F811
    assert work_until(lambda: True) == 0
    assert wait_until(lambda: not any(thread.name == "at once" for thread in threading.enumerate()))
    assert working.PAUSE < 1
