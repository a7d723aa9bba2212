"""Run only a task worker, for e-mails, notices and daily clean-up.

`plenara serve` includes a worker. Use this command on additional servers.
"""

import argparse
import signal
import threading

from plenara.front import children

HELP = "run only a task worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    """A worker takes no arguments."""


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    from plenara.operations import startup

    startup.start()
    with startup.shared_on_machine():
        startup.require_migrated()
        startup.erase_again()
        return _work()


def as_child(parent: int) -> int:
    """Work as the child of `plenara serve`, which has loaded its settings, and end when it does."""
    children.end_with_parent(parent)
    return _work()


def _work() -> int:
    from plenara.operations.worker import work

    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stop.set())
    return work(stop)
