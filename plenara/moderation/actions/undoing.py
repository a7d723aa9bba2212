"""Undoing one's own return, move or rejection, within half a minute and before anything is mailed or published."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.common import clock
from plenara.common.refusals import AlreadyDone, require
from plenara.ledger.actions import bump, record
from plenara.ledger.models import Errand
from plenara.ledger.transaction import writing
from plenara.moderation import items, rules
from plenara.moderation.models import Decision, Item
from plenara.moderation.publishable import KINDS


@writing
def undo(*, actor: Any, decision: Decision) -> Decision:
    """Let what was decided wait as before. The decision keeps its number and says that it was undone.

    Raises `AlreadyDone` where the letter has left, or was about to.
    """
    publishable = KINDS[decision.kind]
    thing = publishable.lock(decision.object_id or 0)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=decision.pk)
    require(rules.may_undo(actor, decision))
    # The errands are the arbiters: a worker that has taken one has begun to publish or to tell.
    owed = [f"publish-moved-{decision.pk}", f"decision-{decision.pk}"]
    errands = Errand.objects.filter(key__in=owed, done_at=None)
    rows = errands.select_for_update()
    if thing is None or not rows or any(row.lease_until for row in rows):
        raise AlreadyDone(_("It is too late to undo this: the author is being told."), "too_late")
    errands.delete()
    version = publishable.load([decision.version_id or 0])[decision.version_id or 0]
    publishable.wait_again(version, decision.before)
    item = items.put(decision.kind, thing, version, why=Item.Why.PENDING)
    item.claimed_by, item.claimed_until = actor, clock.now() + items.CLAIM
    item.save(update_fields=["claimed_by", "claimed_until"])
    decision.undone_at = clock.now()
    decision.save(update_fields=["undone_at"])
    record("moderation.undone", actor=actor, about=thing, consultation=decision.consultation, decision=decision.number)
    bump(decision.consultation.shelf)
    return decision
