"""Handing a listing over to somebody who keeps it from then on: by an invitation that they accept."""

from typing import Any

from plenara.accounts.actions import invite
from plenara.accounts.models import Invitation
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.directory import limits, rules
from plenara.directory.invitations import owner_purpose
from plenara.directory.models import Listing


@writing
def hand_over(*, actor: Any, listing: Listing, address: str, language: str = "") -> Invitation:
    """Invite an address to keep a listing. Until the invitation is accepted, everything stays as it is.

    The owner hands over; who moderates the community may, too: an organization whose owner has left is taken over so.
    """
    require(rules.may_hand_over(actor, listing))
    limits.hold(actor)
    require_valid(limits.not_too_many_invited(actor))
    invitation, _token = invite(actor=actor, address=address, purpose=owner_purpose(listing), language=language)
    return invitation
