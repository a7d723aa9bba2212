"""Propose → decide → publish: what a kind of thing must offer so that the desk can decide on it.

The queue, the decisions and the letters know publishables, not contributions. A further kind (an event, a listing)
writes one class here and is moderated.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from django.db.models import QuerySet
from django.db.models.functions import Lower

from plenara.common.refusals import Answer
from plenara.consultations.models import Thread
from plenara.contributions import campaigns, publishing, states
from plenara.contributions.models import Contribution, Edition, Signatory, State, Version
from plenara.contributions.reading import as_edition, came_at


class Publishable(Protocol):
    """A kind of thing that somebody proposes and a moderator decides on."""

    kind: str

    def facts(self, version: Any) -> dict[str, Any]: ...
    def load(self, version_ids: Iterable[int]) -> dict[int, Any]: ...
    def standing(self, pks: Iterable[int]) -> dict[int, Any]: ...
    def find(self, pk: int) -> Any: ...
    def by_author(self, author_id: int, consultation_id: int) -> list[int]: ...
    def signed_by(self, person: Any) -> QuerySet[Any]: ...
    def published(self, consultation_id: int, after: int) -> list[int]: ...
    def lock(self, pk: int) -> Any: ...
    def waiting_version(self, thing: Any) -> Any: ...
    def latest_version(self, thing: Any) -> Any: ...
    def version_in_force(self, thing: Any) -> Any: ...
    def shown(self, version: Any) -> Any: ...
    def approve(
        self, version: Any, *, actor: Any, admitted_after_closing: bool = False, campaign_of: int | None = None
    ) -> Any: ...
    def lead_of(self, pks: Any) -> Any: ...
    def gather(self, lead: Any, pks: Any) -> int: ...
    def stand_alone(self, thing: Any) -> None: ...
    def set_aside(self, version: Any, state: str, *, reason: str) -> None: ...
    def leave_out(self, version: Any, text: str) -> Any: ...
    def move(self, thing: Any, thread: Thread) -> None: ...
    def remove(self, thing: Any, *, reason: str) -> None: ...
    def restore(self, thing: Any) -> None: ...
    def before(self, thing: Any) -> dict[str, Any]: ...
    def wait_again(self, version: Any, before: dict[str, Any]) -> None: ...
    def allows(self, thing: Any, act: str) -> Answer: ...


class Contributions:
    """Contributions as publishables."""

    kind = "contribution"

    def facts(self, version: Version) -> dict[str, Any]:
        """Return what the queue's row tells of a version (the columns of `models.Item`)."""
        contribution = version.contribution
        known = Contribution.objects.filter(
            author_id=contribution.author_id, consultation_id=contribution.consultation_id, state=State.PUBLISHED
        )
        return {
            "consultation_id": contribution.consultation_id,
            "thread": contribution.thread.number,
            "author_id": contribution.author_id,
            "entered_by_id": contribution.entered_by_id,
            "language": version.language,
            "stakeholder_group": version.byline.stakeholder_group,
            "since": came_at(version),
            "is_revision": version.number > 1,
            "by_newcomer": contribution.author_id is not None and not known.exclude(pk=contribution.pk).exists(),
        }

    def load(self, version_ids: Iterable[int]) -> dict[int, Version]:
        """Return versions by id, with all that the queue shows of them. One query."""
        found = Version.objects.select_related(
            "contribution__thread", "contribution__consultation", "contribution__in_reply_to", "byline", "text"
        )
        return found.in_bulk(list(version_ids))

    def standing(self, pks: Iterable[int]) -> dict[int, Version]:
        """Return the latest version of each that was neither withdrawn nor removed, by the thing's id. One query."""
        found = Version.objects.exclude(state__in=[State.WITHDRAWN, State.REMOVED]).select_related(
            "contribution__thread", "contribution__consultation", "byline", "text"
        )
        found = found.exclude(contribution__state__in=[State.WITHDRAWN, State.REMOVED])
        rows = found.filter(contribution_id__in=list(pks)).order_by("number")
        return {version.contribution_id: version for version in rows if version.text.content}

    def find(self, pk: int) -> Contribution | None:
        """Return the contribution with what the desk shows beside it, to read."""
        return (
            Contribution.objects.select_related("thread", "consultation", "author", "in_reply_to").filter(pk=pk).first()
        )

    def by_author(self, author_id: int, consultation_id: int) -> list[int]:
        """Return the ids of what a person sent to a consultation."""
        sent = Contribution.objects.filter(author_id=author_id, consultation_id=consultation_id)
        return list(sent.values_list("pk", flat=True))

    def signed_by(self, person: Any) -> QuerySet[Contribution]:
        """Return what a person signed besides its author, as far as their address is still kept."""
        own = person.emailaddress_set.filter(verified=True).values(address=Lower("email"))
        signed = Signatory.objects.filter(confirmed_at__isnull=False, address__in=own, version__isnull=False)
        return Contribution.objects.filter(pk__in=signed.values("version__contribution"))

    def published(self, consultation_id: int, after: int) -> list[int]:
        """Return the ids of what stands published in a consultation, those above `after`, a thousand at most."""
        found = Contribution.objects.filter(consultation_id=consultation_id, state=State.PUBLISHED, pk__gt=after)
        return list(found.order_by("pk").values_list("pk", flat=True)[:1000])

    def lock(self, pk: int) -> Contribution | None:
        """Return the contribution, held against everybody else until the transaction ends."""
        # Its row alone first: PostgreSQL looks at a row anew that it waited for, together with what it was joined to
        # before, and one whose thread was changed meanwhile would not be found.
        Contribution.objects.select_for_update().filter(pk=pk).values_list("pk", flat=True).first()
        return self.find(pk)

    def waiting_version(self, thing: Contribution) -> Version | None:
        """Return the version of it that waits for a decision, if one does."""
        version = thing.versions.filter(state=State.PENDING).select_related("byline", "text", "paper").first()
        if version:
            version.contribution = thing
        return version

    def latest_version(self, thing: Contribution) -> Version | None:
        """Return the version that was submitted last, whatever became of it."""
        return self._of(thing, thing.versions.select_related("byline", "text", "paper").order_by("number").last())

    def version_in_force(self, thing: Contribution) -> Version | None:
        """Return the version whose edition stands, or stood until it was removed; nothing where none was published."""
        stands = thing.versions.select_related("byline", "text", "paper").filter(edition__in_force=True)
        return self._of(thing, stands.first())

    def _of(self, thing: Contribution, version: Version | None) -> Version | None:
        if version:
            version.contribution = thing
        return version

    def shown(self, version: Version) -> Edition:
        """Return a version as a page shows it."""
        return as_edition(version, number=version.contribution.number)

    def approve(
        self, version: Version, *, actor: Any, admitted_after_closing: bool = False, campaign_of: int | None = None
    ) -> Edition:
        """Publish a version; in lists under another, where it belongs to a campaign that is shown once."""
        return publishing.publish(
            version, actor=actor, admitted_after_closing=admitted_after_closing, campaign_of=campaign_of
        )

    def lead_of(self, pks: Any) -> Edition | None:
        """Return the edition under which lists show a campaign, if one of these is published."""
        return campaigns.lead_of(pks)

    def gather(self, lead: Edition, pks: Any) -> int:
        """Let these stand under the lead in lists, as far as they are published."""
        return campaigns.gather(lead, pks)

    def stand_alone(self, thing: Contribution) -> None:
        """Let a thing stand in lists by itself."""
        campaigns.stand_alone(thing)

    def set_aside(self, version: Version, state: str, *, reason: str) -> None:
        """Return or reject a version."""
        publishing.set_state(version, state, reason=reason)

    def leave_out(self, version: Version, text: str) -> Version:
        """Return the version that takes the place of a waiting one, with words left out."""
        return publishing.leave_out(version, text)

    def move(self, thing: Contribution, thread: Thread) -> None:
        """Let a contribution that was never published belong to another thread."""
        publishing.change_thread(thing, thread)

    def remove(self, thing: Contribution, *, reason: str) -> None:
        """Leave a tombstone where it stood."""
        publishing.take_down(thing, State.REMOVED, reason=reason)

    def restore(self, thing: Contribution) -> None:
        """Bring back what was removed."""
        publishing.put_back(thing)

    def before(self, thing: Contribution) -> dict[str, Any]:
        """Return what undoing a decision needs: where the thing stood."""
        return {"thread": thing.thread_id, "in_reply_to": thing.in_reply_to_id, "moved_from": thing.moved_from}

    def wait_again(self, version: Version, before: dict[str, Any]) -> None:
        """Let a version wait as it did before a decision that is undone."""
        thread = Thread.objects.get(pk=before["thread"])
        publishing.wait_again(
            version, in_reply_to=before["in_reply_to"], moved_from=before["moved_from"], thread=thread
        )

    def allows(self, thing: Contribution, act: str) -> Answer:
        """Say whether the state of a contribution allows an act."""
        return states.allows(thing.state, act)


KINDS: dict[str, Publishable] = {Contributions.kind: Contributions()}
