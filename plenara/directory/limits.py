"""How often one person may send something to the directory, and how much of theirs may wait at once."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from plenara.accounts.models import Invitation, Person
from plenara.accounts.rules import may_act
from plenara.core import clock
from plenara.core.models import Act
from plenara.core.refusals import Answer, No, require
from plenara.directory.models import EntryState, Listing

#: Entries and changes that an account sends in an hour; new entries of an account that wait at once.
MOST_AN_HOUR, MOST_WAITING = 20, 10
#: The same for an account that has nothing published yet: what is sent in bulk comes from such.
FIRST_AN_HOUR, FIRST_WAITING = 5, 3
#: Invitations to keep an entry or to speak for an organization that one person sends in a day.
MOST_INVITED = 20
SENT = ("listing.proposed", "listing.revised", "listing.sent_again")


def hold(person: Any) -> None:
    """Let two acts of one person follow each other, so that limits count both: the second finds what the first wrote.

    Held after the entry that it is about, as who erases an account does. Who was suspended meanwhile, or erased, is
    refused. SQLite has one writer anyhow.
    """
    require(may_act(Person.objects.select_for_update().filter(pk=person.pk).first()))


def not_too_often(person: Any) -> Answer:
    """An account sends so many in an hour, and has so many new ones waiting. Three queries."""
    own = Listing.objects.filter(owner=person)
    is_known = own.filter(state=EntryState.PUBLISHED).exists()
    since = clock.now() - datetime.timedelta(hours=1)
    sent = Act.objects.filter(actor_id=person.pk, verb__in=SENT, at__gt=since).count()
    if sent >= (MOST_AN_HOUR if is_known else FIRST_AN_HOUR):
        return No(
            _("You have sent %(count)d entries within an hour. Send this one a little later.") % {"count": sent},
            "too_often",
        )
    waiting = own.filter(state=EntryState.PENDING).count()
    if waiting >= (MOST_WAITING if is_known else FIRST_WAITING):
        return No(
            _("%(count)d of your entries wait for a moderator. Send this one when they are decided on.")
            % {"count": waiting},
            "too_many_waiting",
        )
    return True


def not_too_many_invited(person: Any) -> Answer:
    """So few invitations a day that they cannot serve to send mail in bulk. One query."""
    since = clock.now() - datetime.timedelta(days=1)
    kinds = ("listing_owner", "listing_representative")
    sent = Invitation.objects.filter(invited_by=person, created_at__gt=since, purpose__kind__in=kinds).count()
    return sent < MOST_INVITED or No(
        _("You have sent %(count)d invitations today. Go on tomorrow.") % {"count": sent}, "too_many"
    )
