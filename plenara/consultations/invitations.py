"""Invitations to roles: what accepting one does, and its sentence. `accounts` handles the acceptance."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts import invitations
from plenara.accounts.invitations import opens, says
from plenara.accounts.models import Invitation, Person
from plenara.consultations import validation
from plenara.consultations.actions.lifecycle import lock_consultation
from plenara.consultations.actions.roles import acting_organizers, give
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.presenters import wording
from plenara.core.refusals import InvalidInput, require_valid
from plenara.core.rows import Json
from plenara.core.vocabulary import language_in_sentence

KIND = "consultation_role"
#: Invitations that the desk lists.
MOST_SHOWN = 200


def purpose(consultation: Consultation, role: str, language: str) -> Json:
    """Return what an invitation to a role stores: ids and codes."""
    return {"kind": KIND, "consultation_id": consultation.pk, "role": role, "language": language}


def pending(consultation: Consultation) -> QuerySet[Invitation]:
    """Return the invitations to roles in a consultation that may still be accepted, the latest first."""
    return invitations.pending(KIND, consultation_id=consultation.pk)


def latest(consultation: Consultation) -> list[Invitation]:
    """Return the latest invitations to roles in a consultation: first those that may still be accepted."""
    found = Invitation.objects.select_related("invited_by", "accepted_by").filter(
        purpose__kind=KIND, purpose__consultation_id=consultation.pk
    )
    return sorted(found.order_by("-created_at", "-pk")[:MOST_SHOWN], key=lambda each: not each.is_pending)


@opens(KIND)
def grant(invitation: Invitation, person: Person) -> str | None:
    """Grant the role if the person who offered it still could; return the consultation's page at the desk."""
    found = Consultation.objects.filter(pk=invitation.purpose["consultation_id"]).first()
    if found is None:
        raise InvalidInput(_("This consultation no longer exists."), "gone")
    consultation = lock_consultation(found)
    inviter = invitation.invited_by
    if inviter is None or not acting_organizers(consultation).filter(person=inviter).exists():
        raise InvalidInput(
            _("The person who invited you no longer organizes this consultation. Ask for a new invitation."), "over"
        )
    role, language = invitation.purpose["role"], invitation.purpose["language"]
    require_valid(validation.role_fits(role, language), validation.can_hold_role(person))
    # They accepted it themselves a moment ago, so no e-mail notifies them.
    give(actor=inviter, consultation=consultation, person=person, name=role, language=language, notify=False)
    return reverse("desk_consultation", args=[consultation.slug])


@says(KIND)
def sentence(purpose: Json) -> str:
    """Return what the person is invited to do, in the active language."""
    consultation = Consultation.objects.filter(pk=purpose["consultation_id"]).first()
    return _sentences()[purpose["role"]] % {
        "title": wording.title(consultation) if consultation else "",
        "language": language_in_sentence(purpose["language"]) if purpose["language"] else "",
    }


def _sentences() -> dict[str, str]:
    return {
        RoleName.ORGANIZER: _("You are invited to organize the consultation “%(title)s”."),
        RoleName.MODERATOR: _("You are invited to moderate the consultation “%(title)s”."),
        RoleName.RAPPORTEUR: _("You are invited to be a rapporteur of the consultation “%(title)s”."),
        RoleName.TRANSLATOR: _(
            "You are invited to translate for the consultation “%(title)s”. Your language: %(language)s."
        ),
    }
