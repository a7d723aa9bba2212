"""Models that are loaded when they are needed, and go when they are not."""

import threading
import time

import pytest

from plenara.common.held import Held


class Loads(list):
    """Notes each loading, and gives a new thing."""

    def __call__(self):
        self.append(time.monotonic())
        return object()


def eventually(holds, seconds=5.0):
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def test_a_model_is_loaded_at_its_first_use_and_once():
    loads = Loads()
    held = Held(loads, seconds=60)
    assert not loads and not held.is_loaded()
    first = held.get()
    assert held.get() is first and len(loads) == 1 and held.is_loaded()


def test_a_model_that_nobody_asks_goes_and_comes_back():
    loads = Loads()
    held = Held(loads, seconds=0.05)
    held.get()
    assert eventually(lambda: not held.is_loaded())
    held.get()
    assert held.is_loaded() and len(loads) == 2
    assert eventually(lambda: not held.is_loaded())  # the second one too


def test_a_model_that_is_asked_again_and_again_stays():
    loads = Loads()
    held = Held(loads, seconds=2)
    for _time in range(30):
        held.get()
        time.sleep(0.1)
    assert len(loads) == 1


def test_a_model_that_somebody_waits_for_stays():
    held = Held(Loads(), seconds=0.02)
    held.keep()
    held.get()
    time.sleep(0.1)
    assert held.is_loaded()
    late = Held(Loads(), seconds=1)
    late.get()
    late.keep()
    time.sleep(1.2)
    assert late.is_loaded()


def test_who_asks_at_the_same_time_gets_the_same_model():
    loads = Loads()
    held = Held(lambda: (time.sleep(0.05), loads())[1], seconds=60)
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

    held = Held(load)
    with pytest.raises(OSError, match="no room"):
        held.get()
    assert held.get() == "model"
