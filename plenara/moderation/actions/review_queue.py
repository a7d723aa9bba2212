"""The queue's rows: they come when something is pending and go when it is decided, in the transactions that do so; and
the looks at new texts.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from plenara.accounts import queries
from plenara.contributions.models import State
from plenara.core import review_queue
from plenara.moderation import tasks
from plenara.moderation.actions import suggestions
from plenara.moderation.hints import noticed
from plenara.moderation.models import CampaignMember, Code, Decision, Item, Report
from plenara.moderation.publishable import KINDS
from plenara.moderation.queries import decisions

#: How long a claim lasts unless it is renewed.
CLAIM = datetime.timedelta(minutes=15)


class Queue:
    """Hears what waits, and keeps a row of each."""

    def enters(self, kind: str, thing: Any, version: Any) -> None:
        """Let a version wait before publication. Whoever sends again takes their appeal back."""
        facts = KINDS[kind].facts(version)
        if not facts["is_revision"]:
            # Nothing was asked, noticed or decided yet about words that have just come, and no row can be there.
            Item.objects.create(kind=kind, object_id=thing.pk, why=Item.Why.PENDING, version_id=version.pk, **facts)
            return
        decisions.take_appeals_back(kind, thing)
        decisions.end_redaction(kind, thing)
        # A new row: nobody who chose the row of earlier words among others decides on these.
        Item.objects.filter(kind=kind, object_id=thing.pk, why=Item.Why.PENDING, appeal=None).delete()
        put(kind, thing, version, why=Item.Why.PENDING, awaits_author=False)

    def all_enter(self, kind: str, new: Sequence[tuple[Any, Any]]) -> None:
        """Let many new things wait. Nothing was decided on them or asked about them yet."""
        Item.objects.bulk_create(
            Item(
                kind=kind,
                object_id=thing.pk,
                version_id=version.pk,
                why=Item.Why.PENDING,
                **KINDS[kind].facts(version),
            )
            for thing, version in new
        )

    def appeared(self, kind: str, thing: Any, version: Any) -> None:
        """Let a version be checked that was published before anybody read it."""
        decisions.take_appeals_back(kind, thing)
        put(kind, thing, version, why=Item.Why.CHECK)
        Item.objects.filter(kind=kind, object_id=thing.pk, why=Item.Why.REPORT).update(version_id=version.pk)

    def leaves(self, kind: str, thing: Any) -> None:
        """Let nothing of a thing wait any more, and its readers be told. An appeal ends when its author withdraws."""
        Item.objects.filter(kind=kind, object_id=thing.pk, appeal=None).delete()
        decisions.end_redaction(kind, thing)
        if thing.state == State.REMOVED:
            decisions.settle_reports(kind, thing, Report.Outcome.REMOVED)
        else:
            decisions.settle_reports(kind, thing, Report.Outcome.GONE)
            decisions.take_appeals_back(kind, thing)


def put(kind: str, thing: Any, version: Any, *, why: str, **more: Any) -> Item:
    """Put a row into the queue, or bring the one that is there up to date."""
    returned = Decision.objects.filter(kind=kind, object_id=thing.pk, code=Code.RETURNED, undone_at=None)
    details = {"was_returned": returned.exists(), "version_id": version.pk, **noticed(kind, thing.pk, version.pk)}
    facts = {**KINDS[kind].facts(version), **details, **more}
    item, _made = Item.objects.update_or_create(kind=kind, object_id=thing.pk, why=why, appeal=None, defaults=facts)
    return item


def put_reported(kind: str, thing: Any) -> Item:
    """Put into the queue what readers reported: one row for all of them, since the first, with their number."""
    found = list(decisions.pending_reports(kind, thing.pk))
    readers = {decisions.reader_of(each) for each in found}
    version = KINDS[kind].version_in_force(thing)
    return put(kind, thing, version, why=Item.Why.REPORT, since=found[0].verified_at, reports=len(readers))


def after_publication(kind: str, pk: int) -> QuerySet[Item]:
    """Return the rows of a thing that is published: to be checked, reported; the older first."""
    found = Item.objects.filter(kind=kind, object_id=pk, why__in=[Item.Why.CHECK, Item.Why.REPORT])
    return found.select_related("claimed_by").order_by("since", "pk")


def lock_item(kind: str, pk: int, version_id: int, why: str = Item.Why.PENDING) -> Item | None:
    """Return the row of a version that waits, held against everybody else; nothing where it waits no more."""
    rows = Item.objects.select_for_update(of=("self",))
    return rows.filter(kind=kind, object_id=pk, version_id=version_id, why=why).first()


review_queue.register(Queue())


class Hints:
    """Enqueues looks. Nothing waits for them."""

    def enters(self, kind: str, thing: Any, version: Any) -> None:
        """Enqueue a look at a version that waits, where its kind is looked at."""
        if not KINDS[kind].hints:
            return
        # What comes in thousands is looked at last: the hints of the others are there when a moderator comes.
        queue = "bulk" if queries.came_in_bulk(KINDS[kind].thing_of(version).author) else "default"
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
        suggestions.delete_likeness(kind, thing.pk)
        member = CampaignMember.objects.filter(kind=kind, object_id=thing.pk).select_related("campaign").first()
        if member:
            suggestions.pass_on(member.campaign, thing.pk)


review_queue.register(Hints())
