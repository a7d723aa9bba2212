"""Proposing, changing, withdrawing and confirming a listing, and merging two that are of one thing."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit, clock, life_cycle, review_queue
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.transaction import lock_row, writing
from plenara.directory import permissions, tasks, validation
from plenara.directory.actions import entries
from plenara.directory.models import Kind, Listing, ListingVersion, Representative
from plenara.directory.validation import host_of, tidy


@writing
def confirm(*, actor: Person, listing: Listing) -> Listing:
    """Say that an entry still holds. One that was marked or archived stands in the lists as before."""
    listing = lock_row(listing)
    require(permissions.may_confirm(actor, listing))
    if mark_confirmed(listing):
        audit.log("listing.confirmed", actor=actor, about=listing)
    return listing


@writing
def confirm_all(*, actor: Person, pks: list[int]) -> int:
    """Say of several entries of one's own that they still hold; what is not one's own any more is passed over."""
    found = Listing.objects.filter(pk__in=pks, owner=actor).order_by("pk")
    confirmable = [each for each in found if permissions.may_confirm(actor, each)]
    for each in confirmable:
        confirm(actor=actor, listing=each)
    return len(confirmable)


def mark_confirmed(listing: Listing) -> bool:
    """Take an entry for confirmed now. Say whether that changed anything: a second click within a minute does not."""
    was = listing.asked_at, listing.doubted_at, listing.archived_at
    fresh = listing.confirmed_at and (clock.now() - listing.confirmed_at).total_seconds() < 60
    if fresh and not any(was):
        return False
    listing.confirmed_at, listing.asked_at, listing.doubted_at, listing.archived_at = clock.now(), None, None, None
    listing.save(update_fields=["confirmed_at", "asked_at", "doubted_at", "archived_at"])
    if was[1] or was[2]:
        entries.changed(listing, something_goes=False)
    return True


@writing
def doubt(listing: Listing) -> Listing:
    """Mark an entry of which its owner has not said for a month that it still holds."""
    listing = lock_row(listing)
    if listing.is_listed and listing.asked_at and not listing.doubted_at:
        listing.doubted_at = clock.now()
        listing.save(update_fields=["doubted_at"])
        audit.log("listing.doubted", actor=None, about=listing)
        # Nothing that it is found by changes: its page and the lists say one word more.
        invalidate("directory", nothing_goes=True)
    return listing


@writing
def archive(listing: Listing) -> Listing:
    """Take an entry out of the lists of which nobody has said for three months more that it holds. Its page stays."""
    listing = lock_row(listing)
    if listing.is_listed and listing.doubted_at:
        listing.archived_at = clock.now()
        listing.save(update_fields=["archived_at"])
        audit.log("listing.archived", actor=None, about=listing)
        entries.changed(listing, something_goes=False)
    return listing


@writing
def merge(*, actor: Person, source: Listing, target: Listing) -> Listing:
    """Let one listing be a part of another: its address leads there for good.

    Who spoke for it speaks for the other where both have one domain. Else nobody does: an entry that merely looks like
    an organization's would lend its people that organization's name.

    Its own texts stay as they were, in its versions; its details are not added to the other's. Of two who merge at
    once, the second is refused. What names the one by its number finds the other (`reading.named`, `numbers_of`).
    """
    source, target = require_mergeable(actor, source, target)
    if source.merged_into_id == target.pk:
        return target  # a double click
    _end_review(source)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    # What had become a part of it before leads on at once: no address leads to one that leads elsewhere.
    Listing.objects.filter(merged_into=source).update(merged_into=target)
    if target.owner_id is None and source.of != Kind.PERSON:
        target.owner = source.owner
        target.save(update_fields=["owner"])
    _representatives(source, target, are_one=have_one_domain(source, target))
    for verification in source.verifications.filter(ended_at=None):
        entries.end_verification_of(verification, actor=actor, why="merged")
    entries.merged(source, target)
    audit.log("listing.merged", actor=actor, about=source, into=target.pk)
    entries.changed(source)
    entries.changed(target, something_goes=False)
    if source.of == Kind.ORGANIZATION:
        invalidate(entries.cache_tag_of("event"), nothing_goes=True)  # the calendar names organizers
    return target


def require_mergeable(actor: Person, source: Listing, target: Listing) -> tuple[Listing, Listing]:
    """Return both as they are now, locked until the transaction ends. Raises where they cannot be merged."""
    require(permissions.may_look_after(actor))
    locked = {each.pk: each for each in Listing.objects.select_for_update().filter(
        pk__in=[source.pk, target.pk]).order_by("pk")}  # fmt: skip
    if source.pk == target.pk or len(locked) < 2:
        raise InvalidInput(_("Choose another entry: one cannot become a part of itself."), "same", "target")
    source, target = locked[source.pk], locked[target.pk]
    if source.merged_into_id == target.pk:
        return source, target
    if source.merged_into_id or target.merged_into_id:
        raise AlreadyDone(_("One of the two was merged meanwhile. Look at both again."), "merged")
    if source.of != target.of:
        raise InvalidInput(_("Only entries of one kind can be merged."), "kind", "target")
    if {source.state, target.state} != {State.PUBLISHED}:
        raise InvalidInput(_("Only entries that are published can be merged."), "wrong_state", "target")
    for each in (source, target):
        if permissions.is_owner(actor, each):
            raise InvalidInput(_("You keep one of the two yourself. Another moderator decides on them."), "own")
    return source, target


def _end_review(source: Listing) -> None:
    """Let no change of what is merged wait any more: its owner can send it for the other entry."""
    if source.versions.filter(state=State.PENDING).update(state=State.WITHDRAWN):
        review_queue.remove(source)


def have_one_domain(source: Listing, target: Listing) -> bool:
    """Say whether the sites of two listings are of one domain, by which either is verified."""
    domain = host_of(str(source.details.get("site", "")))
    return bool(domain) and domain == host_of(str(target.details.get("site", "")))


def _representatives(source: Listing, target: Listing, *, are_one: bool) -> None:
    """End what was said for the one; where both are one, it is said for the other since then; by nobody twice."""
    there = set(Representative.objects.filter(organization=target, until=None).values_list("person_id", flat=True))
    acting = Representative.objects.filter(organization=source, until=None)
    for each in acting.exclude(person__in=there).exclude(person=None) if are_one else []:
        Representative.objects.create(
            organization=target, person_id=each.person_id, since=each.since, named_by_id=each.named_by_id
        )
    acting.update(until=clock.now())


@writing
def propose(*, actor: Person, kind: str, details: Mapping[str, Any], language: str, key: str | None = None) -> Listing:
    """Propose an organization, a project or oneself for the directory. A moderator of the community reads it first.

    `key` names the form: the same key a second time returns what the first made.
    """
    if key and (earlier := Listing.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    require(permissions.may_propose(actor))
    if not actor.has_byline:
        raise NotPermitted(_("Say first which stakeholder group you belong to and for whom you speak."), "byline")
    kept = _checked(kind, details, language)
    permissions.lock_sender(actor)
    require_valid(validation.one_each(actor) if kind == Kind.PERSON else True, permissions.may_send_more(actor))
    try:
        with transaction.atomic():
            listing = Listing.objects.create(of=kind, owner=actor, key=key)
    except IntegrityError:
        # The same form, sent twice at once to two processes: the other was first.
        return _same_person(Listing.objects.get(key=key), actor)
    _send(listing, actor, kept, language, verb="listing.proposed")
    return listing


@writing
def revise(
    *, actor: Person, listing: Listing, details: Mapping[str, Any], language: str, key: str | None = None
) -> ListingVersion:
    """Send changed details. They wait for a moderator; what is published stays meanwhile."""
    listing = lock_row(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(permissions.may_revise(actor, listing))
    kept = _checked(listing.of, details, language)
    permissions.lock_sender(actor)
    require_valid(validation.has_changed(listing, kept), permissions.may_send_more(actor))
    if listing.is_published:
        mark_confirmed(listing)  # who changes an entry says that the rest still holds
    return _send(listing, actor, kept, language, verb="listing.revised", key=key)


@writing
def send_again(
    *, actor: Person, listing: Listing, details: Mapping[str, Any], language: str, key: str | None = None
) -> ListingVersion:
    """Send an entry that was returned once more."""
    listing = lock_row(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(permissions.may_send_again(actor, listing), life_cycle.allows(listing, "send_again"))
    kept = _checked(listing.of, details, language)
    permissions.lock_sender(actor)
    require_valid(permissions.may_send_more(actor))
    life_cycle.set_state(listing, State.PENDING)
    return _send(listing, actor, kept, language, verb="listing.sent_again", key=key)


@writing
def withdraw(*, actor: Person, listing: Listing) -> Listing:
    """Take one's listing out of the directory, or back before it came there. At once, and for good."""
    listing = lock_row(listing)
    if listing.state == State.WITHDRAWN and permissions.is_owner(actor, listing):
        return listing  # a double click
    require(permissions.may_withdraw(actor, listing), life_cycle.allows(listing, "withdraw"))
    audit.log("listing.withdrawn", actor=actor, about=listing)
    entries.take_down(listing, State.WITHDRAWN, reason="WITHDRAWN")
    if listing.of == Kind.PERSON:
        forget(listing)
    return listing


def forget(listing: Listing) -> None:
    """Blank every text of an entry that is of a person: what they say of themselves goes with it."""
    listing.versions.update(details={})


def _checked(kind: str, details: Mapping[str, Any], language: str) -> dict[str, Any]:
    if kind not in Kind.values:
        raise InvalidInput(_("There is no such kind of entry."), "kind")
    kept = tidy(kind, details)
    require_valid(validation.known_language(language), validation.fits(kind, kept))
    return kept


def _send(
    listing: Listing, actor: Person, details: dict[str, Any], language: str, *, verb: str, key: str | None = None
) -> ListingVersion:
    version = entries.send(listing, details, language=language, key=key)
    audit.log(verb, actor=actor, about=listing, version=version.pk)
    tasks.receipt.using(key=f"listing-receipt-{version.pk}").enqueue(version_id=version.pk)
    return version  # type: ignore[return-value]


def _same_person(listing: Listing, actor: Person) -> Listing:
    if listing.owner_id != actor.pk:
        raise InvalidInput(_("This form is another person’s. Open it again."), "key")
    return listing
