"""Actions on invitations to a role."""

import secrets

from django.utils.translation import gettext as _

from plenara.accounts import emails, invitations, limits, permissions, validation
from plenara.accounts.models import Invitation, Person
from plenara.accounts.queries import verified_addresses
from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing


@writing
def invite(*, actor: Person, address: str, purpose: Json, language: str = "", name: str = "") -> tuple[Invitation, str]:
    """Offer a role to an address by e-mail; return the invitation and the token of its link.

    A pending offer of the same role is revoked: only one link works at a time.
    The package that registered `purpose["kind"]` checks whether the actor may offer it. `language` is that of
    the e-mail, by default the actor's. `name` is how the e-mail addresses the person.
    """
    address, name = address.strip().lower(), clean_line(name)
    require(permissions.may_act(actor))
    require_valid(validation.an_address(address, "address"), validation.a_name(name) if name else True)
    if not invitations.is_kind(purpose.get("kind")):
        raise InvalidInput(_("You cannot offer this role. Choose another role."), "kind")
    limits.spend("invite", person=actor, address=address)
    for earlier in Invitation.objects.filter(address=address, purpose=purpose, accepted_at=None, revoked_at=None):
        revoke_invitation(actor=actor, invitation=earlier)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        address=address,
        name=name,
        token_digest=digest(token),
        purpose=purpose,
        language=language if language in NAMES else actor.language,
        invited_by=actor,
        created_at=clock.now(),
        expires_at=clock.now() + invitations.INVITATION_LIFE,
    )
    audit.log("invitation.sent", actor=actor, about=invitation, purpose=purpose)
    emails.send_invitation.using(key=f"invitation-{invitation.pk}").enqueue(invitation_id=invitation.pk, token=token)
    return invitation, token


@writing
def accept_invitation(*, actor: Person, token: str) -> str | None:
    """Accept an invitation; return the address of the next page, if the invitation has one."""
    invitation = Invitation.objects.select_for_update().filter(token_digest=digest(token)).first()
    if invitation is None:
        raise InvalidInput(_("This invitation is not valid. Ask the person who invited you for a new one."), "unknown")
    if invitation.accepted_at:
        raise AlreadyDone(_("This invitation has already been accepted."), "accepted")
    if not invitation.is_pending:
        raise InvalidInput(
            _("This invitation has expired or been withdrawn. Ask the person who invited you for a new one."), "over"
        )
    require(permissions.may_accept(actor, invitation, verified_addresses(actor)))
    invitation.accepted_at, invitation.accepted_by = clock.now(), actor
    invitation.address = invitation.name = ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "address", "name"])
    audit.log("invitation.accepted", actor=actor, about=invitation, purpose=invitation.purpose)
    return invitations.open_for(invitation, actor)


@writing
def revoke_invitation(*, actor: Person, invitation: Invitation) -> Invitation:
    """Revoke an invitation that is not accepted yet. The package that offered it checks whether the actor may."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(permissions.may_act(actor))
    if invitation.accepted_at:
        raise AlreadyDone(_("This invitation has already been accepted."), "accepted")
    if not invitation.revoked_at:
        invitation.revoked_at, invitation.address, invitation.name = clock.now(), "", ""
        invitation.save(update_fields=["revoked_at", "address", "name"])
        audit.log("invitation.revoked", actor=actor, about=invitation, purpose=invitation.purpose)
    return invitation
