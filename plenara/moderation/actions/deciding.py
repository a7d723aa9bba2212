"""Deciding: approve, return, move, reject, remove, restore. One decision stands, and the author gets one letter."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, Thread
from plenara.consultations.working_time import working_minutes
from plenara.contributions.models import State
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid, require, require_valid
from plenara.core.tasks import Task
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import checks, items, reasons, redactions, rules, tasks
from plenara.moderation.models import UNDO_TIME, UNDOABLE, CampaignMember, Code, Decision, Item
from plenara.moderation.publishable import KINDS, Publishable
from plenara.moderation.suggesting import likeness

#: What each decision before publication makes of the version.
_SETS_ASIDE = {Code.RETURNED: State.RETURNED, Code.REJECTED: State.REJECTED}


@dataclass(frozen=True)
class Together:
    """The campaign on which a decision was taken, and whether very many were decided on with it."""

    campaign_id: int
    is_large: bool


@writing
def decide(
    *,
    actor: Any,
    kind: str,
    pk: int,
    version_id: int,
    code: str,
    reason: str = "",
    sentence: str = "",
    sentence_language: str = "",
    thread: Thread | None = None,
    publish_there: bool = True,
    campaign_of: int | None = None,
    can_undo: bool = False,
    together: Together | None = None,
) -> Decision:
    """Decide on the version that waits: approve, return, move (and publish there, or let it wait there) or reject it.

    What is moved and published is published half a minute later, so that the move can be undone; its author is told
    then. So is an approval that its moderator `can_undo`; any other is published at once. What is approved in a
    campaign stands in lists under the number `campaign_of`, or takes its place there when it is published later, as
    what is approved `together`. Whatever was proposed to the author meanwhile ends. Raises
    `AlreadyDone`, naming who decided what, where that version waits no more.
    """
    publishable = KINDS[kind]
    thing = locked(publishable, pk)
    require(rules.may_decide(actor, thing))
    version = publishable.waiting_version(thing)
    item = items.held(kind, pk, version.pk) if version else None
    require_waiting(thing, version if item else None, version_id)
    assert version is not None
    assert item is not None
    require_valid(rules.is_free(actor, item))
    sentence = clean(sentence)
    language = sentence_language or current()
    require_valid(
        *checks.decision_fits(thing, code=code, reason=reason, sentence=sentence, language=language, thread=thread)
    )
    publishes_later = publish_there if code == Code.MOVED else can_undo and code == Code.APPROVED
    decision = new_decision(
        actor,
        thing,
        kind,
        code=code,
        reason=reason if code in checks.NEEDS_REASON else "",
        version=version,
        sentence=sentence,
        sentence_language=language,
        moved_to=thread if code == Code.MOVED else None,
        item=item,
        tells_author=not publishes_later,
        publishes=publishes_later,
        together=together if publishes_later else None,
    )
    redactions.end(kind, thing)
    if code == Code.MOVED:
        assert thread is not None
        publishable.move(thing, thread)
        if not publish_there:
            rests = {"claimed_by": None, "claimed_until": None, "awaits_author": False}
            Item.objects.filter(pk=item.pk).update(thread=thread.number, **rests)
            return decision
        _publish_later(tasks.publish_moved, decision)
    elif publishes_later:
        _publish_later(tasks.publish_approved, decision)
    elif code == Code.APPROVED:
        publishable.approve(version, actor=actor, campaign_of=campaign_of)
    else:
        publishable.set_aside(version, _SETS_ASIDE[Code(code)], reason=reason)
    item.delete()
    return decision


def _publish_later(publish: Task, decision: Decision) -> None:
    # Pages say in how many seconds: it does not wait for files that are being made. Very many texts do.
    queue = "default" if decision.before.get("together", {}).get("is_large") else "urgent"
    key = f"{publish.name.replace('_', '-')}-{decision.pk}"
    publish.using(key=key, run_after=clock.now() + UNDO_TIME, queue_name=queue).enqueue(decision_id=decision.pk)


def publish(decision: Decision) -> None:
    """Publish what was moved or approved half a minute ago or is published at once, and have its author told.

    Nothing where its author has withdrawn it or sent other words meanwhile. Called inside a transaction.
    """
    together = together_in(decision)
    publishable = KINDS[decision.kind]
    thing = publishable.lock(decision.object_id or 0)
    version = publishable.waiting_version(thing) if thing else None
    if version is not None and version.pk == decision.version_id:
        lead = lead_for(publishable, thing, together.campaign_id) if together else None
        publishable.approve(version, actor=decision.moderator, campaign_of=lead)
        # The letter names the place where it stands, so it is enqueued only now. Those of very many go after others.
        queue = "bulk" if together and together.is_large else "default"
        tasks.tell_author.using(key=f"decision-{decision.pk}", queue_name=queue).enqueue(decision_id=decision.pk)


def together_in(decision: Decision) -> Together | None:
    """Return with what a decision was taken, if it was taken on a campaign.

    No other looks at texts, or publishes of this campaign, until the transaction ends. Called before anything else is
    locked, as a decision on a campaign does it.
    """
    found = decision.before.get("together")
    if not found:
        return None
    likeness.alone(decision.consultation_id)
    return Together(**found)


def lead_for(publishable: Publishable, thing: Any, campaign_id: int) -> int | None:
    """Return under which number lists show a thing of a campaign; nothing where it leads or was taken out."""
    members = CampaignMember.objects.filter(campaign_id=campaign_id, taken_out_at=None)
    if not members.filter(object_id=thing.pk).exists():
        return None
    lead = publishable.lead_of(members.values("object_id"))
    if lead is None:
        return None
    publishable.gather(lead, members.values("object_id"))
    return lead.number if is_beside(lead, thing) else None


def is_beside(lead: Any, thing: Any) -> bool:
    """Say whether a thing belongs where an edition is: below the same question, in answer to the same number."""
    answered = thing.in_reply_to.number if thing.in_reply_to else None
    return bool((lead.thread_id, lead.in_reply_to) == (thing.thread_id, answered))


@writing
def remove(*, actor: Any, kind: str, pk: int, reason: str, sentence: str = "", sentence_language: str = "") -> Decision:
    """Take a published thing out of the record, and leave a tombstone."""
    return _after_publication(actor, kind, pk, Code.REMOVED, "remove", reason, sentence, sentence_language)


@writing
def restore(*, actor: Any, kind: str, pk: int, sentence: str = "", sentence_language: str = "") -> Decision:
    """Bring back a thing that was removed."""
    return _after_publication(actor, kind, pk, Code.RESTORED, "restore", "", sentence, sentence_language)


def _after_publication(
    actor: Any, kind: str, pk: int, code: Code, act: str, reason: str, sentence: str, language: str
) -> Decision:
    publishable = KINDS[kind]
    thing = locked(publishable, pk)
    may = rules.may_restore if code == Code.RESTORED else rules.may_decide
    require(may(actor, thing), publishable.allows(thing, act))
    sentence = clean(sentence)
    language = language or current()
    require_valid(
        *[rules.is_free(actor, item) for item in items.after_publication(kind, pk)],
        checks.reason_given(kind, code, reason),
        checks.sentence_fits(sentence),
        checks.known_language(language),
    )
    decision = new_decision(actor, thing, kind, code=code, reason=reason, sentence=sentence, sentence_language=language)
    if code == Code.REMOVED:
        publishable.remove(thing, reason=reason)
    else:
        publishable.restore(thing)
    return decision


def locked(publishable: Publishable, pk: int) -> Any:
    """Return what is decided on, held against everybody else. Raises `Invalid` where it is gone."""
    thing = publishable.lock(pk)
    if thing is None:
        raise Invalid(checks.gone(publishable.kind), "gone")
    return thing


def new_decision(
    actor: Any,
    thing: Any,
    kind: str,
    *,
    code: str,
    reason: str = "",
    version: Any = None,
    sentence: str = "",
    moved_to: Thread | None = None,
    sentence_language: str = "",
    item: Item | None = None,
    language: str = "",
    tells_author: bool = True,
    publishes: bool = False,
    together: Together | None = None,
    overrules: Decision | None = None,
) -> Decision:
    """Number a decision, record its act, and enqueue the author one letter. Called inside the act's transaction.

    `sentence_language` is the active one where it is not given. `publishes` says that it publishes half a minute later.
    With what it was taken `together` is kept until then. What approves a version with words left out says so, with the
    reason for which its author agreed.
    """
    if code == Code.APPROVED and version and version.is_redacted:
        redaction = redactions.of_redacted(kind, thing.pk)
        code, reason = Code.REDACTED, redaction.reason if redaction else ""
    before = {**KINDS[kind].before(thing), "publishes": publishes} if code in UNDOABLE or publishes else {}
    if together:
        before["together"] = asdict(together)
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=thing.consultation_id)
    consultation.last_decision += 1
    consultation.save(update_fields=["last_decision"])
    decision = Decision.objects.create(
        consultation=consultation,
        number=consultation.last_decision,
        code=code,
        ground=reasons.ground_of(reason),
        reason=reason,
        kind=kind,
        object_id=thing.pk,
        version_id=version.pk if version else None,
        language=version.language if version else language,
        thread=thing.thread.number if thing.thread else None,
        moved_to=moved_to.number if moved_to else None,
        role=rules.role_in(actor, consultation),
        moderator=actor,
        sentence=sentence,
        sentence_language=(sentence_language or current()) if sentence else "",
        waited=working_minutes(item.since, clock.now(), consultation) if item else None,
        before=before,
        overrules=overrules,
    )
    audit.log(
        "moderation.decided",
        actor=actor,
        about=thing,
        consultation=consultation,
        decision=decision.number,
        code=code,
        reason=reason,
        version=version.pk if version else None,
    )
    if tells_author:
        due_at = clock.now() + UNDO_TIME if code in UNDOABLE else None
        tasks.tell_author.using(key=f"decision-{decision.pk}", run_after=due_at).enqueue(decision_id=decision.pk)
    invalidate(consultation.cache_tag, nothing_goes=True)
    return decision


def require_waiting(thing: Any, version: Any, version_id: int) -> None:
    """Raise `AlreadyDone`, saying what happened, unless the version that waits is the one that was read."""
    if version is None:
        raise AlreadyDone(what_happened(thing), "decided")
    if version.pk != version_id:
        raise AlreadyDone(_("Its author has sent other words meanwhile. Read them first."), "other_words")


def what_happened(thing: Any) -> str:
    """Return, for who comes too late, who decided what."""
    decision = (
        Decision.objects.filter(kind=thing.kind, object_id=thing.pk, undone_at=None)
        .select_related("moderator")
        .order_by("-number")
        .first()
    )
    if decision is None or thing.state == State.WITHDRAWN:
        return _("Its author has withdrawn it meanwhile. Nothing is left to decide.")
    return _("%(who)s has decided it already: %(what)s (%(number)s). Your decision was not needed and is not kept.") % {
        "who": decision.moderator.name if decision.moderator else _("Another moderator"),
        "what": decision.get_code_display(),
        "number": decision.symbol,
    }
