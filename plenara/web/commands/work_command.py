"""Run a task worker alone: mail, notices, daily sweeping.

`plenara serve` has one of its own; this is for more machines.
"""

import argparse
import signal
import threading

HELP = "run a task worker alone"


def arguments(parser: argparse.ArgumentParser) -> None:
    """A worker takes no arguments."""


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    from plenara.web import running, starting

    starting.start()
    with running.in_use():
        starting.require_migrated()
        starting.erase_again()
        return _work()


def as_child(parent: int) -> int:
    """Work as the child of `plenara serve`, which has loaded its settings, and end when it does."""
    from plenara.web.working import end_with_parent

    end_with_parent(parent)
    return _work()


def _work() -> int:
    from plenara.web.working import work

    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stop.set())
    return work(stop)
