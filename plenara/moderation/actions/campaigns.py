"""Deciding on a campaign as one: each of its authors gets a decision and an e-mail of their own.

Some items are decided at once, as many as possible in the short time for which other writers may be blocked. Tasks
decide the rest; each checks again that its moderator may. After a crash every item is either decided or pending, and
the task continues with those that are pending. Undoable decisions are made on the rest only once that time is over, or
once the approved ones are published at once: until then all of them can be undone.
"""

import time
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from plenara.accounts.models import Person
from plenara.consultations.permissions import may_moderate
from plenara.contributions.actions.campaigns import detach, gather
from plenara.contributions.queries.campaigns import lead_of
from plenara.core import audit, clock
from plenara.core.languages import current, django_code
from plenara.core.models import BackgroundTask, Queue
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.transaction import writing
from plenara.moderation import permissions, tasks, validation
from plenara.moderation.actions import suggestions
from plenara.moderation.actions.decisions import Together, decide, is_beside, lock_thing
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import (
    UNDO_TIME,
    Campaign,
    CampaignMember,
    Code,
    Decision,
    Item,
    Suggestion,
)
from plenara.moderation.queries import queue

#: Items that one transaction decides in any case, and more while this time (in seconds) lasts in which nobody else
#: can write. The e-mails of so few are sent in turn.
FEW, AT_ONCE, MOMENT = 20, 100, 0.2
#: Decisions on many items at once: a move says too much about each.
CODES = (Code.APPROVED, Code.RETURNED, Code.REJECTED)


@dataclass(frozen=True)
class Outcome:
    """The result of deciding on a campaign."""

    decisions: list[Decision]
    later: int  # items that tasks decide in the next minutes
    left: int  # items that were selected and stay pending: claimed by another moderator, or on hold


def decidable(actor: Person, campaign: Campaign) -> QuerySet[Item]:
    """Return the items of a campaign that a person may decide on now, the oldest thing first."""
    found = Item.objects.filter(queue.pending(), queue.free_for(actor), campaign=campaign, why=Item.Why.PENDING)
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
    """Decide on the items `chosen`, or on all pending ones up to `until`, the last item's id on the page.

    An approval that its moderator `can_undo` is published half a minute later; any other is published at once.
    """
    require(may_moderate(actor, campaign.consultation))
    assert actor is not None  # checks that the moderator may
    suggestions.lock_likeness(campaign.consultation_id)
    found = decidable(actor, campaign)
    found = found.filter(pk__lte=until) if chosen is None else found.filter(pk__in=chosen)
    if code not in CODES:
        raise InvalidInput(pgettext("text", "Choose a decision."), "code", "code")
    first_items, count = list(found[:AT_ONCE]), found.count()
    if not first_items:
        if chosen == []:
            raise InvalidInput(_("Choose the contributions to decide on."), "chosen", "which")
        raise AlreadyDone(_("No contribution of this campaign is waiting for your decision."), "decided")
    thing = KINDS[campaign.kind].find(first_items[0].object_id)
    assert thing is not None
    language = sentence_language or current()
    require_valid(
        *validation.decision_fits(thing, code=code, reason=reason, sentence=sentence, language=language, thread=None)
    )
    asked = len(chosen) if chosen is not None else campaign.items.filter(why=Item.Why.PENDING, pk__lte=until).count()
    decisions, last = _decide(actor, campaign, first_items, code, reason, sentence, language, can_undo)
    later = found.filter(object_id__gt=last).count() if decisions and count > len(decisions) else 0
    if later:
        rest = None if chosen is None else list(found.filter(object_id__gt=last).values_list("pk", flat=True))
        _enqueue(campaign, decisions[0], items=rest, until=until, after=last)
    return Outcome(decisions, later, max(0, asked - len(decisions) - later))


@writing
def go_on(
    *, campaign_id: int, decision_id: int, items: list[int] | None = None, until: int = 0, after: int = 0
) -> None:
    """Decide on further items of a campaign as on the first; on none if that was undone.

    Those of `items`, or all up to an item's id (`until`); those that come `after` a thing's id.
    """
    decision = Decision.objects.select_related("moderator", "consultation").filter(pk=decision_id).first()
    campaign = Campaign.objects.select_related("consultation").filter(pk=campaign_id).first()
    if decision is None or campaign is None or decision.undone_at:
        return
    actor = decision.moderator
    require(may_moderate(actor, campaign.consultation))
    assert actor is not None  # checks that the moderator may
    suggestions.lock_likeness(campaign.consultation_id)
    found = decidable(actor, campaign).filter(object_id__gt=after)
    found = found.filter(pk__lte=until) if items is None else found.filter(pk__in=items)
    first_items = list(found[:AT_ONCE])
    if not first_items:
        return
    with override(django_code(decision.sentence_language or "en")):
        _decisions, last = _decide(
            actor,
            campaign,
            first_items,
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
    """Decide on each by itself while the time lasts; return the decisions, and the last thing that was reached.

    Items that were decided, sent again or claimed by others in the meantime are skipped.
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
        # The e-mails of very many are sent after those of others.
        keys = [f"decision-{decision.pk}" for decision in decisions]
        BackgroundTask.objects.filter(key__in=keys).update(queue=Queue.BULK)
    return decisions, last


@writing
def take_out(*, actor: Person, campaign: Campaign, pk: int) -> CampaignMember:
    """Remove a thing from a campaign: it is decided on by itself, and no machine adds it again."""
    # In the same order as a decision on a campaign: the other way round, each could wait for the other.
    suggestions.lock_likeness(campaign.consultation_id)
    thing = lock_thing(campaign.kind, pk)
    require(permissions.may_decide(actor, thing))
    member = campaign.members.filter(object_id=pk).first()
    if member is None or member.taken_out_at:
        raise AlreadyDone(_("This contribution is no longer in the campaign."), "out")
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
