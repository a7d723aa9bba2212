"""What follows an erasure in outcomes: no body names the person any more, and what they held counts no longer."""

import datetime

from plenara.accounts.erasing import Choice, Erasure, erases
from plenara.outcomes import rules
from plenara.outcomes.actions.bodies import cache_tags_of
from plenara.outcomes.models import Member, Position, Proposal, PublishedObjection


@erases
def memberships(erasure: Erasure) -> None:
    """Take the name and organization of each membership; one that lasts ends. Part, group and country stay."""
    for each in Member.objects.filter(person=erasure.person).select_related("body__consultation").order_by("pk"):
        if each.body.is_public:
            erasure.cache_tags |= cache_tags_of(each.body)
        Position.objects.filter(member=each).delete()
        each.name = each.organization = ""
        yesterday = rules.today() - datetime.timedelta(days=1)
        if each.until is None or each.until > yesterday:
            each.until = max(yesterday, each.since) if each.since else yesterday
        each.save(update_fields=["name", "organization", "until"])


@erases
def objections(erasure: Erasure) -> None:
    """Take the name under what was objected to a published paragraph; the reason too, where words are to go."""
    mine = PublishedObjection.objects.filter(person=erasure.person)
    for each in mine.select_related("stand__paragraph__edition__consultation"):
        erasure.cache_tags.add(each.stand.paragraph.edition.consultation.cache_tag)
    mine.update(name="", **({"reason": ""} if erasure.choice == Choice.TOMBSTONES else {}))


@erases
def proposals(erasure: Erasure) -> None:
    """Blank what the person proposed and answered. Words that were taken stand in the document, under nobody's name."""
    mine = Proposal.objects.filter(by=erasure.person)
    mine.filter(state=Proposal.State.PENDING).update(state=Proposal.State.WITHDRAWN)
    mine.update(text="", heading="", note="")
    Proposal.objects.filter(answered_by=erasure.person).exclude(answer="").update(answer="")
