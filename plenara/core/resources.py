"""What long work takes of a machine: models of machines, loaded when they are asked for and freed after a while; and
threads of lower priority.
"""

import contextlib
import ctypes
import gc
import os
import threading
import time
from collections.abc import Callable
from typing import Any

#: Seconds without a question after which a model goes; it takes about a second to come back.
IDLE_SECONDS = 60.0


class LazyModel[T]:
    """Something large that is loaded when it is first asked for, and let go of when nobody has asked for `seconds`."""

    #: What it sleeps and counts by; tests have a clock of their own.
    _time: Any = time

    def __init__(self, load: Callable[[], T], seconds: float = IDLE_SECONDS) -> None:
        self._load, self._seconds = load, seconds
        self._lock = threading.Lock()
        self._thing: T | None = None
        self._asked = 0.0
        self._stays = False

    def get(self) -> T:
        """Return it, loaded if need be. Raises what loading raises."""
        with self._lock:
            if self._thing is None:
                self._thing = self._load()
                free_memory()  # what loading took besides
                if not self._stays:
                    threading.Thread(target=self._watch, name="model", daemon=True).start()
            self._asked = self._time.monotonic()
            return self._thing

    def keep(self) -> None:
        """Never let go of it in this process: somebody waits for its answers."""
        self._stays = True

    def is_loaded(self) -> bool:
        """Say whether it takes memory now."""
        return self._thing is not None

    def _watch(self) -> None:
        while not self._stays:
            with self._lock:
                left = self._asked + self._seconds - self._time.monotonic()
                if left <= 0:
                    self._thing = None
                    break
            self._time.sleep(left)
        free_memory()


def free_memory() -> None:
    """Give the system the memory that was freed: glibc keeps it otherwise, in case it is wanted again."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:  # other libraries have none
        trim(0)


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
