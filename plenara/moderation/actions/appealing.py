"""Appealing: an author asks once that somebody else decide again; whoever did not decide upholds or overrules it."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, State
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import appeals, checks, rules, tasks
from plenara.moderation.actions.deciding import locked, new_decision
from plenara.moderation.models import Appeal, Code, Decision, Item
from plenara.moderation.publishable import KINDS


@writing
def appeal(*, actor: Any, kind: str, pk: int, decision_id: int, text: str) -> Appeal:
    """Ask that another moderator look again at a decision. Sent twice, it is one appeal.

    `decision_id` is the decision that the author read about.
    """
    thing = locked(KINDS[kind], pk)
    decision = appeals.decision_on(kind, thing)
    text = clean(text)
    if decision and (made := Appeal.objects.filter(decision=decision, person=actor, text=text).first()):
        return made
    require(rules.may_appeal(actor, decision, thing))
    assert decision is not None
    if decision.pk != decision_id:
        raise AlreadyDone(_("Another decision was taken meanwhile. Read it first."), "other_decision")
    require_valid(checks.appeal_says_why(text))
    made = Appeal.objects.create(decision=decision, person=actor, text=text, language=current())
    version = appeals.version_of(decision, thing)
    facts = {**KINDS[kind].facts(version), "since": made.at, "was_returned": decision.code == Code.RETURNED}
    Item.objects.create(why=Item.Why.APPEAL, kind=kind, object_id=pk, version_id=version.pk, appeal=made, **facts)
    audit.log(
        "moderation.appealed", actor=actor, about=thing, consultation=thing.consultation, decision=decision.number
    )
    invalidate(thing.consultation.cache_tag, nothing_goes=True)
    return made


@writing
def decide_appeal(*, actor: Any, appeal_id: int, outcome: str, answer: str, answer_language: str = "") -> Appeal:
    """Uphold an appeal, which changes the decision and publishes, or overrule it; its author gets one letter.

    Raises `AlreadyDone`, naming what became of it, where it waits no more.
    """
    found = Appeal.objects.select_related("decision").filter(pk=appeal_id).first()
    if found is None:
        raise Invalid(checks.gone(), "gone")
    decision = found.decision
    thing = locked(KINDS[decision.kind], decision.object_id or 0)
    require(rules.may_decide_appeal(actor, decision, thing))
    found = Appeal.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=appeal_id)
    if found.status != Appeal.Status.PENDING:
        raise AlreadyDone(_what_became(found), "decided")
    item = Item.objects.select_related("claimed_by").filter(appeal=found).first()  # an imported appeal has none
    answer, language = clean(answer), answer_language or current()
    require_valid(item is None or rules.is_free(actor, item), *checks.appeal_decision_fits(outcome, answer, language))
    overruling = _change(actor, thing, decision) if outcome == Appeal.Status.UPHELD else None
    found.decided_at = overruling.at if overruling else clock.now()
    found.status, found.decided_by = outcome, actor
    found.role = rules.role_in(actor, thing.consultation)
    found.answer, found.answer_language = answer, language
    found.save()
    Item.objects.filter(appeal=found).delete()
    audit.log(
        "moderation.appeal_decided",
        actor=actor,
        about=thing,
        consultation=thing.consultation,
        decision=decision.number,
        outcome=outcome,
    )
    tasks.tell_appeal.using(key=f"appeal-{found.pk}").enqueue(appeal_id=found.pk)
    invalidate(thing.consultation.cache_tag, nothing_goes=True)
    return found


def _change(actor: Any, thing: Any, decision: Decision) -> Decision:
    """Return the new decision, which overrules an earlier one: publish or restore what it kept away."""
    publishable = KINDS[decision.kind]
    is_removed = decision.code == Code.REMOVED
    require(publishable.allows(thing, "restore" if is_removed else "publish"))
    version = appeals.version_of(decision, thing)
    if version is None or version.text.erased_at:
        raise Invalid(_("Its words have been erased. Nothing is left to publish."), "erased")
    overruling = new_decision(
        actor,
        thing,
        decision.kind,
        code=Code.RESTORED if is_removed else Code.APPROVED,
        language=version.language,
        tells_author=False,
        overrules=decision,
    )
    if is_removed:
        publishable.restore(thing)
    else:
        publishable.approve(version, actor=actor, admitted_after_closing=_is_closed(thing.consultation))
    return overruling


def _is_closed(consultation: Consultation) -> bool:
    return consultation.state in {State.CLOSED, State.IN_SYNTHESIS, State.REPORTED, State.ARCHIVED}


def _what_became(found: Appeal) -> str:
    if found.status == Appeal.Status.WITHDRAWN:
        return _("Its author has taken the appeal back meanwhile. Nothing is left to decide.")
    return _("%(who)s has decided on this appeal already: %(what)s. Your decision was not needed and is not kept.") % {
        "who": found.decided_by.name if found.decided_by else _("Another moderator"),
        "what": found.get_status_display(),
    }
