"""Deciding: approve, return, move, reject, remove, restore, keep, propose a redaction. One decision is in force, and
the author gets one e-mail.
"""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.working_time import working_minutes
from plenara.contributions.actions import campaigns, publication
from plenara.contributions.models import Contribution, Edition
from plenara.contributions.queries.campaigns import lead_of
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.core.prepared import find
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.tasks import Task, task
from plenara.core.text import clean
from plenara.core.transaction import lock_id, writing
from plenara.moderation import emails, kinds, permissions, validation
from plenara.moderation.actions import review_queue, suggestions
from plenara.moderation.kinds import KINDS, latest_version, lock
from plenara.moderation.models import UNDO_TIME, UNDOABLE, CampaignMember, Code, Decision, Item, Redaction, Report
from plenara.moderation.queries import decisions

#: The state of the version after a decision that does not publish it.
_STATE_AFTER = {Code.RETURNED: State.RETURNED, Code.REJECTED: State.REJECTED}


@dataclass(frozen=True)
class Together:
    """The campaign that a decision was made on, and whether very many were decided on with it."""

    campaign_id: int
    is_large: bool


@writing
def decide(
    *,
    actor: Person,
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
    """Decide on the pending version: approve, return, move (and publish there, or leave it pending there) or reject it.

    A moved item is published half a minute later, so that the move can be undone; its author is notified then. So is an
    approval that its moderator `can_undo`; any other is published at once. An item that is approved in a campaign is
    listed under the number `campaign_of`, or together with the others (`together`) when it is published later. Any
    proposal to the author ends. Raises `AlreadyDone`, with the decision and its moderator, where that version is no
    longer pending.
    """
    moderated_kind = KINDS[kind]
    thing = lock_thing(kind, pk)
    require(permissions.may_decide(actor, thing))
    version = latest_version(thing, State.PENDING)
    item = review_queue.lock_item(kind, pk, version.pk) if version else None
    require_pending(thing, version if item else None, version_id)
    assert version is not None
    assert item is not None
    require_valid(permissions.is_free(actor, item))
    sentence = clean(sentence)
    language = sentence_language or current()
    require_valid(
        *validation.decision_fits(thing, code=code, reason=reason, sentence=sentence, language=language, thread=thread)
    )
    publishes_later = publish_there if code == Code.MOVED else can_undo and code == Code.APPROVED
    decision = record_decision(
        actor,
        thing,
        kind,
        code=code,
        reason=reason if code in validation.NEEDS_REASON else "",
        version=version,
        sentence=sentence,
        sentence_language=language,
        moved_to=thread if code == Code.MOVED else None,
        item=item,
        notifies_author=not publishes_later,
        publishes=publishes_later,
        together=together if publishes_later else None,
    )
    review_queue.end_redaction(thing)
    if code == Code.MOVED:
        assert thread is not None
        publication.change_thread(thing, thread)
        if not publish_there:
            reset = {"claimed_by": None, "claimed_until": None, "awaits_author": False}
            Item.objects.filter(pk=item.pk).update(thread=thread.number, **reset)
            invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
            return decision
        _enqueue_publication(publish_moved, decision)
    elif publishes_later:
        _enqueue_publication(publish_approved, decision)
    elif code == Code.APPROVED:
        moderated_kind.publish(version, actor=actor, campaign_of=campaign_of)
    else:
        moderated_kind.set_state(version, _STATE_AFTER[Code(code)], reason=reason)
    item.delete()
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return decision


def _enqueue_publication(task: Task, decision: Decision) -> None:
    # Pages show the seconds that are left: it does not wait for files that are being created. Very many texts do.
    queue = "default" if decision.before.get("together", {}).get("is_large") else "urgent"
    key = f"{task.name.replace('_', '-')}-{decision.pk}"
    task.using(key=key, run_after=clock.now() + UNDO_TIME, queue_name=queue).enqueue(decision_id=decision.pk)


@task
def publish_moved(*, decision_id: int) -> None:
    """Publish a moved item, once the move can no longer be undone."""
    _carry_out_unless_undone(decision_id)


@task
def publish_approved(*, decision_id: int) -> None:
    """Publish an approved item, once the approval can no longer be undone."""
    _carry_out_unless_undone(decision_id)


@writing
def _carry_out_unless_undone(decision_id: int) -> None:
    decision = Decision.objects.select_related("moderator").filter(pk=decision_id, undone_at=None).first()
    if decision is not None:
        carry_out(decision)


def carry_out(decision: Decision) -> None:
    """Publish an item that was moved or approved half a minute ago, or is published at once, and notify its author.

    Does nothing if its author has withdrawn it or sent another version. Called inside a transaction.
    """
    together = together_in(decision)
    thing = lock(decision.kind, decision.object_id or 0)
    version = latest_version(thing, State.PENDING) if thing else None
    if version is not None and version.pk == decision.version_id:
        lead = lead_for(thing, together.campaign_id) if together else None
        KINDS[decision.kind].publish(version, actor=decision.moderator, campaign_of=lead)
        # The e-mail names the place of publication, so it is enqueued only now. Those of very many follow others.
        queue = "bulk" if together and together.is_large else "default"
        emails.notify_author.using(key=f"decision-{decision.pk}", queue_name=queue).enqueue(decision_id=decision.pk)


def together_in(decision: Decision) -> Together | None:
    """Return the campaign that a decision was made on, if there was one, and lock it.

    Until the transaction ends, nobody else checks texts of this campaign or publishes them. Called before anything else
    is locked, in the same order as by a decision on a campaign.
    """
    found = decision.before.get("together")
    if not found:
        return None
    suggestions.lock_likeness(decision.consultation_id)
    return Together(**found)


def lead_for(thing: Contribution, campaign_id: int) -> int | None:
    """Return the number under which lists show a thing of a campaign; nothing where it leads or was removed from it."""
    members = CampaignMember.objects.filter(campaign_id=campaign_id, taken_out_at=None)
    if not members.filter(object_id=thing.pk).exists():
        return None
    lead = lead_of(members.values("object_id"))
    if lead is None:
        return None
    campaigns.gather(lead, members.values("object_id"))
    return lead.number if is_beside(lead, thing) else None


def is_beside(lead: Edition, thing: Contribution) -> bool:
    """Return whether a thing belongs where an edition is: below the same question, in reply to the same number."""
    answered = thing.in_reply_to.number if thing.in_reply_to else None
    return bool((lead.thread_id, lead.in_reply_to) == (thing.thread_id, answered))


@writing
def remove(
    *, actor: Person, kind: str, pk: int, reason: str, sentence: str = "", sentence_language: str = ""
) -> Decision:
    """Remove a published thing from the record, and leave a tombstone."""
    return _after_publication(actor, kind, pk, Code.REMOVED, "remove", reason, sentence, sentence_language)


@writing
def restore(*, actor: Person, kind: str, pk: int, sentence: str = "", sentence_language: str = "") -> Decision:
    """Restore a removed thing."""
    return _after_publication(actor, kind, pk, Code.RESTORED, "restore", "", sentence, sentence_language)


def _after_publication(
    actor: Person, kind: str, pk: int, code: Code, act: str, reason: str, sentence: str, language: str
) -> Decision:
    thing = lock_thing(kind, pk)
    may = permissions.may_restore if code == Code.RESTORED else permissions.may_decide
    require(may(actor, thing), life_cycle.allows(thing, act))
    sentence = clean(sentence)
    language = language or current()
    require_valid(
        *[permissions.is_free(actor, item) for item in review_queue.after_publication(kind, pk)],
        validation.reason_given(kind, code, reason),
        validation.sentence_fits(sentence),
        validation.known_language(language),
    )
    decision = record_decision(
        actor, thing, kind, code=code, reason=reason, sentence=sentence, sentence_language=language
    )
    if code == Code.REMOVED:
        KINDS[kind].take_down(thing, State.REMOVED, reason=reason)
    else:
        KINDS[kind].restore(thing)
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return decision


def lock_thing(kind: str, pk: int) -> OfKind:
    """Return the moderated thing, locked until the transaction ends. Raises `InvalidInput` where it was deleted."""
    thing = lock(kind, pk)
    if thing is None:
        raise InvalidInput(validation.gone(kind), "gone")
    return thing


def record_decision(
    actor: Person,
    thing: Moderated,
    kind: str,
    *,
    code: str,
    reason: str = "",
    version: ModeratedVersion | None = None,
    sentence: str = "",
    moved_to: Thread | None = None,
    sentence_language: str = "",
    item: Item | None = None,
    language: str = "",
    notifies_author: bool = True,
    publishes: bool = False,
    together: Together | None = None,
    overrules: Decision | None = None,
) -> Decision:
    """Number a decision, save it, log it, and enqueue one e-mail to the author. Called inside the action's transaction.

    `sentence_language` is the active one by default. `publishes` means that it publishes half a minute later.
    `together` is stored until then. The approval of a redacted version has the reason to which its author agreed.
    """
    if code == Code.APPROVED and version and version.is_redacted:
        redaction = decisions.agreed_redaction(kind, thing.pk)
        code, reason = Code.REDACTED, redaction.reason if redaction else ""
    place = publication.place_of(thing) if isinstance(thing, Contribution) else {}
    before: dict[str, object] = {**place, "publishes": publishes} if code in UNDOABLE or publishes else {}
    if together:
        before["together"] = asdict(together)
    lock_id(Consultation, thing.consultation_id)
    consultation = find(Consultation, thing.consultation_id)
    assert consultation
    consultation.last_decision += 1
    consultation.save(update_fields=["last_decision"])
    decision = Decision.objects.create(
        consultation=consultation,
        number=consultation.last_decision,
        code=code,
        ground=kinds.ground_of(reason),
        reason=reason,
        kind=kind,
        object_id=thing.pk,
        version_id=version.pk if version else None,
        language=version.language if version else language,
        thread=thing.thread.number if thing.thread else None,
        moved_to=moved_to.number if moved_to else None,
        role=permissions.role_in(actor, consultation),
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
    if notifies_author:
        due_at = clock.now() + UNDO_TIME if code in UNDOABLE else None
        emails.notify_author.using(key=f"decision-{decision.pk}", run_after=due_at).enqueue(decision_id=decision.pk)
    return decision


def require_pending(thing: Moderated, version: ModeratedVersion | None, version_id: int) -> None:
    """Raise `AlreadyDone`, with what happened, unless the pending version is the one that was read."""
    if version is None:
        raise AlreadyDone(decided_sentence(thing), "decided")
    if version.pk != version_id:
        raise AlreadyDone(
            _("The author has submitted a new version since you opened this page. Read the new version first."),
            "other_words",
        )


def decided_sentence(thing: Moderated) -> str:
    """Return, for a moderator who is too late, the decision and its moderator."""
    decision = (
        Decision.objects.filter(kind=thing.kind, object_id=thing.pk, undone_at=None)
        .select_related("moderator")
        .order_by("-number")
        .first()
    )
    if decision is None or thing.state == State.WITHDRAWN:
        return _("The author has withdrawn the text. There is nothing left to decide.")
    return _(
        "%(who)s has already decided: %(what)s (%(number)s). Your decision was not needed and has not been saved."
    ) % {
        "who": decision.moderator.name if decision.moderator else pgettext("label", "Another moderator"),
        "what": decision.get_code_display(),
        "number": decision.symbol,
    }


@writing
def check(*, actor: Person, kind: str, pk: int, version_id: int) -> Decision:
    """Keep a published thing as it is: an approval after publication, without an e-mail to its author.

    `version_id` is the version that the moderator read. Its reports end, and their readers are notified. Raises
    `AlreadyDone` where nothing is pending any more, or another version is published.
    """
    thing = lock_thing(kind, pk)
    require(permissions.may_decide(actor, thing))
    rows = list(review_queue.after_publication(kind, pk))
    version = latest_version(thing, State.PUBLISHED)
    if thing.state != State.PUBLISHED or version is None or not rows:
        raise AlreadyDone(decided_sentence(thing), "decided")
    if version.pk != version_id:
        raise AlreadyDone(
            _("The author has published a new version since you opened this page. Read the new version first."),
            "other_words",
        )
    require_valid(*[permissions.is_free(actor, item) for item in rows])
    decision = record_decision(actor, thing, kind, code=Code.APPROVED, language=version.language, notifies_author=False)
    review_queue.after_publication(kind, pk).delete()
    review_queue.settle_reports(thing, Report.Outcome.KEPT)
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return decision


@writing
def propose_redaction(
    *,
    actor: Person,
    kind: str,
    pk: int,
    version_id: int,
    text: str,
    reason: str,
    sentence: str = "",
    sentence_language: str = "",
) -> Redaction:
    """Ask an author to agree to a redaction. Until they answer, it is not pending for moderators.

    Omissions without a mark get one. The reason is in the register once they agree. Raises `AlreadyDone` where that
    version is no longer pending, or has a proposal already.
    """
    thing = lock_thing(kind, pk)
    require(permissions.may_redact(actor, thing), life_cycle.allows(thing, "propose_redaction"))
    version = latest_version(thing, State.PENDING)
    item = review_queue.lock_item(kind, pk, version.pk) if version else None
    require_pending(thing, version if item else None, version_id)
    assert version is not None
    assert item is not None
    if decisions.redaction_of_version(kind, version_id):
        raise AlreadyDone(
            _(
                "A moderator has already asked the author to leave words out of this text. Wait for the author’s "
                "answer."
            ),
            "proposed",
        )
    text, sentence, language = clean(text), clean(sentence), sentence_language or current()
    require_valid(
        permissions.is_free(actor, item),
        validation.only_omits(version.text.content, text),
        validation.reason_given(kind, Code.REDACTED, reason),
        validation.sentence_fits(sentence),
        validation.known_language(language),
    )
    proposal = Redaction.objects.create(
        kind=kind,
        object_id=pk,
        version_id=version_id,
        text=decisions.mark_omissions(version.text.content, text),
        reason=reason,
        sentence=sentence,
        sentence_language=language if sentence else "",
        moderator=actor,
    )
    Item.objects.filter(pk=item.pk).update(awaits_author=True, claimed_by=None, claimed_until=None)
    audit.log(
        "moderation.redaction_proposed",
        actor=actor,
        about=thing,
        consultation=thing.consultation,
        version=version_id,
    )
    emails.ask_redaction.using(key=f"redaction-{proposal.pk}").enqueue(redaction_id=proposal.pk)
    return proposal


@writing
def consent(*, actor: Person, kind: str, pk: int, redaction_id: int) -> OfKind:
    """Publish one's own redacted text: the moderator who proposed it has approved that.

    If they may no longer decide, it is pending for another moderator. Returns the version.
    """
    thing, version, item, proposal = _lock_proposal(actor, kind, pk, redaction_id, "consent")
    new = publication.leave_out(version, proposal.text)
    _record_answer(proposal, agreed=True)
    audit.log("moderation.redaction_agreed", actor=actor, about=thing, consultation=thing.consultation, version=new.pk)
    moderator = proposal.moderator
    if moderator is None or not permissions.may_decide(moderator, thing):
        review_queue.put(thing, new, why=Item.Why.PENDING, awaits_author=False)
        return new
    record_decision(moderator, thing, kind, code=Code.APPROVED, version=new, item=item)
    KINDS[kind].publish(new, actor=moderator)
    item.delete()
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return new


@writing
def decline(*, actor: Person, kind: str, pk: int, redaction_id: int) -> Redaction:
    """Decline a redaction: the text is pending again, as it was sent."""
    thing, _version, item, proposal = _lock_proposal(actor, kind, pk, redaction_id, "decline")
    _record_answer(proposal, agreed=False)
    Item.objects.filter(pk=item.pk).update(awaits_author=False)
    audit.log("moderation.redaction_declined", actor=actor, about=thing, consultation=thing.consultation)
    return proposal


@writing
def take_back(*, actor: Person, kind: str, pk: int, redaction_id: int) -> OfKind:
    """Withdraw one's own text to change it oneself, as if it had been returned. Returns the version."""
    thing, version, item, proposal = _lock_proposal(actor, kind, pk, redaction_id, "take_back")
    require(validation.can_come_back(thing))
    _record_answer(proposal, agreed=False)
    KINDS[kind].set_state(version, State.RETURNED)
    item.delete()
    audit.log("moderation.redaction_taken_back", actor=actor, about=thing, consultation=thing.consultation)
    return version


def _lock_proposal(
    actor: Person, kind: str, pk: int, redaction_id: int, act: str
) -> tuple[OfKind, OfKind, Item, Redaction]:
    """Return the proposal that an author answers, with its thing and version, all of it locked."""
    thing = lock_thing(kind, pk)
    require(permissions.may_answer(actor, thing))
    found = Redaction.objects.select_for_update(of=("self",)).select_related("moderator")
    proposal = found.filter(pk=redaction_id, kind=kind, object_id=pk).first()
    version = latest_version(thing, State.PENDING)
    item = review_queue.lock_item(kind, pk, version.pk) if version else None
    if proposal is None or not proposal.is_open or version is None or item is None or proposal.version_id != version.pk:
        raise AlreadyDone(
            _("You have already answered this proposal, or a moderator has already decided on your contribution."),
            "answered",
        )
    require(life_cycle.allows(thing, act))
    return thing, version, item, proposal


def _record_answer(proposal: Redaction, *, agreed: bool) -> None:
    """Save the answer, and delete the proposed text: it is in the version, or nowhere."""
    proposal.consented_at, proposal.declined_at = (clock.now(), None) if agreed else (None, clock.now())
    proposal.text = ""
    proposal.save(update_fields=["text", "consented_at", "declined_at"])
