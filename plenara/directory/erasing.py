"""What of the directory goes with an account. An entry of the person goes whole, with every text that it ever had.

Organizations and projects stay, since they are not the person's own; nobody keeps them until somebody takes them over.
"""

from plenara.accounts.erasing import Erasure, erases, holds
from plenara.accounts.models import Person
from plenara.core import waiting as desk
from plenara.directory import entries
from plenara.directory.models import CACHE_TAG, EntryState, Kind, Listing, Representative

REASON = "ERASED"


@holds
def hold(person: Person) -> None:
    """Wait for whoever decides on an entry of the person, and let nobody begin to."""
    list(Listing.objects.filter(owner=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def listings(erasure: Erasure) -> None:
    """Take the person's own entry out of the directory, and what of theirs was never published off the desk."""
    for listing in Listing.objects.filter(owner=erasure.person).order_by("pk"):
        erasure.submitted.setdefault(listing.kind, []).append(listing.pk)
        stays = listing.of != Kind.PERSON and listing.number is not None and listing.state != EntryState.WITHDRAWN
        if stays:
            _keep(listing)
        else:
            erasure.gone.setdefault(listing.kind, []).append(listing.pk)
            _take_away(listing, erasure.cache_tags)
    ended = Representative.objects.filter(person=erasure.person, until=None)
    if ended.update(until=erasure.at):
        erasure.cache_tags.add(CACHE_TAG)


def _keep(listing: Listing) -> None:
    """Leave what is published. What waits is nobody's any more, and nothing waits for an answer."""
    waiting = listing.versions.filter(state=EntryState.PENDING)
    if waiting.exists():
        waiting.update(state=EntryState.WITHDRAWN)
        desk.leaves(listing.kind, listing)
    listing.versions.exclude(state=EntryState.PUBLISHED).update(details={})


def _take_away(listing: Listing, cache_tags: set[str]) -> None:
    """Withdraw an entry and blank every text of it. One that was removed stays so, and is never restored."""
    if listing.state in {EntryState.PENDING, EntryState.RETURNED, EntryState.PUBLISHED}:
        entries.take_down(listing, EntryState.WITHDRAWN, reason=REASON, later=cache_tags)
    elif listing.state != EntryState.WITHDRAWN:
        entries.stand(listing, EntryState.WITHDRAWN, REASON)
    listing.versions.update(details={})
