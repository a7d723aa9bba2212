"""Handing a listing over and naming representatives of an organization: by invitations, which `accounts` sends."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts import invitations
from plenara.accounts.actions import invite
from plenara.accounts.invitations import InvitationStatus, opens, says, statuses
from plenara.accounts.models import Invitation, Person
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.languages import current, in_language
from plenara.core.refusals import InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.transaction import lock_row, writing
from plenara.directory import permissions
from plenara.directory.actions import entries
from plenara.directory.models import Kind, Listing, Representative
from plenara.directory.validation import NAMED_BY

OWNER, REPRESENTATIVE = "listing_owner", "listing_representative"
#: Invitations that a page lists.
MOST_SHOWN = 50


def owner_purpose(listing: Listing) -> Json:
    """Return the data of an invitation to take over a listing. It includes the present owner, who may change."""
    return {"kind": OWNER, "listing_id": listing.pk, "owner_id": listing.owner_id}


def representative_purpose(organization: Listing) -> Json:
    """Return the data of an invitation to represent an organization."""
    return {"kind": REPRESENTATIVE, "listing_id": organization.pk}


def pending(listing: Listing, kind: str) -> QuerySet[Invitation]:
    """Return the invitations of a kind to a listing that can still be accepted, the latest first."""
    return invitations.pending(kind, listing_id=listing.pk)


def latest(listing: Listing, kind: str) -> list[InvitationStatus]:
    """Return the latest invitations of a kind with the state of each: first those that can still be accepted.

    Only the present owner's invitations to take over are included, so that earlier ones stay private. Two queries.
    """
    purpose = owner_purpose(listing) if kind == OWNER else representative_purpose(listing)
    found = Invitation.objects.select_related("accepted_by").filter(purpose=purpose).order_by("-created_at", "-pk")
    return statuses(sorted(found[:MOST_SHOWN], key=lambda each: not each.is_pending))


@opens(OWNER)
def take_over(invitation: Invitation, person: Person) -> str | None:
    """Make the person who accepted the owner, if the person who invited them may still hand it over."""
    listing = _lock_listing(invitation)
    if listing.owner_id != invitation.purpose.get("owner_id"):
        raise InvalidInput(_("Someone else now maintains this entry. Ask for a new invitation."), "over")
    require(permissions.may_hand_over(invitation.invited_by, listing))
    listing.owner = person
    listing.confirmed_at, listing.asked_at = clock.now(), None
    listing.save(update_fields=["owner", "confirmed_at", "asked_at"])
    audit.log("listing.handed_over", actor=invitation.invited_by, about=listing, to=person.pk)
    # What the earlier owner sent and is still pending is now the new owner's: the desk's row is created again.
    if version := life_cycle.pending_version(listing):
        life_cycle.review_queue.add(listing, version)
    return _page(listing)


@opens(REPRESENTATIVE)
def represent(invitation: Invitation, person: Person) -> str | None:
    """Make the person who accepted a representative, if the person who invited them may still name one."""
    listing = _lock_listing(invitation)
    require(permissions.may_name(invitation.invited_by, listing))
    row, is_new = Representative.objects.get_or_create(
        organization=listing, person=person, until=None, defaults={"named_by": invitation.invited_by}
    )
    if is_new:
        audit.log("organization.represented", actor=invitation.invited_by, about=listing, representative=row.pk)
        entries.represents(row)
        invalidate("directory", nothing_withdrawn=True)
    return f"/{current()}/my/listings/"


def _lock_listing(invitation: Invitation) -> Listing:
    found = Listing.objects.filter(pk=invitation.purpose["listing_id"]).first()
    if found is None or invitation.invited_by is None:
        raise InvalidInput(_("This entry no longer exists."), "gone")
    return lock_row(found)


def _page(listing: Listing) -> str:
    return f"/{current()}/my/listings/{listing.pk}/"


def _name(purpose: Json) -> str:
    listing = Listing.objects.filter(pk=purpose["listing_id"]).first()
    return in_language(listing.details.get(NAMED_BY[Kind(listing.of)])).text if listing and listing.details else ""


@says(OWNER)
def owner_sentence(purpose: Json) -> str:
    """Return the sentence that names the listing to take over, in the active language."""
    return _("You are invited to maintain the entry “%(name)s” in the directory.") % {"name": _name(purpose)}


@says(REPRESENTATIVE)
def representative_sentence(purpose: Json) -> str:
    """Return the sentence that names the organization to represent, in the active language."""
    return _(
        "You are invited to represent “%(name)s”. Contributions that you submit on its behalf will be marked as "
        "verified."
    ) % {"name": _name(purpose)}


@writing
def hand_over(*, actor: Person, listing: Listing, address: str, language: str = "") -> Invitation:
    """Invite an address to take over a listing. Nothing changes until the invitation is accepted.

    The owner or a moderator of the community may do so: this is how an organization without an owner gets a new one.
    """
    require(permissions.may_hand_over(actor, listing))
    permissions.lock_sender(actor)
    require_valid(permissions.may_invite_more(actor))
    invitation, _token = invite(actor=actor, address=address, purpose=owner_purpose(listing), language=language)
    return invitation


@writing
def name_representative(*, actor: Person, organization: Listing, address: str, language: str = "") -> Invitation:
    """Invite an address to represent a verified organization."""
    require(permissions.may_name(actor, organization))
    permissions.lock_sender(actor)
    require_valid(permissions.may_invite_more(actor))
    invitation, _token = invite(
        actor=actor, address=address, purpose=representative_purpose(organization), language=language
    )
    return invitation


@writing
def end_representation(*, actor: Person, representative: Representative) -> Representative:
    """End a representation. Contributions that were published under it keep their mark."""
    found = Representative.objects.select_for_update(of=("self",)).select_related("organization")
    representative = found.get(pk=representative.pk)
    if representative.until:
        return representative  # a double click
    require(permissions.may_end(actor, representative))
    return _end(representative, actor)


def _end(representative: Representative, actor: Person) -> Representative:
    representative.until = clock.now()
    representative.save(update_fields=["until"])
    audit.log(
        "organization.representation_ended",
        actor=actor,
        about=representative.organization,
        representative=representative.pk,
    )
    return representative
