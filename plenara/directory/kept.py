"""What the directory keeps of a person, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.directory.models import Distinction, ListingVersion, Proof, Representative, Verification


@tells("listings", _("Your entries in the directory, with everything that you sent"), of=["directory.Listing.owner"])
def listings(person: Person) -> Rows:
    """Yield the person's entries, each text a row."""
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


@tells("representing", _("For whom you speak"), of=["directory.Representative.person"])
def representing(person: Person) -> Rows:
    """Yield the organizations that the person represents or represented."""
    for each in Representative.objects.filter(person=person).select_related("organization").order_by("pk"):
        yield {"organization": each.organization.number, "since": each.since, "until": each.until}


@tells("named", _("When you said who speaks for an organization"), of=["directory.Representative.named_by"])
def named(person: Person) -> Rows:
    """Yield when the person named a representative; not whom."""
    for each in Representative.objects.filter(named_by=person).select_related("organization").order_by("pk"):
        yield {"organization": each.organization.number, "since": each.since, "until": each.until}


@tells("verified", _("Organizations that you verified"), of=["directory.Verification.by"])
def verified(person: Person) -> Rows:
    """Yield what the person verified as the secretariat."""
    for each in Verification.objects.filter(by=person).select_related("organization").order_by("pk"):
        yield {
            "organization": each.organization.number,
            "at": each.at,
            "note": each.note,
            "ended_at": each.ended_at,
        }


@tells("distinctions", _("Pairs of entries that you found not to be the same"), of=["directory.Distinction.by"])
def distinctions(person: Person) -> Rows:
    """Yield the pairs that the person kept apart as a moderator."""
    for each in Distinction.objects.filter(by=person).select_related("first", "second").order_by("pk"):
        yield {"kind": each.first.of, "first": each.first.number, "second": each.second.number, "at": each.at}


@tells("proofs", _("Messages by which you asked to verify an organization"), of=["directory.Proof.asked_by"])
def proofs(person: Person) -> Rows:
    """Yield what the person asked for: the domain, never the address, which is not kept."""
    for each in Proof.objects.filter(asked_by=person).select_related("organization").order_by("pk"):
        yield {
            "organization": each.organization.number,
            "domain": each.domain,
            "at": each.at,
            "expires_at": each.expires_at,
            "used_at": each.used_at,
        }
