"""What summaries keep of a person, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.summaries.models import Draft, ReadMark, SetAside


@tells("set_aside", _("As a rapporteur: contributions that you set aside, and why"), of=["summaries.SetAside.by"])
def set_aside(person: Person) -> Rows:
    """Yield what the person left out of summaries."""
    for each in SetAside.objects.filter(by=person).select_related("edition").order_by("pk"):
        yield {"summary": each.summary_id, "contribution": each.edition.symbol, "reason": each.reason, "at": each.at}


@tells("summary_read", _("As a rapporteur: contributions that you marked as read"), of=["summaries.ReadMark.by"])
def read(person: Person) -> Rows:
    """Yield what the person read for summaries."""
    for each in ReadMark.objects.filter(by=person).select_related("edition").order_by("pk").iterator(chunk_size=500):
        yield {"summary": each.summary_id, "contribution": each.edition.symbol, "at": each.at}


@tells("summary_drafts", _("As a rapporteur: first drafts that you asked for"), of=["summaries.Draft.asked_by"])
def drafts(person: Person) -> Rows:
    """Yield the drafts that the person asked a machine for."""
    for each in Draft.objects.filter(asked_by=person).order_by("pk"):
        yield {"summary": each.summary_id, "at": each.asked_at, "at_most": each.most, "made": each.made}
