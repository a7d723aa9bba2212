"""Undoing one's own decision, or publishing at once after an approval: within half a minute, before any e-mail."""

import time

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.permissions import may_moderate
from plenara.contributions.actions import publication
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import Moderated, ModeratedVersion, State
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, NotPermitted, require
from plenara.core.transaction import writing
from plenara.moderation import permissions
from plenara.moderation.actions import review_queue, suggestions
from plenara.moderation.actions.campaigns import FEW, MOMENT
from plenara.moderation.actions.decisions import carry_out, together_in
from plenara.moderation.kinds import KINDS, latest_version, lock
from plenara.moderation.models import APPROVING, UNDO_TIME, Appeal, Campaign, Code, Decision, Item
from plenara.moderation.permissions import too_late

#: The state of the version after each decision; it can be undone while that is unchanged.
_LEFT = {
    Code.APPROVED: State.PENDING,
    Code.REDACTED: State.PENDING,
    Code.MOVED: State.PENDING,
    Code.RETURNED: State.RETURNED,
    Code.REJECTED: State.REJECTED,
}


@writing
def undo(*, actor: Person, decision: Decision) -> Decision:
    """Make the item pending again. The decision keeps its number and is marked as undone.

    Raises `AlreadyDone` where the e-mail was sent or is being sent, or where something else happened in the meantime.
    """
    moderated_kind = KINDS[decision.kind]
    thing = lock(decision.kind, decision.object_id or 0)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=decision.pk)
    require(permissions.may_undo(actor, decision), life_cycle.allows(thing, "undo") if thing else True)
    version = moderated_kind.load([decision.version_id or 0]).get(decision.version_id or 0)
    if thing is None or version is None or not _is_in_force(decision, thing, version):
        raise AlreadyDone(str(moderated_kind.sentences["overtaken"]), "overtaken")
    _take_from_workers(decision)
    decision.undone_at = clock.now()
    decision.save(update_fields=["undone_at"])
    version.thing = thing
    moderated_kind.set_state(version, State.PENDING)
    if decision.kind == "contribution":
        publication.move_back(thing, decision.before)
    item = review_queue.put(thing, version, why=Item.Why.PENDING)
    item.claimed_by, item.claimed_until = actor, clock.now() + review_queue.CLAIM
    item.save(update_fields=["claimed_by", "claimed_until"])
    audit.log(
        "moderation.undone", actor=actor, about=thing, consultation=decision.consultation, decision=decision.number
    )
    invalidate(decision.consultation.cache_tag, nothing_withdrawn=True)
    return decision


@writing
def publish_now(*, actor: Person, decision: Decision) -> Decision:
    """Publish an approved item at once; it cannot be undone from then on.

    Raises `AlreadyDone` where a worker publishes it, or where something else happened in the meantime.
    """
    together_in(decision)
    moderated_kind = KINDS[decision.kind]
    thing = lock(decision.kind, decision.object_id or 0)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=decision.pk)
    require(permissions.may_publish_now(actor, decision))
    version = moderated_kind.load([decision.version_id or 0]).get(decision.version_id or 0)
    if thing is None or version is None or not _is_in_force(decision, thing, version):
        raise AlreadyDone(
            _("You cannot publish this text now, because its state has changed since you approved it."), "overtaken"
        )
    _take_from_workers(decision)
    carry_out(decision)
    decision.before = {}
    decision.save(update_fields=["before"])
    return decision


def _take_from_workers(decision: Decision) -> None:
    """Delete the task that would publish or send e-mail. Raises `AlreadyDone` where a worker has begun it.

    The task's row decides: exactly one is enqueued.
    """
    keys = [f"publish-moved-{decision.pk}", f"publish-approved-{decision.pk}", f"decision-{decision.pk}"]
    queued = BackgroundTask.objects.filter(key__in=keys)
    task = queued.filter(done_at=None, failed_at=None, lease_until=None, attempts=0)
    if not task.select_for_update():
        raise AlreadyDone(too_late(decision), "too_late")
    queued.delete()


