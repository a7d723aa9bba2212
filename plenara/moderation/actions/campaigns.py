"""Deciding on a campaign as one: each of its authors gets a decision and a letter of their own.

Some are decided at once, as many as a moment allows in which nobody else can write; the rest by tasks, each of which
asks again whether its moderator may. A kill leaves every item either decided or waiting, and the task goes on with
those that wait. What can be undone is decided on the rest only once that time is over, or once what was approved is
published at once: until then all of it can be.
"""

import time
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from plenara.accounts.models import Person
from plenara.consultations.permissions import may_moderate
from plenara.contributions.campaigns import detach, gather, lead_of
from plenara.core import audit, clock
from plenara.core.languages import current, django_code
from plenara.core.models import BackgroundTask, Queue
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.transaction import writing
from plenara.moderation import permissions, tasks, validation
from plenara.moderation.actions import suggestions
from plenara.moderation.actions.decisions import Together, decide, is_beside, lock_thing
from plenara.moderation.models import (
    UNDO_TIME,
    Campaign,
    CampaignMember,
    Code,
    Decision,
    Item,
    Suggestion,
)
from plenara.moderation.publishable import KINDS
from plenara.moderation.queries import queue

#: Items that one transaction decides: so few whatever it takes, and more while a moment (in seconds) lasts in which
#: nobody else can write. The letters of so few go out in turn.
FEW, AT_ONCE, MOMENT = 20, 100, 0.2
#: What can be decided on many at once: a move has too much to say of each.
CODES = (Code.APPROVED, Code.RETURNED, Code.REJECTED)


@dataclass(frozen=True)
class Outcome:
    """What came of deciding on a campaign."""

    decisions: list[Decision]
    later: int  # items that tasks decide in the next minutes
    left: int  # items that were asked for and wait on: open with somebody else, or on hold


def decidable(actor: Person, campaign: Campaign) -> QuerySet[Item]:
    """Return the items of a campaign that a person may decide on now, the oldest thing first."""
    found = Item.objects.filter(queue.in_wait(), queue.free_for(actor), campaign=campaign, why=Item.Why.PENDING)
    return found.exclude(queue.own(actor)).order_by("object_id")


@writing
def decide_campaign(
    *,
    actor: Person,
    campaign: Campaign,
    code: str,
    reason: str = "",
    sentence: str = "",
    sentence_language: str = "",
    chosen: list[int] | None = None,
    until: int = 0,
    can_undo: bool = False,
) -> Outcome:
    """Decide on the items `chosen`, or on all that wait and had come when the page was made (`until`, an item's id).

    An approval that its moderator `can_undo` is published half a minute later; any other is published at once.
    """
    require(may_moderate(actor, campaign.consultation))
    assert actor is not None  # nobody may not
    suggestions.lock_likeness(campaign.consultation_id)
    found = decidable(actor, campaign)
    found = found.filter(pk__lte=until) if chosen is None else found.filter(pk__in=chosen)
    if code not in CODES:
        raise InvalidInput(_("Choose a decision."), "code", "code")
    wanted, count = list(found[:AT_ONCE]), found.count()
    if not wanted:
        if chosen == []:
            raise InvalidInput(_("Choose the contributions to decide on."), "chosen", "which")
        raise AlreadyDone(_("Nothing of this campaign waits for you any more."), "decided")
    thing = KINDS[campaign.kind].find(wanted[0].object_id)
    language = sentence_language or current()
    require_valid(
        *validation.decision_fits(thing, code=code, reason=reason, sentence=sentence, language=language, thread=None)
    )
    asked = len(chosen) if chosen is not None else campaign.items.filter(why=Item.Why.PENDING, pk__lte=until).count()
    decisions, last = _decide(actor, campaign, wanted, code, reason, sentence, language, can_undo)
    later = found.filter(object_id__gt=last).count() if decisions and count > len(decisions) else 0
    if later:
        rest = None if chosen is None else list(found.filter(object_id__gt=last).values_list("pk", flat=True))
        _enqueue(campaign, decisions[0], items=rest, until=until, after=last)
    return Outcome(decisions, later, max(0, asked - len(decisions) - later))


