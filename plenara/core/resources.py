"""Resources for long work: models that are loaded on first use and freed after a while; and
threads of lower priority.
"""

import contextlib
import ctypes
import gc
import os
import threading
import time
from collections.abc import Callable

#: Seconds without use after which a model is freed; loading it takes about a second.
IDLE_SECONDS = 60.0


class LazyModel[T]:
    """Something large that is loaded on first use, and freed after `seconds` without use."""

    #: Its clock; tests use their own.
    _time = time

    def __init__(self, load: Callable[[], T], seconds: float = IDLE_SECONDS) -> None:
        self._load, self._seconds = load, seconds
        self._lock = threading.Lock()
        self._thing: T | None = None
        self._asked = 0.0
        self._stays = False

    def get(self) -> T:
        """Return it; load it if necessary. Raises what loading raises."""
        with self._lock:
            if self._thing is None:
                self._thing = self._load()
                free_memory()  # memory that only the loading used
                if not self._stays:
                    threading.Thread(target=self._watch, name="model", daemon=True).start()
            self._asked = self._time.monotonic()
            return self._thing

    def keep_loaded(self) -> None:
        """Never free it in this process: people wait for its results."""
        self._stays = True

    def is_loaded(self) -> bool:
        """Return whether it is in memory now."""
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
    """Return freed memory to the system: otherwise glibc keeps it for reuse."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:  # other C libraries lack it
        trim(0)


#: A nice value: 0 is normal, 19 is the lowest priority. At 10 a busy machine gives it a ninth of a normal share.
NICENESS = 10


def niced[R](work: Callable[[], R]) -> R:
    """Run a calculation in a thread of lower priority, and return what it returns or raise what it raises.

    On Linux each thread has its own priority, which cannot be raised again. So the thread is discarded, and
    the caller keeps its priority. The thread has no connection to the database: the work must not use one.
    """
    done: list[R] = []
    failed: list[BaseException] = []

    def run() -> None:
        with contextlib.suppress(OSError, AttributeError):  # other systems than Linux use the normal priority
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
