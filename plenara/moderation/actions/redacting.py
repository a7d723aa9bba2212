"""Proposing to leave out words, and the author's answer: yes, no, or taking the text back to change it oneself."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.contributions.models import State
from plenara.core import audit, clock
from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import checks, items, redactions, rules, tasks
from plenara.moderation.actions.deciding import locked, new_decision, require_waiting
from plenara.moderation.models import Code, Item, Redaction
from plenara.moderation.publishable import KINDS


@writing
def propose_redaction(
    *,
    actor: Any,
    kind: str,
    pk: int,
    version_id: int,
    text: str,
    reason: str,
    sentence: str = "",
    sentence_language: str = "",
) -> Redaction:
    """Ask an author to agree that some words be left out. Until they answer, it waits for no moderator.

    Wherever words are left out without a mark, the text gets one. The reason is in the register once they agree.
    Raises `AlreadyDone` where that version waits no more, or something was proposed about it already.
    """
    publishable = KINDS[kind]
    thing = locked(publishable, pk)
    require(rules.may_redact(actor, thing), publishable.allows(thing, "propose_redaction"))
    version = publishable.waiting_version(thing)
    item = items.held(kind, pk, version.pk) if version else None
    require_waiting(thing, version if item else None, version_id)
    assert version is not None
    assert item is not None
    if redactions.of_version(kind, version_id):
        raise AlreadyDone(_("Words to leave out were proposed to the author of this text already."), "proposed")
    text, sentence, language = clean(text), clean(sentence), sentence_language or current()
    require_valid(
        rules.is_free(actor, item),
        checks.only_omits(version.text.content, text),
        checks.reason_given(kind, Code.REDACTED, reason),
        checks.sentence_fits(sentence),
        checks.known_language(language),
    )
    proposal = Redaction.objects.create(
        kind=kind,
        object_id=pk,
        version_id=version_id,
        text=redactions.marked(version.text.content, text),
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
    tasks.ask_redaction.using(key=f"redaction-{proposal.pk}").enqueue(redaction_id=proposal.pk)
    return proposal


@writing
def consent(*, actor: Any, kind: str, pk: int, redaction_id: int) -> Any:
    """Publish one's text without the words in question: the moderator who proposed it has approved that.

    Where they may no longer decide, it waits in the queue for another. Returns the version.
    """
    thing, version, item, proposal = _asked(actor, kind, pk, redaction_id, "consent")
    kept = KINDS[kind].leave_out(version, proposal.text)
    _answered(proposal, agreed=True)
    audit.log("moderation.redaction_agreed", actor=actor, about=thing, consultation=thing.consultation, version=kept.pk)
    moderator = proposal.moderator
    if moderator is None or not rules.may_decide(moderator, thing):
        items.put(kind, thing, kept, why=Item.Why.PENDING, awaits_author=False)
        return kept
    new_decision(moderator, thing, kind, code=Code.APPROVED, version=kept, item=item)
    KINDS[kind].approve(kept, actor=moderator)
    item.delete()
    return kept


@writing
def decline(*, actor: Any, kind: str, pk: int, redaction_id: int) -> Redaction:
    """Say no to leaving words out: the text waits for a moderator again, as it was sent."""
    thing, _version, item, proposal = _asked(actor, kind, pk, redaction_id, "decline")
    _answered(proposal, agreed=False)
    Item.objects.filter(pk=item.pk).update(awaits_author=False)
    audit.log("moderation.redaction_declined", actor=actor, about=thing, consultation=thing.consultation)
    return proposal


@writing
def take_back(*, actor: Any, kind: str, pk: int, redaction_id: int) -> Any:
    """Take one's text back to change it oneself, as if it had been returned. Returns the version."""
    thing, version, item, proposal = _asked(actor, kind, pk, redaction_id, "take_back")
    require(checks.can_come_back(thing))
    _answered(proposal, agreed=False)
    KINDS[kind].set_aside(version, State.RETURNED, reason="")
    item.delete()
    audit.log("moderation.redaction_taken_back", actor=actor, about=thing, consultation=thing.consultation)
    return version


def _asked(actor: Any, kind: str, pk: int, redaction_id: int, act: str) -> tuple[Any, Any, Item, Redaction]:
    """Return what an author answers about, all of it held against everybody else."""
    publishable = KINDS[kind]
    thing = locked(publishable, pk)
    require(rules.may_answer(actor, thing))
    found = Redaction.objects.select_for_update(of=("self",)).select_related("moderator")
    proposal = found.filter(pk=redaction_id, kind=kind, object_id=pk).first()
    version = publishable.waiting_version(thing)
    item = items.held(kind, pk, version.pk) if version else None
    if proposal is None or not proposal.is_open or version is None or item is None or proposal.version_id != version.pk:
        raise AlreadyDone(_("This is not asked any more: it was answered or decided already."), "answered")
    require(publishable.allows(thing, act))
    return thing, version, item, proposal


def _answered(proposal: Redaction, *, agreed: bool) -> None:
    """Note the answer, and keep nothing of the proposed text: it stands in the version, or nowhere."""
    proposal.consented_at, proposal.declined_at = (clock.now(), None) if agreed else (None, clock.now())
    proposal.text = ""
    proposal.save(update_fields=["text", "consented_at", "declined_at"])
