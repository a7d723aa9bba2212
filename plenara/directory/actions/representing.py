"""Who speaks for a verified organization: named by its owner, by an invitation that they accept; ended by a date."""

from typing import Any

from plenara.accounts.actions import invite
from plenara.accounts.models import Invitation
from plenara.core import audit, clock
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.directory import limits, rules
from plenara.directory.invitations import representative_purpose
from plenara.directory.models import Listing, Representative


@writing
def name_representative(*, actor: Any, organization: Listing, address: str, language: str = "") -> Invitation:
    """Invite an address to speak for a verified organization."""
    require(rules.may_name(actor, organization))
    limits.hold(actor)
    require_valid(limits.not_too_many_invited(actor))
    invitation, _token = invite(
        actor=actor, address=address, purpose=representative_purpose(organization), language=language
    )
    return invitation


@writing
def end_representation(*, actor: Any, representative: Representative) -> Representative:
    """Let somebody not speak for an organization any more. What they said for it keeps its mark."""
    found = Representative.objects.select_for_update(of=("self",)).select_related("organization")
    representative = found.get(pk=representative.pk)
    if representative.until:
        return representative  # a double click
    require(rules.may_end(actor, representative))
    return _end(representative, actor)


def _end(representative: Representative, actor: Any) -> Representative:
    representative.until = clock.now()
    representative.save(update_fields=["until"])
    audit.log(
        "organization.representation_ended",
        actor=actor,
        about=representative.organization,
        representative=representative.pk,
    )
    return representative
