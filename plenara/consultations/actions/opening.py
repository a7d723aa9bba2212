"""A consultation becomes public: announced, where the site asks for it after a second organizer's yes, and opened."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations import checks, confirmation, tasks
from plenara.consultations.actions.common import invalidate_public, require_possible, take_hold
from plenara.consultations.actions.life import enqueue_turns
from plenara.consultations.models import Consultation, State
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, Invalid, require_valid
from plenara.core.transaction import writing


@writing
def request_announcement(*, actor: Any, consultation: Consultation) -> Consultation:
    """Ask the other organizers to confirm the announcement. Any change of the draft ends the request."""
    consultation = take_hold(consultation)
    require_possible(actor, consultation, Verb.ANNOUNCE)
    _require_complete(consultation)
    if confirmation.is_alone(actor, consultation):
        raise Invalid(
            _("You are the only organizer. Invite a second organizer, who then confirms the announcement."), "alone"
        )
    request = confirmation.request_for(consultation)
    if request:
        raise AlreadyDone(_("%(name)s has asked for the announcement already.") % {"name": request.by.name}, "already")
    act = audit.log(confirmation.REQUESTED, actor=actor, about=consultation, consultation=consultation)
    asked = (
        confirmation.acting(consultation.roles.all()).exclude(person_id=actor.pk).values_list("person_id", flat=True)
    )
    tasks.ask_to_confirm.enqueue_all(
        {
            f"confirm-{act.pk}-{pk}": {"consultation_id": consultation.pk, "person_id": pk, "act_id": act.pk}
            for pk in asked
        }
    )
    return consultation


@writing
def announce(*, actor: Any, consultation: Consultation) -> Consultation:
    """Make a draft public. It then opens and closes by the clock."""
    consultation = take_hold(consultation)
    require_possible(actor, consultation, Verb.ANNOUNCE)
    _require_complete(consultation)
    requested_by = _require_confirmation(actor, consultation) if confirmation.is_needed() else None
    consultation.stage = State.ANNOUNCED
    consultation.announced_at = clock.now()
    consultation.save(update_fields=["stage", "announced_at"])
    details = {"requested_by": requested_by} if requested_by else {}
    audit.log("consultation.announced", actor=actor, about=consultation, consultation=consultation, **details)
    enqueue_turns(consultation)
    invalidate_public(consultation, lists=True)
    return consultation


def _require_complete(consultation: Consultation) -> None:
    if checks.complete(consultation, list(consultation.threads.all())):
        raise Invalid(_("Something is still missing before this can be announced."), "incomplete")
    require_valid(*checks.dates_lie_ahead(consultation.opens_at, consultation.closes_at))


def _require_confirmation(actor: Any, consultation: Consultation) -> int:
    """Return the id of the organizer who asked, who is somebody else than the actor."""
    request = confirmation.request_for(consultation)
    if request is None:
        raise Invalid(
            _("Nobody has asked for this announcement, or the draft has changed since. Ask for it again."),
            "unrequested",
        )
    if request.by.pk == actor.pk:
        raise Invalid(_("You asked for this announcement, so another organizer must confirm it."), "own_request")
    return request.by.pk


@writing
def open_now(*, actor: Any, consultation: Consultation) -> Consultation:
    """Open an announced consultation before its opening: the opening that pages show becomes this moment."""
    consultation = take_hold(consultation)
    require_possible(actor, consultation, Verb.OPEN)
    announced_for = consultation.opens_at
    consultation.opens_at = clock.now()
    consultation.stamp += 1
    consultation.save(update_fields=["opens_at", "stamp"])
    audit.log(
        "consultation.opened_early",
        actor=actor,
        about=consultation,
        consultation=consultation,
        announced_for=announced_for.isoformat() if announced_for else None,
        at=consultation.opens_at.isoformat(),
    )
    invalidate_public(consultation, lists=True)
    return consultation
