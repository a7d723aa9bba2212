"""Marks on what was published before somebody represented an organization, and the letters about disputed bylines."""

from django.conf import settings

from plenara.accounts.models import Person
from plenara.contributions import tasks
from plenara.contributions.models import Dispute
from plenara.contributions.organizations import actions, marking
from plenara.core.languages import in_language
from plenara.core.transaction import writing
from plenara.directory.models import Representative
from plenara.mail import letters


def mark_organization(representative_id: int, after: int = 0) -> None:
    """Mark what a representative published since they are one, a batch at a time."""
    _mark(representative_id, after)


@writing
def _mark(representative_id: int, after: int) -> None:
    found = Representative.objects.filter(pk=representative_id, until=None, person__isnull=False)
    representative = found.select_related("organization").first()
    if representative is None:
        return  # ended meanwhile
    if last := marking.mark_published(representative, after):
        verifications = representative.organization.verifications.filter(ended_at=None).values_list("pk", flat=True)
        key = f"mark-{representative_id}-{verifications.last()}-{representative.organization.revision}-{last}"
        tasks.mark_organization.using(key=key).enqueue(representative_id=representative_id, after=last)


def tell_dispute(dispute_id: int, status: str, person_id: int) -> None:
    """Tell an author that their byline is disputed; and both sides, what was decided."""
    dispute = actions.found().filter(pk=dispute_id, status=status).first()
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if dispute is None or person is None or dispute.edition.is_gone:
        return
    edition, language = dispute.edition, person.language
    letters.send(
        to=person,
        template="contributions/organizations/mail/" + ("disputed" if status == Dispute.Status.PENDING else "decided"),
        context={
            "dispute": dispute,
            "symbol": edition.symbol,
            "consultation_title": in_language(edition.consultation.title, language).text,
            "organization": in_language(dispute.organization.details.get("name"), language).text,
            "is_author": edition.contribution.author_id == person_id,
            "is_upheld": status == Dispute.Status.UPHELD,
            "foreign": dispute.answer_language if dispute.answer_language != language else "",
            "public": f"{settings.SITE_URL}/{language}/consultations/{edition.consultation.slug}"
            f"/contributions/{edition.number}/",
        },
        key=f"dispute-{dispute_id}-{status}-{person_id}",
    )
