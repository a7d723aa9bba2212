"""Models of machines: large, slow to load, and let go of when nobody has asked them for a while."""

import ctypes
import gc
import threading
import time
from collections.abc import Callable
from typing import Any

#: Seconds without a question after which a model goes; it takes about a second to come back.
WHILE = 60.0


class Held[T]:
    """Something large that is loaded when it is first asked for, and let go of when nobody has asked for `seconds`."""

    #: What it sleeps and counts by; tests have a clock of their own.
    _time: Any = time

    def __init__(self, load: Callable[[], T], seconds: float = WHILE) -> None:
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
                give_back()  # what loading took besides
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
        give_back()


def give_back() -> None:
    """Give the system the memory that was freed: glibc keeps it otherwise, in case it is wanted again."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:  # other libraries have none
        trim(0)
