"""What outcomes keep of a person, for the person: as a member of bodies, and as who arranges their work."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.outcomes.models import Body, Dossier, DossierFile, Member, Position, Proposal, PublishedObjection, Stand


@tells(
    "memberships",
    _("Bodies of which you are or were a member, what you held of their paragraphs, and what you objected to"),
    of=["outcomes.Member.person", "outcomes.PublishedObjection.person"],
)
def memberships(person: Person) -> Rows:
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
    published = PublishedObjection.objects.filter(person=person).select_related("stand__paragraph__edition")
    for objection in published.order_by("pk").iterator(chunk_size=500):
        paragraph = objection.stand.paragraph
        yield {
            "what": "objection",
            "symbol": paragraph.edition.symbol,
            "number": paragraph.told_as,
            "name": objection.name,
            "reason": objection.reason,
        }


@tells(
    "outcomes",
    _("Words that you proposed for outcomes or answered, paragraphs that you declared agreed, bodies that you made"),
    of=[
        "outcomes.Proposal.by",
        "outcomes.Proposal.answered_by",
        "outcomes.Stand.agreed_by",
        "outcomes.Body.created_by",
        "outcomes.Dossier.created_by",
        "outcomes.DossierFile.asked_by",
    ],
)
def outcomes(person: Person) -> Rows:
    """Yield what the person did for outcomes."""
    proposed = Proposal.objects.filter(Q(by=person) | Q(answered_by=person)).select_related("paragraph")
    for each in proposed.order_by("pk").iterator(chunk_size=500):
        is_mine, is_answered = each.by_id == person.pk, each.answered_by_id == person.pk
        yield {
            "what": "proposal",
            "document": each.paragraph.document_id,
            "number": each.paragraph.number,
            "heading": each.heading if is_mine else None,
            "text": each.text if is_mine else None,
            "note": each.note if is_mine else None,
            "state": each.state,
            "at": each.at if is_mine else None,
            "answer": each.answer if is_answered else None,
            "answered_at": each.answered_at if is_answered else None,
        }
    for stand in Stand.objects.filter(agreed_by=person).select_related("paragraph").order_by("pk"):
        yield {
            "what": "declared agreed",
            "document": stand.paragraph.document_id,
            "number": stand.paragraph.number,
            "at": stand.agreed_at,
        }
    for body in Body.objects.filter(created_by=person).order_by("pk"):
        yield {"what": "body", "body": body.slug, "at": body.created_at}
    for dossier in Dossier.objects.filter(created_by=person).order_by("pk"):
        yield {"what": "dossier", "event": dossier.event_id, "at": dossier.created_at}
    for file in DossierFile.objects.filter(asked_by=person).select_related("dossier").order_by("pk"):
        yield {"what": "file", "event": file.dossier.event_id, "language": file.language, "at": file.asked_at}
