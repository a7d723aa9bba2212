"""A process that dies soon after it was started, again and again, is started again, and nothing else ends with it."""

import os
import signal

import pytest

from plenara.operations.server import PROCESSES
from tests.faults.served import BOUND, Served
from tests.installations import wait_until

pytestmark = pytest.mark.once


def test_django_that_dies_again_and_again_within_seconds_takes_nothing_with_it(installation):
    with Served(installation) as served:
        supervisor, victims = served.pids("supervisor"), set()
        for _time in range(3):
            assert wait_until(lambda: len(served.pids("django") - victims) == PROCESSES, BOUND)
            for victim in served.pids("django"):
                victims.add(victim)
                os.kill(victim, signal.SIGKILL)
        assert wait_until(served.is_well, BOUND)
        assert served.pids("supervisor") == supervisor
        assert len(served.pids("front")) == 1
