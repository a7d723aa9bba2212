"""Work that gives way to other work on the same machine."""

import contextlib
import os
import threading
from collections.abc import Callable

#: As `nice` counts: 0 is usual, 19 waits for nearly everybody. At 10 a busy machine leaves it a ninth of a usual share.
NICENESS = 10


def niced[R](work: Callable[[], R]) -> R:
    """Do some reckoning in a thread of lower priority, and return what it returns or raise what it raises.

    Linux gives each thread a priority of its own, and lets nobody raise it again: so the thread is thrown away, and
    whoever waits for it keeps theirs. It has no connection to a database: the work reads and writes nothing there.
    """
    done: list[R] = []
    failed: list[BaseException] = []

    def run() -> None:
        with contextlib.suppress(OSError, AttributeError):  # elsewhere than on Linux it has the usual priority
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="niced", daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
