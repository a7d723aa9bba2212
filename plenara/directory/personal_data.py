"""The personal data of the directory: exported, erased with the account, deleted on expiry."""

import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, erases, locks_before_erasure
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.core import clock, life_cycle
from plenara.core.life_cycle import State
from plenara.core.models import BackgroundTask
from plenara.core.transaction import writing
from plenara.directory.actions import entries
from plenara.directory.models import (
    CACHE_TAG,
    Distinction,
    Kind,
    Listing,
    ListingVersion,
    Proof,
    Representative,
    Verification,
)
from plenara.directory.queries.verification import PROOF_LIFE

REASON = "ERASED"


@locks_before_erasure
def lock_listings(person: Person) -> None:
    """Wait for decisions in progress on the person's entries, and lock the entries."""
    list(Listing.objects.filter(owner=person).select_for_update().order_by("pk").values_list("pk", flat=True))


@erases
def erase_listings(erasure: Erasure) -> None:
    """Withdraw the person's own entry, and remove their unpublished entries from the desk."""
    for listing in Listing.objects.filter(owner=erasure.person).order_by("pk"):
        erasure.submitted.setdefault(listing.kind, []).append(listing.pk)
        stays = listing.of != Kind.PERSON and listing.number is not None and listing.state != State.WITHDRAWN
        if stays:
            _keep_published(listing)
        else:
            erasure.erased.setdefault(listing.kind, []).append(listing.pk)
            _withdraw(listing, erasure.cache_tags)
    ended = Representative.objects.filter(person=erasure.person, until=None)
    if ended.update(until=erasure.at):
        erasure.cache_tags.add(CACHE_TAG)


def _keep_published(listing: Listing) -> None:
    """Leave the published details without an owner. Withdraw what is pending, and the yearly question."""
    pending = listing.versions.filter(state=State.PENDING)
    if pending.exists():
        pending.update(state=State.WITHDRAWN)
        life_cycle.review_queue.remove(listing)
    listing.versions.exclude(state=State.PUBLISHED).update(details={})


def _withdraw(listing: Listing, cache_tags: set[str]) -> None:
    """Withdraw an entry and blank every text of it. A removed one stays removed, and is never restored."""
    if listing.state in {State.PENDING, State.RETURNED, State.PUBLISHED}:
        entries.take_down(listing, State.WITHDRAWN, reason=REASON, later=cache_tags)
    elif listing.state != State.WITHDRAWN:
        rows = Listing.objects.filter(pk=listing.pk)
        rows.update(state=State.WITHDRAWN, reason=REASON, state_at=clock.now())
    listing.versions.update(details={})


@exports(
    "listings",
    _("Your entries in the directory, with everything that you sent"),
    of=["directory.Listing.owner"],
    purpose=Purpose.COMMUNITY,
)
def listings(person: Person) -> Rows:
    """Yield the person's entries, each version a row."""
    found = ListingVersion.objects.filter(listing__owner=person).select_related("listing__merged_into")
    for each in found.order_by("listing", "number"):
        it = each.listing
        yield {
            "kind": it.of,
            "number": it.number,
            "state": it.state,
            "version": each.number,
            "sent_at": each.submitted_at,
            "language": each.language,
            "details": each.details,
            "confirmed_at": it.confirmed_at,
            "asked_at": it.asked_at,
            "merged_into": it.merged_into.number if it.merged_into else None,
        }


@exports(
    "representing",
    _("Organizations that you represent"),
    of=["directory.Representative.person"],
    purpose=Purpose.COMMUNITY,
)
def representing(person: Person) -> Rows:
    """Yield the organizations that the person represents or represented."""
    for each in Representative.objects.filter(person=person).select_related("organization").order_by("pk"):
        yield {"organization": each.organization.number, "since": each.since, "until": each.until}


@exports(
    "named",
    _("The dates on which you named representatives of an organization"),
    of=["directory.Representative.named_by"],
    purpose=Purpose.COMMUNITY,
)
def representatives_named(person: Person) -> Rows:
    """Yield the times at which the person named a representative; not whom."""
    for each in Representative.objects.filter(named_by=person).select_related("organization").order_by("pk"):
        yield {"organization": each.organization.number, "since": each.since, "until": each.until}


@exports("verified", _("Organizations that you verified"), of=["directory.Verification.by"], purpose=Purpose.COMMUNITY)
def verifications(person: Person) -> Rows:
    """Yield the verifications by the person as the secretariat."""
    for each in Verification.objects.filter(by=person).select_related("organization").order_by("pk"):
        yield {
            "organization": each.organization.number,
            "at": each.at,
            "note": each.note,
            "ended_at": each.ended_at,
        }


@exports(
    "distinctions",
    _("Pairs of entries that you marked as different"),
    of=["directory.Distinction.by"],
    purpose=Purpose.COMMUNITY,
)
def distinctions(person: Person) -> Rows:
    """Yield the pairs that the person declared different as a moderator."""
    for each in Distinction.objects.filter(by=person).select_related("first", "second").order_by("pk"):
        yield {"kind": each.first.of, "first": each.first.number, "second": each.second.number, "at": each.at}


@exports(
    "proofs",
    _("E-mails sent at your request to verify an organization"),
    of=["directory.Proof.asked_by"],
    purpose=Purpose.COMMUNITY,
)
def proofs(person: Person) -> Rows:
    """Yield the person's requests for verification: the domain, never the address, which is not stored."""
    for each in Proof.objects.filter(asked_by=person).select_related("organization").order_by("pk"):
        yield {
            "organization": each.organization.number,
            "domain": each.domain,
            "at": each.at,
            "expires_at": each.expires_at,
            "used_at": each.used_at,
        }


#: How long an expired e-mail is stored, so that limits can count it.
PROOF_DAYS = 7


@writing
def sweep() -> int:
    """Delete expired links, and blank what was rejected so long ago that no appeal is possible; return how many."""
    now = clock.now()
    Proof.objects.filter(expires_at__lt=now - datetime.timedelta(days=PROOF_DAYS)).delete()
    # An e-mail that could not be sent before its link expired has the only copy of an address.
    BackgroundTask.objects.filter(task="directory.send_proof", done_at=None, failed_at__lt=now - PROOF_LIFE).delete()
    before = now - datetime.timedelta(days=settings.KEEP_DAYS["rejected"])
    old = ListingVersion.objects.filter(
        state=State.REJECTED, listing__state=State.REJECTED, listing__state_at__lt=before
    )
    return old.exclude(details={}).update(details={})
