"""The review queue, for the packages below the moderation desk.

An action that proposes an item adds it here, in its transaction. The moderation package, which is above, registers
its queue; packages that publish know nothing else of the desk.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from plenara.core.life_cycle import Moderated, ModeratedVersion


class ReviewQueue(Protocol):
    """The queue of the desk. `thing` is a moderated item, `version` the text to read."""

    def add(self, thing: "Moderated", version: "ModeratedVersion") -> None: ...
    def add_all(self, new: Sequence[tuple["Moderated", "ModeratedVersion"]]) -> None: ...
    def add_published(self, thing: "Moderated", version: "ModeratedVersion") -> None: ...
    def remove(self, thing: "Moderated") -> None: ...


_queue: ReviewQueue


def register(queue: ReviewQueue) -> None:
    """Register the queue of the desk."""
    global _queue
    _queue = queue


def add(thing: "Moderated", version: "ModeratedVersion") -> None:
    """Add a version that needs a decision before publication."""
    _queue.add(thing, version)


def add_all(new: Sequence[tuple["Moderated", "ModeratedVersion"]]) -> None:
    """Add many new items of one kind that need a decision, each with its first version."""
    _queue.add_all(new)


def add_published(thing: "Moderated", version: "ModeratedVersion") -> None:
    """Add a version that was published before a moderator read it, for a later check."""
    _queue.add_published(thing, version)


def remove(thing: "Moderated") -> None:
    """Remove an item that was withdrawn or removed."""
    _queue.remove(thing)
