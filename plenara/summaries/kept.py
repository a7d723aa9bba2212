"""What summaries keep of a person, for the person."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.summaries.models import Draft, Group, Grouping, Member, ReadMark, SetAside


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


@tells(
    "summary_groups",
    _("As a rapporteur: groups of like sentences that you asked for, and what you did to them"),
    of=["summaries.Grouping.asked_by", "summaries.Group.by", "summaries.Member.by"],
)
def groups(person: Person) -> Rows:
    """Yield the person's part in groups; the sentences in them are other people's."""
    for each in Grouping.objects.filter(asked_by=person).order_by("pk"):
        yield {"what": "groups", "summary": each.summary_id, "at": each.asked_at}
    for group in Group.objects.filter(by=person).select_related("grouping").order_by("pk"):
        yield {"what": "group", "summary": group.grouping.summary_id, "name": group.name, "at": group.at}
    put = Member.objects.filter(by=person).select_related("edition").order_by("pk")
    for member in put.iterator(chunk_size=500):
        yield {"what": "sentence", "group": member.group_id, "contribution": member.edition.symbol}
