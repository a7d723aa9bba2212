"""Whom a consultation cannot do without yet: its last organizer finds another one before erasing their account.

Roles and what somebody follows go with their row.
"""

from django.utils.translation import gettext as _

from plenara.accounts.erasing import prevents
from plenara.accounts.models import Person
from plenara.consultations import shown
from plenara.consultations.actions.roles import acting_organizers
from plenara.consultations.models import Consultation, RoleName
from plenara.core.refusals import Answer, No


@prevents
def last_organizer(person: Person) -> Answer:
    """Somebody always answers for a consultation. Who is suspended does not, so they may leave."""
    if person.is_suspended:
        return True
    organized = Consultation.objects.filter(roles__person=person, roles__name=RoleName.ORGANIZER).order_by("pk")
    for consultation in organized:
        if not acting_organizers(consultation).exclude(person=person).exists():
            return No(
                _(
                    "You are the last organizer of the consultation “%(title)s”. "
                    "Make somebody else its organizer first, then erase your account."
                )
                % {"title": shown.title(consultation)},
                "last_organizer",
            )
    return True
