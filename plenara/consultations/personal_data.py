"""Personal data of consultations, and when a person must find another organizer before they erase their account."""

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import prevents_erasure
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.consultations.actions.roles import acting_organizers
from plenara.consultations.models import Consultation, Follow, Role, RoleName, TextTranslation
from plenara.consultations.presenters import wording
from plenara.core.refusals import Answer, Denied


@prevents_erasure
def last_organizer(person: Person) -> Answer:
    """Refuse to erase a consultation's last organizer. A suspended one does not act for it, so they may leave."""
    if person.is_suspended:
        return True
    organized = Consultation.objects.filter(roles__person=person, roles__name=RoleName.ORGANIZER).order_by("pk")
    for consultation in organized:
        if not acting_organizers(consultation).exclude(person=person).exists():
            return Denied(
                gettext(
                    "You are the last organizer of the consultation “%(title)s”. Make someone else its organizer "
                    "before you erase your account."
                )
                % {"title": wording.title(consultation)},
                "last_organizer",
            )
    return True


@exports("roles", gettext_lazy("Your roles in consultations"), of=["consultations.Role.person"], purpose=Purpose.WORK)
def roles(person: Person) -> Rows:
    """Yield the person's roles."""
    for each in Role.objects.filter(person=person).select_related("consultation").order_by("pk"):
        yield {
            "consultation": each.consultation.slug,
            "role": each.name,
            "language": each.language,
            "granted_at": each.granted_at,
        }


@exports(
    "follows",
    gettext_lazy("What you follow, and how often you get e-mails about it"),
    of=["consultations.Follow.person"],
    purpose=Purpose.ACCOUNTS,
)
def follows(person: Person) -> Rows:
    """Yield the person's follows."""
    for each in Follow.objects.filter(person=person).select_related("consultation", "thread").order_by("pk"):
        yield {
            "what": each.what,
            "consultation": each.consultation.slug if each.consultation else "",
            "question": each.thread.number if each.thread else None,
            "pace": each.pace,
            "since": each.since,
        }


@exports(
    "consultation_translations",
    gettext_lazy("Consultation texts that you translated, and translations that you reviewed"),
    of=["consultations.TextTranslation.translator", "consultations.TextTranslation.reviewer"],
    purpose=Purpose.WORK,
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
