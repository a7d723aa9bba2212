"""Deciding on a campaign as one: each of its authors gets a decision and a letter of their own.

A hundred are decided in one transaction, the rest by errands, each of which asks again whether its moderator may. A
kill leaves every item either decided or waiting, and the errand goes on with those that wait.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from plenara.common import clock
from plenara.common.languages import current, django_code
from plenara.common.refusals import AlreadyDone, Invalid, NotAllowed, require, require_valid
from plenara.consultations.rules import may_moderate
from plenara.ledger.actions import owe, record
from plenara.ledger.transaction import writing
from plenara.moderation import checks, queue, rules
from plenara.moderation.actions.deciding import decide, locked
from plenara.moderation.models import Campaign, CampaignMember, Code, Decision, Item, Suggestion
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import grouping, likeness

#: Items that one transaction decides.
AT_ONCE = 100
#: What can be decided on many at once: a move has too much to say of each.
CODES = (Code.APPROVED, Code.RETURNED, Code.REJECTED)


@dataclass(frozen=True)
class Outcome:
    """What came of deciding on a campaign."""

    decisions: list[Decision]
    later: int  # items that errands decide in the next minutes
    left: int  # items that were asked for and wait on: open with somebody else, or on hold


def decidable(actor: Any, campaign: Campaign) -> list[Item]:
    """Return the items of a campaign that a person may decide on now, the oldest thing first. One query."""
    found = Item.objects.filter(campaign=campaign, why=Item.Why.PENDING).filter(queue.in_wait())
    found = found.exclude(queue.own(actor)).select_related("claimed_by")
    return [item for item in found.order_by("object_id") if rules.is_free(actor, item)]


@writing
def decide_campaign(
    *,
    actor: Any,
    campaign: Campaign,
    code: str,
    reason: str = "",
    sentence: str = "",
    sentence_language: str = "",
    chosen: list[int] | None = None,
    until: int = 0,
) -> Outcome:
    """Decide on the items `chosen`, or on all that wait and had come when the page was made (`until`, an item's id)."""
    require(may_moderate(actor, campaign.consultation))
    likeness.alone(campaign.consultation_id)
    wanted = [item for item in decidable(actor, campaign) if _is_wanted(item, chosen, until)]
    if code not in CODES:
        raise Invalid(_("Choose a decision."), "code", "code")
    if not wanted:
        if chosen == []:
            raise Invalid(_("Choose the contributions to decide on."), "chosen", "which")
        raise AlreadyDone(_("Nothing of this campaign waits for you any more."), "decided")
    thing = KINDS[campaign.kind].find(wanted[0].object_id)
    language = sentence_language or current()
    require_valid(
        *checks.decision_fits(thing, code=code, reason=reason, sentence=sentence, language=language, thread=None)
    )
    asked = len(chosen) if chosen is not None else campaign.items.filter(why=Item.Why.PENDING, pk__lte=until).count()
    decisions = _decide(actor, campaign, wanted[:AT_ONCE], code, reason, sentence, language)
    rest = [item.pk for item in wanted[AT_ONCE:]]
    if rest and decisions:
        _owe(campaign, decisions[0], rest)
    return Outcome(decisions, len(rest) if decisions else 0, max(0, asked - len(decisions) - len(rest)))


def _is_wanted(item: Item, chosen: list[int] | None, until: int) -> bool:
    return item.pk in chosen if chosen is not None else item.pk <= until


@writing
def go_on(*, campaign_id: int, decision_id: int, items: list[int]) -> None:
    """Decide on further items of a campaign as it was decided on the first; nothing where that was undone."""
    decision = Decision.objects.select_related("moderator", "consultation").filter(pk=decision_id).first()
    campaign = Campaign.objects.select_related("consultation").filter(pk=campaign_id).first()
    if decision is None or campaign is None or decision.undone_at:
        return
    actor = decision.moderator
    require(may_moderate(actor, campaign.consultation))
    likeness.alone(campaign.consultation_id)
    asked = set(items)
    wanted = [item for item in decidable(actor, campaign) if item.pk in asked]
    with override(django_code(decision.sentence_language or "en")):
        _decide(
            actor,
            campaign,
            wanted[:AT_ONCE],
            decision.code,
            decision.reason,
            decision.sentence,
            decision.sentence_language or "en",
        )
    if rest := [item.pk for item in wanted[AT_ONCE:]]:
        _owe(campaign, decision, rest)


def _owe(campaign: Campaign, decision: Decision, rest: list[int]) -> None:
    owe(
        "moderation.decide_campaign",
        key=f"decide-campaign-{decision.pk}-{rest[0]}",
        campaign_id=campaign.pk,
        decision_id=decision.pk,
        items=rest,
    )


def _decide(
    actor: Any, campaign: Campaign, items: list[Item], code: str, reason: str, sentence: str, language: str
) -> list[Decision]:
    """Decide on each by itself; what was decided, sent anew or taken in hand by somebody else meanwhile is left."""
    publishable = KINDS[campaign.kind]
    members = campaign.members.filter(taken_out_at=None).values("object_id")
    lead = publishable.lead_of(members) if code == Code.APPROVED else None
    if lead:
        publishable.gather(lead, members)
    decisions = []
    for item in items:
        thing = publishable.find(item.object_id)
        stands_there = lead and thing and (lead.thread_id, lead.in_reply_to) == _place(thing)
        try:
            decision = decide(
                actor=actor,
                kind=campaign.kind,
                pk=item.object_id,
                version_id=item.version_id,
                code=code,
                reason=reason,
                sentence=sentence,
                sentence_language=language,
                campaign_of=lead.number if lead and stands_there else None,
            )
        except (AlreadyDone, Invalid, NotAllowed):
            continue
        decisions.append(decision)
        if code == Code.APPROVED and lead is None:
            lead = publishable.lead_of(members)
    return decisions


def _place(thing: Any) -> tuple[int, int | None]:
    """Return where an edition of a thing stands: below which question, in answer to which number."""
    return thing.thread_id, thing.in_reply_to.number if thing.in_reply_to else None


@writing
def take_out(*, actor: Any, campaign: Campaign, pk: int) -> CampaignMember:
    """Take a thing out of a campaign: it is decided on by itself, and no machine puts it back."""
    publishable = KINDS[campaign.kind]
    thing = locked(publishable, pk)
    require(rules.may_decide(actor, thing))
    member = campaign.members.filter(object_id=pk).first()
    if member is None or member.taken_out_at:
        raise AlreadyDone(_("It stands by itself already."), "out")
    likeness.alone(campaign.consultation_id)
    member.taken_out_at = clock.now()
    member.save(update_fields=["taken_out_at"])
    Item.objects.filter(kind=campaign.kind, object_id=pk).update(campaign=None)
    same = Suggestion.objects.filter(kind=campaign.kind, object_id=pk, what=Suggestion.What.SAME)
    first = campaign.first_id
    grouping.pass_on(campaign, pk)
    same.update(details={"with": [[first if first != pk else campaign.first_id, member.shared]]})
    publishable.stand_alone(thing)
    record("moderation.taken_out", actor=actor, about=thing, consultation=campaign.consultation, campaign=campaign.pk)
    return member
