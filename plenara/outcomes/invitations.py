"""Invitations to act as a member of a body: effect and wording. `accounts` handles the acceptance."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts import invitations
from plenara.accounts.invitations import opens, says
from plenara.accounts.models import Invitation, Person
from plenara.core.languages import in_language
from plenara.core.refusals import InvalidInput
from plenara.core.rows import Json
from plenara.outcomes import permissions
from plenara.outcomes.actions.bodies import INVITATION_KIND, join
from plenara.outcomes.models import Body, Member


def pending(body: Body) -> QuerySet[Invitation]:
    """Return the invitations to a body that may still be accepted, the latest first."""
    return invitations.pending(INVITATION_KIND, body_id=body.pk)


@opens(INVITATION_KIND)
def become(invitation: Invitation, person: Person) -> str | None:
    """Connect membership and person, if the inviter still has the permission; return the body's page at the desk."""
    member = Member.objects.select_related("body__consultation").filter(pk=invitation.purpose["member_id"]).first()
    if member is None:
        raise InvalidInput(_("This member has been removed. Ask for a new invitation."), "gone")
    if invitation.invited_by is None or not permissions.may_manage_body(invitation.invited_by, member.body):
        raise InvalidInput(
            _("The person who invited you no longer manages this body. Ask for a new invitation."), "over"
        )
    body = join(inviter=invitation.invited_by, member=member, person=person)
    return reverse("outcomes:desk_body", args=[body.slug])


@says(INVITATION_KIND)
def sentence(purpose: Json) -> str:
    """Return a sentence on the invitation, in the active language."""
    member = Member.objects.select_related("body").filter(pk=purpose["member_id"]).first()
    if member is None:
        return _("The place in the body to which you were invited is no longer available. Ask for a new invitation.")
    return pgettext("invitation", "You are invited to be a member of “%(body)s”, as %(name)s (%(part)s).") % {
        "body": in_language(member.body.name).text,
        "name": member.name,
        "part": Member.Part(member.part).label,
    }
