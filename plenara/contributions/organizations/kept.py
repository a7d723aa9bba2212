"""What is kept of the bylines that a person disputed or decided on, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.contributions.models import Dispute


@tells("disputes", _("Bylines that you disputed for an organization"), of=["contributions.Dispute.person"])
def disputes(person: Person) -> Rows:
    """Yield what the person disputed, and what was decided."""
    for each in Dispute.objects.filter(person=person).select_related("edition", "organization").order_by("pk"):
        yield {
            "contribution": each.edition.symbol,
            "organization": each.organization.number,
            "at": each.at,
            "text": each.text,
            "language": each.language,
            "status": each.status,
            "answer": each.answer,
            "decided_at": each.decided_at,
        }


@tells("disputes_decided", _("Disputed bylines that you decided on"), of=["contributions.Dispute.decided_by"])
def decided(person: Person) -> Rows:
    """Yield what the person decided."""
    for each in Dispute.objects.filter(decided_by=person).select_related("edition").order_by("pk"):
        yield {
            "contribution": each.edition.symbol,
            "status": each.status,
            "answer": each.answer,
            "language": each.answer_language,
            "at": each.decided_at,
        }
