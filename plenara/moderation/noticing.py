"""Hears what waits or appears, and enqueues a look at it; hears what goes, and forgets what it is like."""

from collections.abc import Sequence
from typing import Any

from plenara.accounts import bulk
from plenara.core import waiting
from plenara.moderation import tasks
from plenara.moderation.models import CampaignMember
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import grouping, likeness


class Noticing:
    """Enqueues looks. Nothing waits for them."""

    def enters(self, kind: str, thing: Any, version: Any) -> None:
        """Enqueue a look at a version that waits, where its kind is looked at."""
        if not KINDS[kind].hints:
            return
        # What comes in thousands is looked at last: the hints of the others are there when a moderator comes.
        queue = "bulk" if bulk.came_in_bulk(KINDS[kind].thing_of(version).author) else "default"
        tasks.look.using(key=f"look-{kind}-{version.pk}", queue_name=queue).enqueue(of=kind, version_id=version.pk)

    def all_enter(self, kind: str, new: Sequence[tuple[Any, Any]]) -> None:
        """Enqueue looks at many new versions."""
        versions = [version.pk for _thing, version in new]
        tasks.look.enqueue_all({f"look-{kind}-{pk}": {"of": kind, "version_id": pk} for pk in versions})

    def appeared(self, kind: str, thing: Any, version: Any) -> None:
        """Enqueue a look at a version that was published at once."""
        self.enters(kind, thing, version)

    def leaves(self, kind: str, thing: Any) -> None:
        """Forget what a text was like. Where it was the first of a campaign, the next one takes its place."""
        likeness.forget(kind, thing.pk)
        member = CampaignMember.objects.filter(kind=kind, object_id=thing.pk).select_related("campaign").first()
        if member:
            grouping.pass_on(member.campaign, thing.pk)


waiting.register(Noticing())
