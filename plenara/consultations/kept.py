"""What consultations keep of a person, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.consultations.models import Follow, Role


@tells("roles", _("Your roles in consultations"), of=["consultations.Role.person"])
def roles(person: Person) -> Rows:
    """Yield the person's roles."""
    for each in Role.objects.filter(person=person).select_related("consultation").order_by("pk"):
        yield {
            "consultation": each.consultation.slug,
            "role": each.name,
            "language": each.language,
            "granted_at": each.granted_at,
        }


@tells("follows", _("What you follow, and how often you get mail about it"), of=["consultations.Follow.person"])
def follows(person: Person) -> Rows:
    """Yield what the person wants to hear of."""
    for each in Follow.objects.filter(person=person).select_related("consultation", "thread").order_by("pk"):
        yield {
            "what": each.what,
            "consultation": each.consultation.slug if each.consultation else "",
            "question": each.thread.number if each.thread else None,
            "pace": each.pace,
            "since": each.since,
        }
