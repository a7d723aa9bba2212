"""The permissions to propose, maintain, verify and moderate listings; and the limits on how often and how many."""

import datetime
from collections.abc import Callable

from django.utils.translation import gettext as _

from plenara.accounts.models import Invitation, Person
from plenara.accounts.permissions import may_act
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry
from plenara.core.refusals import Answer, Denied, require
from plenara.directory.models import Kind, Listing, Representative
from plenara.directory.queries import lookup

#: Entries and changes of one account in an hour; new entries of an account that may be pending.
MOST_AN_HOUR, MOST_WAITING = 20, 10
#: The same for an account that has nothing published yet: bulk senders have such accounts.
FIRST_AN_HOUR, FIRST_WAITING = 5, 3
#: Invitations to take over an entry or represent an organization that one person may send in a day.
MOST_INVITED = 20
SENT = ("listing.proposed", "listing.revised", "listing.sent_again")


def lock_sender(person: Person) -> None:
    """Serialize the actions of one person, so that limits count all: the second sees what the first wrote.

    Locked after the entry itself, in the same order as when an account is erased. Refuses a person who was suspended or
    erased in the meantime. SQLite has only one writer anyhow.
    """
    require(may_act(Person.objects.select_for_update().filter(pk=person.pk).first()))


def may_send_more(person: Person) -> Answer:
    """Limits on an account's changes in an hour and on its new pending entries. Three queries."""
    own = Listing.objects.filter(owner=person)
    is_known = own.filter(state=State.PUBLISHED).exists()
    since = clock.now() - datetime.timedelta(hours=1)
    sent = AuditEntry.objects.filter(actor_id=person.pk, verb__in=SENT, at__gt=since).count()
    if sent >= (MOST_AN_HOUR if is_known else FIRST_AN_HOUR):
        return Denied(
            _("You have submitted %(count)d entries in the last hour. Submit your next entry in an hour.")
            % {"count": sent},
            "too_often",
        )
    pending = own.filter(state=State.PENDING).count()
    if pending >= (MOST_WAITING if is_known else FIRST_WAITING):
        return Denied(
            _(
                "%(count)d of your entries are waiting for a moderator. Submit this entry when a "
                "moderator has decided on the others."
            )
            % {"count": pending},
            "too_many_waiting",
        )
    return True


def may_invite_more(person: Person) -> Answer:
    """A daily limit on invitations, too low for sending e-mail in bulk. One query."""
    since = clock.now() - datetime.timedelta(days=1)
    kinds = ("listing_owner", "listing_representative")
    sent = Invitation.objects.filter(invited_by=person, created_at__gt=since, purpose__kind__in=kinds).count()
    return sent < MOST_INVITED or Denied(
        _("You have sent %(count)d invitations today. You can send more tomorrow.") % {"count": sent}, "too_many"
    )


def _nobody(_person: Person) -> bool:
    return False


_moderates: Callable[[Person], bool] = _nobody


def moderated_by(function: Callable[[Person], bool]) -> None:
    """Register the function that returns whether a person moderates the community: roles are in a sibling package."""
    global _moderates
    _moderates = function


def may_propose(person: Person) -> Answer:
    """Anybody who is signed in and not suspended."""
    return may_act(person)


def is_owner(person: Person | None, listing: Listing) -> bool:
    """Return whether this person is the listing's owner."""
    return listing.owner_id is not None and listing.owner_id == getattr(person, "pk", None)


def may_revise(person: Person, listing: Listing) -> Answer:
    """The owner, while it is published or pending; the new version replaces a pending one."""
    if not is_owner(person, listing):
        return Denied(_("Only the person who maintains this entry can change it."))
    if listing.merged_into_id:
        return Denied(
            _("This entry is now part of another entry. Contact the person who maintains that entry."), "merged"
        )
    if listing.state not in {State.PUBLISHED, State.PENDING}:
        return Denied(_("You can change only an entry that is published or waiting for a moderator."), "wrong_state")
    return may_act(person)