@writing
def go_on(
    *, campaign_id: int, decision_id: int, items: list[int] | None = None, until: int = 0, after: int = 0
) -> None:
    """Decide on further items of a campaign as it was decided on the first; nothing where that was undone.

    Those of `items`, or all up to an item's id (`until`); what stands `after` a thing's id.
    """
    decision = Decision.objects.select_related("moderator", "consultation").filter(pk=decision_id).first()
    campaign = Campaign.objects.select_related("consultation").filter(pk=campaign_id).first()
    if decision is None or campaign is None or decision.undone_at:
        return
    actor = decision.moderator
    require(may_moderate(actor, campaign.consultation))
    assert actor is not None  # nobody may not
    suggestions.lock_likeness(campaign.consultation_id)
    found = decidable(actor, campaign).filter(object_id__gt=after)
    found = found.filter(pk__lte=until) if items is None else found.filter(pk__in=items)
    wanted = list(found[:AT_ONCE])
    if not wanted:
        return
    with override(django_code(decision.sentence_language or "en")):
        _decisions, last = _decide(
            actor,
            campaign,
            wanted,
            decision.code,
            decision.reason,
            decision.sentence,
            decision.sentence_language or "en",
        )
    if found.filter(object_id__gt=last).exists():
        _enqueue(campaign, decision, items=items, until=until, after=last)


def _enqueue(campaign: Campaign, decision: Decision, *, items: list[int] | None, until: int, after: int) -> None:
    is_over = not decision.is_undoable or not decision.at or decision.at + UNDO_TIME <= clock.now()
    tasks.decide_campaign.using(
        key=f"decide-campaign-{decision.pk}-{after}",
        run_after=None if is_over or not decision.at else decision.at + UNDO_TIME,
    ).enqueue(campaign_id=campaign.pk, decision_id=decision.pk, until=until, after=after, items=items)


def _decide(
    actor: Person,
    campaign: Campaign,
    items: list[Item],
    code: str,
    reason: str,
    sentence: str,
    language: str,
    can_undo: bool = False,
) -> tuple[list[Decision], int]:
    """Decide on each by itself while the moment lasts; return the decisions, and up to which thing it came.

    What was decided, sent anew or taken in hand by somebody else meanwhile is left.
    """
    members = campaign.members.filter(taken_out_at=None).values("object_id")
    publishes = code == Code.APPROVED and not can_undo
    lead = lead_of(members) if publishes else None
    if lead:
        gather(lead, members)
    decisions: list[Decision] = []
    end, last = time.monotonic() + MOMENT, 0
    for count, item in enumerate(items):
        if count >= FEW and time.monotonic() > end:
            break
        last = item.object_id
        thing = KINDS[campaign.kind].find(item.object_id)
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
                campaign_of=lead.number if lead and thing and is_beside(lead, thing) else None,
                can_undo=can_undo,
                together=Together(campaign.pk, len(items) > FEW),
            )
        except (AlreadyDone, InvalidInput, NotPermitted):
            continue
        decisions.append(decision)
        if publishes and lead is None:
            lead = lead_of(members)
    if len(items) > FEW:
        # The letters of very many go after those of others.
        keys = [f"decision-{decision.pk}" for decision in decisions]
        BackgroundTask.objects.filter(key__in=keys).update(queue=Queue.BULK)
    return decisions, last


@writing
def take_out(*, actor: Person, campaign: Campaign, pk: int) -> CampaignMember:
    """Take a thing out of a campaign: it is decided on by itself, and no machine puts it back."""
    # In the order of those who decide on a campaign: the other way round, each could wait for the other.
    suggestions.lock_likeness(campaign.consultation_id)
    thing = lock_thing(campaign.kind, pk)
    require(permissions.may_decide(actor, thing))
    member = campaign.members.filter(object_id=pk).first()
    if member is None or member.taken_out_at:
        raise AlreadyDone(_("It stands by itself already."), "out")
    member.taken_out_at = clock.now()
    member.save(update_fields=["taken_out_at"])
    Item.objects.filter(kind=campaign.kind, object_id=pk).update(campaign=None)
    same = Suggestion.objects.filter(kind=campaign.kind, object_id=pk, what=Suggestion.What.SAME)
    first = campaign.first_id
    suggestions.pass_on(campaign, pk)
    same.update(details={"with": [[first if first != pk else campaign.first_id, member.shared]]})
    detach(thing)
    audit.log(
        "moderation.taken_out", actor=actor, about=thing, consultation=campaign.consultation, campaign=campaign.pk
    )
    return member
