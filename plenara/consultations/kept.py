"""What consultations keep of a person, for the person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.consultations.models import Follow, Role, TextTranslation


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


@tells(
    "consultation_translations",
    _("Translations of the texts of consultations that you made or reviewed"),
    of=["consultations.TextTranslation.translator", "consultations.TextTranslation.reviewer"],
)
def translations(person: Person) -> Rows:
    """Yield what the person translated or reviewed."""
    found = TextTranslation.objects.filter(Q(translator=person) | Q(reviewer=person)).select_related("consultation")
    for each in found.order_by("pk"):
        yield {
            "consultation": each.consultation.slug,
            "text_of": each.place.partition(":")[0],
            "language": each.language,
            "text": each.text,
            "translated": each.translator_id == person.pk,
            "reviewed": each.reviewer_id == person.pk,
            "changed_at": each.changed_at,
        }
