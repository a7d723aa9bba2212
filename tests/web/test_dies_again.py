"""A process that dies soon after it was started, again and again, is started again, and nothing else ends with it."""

import os
import signal

import pytest

from tests.faults.served import BOUND, Served
from tests.web.installations import wait_until

pytestmark = pytest.mark.once


def test_django_that_dies_three_times_within_seconds_takes_nothing_with_it(installation):
    with Served(installation) as served:
        supervisor, victims = served.pid("supervisor"), set()
        for _time in range(3):
            assert wait_until(lambda: served.pid("django") not in {None, *victims}, BOUND)
            victims.add(served.pid("django"))
            os.kill(served.pid("django"), signal.SIGKILL)
        assert wait_until(served.is_well, BOUND)
        assert served.pid("supervisor") == supervisor and served.pid("front") is not None
