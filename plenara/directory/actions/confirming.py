"""That a listing still holds: said by its owner. What nobody says so of is marked, then leaves the lists."""

from typing import Any

from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require
from plenara.core.transaction import writing
from plenara.directory import entries, rules
from plenara.directory.models import Listing


@writing
def confirm(*, actor: Any, listing: Listing) -> Listing:
    """Say that an entry still holds. One that was marked or archived stands in the lists as before."""
    listing = entries.held(listing)
    require(rules.may_confirm(actor, listing))
    if answered(listing):
        audit.log("listing.confirmed", actor=actor, about=listing)
    return listing


@writing
def confirm_all(*, actor: Any, pks: list[int]) -> int:
    """Say of several entries of one's own that they still hold; what is not one's own any more is passed over."""
    found = Listing.objects.filter(pk__in=pks, owner=actor).order_by("pk")
    mine = [each for each in found if rules.may_confirm(actor, each)]
    for each in mine:
        confirm(actor=actor, listing=each)
    return len(mine)


def answered(listing: Listing) -> bool:
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
    listing = entries.held(listing)
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
    listing = entries.held(listing)
    if listing.is_listed and listing.doubted_at:
        listing.archived_at = clock.now()
        listing.save(update_fields=["archived_at"])
        audit.log("listing.archived", actor=None, about=listing)
        entries.changed(listing, something_goes=False)
    return listing