def may_send_again(person: Person, listing: Listing) -> Answer:
    """The owner, where it was returned."""
    if not is_owner(person, listing):
        return Denied(_("Only the person who maintains this entry can submit it again."))
    if listing.state != State.RETURNED:
        return Denied(_("Only an entry that was returned can be submitted again."), "wrong_state")
    return may_act(person)


def may_withdraw(person: Person, listing: Listing) -> Answer:
    """The owner, at any time, suspended or not, while it is pending, returned or published.

    A merged entry stays merged; but people can always withdraw what they say of themselves.
    """
    if not is_owner(person, listing):
        return Denied(_("Only the person who maintains this entry can withdraw it."))
    if listing.state not in {State.PENDING, State.RETURNED, State.PUBLISHED}:
        return Denied(
            _("You cannot withdraw this entry, because it was withdrawn, rejected or removed."), "wrong_state"
        )
    if listing.merged_into_id and listing.of != Kind.PERSON:
        return Denied(
            _("This entry is now part of another entry. Contact the person who maintains that entry."), "merged"
        )
    return True


def may_confirm(person: Person | None, listing: Listing) -> Answer:
    """The owner, while it is published."""
    if not is_owner(person, listing):
        return Denied(_("Only the person who maintains this entry can confirm it."))
    if listing.state != State.PUBLISHED or listing.merged_into_id:
        return Denied(_("Only a published entry can be confirmed."), "wrong_state")
    return True


def may_hand_over(person: Person | None, listing: Listing) -> Answer:
    """The owner or a moderator of the community; never a person's own entry."""
    if not is_owner(person, listing) and not (answer := may_look_after(person)):
        return answer
    if listing.of == Kind.PERSON:
        return Denied(_("An entry for a person cannot be handed over. People can only list themselves."), "person")
    if listing.state != State.PUBLISHED or listing.merged_into_id:
        return Denied(_("Only a published entry can be handed over."), "wrong_state")
    return may_act(person)


def may_look_after(person: Person | None) -> Answer:
    """A moderator or organizer of the community: merges, verifies, gives an entry a new owner."""
    answer = may_act(person)
    if person is None or not answer:
        return answer
    return _moderates(person) or Denied(
        _("Only moderators of the calendar and directory can do this. Ask one of them.")
    )


def may_vouch(person: Person, listing: Listing) -> Answer:
    """As `may_look_after`, but nobody verifies their own entries."""
    answer = may_look_after(person)
    if not answer:
        return answer
    if is_owner(person, listing):
        return Denied(_("You maintain this entry, so another moderator must do this."), "own")
    if listing.of != Kind.ORGANIZATION or listing.state != State.PUBLISHED or listing.merged_into_id:
        return Denied(_("Only a published organization can be verified."), "wrong_state")
    return True


def may_prove(person: Person | None, listing: Listing) -> Answer:
    """The owner of a published organization asks for an e-mail to its domain."""
    if not is_owner(person, listing):
        return Denied(_("Only the person who maintains this entry can do this."))
    if listing.of != Kind.ORGANIZATION or listing.state != State.PUBLISHED or listing.merged_into_id:
        return Denied(_("Only a published organization can be verified."), "wrong_state")
    return may_act(person)


def may_name(person: Person | None, listing: Listing) -> Answer:
    """The owner of a verified organization names its representatives."""
    answer = may_prove(person, listing)
    if not answer:
        return answer
    return bool(lookup.current_verifications([listing.pk])) or Denied(
        _("Verify the organization first. Then you can name its representatives."), "not_verified"
    )


def may_end(person: Person, representative: Representative) -> Answer:
    """The organization's owner, the representative, and moderators of the community."""
    if representative.person_id == getattr(person, "pk", 0) or is_owner(person, representative.organization):
        return True
    return may_look_after(person)
