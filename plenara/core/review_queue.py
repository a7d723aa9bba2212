"""What waits for a moderator, as the packages below the desk see it.

Whatever is proposed says so here, in the transaction that proposes it. The moderation desk, which lies above, registers
its queue; a package that publishes knows nothing else of the desk.
"""

from collections.abc import Sequence
from typing import Any, Protocol


class ReviewQueue(Protocol):
    """The queue of the desk. `thing` is a moderated item, `version` the text that is read."""

    def add(self, thing: Any, version: Any) -> None: ...
    def add_all(self, new: Sequence[tuple[Any, Any]]) -> None: ...
    def add_published(self, thing: Any, version: Any) -> None: ...
    def remove(self, thing: Any) -> None: ...


_queue: ReviewQueue


def register(queue: ReviewQueue) -> None:
    """Let this be the queue of the desk."""
    global _queue
    _queue = queue


def add(thing: Any, version: Any) -> None:
    """Let a version wait for a decision before publication."""
    _queue.add(thing, version)


def add_all(new: Sequence[tuple[Any, Any]]) -> None:
    """Let many new items of one kind wait for a decision, each with its first version."""
    _queue.add_all(new)


def add_published(thing: Any, version: Any) -> None:
    """Let a version that was published before anybody read it be checked afterwards."""
    _queue.add_published(thing, version)


def remove(thing: Any) -> None:
    """Let nothing of an item wait any more: it was withdrawn or removed."""
    _queue.remove(thing)
