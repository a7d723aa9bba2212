"""Who keeps a list of what waits for a decision.

Whatever is proposed says so here, in the transaction that proposes it; the moderation desk, which lies above, registers
and keeps its queue right. A package that publishes knows nothing else of the desk.
"""

from collections.abc import Sequence
from typing import Any, Protocol


class ReviewQueue(Protocol):
    """What keeps the list. `kind` is that of a publishable, `thing` its row, `version` the text that is read."""

    def enters(self, kind: str, thing: Any, version: Any) -> None:
        """A version waits for a decision before publication."""

    def all_enter(self, kind: str, new: Sequence[tuple[Any, Any]]) -> None:
        """As `enters`, for many things at once that nobody has seen before, each with its first version."""

    def appeared(self, kind: str, thing: Any, version: Any) -> None:
        """A version was published before anybody read it: it is checked afterwards."""

    def leaves(self, kind: str, thing: Any) -> None:
        """Nothing of the thing waits any more: it was withdrawn or removed."""


_queues: list[ReviewQueue] = []


def register(desk: ReviewQueue) -> None:
    """Let a desk hear what waits."""
    if desk not in _queues:
        _queues.append(desk)


def add(kind: str, thing: Any, version: Any) -> None:
    """Say that a version waits for a decision before publication."""
    for desk in _queues:
        desk.enters(kind, thing, version)


def add_all(kind: str, new: Sequence[tuple[Any, Any]]) -> None:
    """Say that many new things wait for a decision, each with its first version."""
    for desk in _queues:
        desk.all_enter(kind, new)


def add_published(kind: str, thing: Any, version: Any) -> None:
    """Say that a version was published before anybody read it."""
    for desk in _queues:
        desk.appeared(kind, thing, version)


def remove(kind: str, thing: Any) -> None:
    """Say that nothing of a thing waits any more."""
    for desk in _queues:
        desk.leaves(kind, thing)