@writing
def undo_campaign(*, actor: Person, campaign: Campaign) -> list[Decision]:
    """Undo one's own decisions on a campaign within half a minute, and stop deciding on the rest of it.

    Raises `AlreadyDone` where nothing can be undone any more.
    """
    require(may_moderate(actor, campaign.consultation))
    undone, recent = [], list(just_decided_on(campaign, actor))
    for decision in recent:
        try:
            undone.append(undo(actor=actor, decision=decision))
        except (AlreadyDone, NotPermitted):
            continue  # withdrawn or sent again in the meantime
    if not undone:
        raise AlreadyDone(_("You can no longer undo this decision: the author is being notified."), "too_late")
    _remaining_tasks(campaign, recent).delete()
    # They are pending without a claim: nobody wants to have claimed hundreds.
    pks = [decision.object_id or 0 for decision in undone]
    freed = {"claimed_by": None, "claimed_until": None}
    Item.objects.filter(kind=campaign.kind, object_id__in=pks, claimed_by=actor).update(**freed)
    return undone


@writing
def publish_campaign_now(*, actor: Person, campaign: Campaign) -> list[Decision]:
    """Publish the approved items of a campaign at once; none of them can be undone from then on.

    As many as possible in a short time are published here, the others by workers, in their order. Raises `AlreadyDone`
    where there is nothing to publish any more.
    """
    require(may_moderate(actor, campaign.consultation))
    suggestions.lock_likeness(campaign.consultation_id)
    recent = list(just_decided_on(campaign, actor).filter(code__in=APPROVING))
    published: list[Decision] = []
    rest: list[Decision] = []
    end = time.monotonic() + MOMENT
    for decision in recent:
        if len(published) >= FEW and time.monotonic() > end:
            rest.append(decision)
            continue
        try:
            published.append(publish_now(actor=actor, decision=decision))
        except AlreadyDone:
            continue  # withdrawn, sent again or published in the meantime
    for decision in rest:
        decision.before = {**decision.before, "publishes": False}
        decision.save(update_fields=["before"])
    now = clock.now()
    BackgroundTask.objects.filter(key__in=[f"publish-approved-{each.pk}" for each in rest]).update(due_at=now)
    if not published:
        raise AlreadyDone(
            _(
                "There is nothing to publish: the text has already been published, or its state has changed since it "
                "was approved."
            ),
            "published",
        )
    _remaining_tasks(campaign, recent).update(due_at=now)
    return published + rest


def _remaining_tasks(campaign: Campaign, decisions: list[Decision]) -> QuerySet[BackgroundTask]:
    """Return the tasks that have not begun to decide on the rest of a campaign as in these decisions."""
    queued = BackgroundTask.objects.filter(
        task="moderation.decide_campaign", done_at=None, failed_at=None, lease_until=None
    )
    ids = [each.pk for each in decisions]
    return queued.filter(arguments__campaign_id=campaign.pk, arguments__decision_id__in=ids)


def just_decided_on(campaign: Campaign, person: Person) -> QuerySet[Decision]:
    """Return the last decisions of a person on a campaign that can be undone, in their order. One query."""
    recent = Decision.objects.filter(Decision.undoable(), moderator=person, undone_at=None)
    recent = recent.filter(consultation=campaign.consultation_id, at__gt=clock.now() - UNDO_TIME)
    members = campaign.members.filter(taken_out_at=None).values("object_id")
    return recent.filter(kind=campaign.kind, object_id__in=members).order_by("pk")


def _is_in_force(decision: Decision, thing: Moderated, version: ModeratedVersion) -> bool:
    """Return whether the decision is still in force: nobody has withdrawn, sent again, appealed or decided since."""
    left, pending = _LEFT[Code(decision.code)], latest_version(thing, State.PENDING)
    since = Decision.objects.filter(kind=decision.kind, object_id=thing.pk, number__gt=decision.number, undone_at=None)
    return (
        version.state == left
        and thing.state in {left, State.PUBLISHED}
        and (pending is None or pending.pk == version.pk)
        and not since.exists()
        and not Appeal.objects.filter(decision=decision).exists()
    )
