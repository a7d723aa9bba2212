"""Models that are loaded when they are needed, and go when they are not."""

import queue
import threading
import time

import pytest

from plenara.core.resources import LazyModel
from tests.installations import wait_until


class Loads(list):
    """Notes each loading, and gives a new thing."""

    def __call__(self):
        self.append(object())
        return self[-1]


class Clock:
    """A clock that a test moves, with one thread that sleeps by it: the one that lets a model go."""

    def __init__(self):
        self.now = 0.0
        self._asleep, self._awake = queue.Queue(), queue.Queue()

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self._asleep.put(seconds)
        self._awake.get(timeout=600)

    def seconds_asleep(self):
        """Wait until the thread sleeps; return for how long it wants to."""
        return self._asleep.get(timeout=600)

    def wake(self):
        """Let the thread go on, at the present moment."""
        self._awake.put(None)


def held_by(clock, loads):
    """Return something that is held for a minute of a clock."""
    made = LazyModel(loads, seconds=60)
    made._time = clock
    return made


def test_a_model_is_loaded_at_its_first_use_and_once():
    loads = Loads()
    held = LazyModel(loads, seconds=60)
    assert not loads and not held.is_loaded()
    first = held.get()
    assert held.get() is first and len(loads) == 1 and held.is_loaded()


def test_a_model_that_nobody_asks_goes_and_comes_back():
    loads, clock = Loads(), Clock()
    held = held_by(clock, loads)
    for count in (1, 2):  # the second one goes, too
        held.get()
        assert held.is_loaded() and len(loads) == count
        clock.now += clock.seconds_asleep()
        clock.wake()
        assert wait_until(lambda: not held.is_loaded())


def test_a_model_that_is_asked_again_and_again_stays():
    loads, clock = Loads(), Clock()
    held = held_by(clock, loads)
    held.get()
    for _time in range(30):
        half = clock.seconds_asleep() / 2
        clock.now += half
        held.get()
        clock.now += half
        clock.wake()
    clock.now += clock.seconds_asleep()
    assert held.is_loaded() and len(loads) == 1
    clock.wake()


def test_a_model_that_somebody_waits_for_stays():
    clock = Clock()
    early, late = held_by(clock, Loads()), held_by(clock, Loads())
    early.keep_loaded()
    early.get()
    others = set(threading.enumerate())
    late.get()
    clock.now += clock.seconds_asleep()
    late.keep_loaded()
    clock.wake()
    assert wait_until(lambda: set(threading.enumerate()) <= others)
    assert early.is_loaded() and late.is_loaded()


def test_who_asks_at_the_same_time_gets_the_same_model():
    loads = Loads()
    held = LazyModel(lambda: (time.sleep(0.05), loads())[1], seconds=60)
    found = []
    threads = [threading.Thread(target=lambda: found.append(held.get())) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1 and len(loads) == 1


def test_a_model_that_cannot_be_loaded_is_tried_again():
    answers = iter([OSError("no room"), "model"])

    def load():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    held = LazyModel(load)
    with pytest.raises(OSError, match="no room"):
        held.get()
    assert held.get() == "model"
