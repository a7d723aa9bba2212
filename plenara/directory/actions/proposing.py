"""Proposing a listing, changing it, sending it again, withdrawing it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.core import audit
from plenara.core.refusals import Invalid, NotAllowed, require, require_valid
from plenara.core.transaction import writing
from plenara.directory import checks, entries, limits, rules, tasks
from plenara.directory.actions.confirming import answered
from plenara.directory.models import EntryState, Kind, Listing, ListingVersion
from plenara.directory.tidying import tidy


@writing
def propose(*, actor: Any, kind: str, details: Mapping[str, Any], language: str, key: str | None = None) -> Listing:
    """Propose an organization, a project or oneself for the directory. A moderator of the community reads it first.

    `key` names the form: the same key a second time returns what the first made.
    """
    if key and (earlier := Listing.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    require(rules.may_propose(actor))
    if not actor.has_byline:
        raise NotAllowed(_("Say first which stakeholder group you belong to and for whom you speak."), "byline")
    kept = _checked(kind, details, language)
    limits.hold(actor)
    require_valid(checks.one_each(actor) if kind == Kind.PERSON else True, limits.not_too_often(actor))
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
    *, actor: Any, listing: Listing, details: Mapping[str, Any], language: str, key: str | None = None
) -> ListingVersion:
    """Send changed details. They wait for a moderator; what is published stays meanwhile."""
    listing = entries.held(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(rules.may_revise(actor, listing))
    kept = _checked(listing.of, details, language)
    limits.hold(actor)
    require_valid(checks.has_changed(listing, kept), limits.not_too_often(actor))
    if listing.is_published:
        answered(listing)  # who changes an entry says that the rest still holds
    return _send(listing, actor, kept, language, verb="listing.revised", key=key)


@writing
def send_again(
    *, actor: Any, listing: Listing, details: Mapping[str, Any], language: str, key: str | None = None
) -> ListingVersion:
    """Send an entry that was returned once more."""
    listing = entries.held(listing)
    if key and (earlier := listing.versions.filter(key=key).first()):
        return earlier
    require(rules.may_send_again(actor, listing), entries.allows(listing.state, "send_again"))
    kept = _checked(listing.of, details, language)
    limits.hold(actor)
    require_valid(limits.not_too_often(actor))
    entries.stand(listing, EntryState.PENDING, "")
    return _send(listing, actor, kept, language, verb="listing.sent_again", key=key)


@writing
def withdraw(*, actor: Any, listing: Listing) -> Listing:
    """Take one's listing out of the directory, or back before it came there. At once, and for good."""
    listing = entries.held(listing)
    if listing.state == EntryState.WITHDRAWN and rules.is_owner(actor, listing):
        return listing  # a double click
    require(rules.may_withdraw(actor, listing), entries.allows(listing.state, "withdraw"))
    audit.log("listing.withdrawn", actor=actor, about=listing)
    entries.take_down(listing, EntryState.WITHDRAWN, reason="WITHDRAWN")
    if listing.of == Kind.PERSON:
        forget(listing)
    return listing


def forget(listing: Listing) -> None:
    """Blank every text of an entry that is of a person: what they say of themselves goes with it."""
    listing.versions.update(details={})


def _checked(kind: str, details: Mapping[str, Any], language: str) -> dict[str, Any]:
    if kind not in Kind.values:
        raise Invalid(_("There is no such kind of entry."), "kind")
    kept = tidy(kind, details)
    require_valid(checks.known_language(language), checks.fits(kind, kept))
    return kept


def _send(
    listing: Listing, actor: Any, details: dict[str, Any], language: str, *, verb: str, key: str | None = None
) -> ListingVersion:
    version = entries.send(listing, details, language=language, key=key)
    audit.log(verb, actor=actor, about=listing, version=version.pk)
    tasks.receipt.using(key=f"listing-receipt-{version.pk}").enqueue(version_id=version.pk)
    return version  # type: ignore[return-value]


def _same_person(listing: Listing, actor: Any) -> Listing:
    if listing.owner_id != actor.pk:
        raise Invalid(_("This form is another person’s. Open it again."), "key")
    return listing
