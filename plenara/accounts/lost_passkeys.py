"""Removing the passkeys and recovery codes of somebody who lost them.

Where the installation asks for a second organizer, the passkeys of a person who has a role are removed by two: one asks
and says how they made sure of the person, the other confirms. The audit log holds the request.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from plenara.accounts import confirmation, rules, tasks
from plenara.accounts.models import IdentityProof, Person
from plenara.core import audit, clock
from plenara.core.models import Act
from plenara.core.refusals import AlreadyDone, Invalid, require
from plenara.core.transaction import writing

REQUESTED, REMOVED = "person.passkeys_removal_requested", "person.removed_passkeys"
#: How long a request can be confirmed.
LIFE = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Request(confirmation.Request):
    """An organizer's request, and how they made sure that it is this person."""

    proof: str

    @property
    def proof_words(self) -> str:
        return str(IdentityProof(self.proof).label)


def takes_two(person: Person) -> bool:
    """Say whether a second organizer confirms that this person's passkeys are removed."""
    return confirmation.is_needed() and rules.has_any_role(person)


def request_for(person: Person) -> Request | None:
    """Return the request that waits for a second organizer. It ends once the person adds or uses a passkey."""
    acts = Act.objects.filter(about_kind="person", about_id=str(person.pk), verb__in=[REQUESTED, REMOVED])
    act = acts.order_by("-pk").first()
    if act is None or act.verb != REQUESTED or act.at < clock.now() - LIFE:
        return None
    by = _acting().filter(pk=act.actor_id or 0).first()
    has_own = Authenticator.objects.filter(user=person).filter(Q(created_at__gt=act.at) | Q(last_used_at__gt=act.at))
    if by is None or has_own.exists():
        return None
    return Request(by, act.at, act.pk, act.details["proof"])


def others(actor: Any, person: Person) -> QuerySet[Person]:
    """Return the organizers of the installation who can confirm what one of them asks for somebody."""
    return _acting().exclude(pk__in=[actor.pk, person.pk])


def _acting() -> QuerySet[Person]:
    return Person.objects.filter(is_organizer=True, suspended_at=None, is_active=True)


@writing
def request_removal(*, actor: Person, person: Person, proof: str) -> Person:
    """Ask a second organizer to confirm that somebody's passkeys are removed; the others get an e-mail."""
    person = _held(person)
    require(rules.may_remove_passkeys(_held(actor), person))
    _require_proof(proof)
    asked = list(others(actor, person).values_list("pk", flat=True))
    if not asked:
        raise Invalid(_("You are the only organizer of this site who can do this. Make somebody else an organizer."))
    if request := request_for(person):
        raise AlreadyDone(_("%(name)s has asked for this already.") % {"name": request.by.name}, "already")
    if Authenticator.objects.filter(user=person).exists():
        act = audit.log(REQUESTED, actor=actor, about=person, proof=proof)
        tasks.ask_to_confirm_passkeys.enqueue_all(
            {f"confirm-passkeys-{act.pk}-{pk}": {"person_id": pk, "act_id": act.pk, "of_id": person.pk} for pk in asked}
        )
    return person


@writing
def remove_passkeys(*, actor: Person, person: Person, proof: str = "") -> Person:
    """Remove the passkeys and recovery codes that somebody lost, and notify them. Their address still signs in alone.

    `proof` is how the actor made sure that it is this person (`IdentityProof`). A second organizer
    confirms that of the first.
    """
    person = _held(person)
    require(rules.may_remove_passkeys(_held(actor), person))
    details: dict[str, Any] = {}
    if takes_two(person):
        request = _require_request(actor, person)
        proof, details = request.proof, {"requested_by": request.by.pk}
    _require_proof(proof)
    if Authenticator.objects.filter(user=person).delete()[0]:
        act = audit.log(REMOVED, actor=actor, about=person, proof=proof, **details)
        tasks.tell_passkeys_removed.using(key=f"passkeys-removed-{act.pk}").enqueue(
            person_id=person.pk, act_id=act.pk, proof=proof
        )
    return person


def _require_proof(proof: str) -> None:
    if proof not in IdentityProof.values:
        raise Invalid(_("Choose how you made sure that it is this person."), "proof", "proof")


def _require_request(actor: Person, person: Person) -> Request:
    request = request_for(person)
    if request is None:
        raise Invalid(_("Nobody has asked for this, or the request has ended. Ask a second organizer to confirm it."))
    if request.by.pk == actor.pk:
        raise Invalid(_("You asked for this, so another organizer must confirm it."), "own_request")
    return request


def _held(person: Person) -> Person:
    """Return the person as they are in this transaction."""
    return Person.objects.select_for_update().get(pk=person.pk)
