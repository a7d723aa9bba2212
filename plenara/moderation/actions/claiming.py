"""Claims and holds: who has an item open, and what rests until a day. Both end by themselves.

A claim is a lease. It changes nothing about what waits, and only its taking over is recorded.
"""

import datetime
from typing import Any

from django.db.models import Q

from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import checks, items, rules
from plenara.moderation.actions.deciding import what_happened
from plenara.moderation.models import Item
from plenara.moderation.publishable import KINDS


@writing
def claim(*, actor: Any, item: Item) -> bool:
    """Let an item be its opener's for 15 minutes, or for 15 more. Says whether it is: nothing is taken from another."""
    thing = KINDS[item.kind].find(item.object_id)
    if thing is None:
        return False  # erased a moment ago
    require(rules.may_claim(actor, thing, item))
    free = Q(claimed_by=None) | Q(claimed_until=None) | Q(claimed_until__lte=clock.now()) | Q(claimed_by=actor)
    until = clock.now() + items.CLAIM
    return bool(Item.objects.filter(free, pk=item.pk).update(claimed_by=actor, claimed_until=until))


@writing
def take_over(*, actor: Any, item: Item) -> Item:
    """Let an item that another has open be one's own, knowingly."""
    thing, item = _held(item)
    require(rules.may_claim(actor, thing, item))
    if item.is_claimed and item.claimed_by_id != actor.pk:
        audit.log(
            "moderation.taken_over",
            actor=actor,
            about=thing,
            consultation=item.consultation,
            from_person=item.claimed_by_id,
        )
    item.claimed_by, item.claimed_until = actor, clock.now() + items.CLAIM
    item.save(update_fields=["claimed_by", "claimed_until"])
    return item


@writing
def release(*, actor: Any, item: Item, until: datetime.datetime | None = None) -> bool:
    """Give back an item that one has open; with `until`, only where the claim was not renewed since. Says whether."""
    mine = Item.objects.filter(pk=item.pk, claimed_by=actor)
    if until is not None:
        mine = mine.filter(claimed_until=until)
    return bool(mine.update(claimed_by=None, claimed_until=None))


@writing
def hold(*, actor: Any, item: Item, reason: str, until: datetime.date | None) -> Item:
    """Let an item rest until a day begins, by its consultation's clock. It can still be decided on meanwhile."""
    thing, item = _held(item)
    require(rules.may_claim(actor, thing, item))
    reason = clean(reason)
    where = thing.consultation
    require_valid(rules.is_free(actor, item), checks.hold_reason(reason), checks.hold_until(until, where))
    assert until is not None
    item.held_by, item.held_reason = actor, reason
    item.held_until = datetime.datetime.combine(until, datetime.time(), where.zone)
    item.claimed_by = item.claimed_until = None
    item.save(update_fields=["held_by", "held_reason", "held_until", "claimed_by", "claimed_until"])
    audit.log("moderation.held", actor=actor, about=thing, consultation=where, until=until.isoformat())
    return item


@writing
def release_hold(*, actor: Any, item: Item) -> Item:
    """Let an item wait again before its day has come."""
    thing, item = _held(item)
    require(rules.may_claim(actor, thing, item))
    if item.is_held:
        item.held_by, item.held_reason, item.held_until = None, "", None
        item.save(update_fields=["held_by", "held_reason", "held_until"])
        audit.log("moderation.hold_released", actor=actor, about=thing, consultation=thing.consultation)
    return item


def _held(item: Item) -> tuple[Any, Item]:
    """Return what waits and its row, held against everybody else. Raises `AlreadyDone` where it waits no more."""
    thing = KINDS[item.kind].lock(item.object_id)
    # Locked as a decision locks them: first the thing, then its row.
    row = Item.objects.select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None or thing is None:
        raise AlreadyDone(what_happened(thing) if thing else checks.gone(item.kind), "decided")
    return thing, row
