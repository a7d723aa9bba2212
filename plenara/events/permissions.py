"""The permissions to propose, change, cancel and withdraw an event, and to import a calendar file."""

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import community
from plenara.consultations.models import RoleName
from plenara.consultations.permissions import has_role, may_act
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.events.dates import occurrences_of
from plenara.events.models import Event

#: Events that one file may contain: for anybody, and for moderators of the calendar.
FROM_A_FILE, FROM_A_FILE_OF_STAFF = 30, 500


def may_propose(person: Person) -> Answer:
    """Anybody who is signed in and not suspended."""
    return may_act(person)


def is_owner(person: Person, event: Event) -> bool:
    """Return whether this person is the event's owner."""
    return event.owner_id is not None and event.owner_id == getattr(person, "pk", None)


def may_change(person: Person, event: Event) -> Answer:
    """The event's owner: a published event by a revision, a returned one by sending it again."""
    if not is_owner(person, event):
        return Denied(_("Only the person who proposed this event can change it."))
    if event.state not in {State.PUBLISHED, State.RETURNED}:
        return Denied(
            _("You cannot change an event that is waiting for a decision or is no longer in the calendar."),
            "wrong_state",
        )
    return may_act(person)


def may_withdraw(person: Person, event: Event) -> Answer:
    """The event's owner, at any time, also while suspended: people may always withdraw what is theirs."""
    if not is_owner(person, event):
        return Denied(_("Only the person who proposed this event can withdraw it."))
    if event.state not in {State.PENDING, State.RETURNED, State.PUBLISHED}:
        return Denied(
            _("You cannot withdraw this event, because it was already withdrawn, rejected or removed."), "wrong_state"
        )
    return True


def may_cancel(person: Person, event: Event) -> Answer:
    """The event's owner, once it is published and not cancelled: at once, since people might travel."""
    if not is_owner(person, event):
        return Denied(_("Only the person who proposed this event can cancel it."))
    if not event.is_published:
        return Denied(_("Only a published event can be cancelled. Withdraw this event instead."), "wrong_state")
    if event.cancelled_at:
        return Denied(_("This event has already been cancelled."), "cancelled")
    return may_act(person)


def may_report_outcome(person: Person, event: Event) -> Answer:
    """The event's owner, once it has begun."""
    answer = may_change(person, event)
    if not answer:
        return answer
    has_begun = event.is_published and any(each.starts_at <= clock.now() for each in occurrences_of(event.details))
    return has_begun or Denied(_("You can add a report once the event has started."), "too_early")


def most_from_a_file(person: Person) -> int:
    """Return how many events a person may propose by one file. One query."""
    where = community.existing()
    is_staff = where is not None and has_role(person, where, RoleName.ORGANIZER, RoleName.MODERATOR)
    return FROM_A_FILE_OF_STAFF if is_staff else FROM_A_FILE
