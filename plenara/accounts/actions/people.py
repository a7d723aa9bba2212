"""Actions of organizers on people: suspending them, and making them organizers."""

from django.utils.translation import pgettext

from plenara.accounts import emails, permissions
from plenara.accounts.models import Person, SuspensionReason
from plenara.core import audit, clock
from plenara.core.refusals import InvalidInput, require
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
