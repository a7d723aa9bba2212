"""The life cycle of a moderated item: proposed, decided on, published, taken down, restored; and its review queue.

Contributions, events, listings of the directory and requests for correction share these states, this table and these
functions, which are called inside the transaction of an action. Each package adds what becomes public of its own kind.
"""

import datetime
from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Model
from django.utils.functional import Promise

from plenara.core import audit, clock
from plenara.core.models import UNDO_TIME
from plenara.core.refusals import Answer, Denied, require


class State(models.TextChoices):
    """The state of a moderated item, and of each version of it. The labels are those of each kind."""

    PENDING = "pending"
    PUBLISHED = "published"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


#: From each state, the possible acts and the state that each leads to. A revision of a published item has its
#: state on its version, and the version in force stays. Permissions refuse acts that a kind does not have.
TRANSITIONS: dict[str, dict[str, State]] = {
    State.PENDING: {
        "publish": State.PUBLISHED,
        "return_for_revision": State.RETURNED,
        "reject": State.REJECTED,
        "withdraw": State.WITHDRAWN,
        "undo": State.PENDING,  # a move, or an approval that is not published yet
        # Contributions:
        "move": State.PENDING,
        "propose_redaction": State.PENDING,
        "consent": State.PUBLISHED,
        "decline": State.PENDING,
        "take_back": State.RETURNED,
    },
    State.PUBLISHED: {
        "withdraw": State.WITHDRAWN,
        "remove": State.REMOVED,
        "answer": State.PUBLISHED,  # requests for correction
        # Of a pending revision:
        "revise": State.PUBLISHED,
        "publish": State.PUBLISHED,
        "return_for_revision": State.PUBLISHED,
        "reject": State.PUBLISHED,
        "undo": State.PUBLISHED,
        "propose_redaction": State.PUBLISHED,
        "consent": State.PUBLISHED,
        "decline": State.PUBLISHED,
        "take_back": State.PUBLISHED,
    },
    State.RETURNED: {
        "send_again": State.PENDING,
        "withdraw": State.WITHDRAWN,
        "publish": State.PUBLISHED,  # an appeal
        "undo": State.PENDING,
    },
    State.REJECTED: {
        "publish": State.PUBLISHED,  # an appeal
        "undo": State.PENDING,
    },
    State.WITHDRAWN: {},
    State.REMOVED: {"restore": State.PUBLISHED},
}


#: What each kind has of its own.
type OfKind = Any  # type: ignore[explicit-any]


class Moderated(models.Model):
    """A moderated item. `versions` are its submitted texts."""

    kind: str
    wrong_state: Promise  # the sentence that refuses an act
    versions: OfKind
    author: OfKind
    author_id: int | None
    number: int | None  # in its address, for good
    #: The scope of its moderators; of entries the desk sets it.
    consultation: OfKind
    consultation_id: OfKind
    #: Only contributions can be entered for another person, and belong to a question.
    entered_by_id: int | None = None
    thread: OfKind = None
    thread_id: int | None = None

    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    state_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=40, blank=True)  # code, if it was returned, rejected or removed

    class Meta:
        abstract = True

    @property
    def word_limit(self) -> int | None:
        """The most words that its text may have."""
        return None

    @property
    def is_published(self) -> bool:
        """Whether readers see it."""
        return self.state == State.PUBLISHED


class ModeratedVersion(models.Model):
    """One submitted text of a moderated item; never changed."""

    thing_field: str  # the name of the column for the item
    title: str
    text: OfKind
    byline: OfKind
    language: str
    submitted_at: datetime.datetime | None
    is_redacted: bool

    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)

    class Meta:
        abstract = True

    @property
    def thing(self) -> OfKind:
        """The item that it is a version of."""
        return getattr(self, self.thing_field)

    @thing.setter
    def thing(self, thing: Moderated) -> None:
        setattr(self, self.thing_field, thing)


class ReviewQueue(Protocol):
    """The queue of the desk, in `moderation.actions.review_queue`: items, each with the version to read."""

    def add(self, thing: Moderated, version: ModeratedVersion) -> None:
        """Add a version that needs a decision before publication."""

    def add_all(self, new: Sequence[tuple[Moderated, ModeratedVersion]]) -> None:
        """Add many new items of one kind that need a decision, each with its first version."""

    def add_published(self, thing: Moderated, version: ModeratedVersion) -> None:
        """Add a version that was published before a moderator read it, for a later check."""

    def remove(self, thing: Moderated) -> None:
        """Remove an item that was withdrawn or removed."""


#: `moderation` registers its queue: it is above and cannot be imported. An action that proposes an item adds it here,
#: in its transaction.
review_queue: ReviewQueue


def register_review_queue(queue: ReviewQueue) -> None:
    """Register the queue of the desk. For use when its package starts."""
    global review_queue
    review_queue = queue


def allows(thing: Moderated, act: str) -> Answer:
    """Return whether an act is possible in the state of an item, or a denial."""
    return act in TRANSITIONS[thing.state] or _wrong_state(thing)


def _wrong_state(thing: Moderated) -> Denied:
    return Denied(str(thing.wrong_state) % {"state": thing.get_state_display()}, "wrong_state")


def set_state(thing: Moderated, state: str, *, reason: str = "") -> None:
    """Save an item with another state, if an act leads to it. The caller locks its row and writes the audit entry."""
    require(state in TRANSITIONS[thing.state].values() or _wrong_state(thing))
    thing.state, thing.reason, thing.state_at = state, reason, clock.now()
    thing.save()


def set_version_state(version: ModeratedVersion, state: str, *, reason: str = "") -> None:
    """Return or reject a version, or make it pending again; its item too, unless another version of it is published."""
    version.state = state
    version.save(update_fields=["state"])
    if not version.thing.is_published:
        set_state(version.thing, state, reason=reason)


def set_published(
    version: ModeratedVersion,
    /,
    *,
    actor: AbstractBaseUser | None,
    consultation: Model | None = None,
    **details: object,
) -> None:
    """Publish a version and its item, with the audit entry."""
    version.state = State.PUBLISHED
    version.save(update_fields=["state"])
    set_state(version.thing, State.PUBLISHED)
    thing = version.thing
    audit.log(f"{thing.kind}.published", actor=actor, about=thing, consultation=consultation, **details)


def end_pending(thing: Moderated) -> bool:
    """End the pending version, if there is one; return whether there was one."""
    return bool(thing.versions.filter(state=State.PENDING).update(state=State.WITHDRAWN))


def take_down(thing: Moderated, state: str, *, reason: str) -> None:
    """Withdraw or remove an item, and end its pending version."""
    end_pending(thing)
    set_state(thing, state, reason=reason)
    review_queue.remove(thing)


def state_for_author(thing: Moderated) -> str:
    """Return the state that the author sees: a refusal that can still be undone is not shown yet. No query."""
    is_fresh = clock.now() < thing.state_at + UNDO_TIME and thing.state in {State.RETURNED, State.REJECTED}
    return State.PENDING if is_fresh else thing.state


def pending_version(thing: Moderated) -> OfKind:
    """Return the pending version, if there is one. One query."""
    return thing.versions.filter(state=State.PENDING).order_by("number").last()


def version_in_force(thing: Moderated) -> OfKind:
    """Return the version that is published, or was until its item was removed; None if there was none. One query."""
    return thing.versions.filter(state=State.PUBLISHED).order_by("number").last()
