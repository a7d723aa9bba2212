"""Claims and holds on an item, notes for the next moderator, and a moderator's preferences."""

import datetime
from collections.abc import Sequence

from django.db.models import Q

from plenara.accounts.models import Person
from plenara.core import audit, clock
from plenara.core.languages import current
from plenara.core.life_cycle import OfKind
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import permissions, validation
from plenara.moderation.actions import review_queue
from plenara.moderation.actions.decisions import decided_sentence
from plenara.moderation.kinds import KINDS, lock
from plenara.moderation.models import Item, Note, Preference
from plenara.moderation.queries import queue


@writing
def claim(*, actor: Person, item: Item) -> bool:
    """Claim an item for 15 minutes, or for 15 more. Return whether it is claimed: another person's claim stays."""
    thing = KINDS[item.kind].find(item.object_id)
    if thing is None:
        return False  # erased a moment ago
    require(permissions.may_claim(actor, thing, item))
    free = Q(claimed_by=None) | Q(claimed_until=None) | Q(claimed_until__lte=clock.now()) | Q(claimed_by=actor)
    until = clock.now() + review_queue.CLAIM
    return bool(Item.objects.filter(free, pk=item.pk).update(claimed_by=actor, claimed_until=until))


@writing
def take_over(*, actor: Person, item: Item) -> Item:
    """Take over an item that another moderator has claimed."""
    thing, item = _lock_item(item)
    require(permissions.may_claim(actor, thing, item))
    if item.is_claimed and item.claimed_by_id != actor.pk:
        audit.log(
            "moderation.taken_over",
            actor=actor,
            about=thing,
            consultation=item.consultation,
            from_person=item.claimed_by_id,
        )
    item.claimed_by, item.claimed_until = actor, clock.now() + review_queue.CLAIM
    item.save(update_fields=["claimed_by", "claimed_until"])
    return item


@writing
def release(*, actor: Person, item: Item, until: datetime.datetime | None = None) -> bool:
    """Release one's own claim; with `until`, only where it was not renewed since. Return whether it was released."""
    claimed = Item.objects.filter(pk=item.pk, claimed_by=actor)
    if until is not None:
        claimed = claimed.filter(claimed_until=until)
    return bool(claimed.update(claimed_by=None, claimed_until=None))


@writing
def hold(*, actor: Person, item: Item, reason: str, until: datetime.date | None) -> Item:
    """Put an item on hold until a day begins, by its consultation's clock. It can be decided on all the same."""
    thing, item = _lock_item(item)
    require(permissions.may_claim(actor, thing, item))
    reason = clean(reason)
    where = thing.consultation
    require_valid(permissions.is_free(actor, item), validation.hold_reason(reason), validation.hold_until(until, where))
    assert until is not None
    item.held_by, item.held_reason = actor, reason
    item.held_until = datetime.datetime.combine(until, datetime.time(), where.zone)
    item.claimed_by = item.claimed_until = None
    item.save(update_fields=["held_by", "held_reason", "held_until", "claimed_by", "claimed_until"])
    audit.log("moderation.held", actor=actor, about=thing, consultation=where, until=until.isoformat())
    return item


@writing
def release_hold(*, actor: Person, item: Item) -> Item:
    """End a hold before its day has come."""
    thing, item = _lock_item(item)
    require(permissions.may_claim(actor, thing, item))
    if item.is_held:
        item.held_by, item.held_reason, item.held_until = None, "", None
        item.save(update_fields=["held_by", "held_reason", "held_until"])
        audit.log("moderation.hold_released", actor=actor, about=thing, consultation=thing.consultation)
    return item


def _lock_item(item: Item) -> tuple[OfKind, Item]:
    """Return a pending thing and its item, locked. Raises `AlreadyDone` where it is no longer pending."""
    thing = lock(item.kind, item.object_id)
    # Locked in the same order as by a decision: first the thing, then its item.
    row = Item.objects.select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None or thing is None:
        raise AlreadyDone(decided_sentence(thing) if thing else validation.gone(item.kind), "decided")
    return thing, row


@writing
def leave_note(*, actor: Person, kind: str, pk: int, text: str) -> Note:
    """Save a note on a thing that is or was moderated. The same words again (a double click) change nothing."""
    thing = KINDS[kind].find(pk)
    if thing is None:
        raise InvalidInput(validation.gone(kind), "gone")
    text = clean(text)
    require(permissions.may_view_at_desk(actor, thing))
    require_valid(validation.note_fits(text))
    latest = Note.objects.filter(kind=kind, object_id=pk).last()
    if latest and latest.person_id == actor.pk and latest.text == text:
        return latest
    note = Note.objects.create(kind=kind, object_id=pk, person=actor, text=text, language=current())
    audit.log("moderation.noted", actor=actor, about=thing, consultation=thing.consultation, note=note.pk)
    return note


@writing
def set_preference(*, actor: Person, reads: Sequence[str], notify_late: bool, digest: str) -> Preference:
    """Save which languages a moderator reads (none: all), and when they want e-mail about pending items."""
    require(permissions.may_open_queue(actor))
    offered = queue.languages_of(actor)
    require_valid(validation.languages_offered(reads, offered), validation.digest_known(digest))
    preference, _made = Preference.objects.update_or_create(
        person=actor,
        defaults={
            "reads": [code for code in offered if code in reads],
            "notify_late": notify_late,
            "digest": digest,
        },
    )
    audit.log("moderation.preference_set", actor=actor, about=preference, digest=digest, tell_late=notify_late)
    return preference
