"""The items of the review queue: created when a version becomes pending and deleted when it is decided, in the same
transactions; and the automatic checks of new texts.
"""

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet

from plenara.accounts import queries
from plenara.core import clock
from plenara.core.life_cycle import Moderated, ModeratedVersion, ReviewQueue, State, register_review_queue
from plenara.core.prepared import insert, prepared
from plenara.moderation import emails
from plenara.moderation.actions import suggestions
from plenara.moderation.kinds import KINDS, latest_version
from plenara.moderation.models import Appeal, CampaignMember, Code, Decision, Item, Redaction, Report
from plenara.moderation.queries import decisions
from plenara.moderation.queries.hints import noticed

#: The duration of a claim unless it is renewed.
CLAIM = datetime.timedelta(minutes=15)


class DeskQueue(ReviewQueue):
    """Creates an item for each pending version, and enqueues a check of it."""

    def add(self, thing: Moderated, version: ModeratedVersion) -> None:
        """Make a version pending before publication. Sending again withdraws an appeal."""
        _enqueue_suggestions(thing, version)
        facts = KINDS[thing.kind].facts(version)
        if not facts["is_revision"]:
            # A new version has no decisions, suggestions or proposals, and no item yet.
            insert(_new_item(thing, version, facts))
            return
        take_appeals_back(thing)
        end_redaction(thing)
        # A new row: a moderator who selected the earlier version's row must not decide on this one.
        items_of(thing).filter(why=Item.Why.PENDING, appeal=None).delete()
        put(thing, version, why=Item.Why.PENDING, awaits_author=False)

    def add_all(self, new: Sequence[tuple[Moderated, ModeratedVersion]]) -> None:
        """Make many new items of one kind pending. They have no decisions and no proposals yet."""
        kind = new[0][0].kind
        Item.objects.bulk_create(_new_item(thing, version, KINDS[kind].facts(version)) for thing, version in new)
        versions = [version.pk for _thing, version in new]
        suggestions.make_suggestions.enqueue_all(
            {f"look-{kind}-{pk}": {"of": kind, "version_id": pk} for pk in versions}
        )

    def add_published(self, thing: Moderated, version: ModeratedVersion) -> None:
        """Queue a version that was published without review."""
        _enqueue_suggestions(thing, version)
        take_appeals_back(thing)
        put(thing, version, why=Item.Why.CHECK)
        items_of(thing).filter(why=Item.Why.REPORT).update(version_id=version.pk)

    def remove(self, thing: Moderated) -> None:
        """Remove all rows of an item, and notify its readers. An appeal ends when its author withdraws.

        The text's likeness is deleted; where it was the first of a campaign, the next one replaces it.
        """
        items_of(thing).filter(appeal=None).delete()
        end_redaction(thing)
        if thing.state == State.REMOVED:
            settle_reports(thing, Report.Outcome.REMOVED)
        else:
            settle_reports(thing, Report.Outcome.GONE)
            take_appeals_back(thing)
        suggestions.delete_likeness(thing.kind, thing.pk)
        member = CampaignMember.objects.filter(kind=thing.kind, object_id=thing.pk).select_related("campaign").first()
        if member:
            suggestions.pass_on(member.campaign, thing.pk)


register_review_queue(DeskQueue())


def _enqueue_suggestions(thing: Moderated, version: ModeratedVersion) -> None:
    if not KINDS[thing.kind].hints:
        return
    # Bulk submissions are checked last: the hints of the others are there when a moderator comes.
    queue = "bulk" if queries.came_in_bulk(thing.author) else "default"
    task = suggestions.make_suggestions.using(key=f"look-{thing.kind}-{version.pk}", queue_name=queue)
    task.enqueue(of=thing.kind, version_id=version.pk)


def _new_item(thing: Moderated, version: ModeratedVersion, facts: dict[str, object]) -> Item:
    return Item(kind=thing.kind, object_id=thing.pk, version_id=version.pk, why=Item.Why.PENDING, **facts)


def items_of(thing: Moderated) -> QuerySet[Item]:
    """Return all rows of an item."""
    return Item.objects.filter(kind=thing.kind, object_id=thing.pk)


def take_appeals_back(thing: Moderated) -> None:
    """End the appeals of an item that its author sent again or withdrew. Its row is locked."""
    ids = list(decisions.pending_appeals(thing.kind, thing.pk).values_list("pk", flat=True))
    Item.objects.filter(appeal_id__in=ids).delete()
    Appeal.objects.filter(pk__in=ids).update(status=Appeal.Status.WITHDRAWN, decided_at=clock.now())


def end_redaction(thing: Moderated) -> None:
    """Delete a proposal that needs no answer any more: the item was decided on, sent again or withdrawn."""
    proposals = Redaction.objects.filter(kind=thing.kind, object_id=thing.pk)
    proposals.filter(consented_at=None, declined_at=None).delete()


def settle_reports(thing: Moderated, outcome: str) -> None:
    """End the reports of an item, and enqueue one e-mail to each of their readers with the outcome."""
    found = list(decisions.pending_reports(thing.kind, thing.pk))
    Report.objects.filter(pk__in=[each.pk for each in found]).update(outcome=outcome, decided_at=clock.now())
    for report in {decisions.reader_of(each): each for each in reversed(found)}.values():
        emails.notify_reporter.using(key=f"report-{report.pk}").enqueue(report_id=report.pk)


def put(thing: Moderated, version: ModeratedVersion, *, why: str, **more: object) -> Item:
    """Create a row in the queue, or update the existing one."""
    kind = thing.kind
    returned = Decision.objects.filter(kind=kind, object_id=thing.pk, code=Code.RETURNED, undone_at=None)
    details = {"was_returned": returned.exists(), "version_id": version.pk, **noticed(kind, thing.pk, version.pk)}
    facts = {**KINDS[kind].facts(version), **details, **more}
    item, _made = Item.objects.update_or_create(kind=kind, object_id=thing.pk, why=why, appeal=None, defaults=facts)
    return item


def put_reported(thing: Moderated) -> Item:
    """Queue a reported thing: one row for all its reports, since the first, with their number."""
    found = list(decisions.pending_reports(thing.kind, thing.pk))
    readers = {decisions.reader_of(each) for each in found}
    version = latest_version(thing, State.PUBLISHED)
    return put(thing, version, why=Item.Why.REPORT, since=found[0].verified_at, reports=len(readers))


def after_publication(kind: str, pk: int) -> QuerySet[Item]:
    """Return the rows of a published thing: to be checked, reported; the older first."""
    found = Item.objects.filter(kind=kind, object_id=pk, why__in=[Item.Why.CHECK, Item.Why.REPORT])
    return found.select_related("claimed_by").order_by("since", "pk")


def lock_item(kind: str, pk: int, version_id: int, why: str = Item.Why.PENDING) -> Item | None:
    """Return the row of a pending version, locked until the transaction ends; nothing where it is no longer pending."""
    return next(iter(_locked_item(kind, pk, version_id, why)), None)


@prepared
def _locked_item(kind: str, pk: int, version_id: int, why: str) -> QuerySet[Item]:
    rows = Item.objects.select_for_update(of=("self",))
    return rows.filter(kind=kind, object_id=pk, version_id=version_id, why=why).order_by("pk")[:1]
