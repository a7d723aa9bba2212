"""What follows a submission: a receipt by mail. And whom later letters about a consultation go to: its authors."""

from typing import Any

from django.db.models import QuerySet

from plenara.common.vocabulary import licence_name
from plenara.consultations.models import Consultation
from plenara.consultations.participants import takes_part
from plenara.contributions.models import Contribution, Version
from plenara.ledger.errands import errand
from plenara.mail import letters


@errand("contributions.send_receipt")
def send_receipt(version_id: int) -> None:
    """Send the author a receipt: number, time, digest, text, licence."""
    version = (
        Version.objects.select_related(
            "text", "contribution__author", "contribution__thread", "contribution__consultation"
        )
        .filter(pk=version_id)
        .first()
    )
    if version is None or version.contribution.author is None:
        return  # erased meanwhile
    consultation = version.contribution.consultation
    letters.send(
        to=version.contribution.author,
        template="contributions/mail/receipt",
        context={
            "version": version,
            "thread": version.contribution.thread,
            "consultation": consultation,
            "licence": licence_name(consultation.licence),
        },
        key=f"receipt-{version.pk}",
    )


@takes_part
def authors(consultation: Consultation) -> QuerySet[Any]:
    """Return the ids of those who contributed to a consultation, whatever became of it."""
    return Contribution.objects.filter(consultation=consultation, author__isnull=False).values("author_id")
