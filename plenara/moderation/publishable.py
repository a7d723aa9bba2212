"""Propose → decide → publish: what a kind of thing must offer so that the desk can decide on it.

The queue, the decisions and the letters know publishables, not contributions. A further kind (an event, a listing)
writes one class here and is moderated.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet

from plenara.common.refusals import Answer
from plenara.consultations.models import Consultation, Thread
from plenara.contributions import publishing, states
from plenara.contributions.models import Contribution, Edition, State, Version
from plenara.contributions.reading import as_edition


@dataclass(frozen=True)
class Item:
    """One thing in the queue, as the desk shows it."""

    kind: str
    pk: int
    version: Any
    thing: Any
    consultation: Consultation
    waiting_since: datetime.datetime
    is_revision: bool


class Publishable(Protocol):
    """A kind of thing that somebody proposes and a moderator decides on."""

    kind: str

    def waiting(self, consultation_ids: Iterable[int]) -> QuerySet[Any]: ...
    def item(self, version: Any) -> Item: ...
    def lock(self, pk: int) -> Any: ...
    def waiting_version(self, thing: Any) -> Any: ...
    def shown(self, version: Any) -> Any: ...
    def approve(self, version: Any, *, actor: Any) -> Any: ...
    def set_aside(self, version: Any, state: str, *, reason: str) -> None: ...
    def move(self, thing: Any, thread: Thread) -> None: ...
    def remove(self, thing: Any, *, reason: str) -> None: ...
    def restore(self, thing: Any) -> None: ...
    def allows(self, thing: Any, act: str) -> Answer: ...


class Contributions:
    """Contributions as publishables."""

    kind = "contribution"

    def waiting(self, consultation_ids: Iterable[int]) -> QuerySet[Version]:
        """Return the versions that wait in these consultations, oldest first."""
        return (
            Version.objects.filter(state=State.PENDING, contribution__consultation_id__in=list(consultation_ids))
            .select_related("contribution__thread", "contribution__consultation", "byline", "text")
            .order_by("submitted_at", "id")
        )

    def item(self, version: Version) -> Item:
        """Return a waiting version as an item of the queue."""
        contribution = version.contribution
        return Item(
            kind=self.kind,
            pk=contribution.pk,
            version=version,
            thing=contribution,
            consultation=contribution.consultation,
            waiting_since=version.submitted_at or contribution.created_at,
            is_revision=version.number > 1,
        )

    def lock(self, pk: int) -> Contribution | None:
        """Return the contribution, held against everybody else until the transaction ends."""
        return (
            Contribution.objects.select_for_update(of=("self",))
            .select_related("thread", "consultation", "author", "in_reply_to")
            .filter(pk=pk)
            .first()
        )

    def waiting_version(self, thing: Contribution) -> Version | None:
        """Return the version of it that waits for a decision, if one does."""
        version = thing.versions.filter(state=State.PENDING).select_related("byline", "text").first()
        if version:
            version.contribution = thing
        return version

    def shown(self, version: Version) -> Edition:
        """Return a version as a page shows it."""
        return as_edition(version, number=version.contribution.number)

    def approve(self, version: Version, *, actor: Any) -> Edition:
        """Publish a version."""
        return publishing.publish(version, actor=actor)

    def set_aside(self, version: Version, state: str, *, reason: str) -> None:
        """Return or reject a version."""
        publishing.set_state(version, state, reason=reason)

    def move(self, thing: Contribution, thread: Thread) -> None:
        """Let a contribution that was never published belong to another thread."""
        publishing.change_thread(thing, thread)

    def remove(self, thing: Contribution, *, reason: str) -> None:
        """Leave a tombstone where it stood."""
        publishing.take_down(thing, State.REMOVED, reason=reason)

    def restore(self, thing: Contribution) -> None:
        """Bring back what was removed."""
        publishing.put_back(thing)

    def allows(self, thing: Contribution, act: str) -> Answer:
        """Say whether the state of a contribution allows an act."""
        return states.allows(thing.state, act)


KINDS: dict[str, Publishable] = {Contributions.kind: Contributions()}
