"""Proposing, revising, withdrawing and confirming a listing, and merging two that are the same."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.rows import Json
from plenara.core.transaction import lock_row, writing
from plenara.directory import permissions, tasks, validation
from plenara.directory.actions import entries
from plenara.directory.models import Kind, Listing, ListingVersion, Representative
from plenara.directory.validation import host_of, tidy


@writing
def confirm(*, actor: Person, listing: Listing) -> Listing:
    """Confirm that an entry is up to date. A marked or archived one returns to the lists."""
    listing = lock_row(listing)
    require(permissions.may_confirm(actor, listing))
    if mark_confirmed(listing):
        audit.log("listing.confirmed", actor=actor, about=listing)
    return listing


@writing
def confirm_all(*, actor: Person, pks: list[int]) -> int:
    """Confirm several entries of one's own; entries of another owner are skipped."""
    found = Listing.objects.filter(pk__in=pks, owner=actor).order_by("pk")
    confirmable = [each for each in found if permissions.may_confirm(actor, each)]
    for each in confirmable:
        confirm(actor=actor, listing=each)
    return len(confirmable)


def mark_confirmed(listing: Listing) -> bool:
    """Set the confirmation to now. Return whether that changed anything: a second click within a minute does not."""
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
    """Mark an entry that its owner has not confirmed within a month."""
    listing = lock_row(listing)
    if listing.is_listed and listing.asked_at and not listing.doubted_at:
        listing.doubted_at = clock.now()
        listing.save(update_fields=["doubted_at"])
        audit.log("listing.doubted", actor=None, about=listing)
        # None of its filters change: its page and the lists show one more word.
        invalidate("directory", nothing_withdrawn=True)
    return listing


@writing
def archive(listing: Listing) -> Listing:
    """Remove an entry from the lists that was not confirmed for three more months. Its page stays."""
    listing = lock_row(listing)
    if listing.is_listed and listing.doubted_at:
        listing.archived_at = clock.now()
        listing.save(update_fields=["archived_at"])
        audit.log("listing.archived", actor=None, about=listing)
        entries.changed(listing, something_goes=False)
    return listing


@writing
def merge(*, actor: Person, source: Listing, target: Listing) -> Listing:
    """Merge one listing into another: its address redirects there for good.

    Its representatives represent the other one where both have one domain. Otherwise they represent nobody: an entry
    that only resembles an organization's would give its people that organization's name.

    Its own texts stay in its versions; its details are not added to the other's. Of two mergers at the same time, the
    second is refused. References to its number resolve to the other (`reading.named`, `numbers_of`).
    """
    source, target = require_mergeable(actor, source, target)
    if source.merged_into_id == target.pk:
        return target  # a double click
    _end_review(source)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    # Listings merged into it before now redirect to the target: there is never a chain of redirects.
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
        invalidate(entries.cache_tag_of("event"), nothing_withdrawn=True)  # the calendar shows the names of organizers
    return target


def require_mergeable(actor: Person, source: Listing, target: Listing) -> tuple[Listing, Listing]:
    """Return both with their present state, locked until the transaction ends. Raises where they cannot be merged."""
    require(permissions.may_look_after(actor))
    locked = {each.pk: each for each in Listing.objects.select_for_update().filter(
        pk__in=[source.pk, target.pk]).order_by("pk")}  # fmt: skip
    if source.pk == target.pk or len(locked) < 2:
        raise InvalidInput(_("Choose another entry. An entry cannot be merged with itself."), "same", "target")
    source, target = locked[source.pk], locked[target.pk]
    if source.merged_into_id == target.pk:
        return source, target
    if source.merged_into_id or target.merged_into_id:
        raise AlreadyDone(
            _("One of these entries has been merged since you opened this page. Check both entries again."), "merged"
        )
    if source.of != target.of:
        raise InvalidInput(
            _("Only entries of the same kind can be merged. Choose two entries of the same kind."), "kind", "target"
        )
    if {source.state, target.state} != {State.PUBLISHED}:
        raise InvalidInput(
            _("Only published entries can be merged. Choose two published entries."), "wrong_state", "target"
        )
    for each in (source, target):
        if permissions.is_owner(actor, each):
            raise InvalidInput(_("You maintain one of these entries, so another moderator decides on them."), "own")
    return source, target


