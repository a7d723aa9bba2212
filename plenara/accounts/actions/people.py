"""Actions of organizers on people: suspending them, making them organizers, removing passkeys that they lost."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts import emails, permissions, queries
from plenara.accounts.models import IdentityProof, Person, Session, SuspensionReason
from plenara.accounts.queries import installation_row
from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, InvalidInput, require
from plenara.core.rows import Json
from plenara.core.transaction import writing


def lock_person(person: Person) -> Person:
    """Lock a person and return the present row: two organizers may be revoking each other's role at the same time."""
    return Person.objects.select_for_update().get(pk=person.pk)


@writing
def suspend(*, actor: Person, person: Person, reason: str) -> Person:
    """Suspend a person, who can still read but not act, and notify them of the reason."""
    person = lock_person(person)
    require(permissions.may_suspend(lock_person(actor), person))
    if reason not in SuspensionReason.values:
        raise InvalidInput(pgettext("text", "Choose a reason."), "reason", "reason")
    if person.is_suspended:
        return person
    person.suspended_at, person.suspension_reason = clock.now(), reason
    person.save(update_fields=["suspended_at", "suspension_reason"])
    act = audit.log("person.suspended", actor=actor, about=person, reason=reason)
    emails.notify_suspended.using(key=f"suspended-{act.pk}").enqueue(person_id=person.pk, act_id=act.pk)
    return person


@writing
def unsuspend(*, actor: Person, person: Person) -> Person:
    """Let a suspended person act again, and notify them."""
    person = lock_person(person)
    require(permissions.may_suspend(lock_person(actor), person))
    if not person.is_suspended:
        return person
    person.suspended_at, person.suspension_reason = None, ""
    person.save(update_fields=["suspended_at", "suspension_reason"])
    act = audit.log("person.unsuspended", actor=actor, about=person)
    emails.notify_unsuspended.using(key=f"unsuspended-{act.pk}").enqueue(person_id=person.pk, act_id=act.pk)
    return person


@writing
def set_organizer(*, actor: Person, person: Person, is_organizer: bool) -> Person:
    """Make a person an organizer of the installation, or end that."""
    person = lock_person(person)
    require(permissions.may_grant(lock_person(actor), person))
    if person.is_organizer != is_organizer:
        person.is_organizer = is_organizer
        person.save(update_fields=["is_organizer"])
        audit.log("person.made_organizer" if is_organizer else "person.unmade_organizer", actor=actor, about=person)
    return person


def passkeys_removal_takes_two(person: Person) -> bool:
    """Return whether a second organizer must confirm the removal of this person's passkeys."""
    it = installation_row()
    return (it.announcing_takes_two or it.requires_second_factor) and permissions.has_any_role(person)


@writing
def request_passkeys_removal(*, actor: Person, person: Person, proof: str) -> Person:
    """Ask a second organizer to confirm the removal of a person's passkeys; the others get an e-mail."""
    person = lock_person(person)
    require(permissions.may_remove_passkeys(lock_person(actor), person))
    _require_proof(proof)
    others = list(queries.other_organizers(actor, person).values_list("pk", flat=True))
    if not others:
        raise InvalidInput(
            _("No other organizer of this site can confirm the removal. Make someone else an organizer.")
        )
    if request := queries.passkeys_request_for(person):
        raise AlreadyDone(
            _("%(name)s has already asked for the removal. Another organizer must confirm it.")
            % {"name": request.by.name},
            "already",
        )
    if Authenticator.objects.filter(user=person).exists():
        act = audit.log(queries.PASSKEYS_REQUESTED, actor=actor, about=person, proof=proof)
        emails.ask_to_confirm_passkeys.enqueue_all(
            {
                f"confirm-passkeys-{act.pk}-{pk}": {"person_id": pk, "act_id": act.pk, "of_id": person.pk}
                for pk in others
            }
        )
    return person


@writing
def remove_passkeys(*, actor: Person, person: Person, proof: str = "") -> Person:
    """Remove the passkeys and recovery codes that a person lost, and notify them. They still sign in by e-mail.

    `proof` is how the actor made sure that it is this person (`IdentityProof`). A second organizer's
    confirmation keeps that of the first.
    """
    person = lock_person(person)
    require(permissions.may_remove_passkeys(lock_person(actor), person))
    details: Json = {}
    if passkeys_removal_takes_two(person):
        request = _require_passkeys_request(actor, person)
        proof, details = request.proof, {"requested_by": request.by.pk}
    _require_proof(proof)
    if Authenticator.objects.filter(user=person).delete()[0]:
        Session.objects.filter(person=person).delete()  # whoever found the lost device is signed out
        act = audit.log(queries.PASSKEYS_REMOVED, actor=actor, about=person, proof=proof, **details)
        emails.notify_passkeys_removed.using(key=f"passkeys-removed-{act.pk}").enqueue(
            person_id=person.pk, act_id=act.pk, proof=proof
        )
    return person


def _require_proof(proof: str) -> None:
    if proof not in IdentityProof.values:
        raise InvalidInput(_("Choose how you checked this person’s identity."), "proof", "proof")


def _require_passkeys_request(actor: Person, person: Person) -> queries.PasskeysRequest:
    request = queries.passkeys_request_for(person)
    if request is None:
        raise InvalidInput(
            _(
                "No one has asked for the removal, or the request has expired. Ask a second organizer to confirm "
                "the removal."
            )
        )
    if request.by.pk == actor.pk:
        raise InvalidInput(_("You asked for this removal, so another organizer must confirm it."), "own_request")
    return request
