"""Personal data in summaries: export, erasure, retention."""

from itertools import batched

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, erases
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.contributions.models import Edition
from plenara.core.transaction import writes
from plenara.search.actions import index as search_actions
from plenara.search.models import Vector
from plenara.summaries.groups.actions.editing import forget_vectors
from plenara.summaries.groups.queries import VECTOR_KIND
from plenara.summaries.models import Draft, Group, Grouping, Member, ReadMark, SetAside


@erases
def blank_drafts(erasure: Erasure) -> None:
    """Blank refused texts and unfinished drafts in the consultations that the person contributed to.

    A refused text has no list of its contributions. A draft in the making begins again without them.
    """
    gone = Edition.objects.filter(contribution__in=erasure.erased.get("contribution", []))
    drafts = Draft.objects.filter(summary__consultation__in=gone.values("consultation"))
    drafts.exclude(work={}).update(work={})
    for draft in drafts.exclude(refused=[]):
        draft.refused = [{**each, "text": ""} for each in draft.refused]
        draft.save(update_fields=["refused"])


@exports(
    "set_aside",
    _("As a rapporteur: contributions that you set aside, and why"),
    of=["summaries.SetAside.by"],
    purpose=Purpose.WORK,
)
def set_aside(person: Person) -> Rows:
    """Yield the contributions that the person set aside."""
    for each in SetAside.objects.filter(by=person).select_related("edition").order_by("pk"):
        yield {"summary": each.summary_id, "contribution": each.edition.symbol, "reason": each.reason, "at": each.at}


@exports(
    "summary_read",
    _("As a rapporteur: contributions that you marked as read"),
    of=["summaries.ReadMark.by"],
    purpose=Purpose.WORK,
)
def read_marks(person: Person) -> Rows:
    """Yield the person's read marks."""
    for each in ReadMark.objects.filter(by=person).select_related("edition").order_by("pk").iterator(chunk_size=500):
        yield {"summary": each.summary_id, "contribution": each.edition.symbol, "at": each.at}


@exports(
    "summary_drafts",
    _("As a rapporteur: first drafts that you asked for"),
    of=["summaries.Draft.asked_by"],
    purpose=Purpose.WORK,
)
def drafts(person: Person) -> Rows:
    """Yield the drafts that the person requested."""
    for each in Draft.objects.filter(asked_by=person).order_by("pk"):
        yield {"summary": each.summary_id, "at": each.asked_at, "at_most": each.most, "made": each.made}


@exports(
    "summary_groups",
    _("As a rapporteur: groups of similar sentences that you asked for, and your changes to them"),
    of=["summaries.Grouping.asked_by", "summaries.Group.by", "summaries.Member.by"],
    purpose=Purpose.WORK,
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


@erases
def enqueue_forgetting(erasure: Erasure) -> None:
    """Enqueue the deletion of the texts' vectors. No page shows them from this moment on."""
    gone = Edition.objects.filter(contribution__in=erasure.erased.get("contribution", []))
    for pk in gone.values_list("pk", flat=True):
        forget_vectors.using(key=f"forget-vectors-{pk}").enqueue(edition_id=pk)


def delete_unpublished_vectors() -> int:
    """Delete the vectors of editions not in force, and the sentences of removed ones; return how many editions.

    The sentences of a revised one stay where a person put them, until the groups are made again and find them in the
    revision.
    """
    in_force = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED)
    over = Vector.objects.filter(kind=VECTOR_KIND, place=0).exclude(object_id__in=in_force.values("pk"))
    swept = 0
    for some in batched(list(over.values_list("object_id", flat=True)), 500):
        with writes():
            search_actions.forget_vectors(VECTOR_KIND, some)
        swept += len(some)
    with writes():
        Member.objects.exclude(edition__status=Edition.Status.PUBLISHED).delete()
    return swept
