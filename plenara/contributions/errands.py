"""What follows a submission: a receipt by mail."""

from plenara.common.vocabulary import licence_name
from plenara.contributions.models import Version
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
