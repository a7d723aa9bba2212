"""The output of commands: lines, one sentence for a failure, a progress bar on a terminal."""

import sys
import time
from collections.abc import Callable


class Failed(Exception):
    """A command failed; the text is one sentence that says why and what to do."""


def say(text: str) -> None:
    """Print a line on standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Bar:
    """A progress bar on a terminal, for work that takes more than a second; elsewhere nothing."""

    WIDTH = 30

    def __init__(self, label: str, total: int):
        self._label = label
        self._total = max(total, 1)
        self._done = 0
        self._began = time.monotonic()
        self._drawn = 0.0
        self._is_watched = sys.stderr.isatty()

    def step(self, count: int = 1) -> None:
        """Add to the progress."""
        self._done = min(self._done + count, self._total)
        now = time.monotonic()
        # A tenth of a second between two drawings; the first after a second.
        if self._is_watched and now - self._began > 1 and now - self._drawn > 0.1:
            self._drawn = now
            filled = self.WIDTH * self._done // self._total
            share = 100 * self._done // self._total
            sys.stderr.write(f"\r{self._label} [{'#' * filled}{'.' * (self.WIDTH - filled)}] {share:3d} %")
            sys.stderr.flush()

    def at(self, done: int, total: int) -> None:
        """Set the progress to an amount of a total."""
        self._total, self._done = max(total, 1), 0
        self.step(done)

    def end(self) -> None:
        """Remove the bar from the screen."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __enter__(self) -> Callable[[int], None]:
        return self.step

    def __exit__(self, *_error: object) -> None:
        self.end()


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun, in the English of the command line."""
    return f"{count:,} {one if count == 1 else many}"
