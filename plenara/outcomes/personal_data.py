"""Personal data in bodies and outcomes: export, erasure, retention."""

import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, ErasureChoice, erases
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.outcomes import permissions
from plenara.outcomes.actions import printed_files
from plenara.outcomes.actions.bodies import cache_tags_of
from plenara.outcomes.actions.meetings import files_failed, overdue_files
from plenara.outcomes.models import (
    Body,
    Dossier,
    DossierFile,
    Member,
    OutcomeParagraph,
    Position,
    Proposal,
    PublishedObjection,
)


@erases
def erase_memberships(erasure: Erasure) -> None:
    """Erase the name and organization of each membership, and end present ones. Part, group and country stay."""
    for each in Member.objects.filter(person=erasure.person).select_related("body__consultation").order_by("pk"):
        if each.body.is_public:
            erasure.cache_tags |= cache_tags_of(each.body)
        Position.objects.filter(member=each).delete()
        each.name = each.organization = ""
        yesterday = permissions.today() - datetime.timedelta(days=1)
        if each.until is None or each.until > yesterday:
            each.until = max(yesterday, each.since) if each.since else yesterday
        each.save(update_fields=["name", "organization", "until"])


@erases
def erase_objections(erasure: Erasure) -> None:
    """Erase the name of objections to published paragraphs; the reason too, if words are to be erased."""
    objections = PublishedObjection.objects.filter(person=erasure.person)
    for each in objections.select_related("outcome_paragraph__paragraph__edition__consultation"):
        erasure.cache_tags.add(each.outcome_paragraph.paragraph.edition.consultation.cache_tag)
    objections.update(name="", **({"reason": ""} if erasure.choice == ErasureChoice.TOMBSTONES else {}))


@erases
def erase_proposals(erasure: Erasure) -> None:
    """Blank the person's proposals and answers. Accepted words stay in the document, without a name."""
    proposals = Proposal.objects.filter(by=erasure.person)
    proposals.filter(state=Proposal.State.PENDING).update(state=Proposal.State.WITHDRAWN)
    proposals.update(text="", heading="", note="")
    Proposal.objects.filter(answered_by=erasure.person).exclude(answer="").update(answer="")


@exports(
    "memberships",
    _("Bodies of which you are or were a member, your positions on their paragraphs, and your objections"),
    of=["outcomes.Member.person", "outcomes.PublishedObjection.person"],
    purpose=Purpose.WORK,
)
def export_memberships(person: Person) -> Rows:
    """Yield the person's memberships, positions and published objections."""
    for member in Member.objects.filter(person=person).select_related("body").order_by("pk"):
        yield {
            "what": "member",
            "body": member.body.slug,
            "part": member.part,
            "name": member.name,
            "stakeholder_group": member.stakeholder_group,
            "organization": member.organization,
            "country": member.country,
            "since": str(member.since or ""),
            "until": str(member.until or ""),
            "added_at": member.added_at,
        }
    held = Position.objects.filter(member__person=person).select_related("paragraph").order_by("pk")
    for position in held.iterator(chunk_size=500):
        yield {
            "what": "position",
            "document": position.paragraph.document_id,
            "number": position.paragraph.number,
            "holds": position.holds,
            "reason": position.reason,
            "at": position.at,
        }
    published = PublishedObjection.objects.filter(person=person).select_related("outcome_paragraph__paragraph__edition")
    for objection in published.order_by("pk").iterator(chunk_size=500):
        paragraph = objection.outcome_paragraph.paragraph
        yield {
            "what": "objection",
            "symbol": paragraph.edition.symbol,
            "number": paragraph.public_number,
            "name": objection.name,
            "reason": objection.reason,
        }


@exports(
    "outcomes",
    _(
        "Wording that you proposed for outcomes, proposals that you answered, paragraphs that you "
        "declared agreed, bodies that you created"
    ),
    of=[
        "outcomes.Proposal.by",
        "outcomes.Proposal.answered_by",
        "outcomes.OutcomeParagraph.agreed_by",
        "outcomes.Body.created_by",
        "outcomes.Dossier.created_by",
        "outcomes.DossierFile.asked_by",
    ],
    purpose=Purpose.WORK,
)
def export_work(person: Person) -> Rows:
    """Yield the person's work on outcomes."""
    proposed = Proposal.objects.filter(Q(by=person) | Q(answered_by=person)).select_related("paragraph")
    for each in proposed.order_by("pk").iterator(chunk_size=500):
        is_own, is_answered = each.by_id == person.pk, each.answered_by_id == person.pk
        yield {
            "what": "proposal",
            "document": each.paragraph.document_id,
            "number": each.paragraph.number,
            "heading": each.heading if is_own else None,
            "text": each.text if is_own else None,
            "note": each.note if is_own else None,
            "state": each.state,
            "at": each.at if is_own else None,
            "answer": each.answer if is_answered else None,
            "answered_at": each.answered_at if is_answered else None,
        }
    for outcome_paragraph in (
        OutcomeParagraph.objects.filter(agreed_by=person).select_related("paragraph").order_by("pk")
    ):
        yield {
            "what": "declared agreed",
            "document": outcome_paragraph.paragraph.document_id,
            "number": outcome_paragraph.paragraph.number,
            "at": outcome_paragraph.agreed_at,
        }
    for body in Body.objects.filter(created_by=person).order_by("pk"):
        yield {"what": "body", "body": body.slug, "at": body.created_at}
    for dossier in Dossier.objects.filter(created_by=person).order_by("pk"):
        yield {"what": "dossier", "event": dossier.event_id, "at": dossier.created_at}
    for file in DossierFile.objects.filter(asked_by=person).select_related("dossier").order_by("pk"):
        yield {"what": "file", "event": file.dossier.event_id, "language": file.language, "at": file.asked_at}


def delete_expired_files() -> None:
    """Delete files of deleted dossiers and files that are no longer public; mark stuck ones as failed."""
    for each in overdue_files():
        files_failed(it=each, failure="late")
        printed_files.forget_pieces(each)
    known = list(DossierFile.objects.select_related("dossier__event", "dossier__body__consultation"))
    printed_files.forget_others(known)
    for it in known:
        if it.state == DossierFile.State.READY and not printed_files.offered(it):
            printed_files.folder_of(it).forget_all()
