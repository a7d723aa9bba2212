"""How soon a process that died is started again."""

import pytest

from plenara.operations import server
from plenara.operations.server import A_WHILE, FIRST_PAUSE, LONGEST_PAUSE, BackOff


@pytest.fixture
def time(monkeypatch):
    """A clock that a test moves."""
    now = [100.0]
    monkeypatch.setattr(server.time, "monotonic", lambda: now[0])
    return now


def test_what_dies_at_once_is_waited_for_longer_each_time_but_never_long():
    back_off = BackOff()
    pauses = [back_off.pause() for _death in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= 2 * FIRST_PAUSE
    assert pauses[-1] == LONGEST_PAUSE <= 5


def test_what_has_lived_for_a_while_is_back_at_once(time):
    back_off = BackOff()
    for _death in range(20):
        back_off.pause()
    back_off.begin()
    time[0] += A_WHILE + 1
    assert back_off.pause() == FIRST_PAUSE
