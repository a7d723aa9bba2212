"""Work that gives way: only its own thread waits for others."""

import os
import threading

import pytest

from plenara.core.resources import NICENESS, niced


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there are no priorities here")
def test_the_work_has_a_lower_priority_and_who_waits_for_it_keeps_theirs():
    before = priority()
    assert niced(priority) == max(before, NICENESS)
    assert priority() == before


def test_what_the_work_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        niced(lambda: 1 // 0)