def _end_review(source: Listing) -> None:
    """Withdraw the pending revision of a merged listing: its owner can send it for the other entry."""
    if source.versions.filter(state=State.PENDING).update(state=State.WITHDRAWN):
        life_cycle.review_queue.remove(source)


def have_one_domain(source: Listing, target: Listing) -> bool:
    """Return whether the sites of two listings are of one domain, by which either is verified."""
    domain = host_of(str(source.details.get("site", "")))
    return bool(domain) and domain == host_of(str(target.details.get("site", "")))


def _representatives(source: Listing, target: Listing, *, are_one: bool) -> None:
    """End the source's representations; where both are one, people represent the target from then on, nobody twice."""
    there = set(Representative.objects.filter(organization=target, until=None).values_list("person_id", flat=True))
    acting = Representative.objects.filter(organization=source, until=None)
    for each in acting.exclude(person__in=there).exclude(person=None) if are_one else []:
        Representative.objects.create(
            organization=target, person_id=each.person_id, since=each.since, named_by_id=each.named_by_id
        )
    acting.update(until=clock.now())


@writing
def propose(*, actor: Person, kind: str, details: Json, language: str, key: str | None = None) -> Listing:
    """Propose an organization, a project or oneself for the directory. A moderator of the community reads it first.

    `key` names the form: the same key again returns the listing that the first created.
    """
    if key and (earlier := Listing.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    require(permissions.may_propose(actor))
    if not actor.has_byline:
        raise NotPermitted(
            _(
                "First choose your stakeholder group, and say whether you speak as an individual or for an "
                "organization."
            ),
            "byline",
        )
    cleaned = _checked(kind, details, language)
    permissions.lock_sender(actor)
    require_valid(validation.one_each(actor) if kind == Kind.PERSON else True, permissions.may_send_more(actor))
    try:
        with transaction.atomic():
            listing = Listing.objects.create(of=kind, owner=actor, key=key)
    except IntegrityError:
        # The same form, sent at the same time to two processes: the other one was first.
        return _same_person(Listing.objects.get(key=key), actor)
    _send(listing, actor, cleaned, language, verb="listing.proposed")
    return listing


@writing
def revise(*, actor: Person, listing: Listing, details: Json, language: str, key: str | None = None) -> ListingVersion:
    """Send changed details. They are pending for a moderator; the published ones stay in force."""
    listing = lock_row(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(permissions.may_revise(actor, listing))
    cleaned = _checked(listing.of, details, language)
    permissions.lock_sender(actor)
    require_valid(validation.has_changed(listing, cleaned), permissions.may_send_more(actor))
    if listing.is_published:
        mark_confirmed(listing)  # a change of an entry confirms the rest of it
    return _send(listing, actor, cleaned, language, verb="listing.revised", key=key)


@writing
def send_again(
    *, actor: Person, listing: Listing, details: Json, language: str, key: str | None = None
) -> ListingVersion:
    """Send a returned entry again."""
    listing = lock_row(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(permissions.may_send_again(actor, listing), life_cycle.allows(listing, "send_again"))
    cleaned = _checked(listing.of, details, language)
    permissions.lock_sender(actor)
    require_valid(permissions.may_send_more(actor))
    life_cycle.set_state(listing, State.PENDING)
    return _send(listing, actor, cleaned, language, verb="listing.sent_again", key=key)


@writing
def withdraw(*, actor: Person, listing: Listing) -> Listing:
    """Withdraw one's own listing, published or not. At once, and for good."""
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
    """Blank every text of a person's entry: all that they said about themselves is deleted."""
    listing.versions.update(details={})


def _checked(kind: str, details: Json, language: str) -> Json:
    if kind not in Kind.values:
        raise InvalidInput(_("This kind of entry does not exist."), "kind")
    cleaned = tidy(kind, details)
    require_valid(validation.known_language(language), validation.fits(kind, cleaned))
    return cleaned


def _send(
    listing: Listing, actor: Person, details: Json, language: str, *, verb: str, key: str | None = None
) -> ListingVersion:
    version = entries.send(listing, details, language=language, key=key)
    audit.log(verb, actor=actor, about=listing, version=version.pk)
    tasks.receipt.using(key=f"listing-receipt-{version.pk}").enqueue(version_id=version.pk)
    return version  # type: ignore[return-value]


def _same_person(listing: Listing, actor: Person) -> Listing:
    if listing.owner_id != actor.pk:
        raise InvalidInput(_("This form was opened with another account. Open the form again."), "key")
    return listing
