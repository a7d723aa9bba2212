"""Appealing, once, so that another moderator decides again; reporting published items, by an address that is verified
first.
"""

import datetime
import secrets

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, State
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.text import clean, digest
from plenara.core.transaction import writing
from plenara.moderation import emails, permissions, validation
from plenara.moderation.actions import review_queue
from plenara.moderation.actions.decisions import lock_thing, record_decision
from plenara.moderation.kinds import KINDS, lock
from plenara.moderation.models import Appeal, Code, Decision, Item, Report
from plenara.moderation.queries import decisions


@writing
def appeal(*, actor: Person, kind: str, pk: int, decision_id: int, text: str) -> Appeal:
    """Ask another moderator to decide again. Sent twice, it is one appeal.

    `decision_id` is the decision that the author read about.
    """
    thing = lock_thing(kind, pk)
    decision = decisions.decision_on(kind, thing)
    text = clean(text)
    if decision and (made := Appeal.objects.filter(decision=decision, person=actor, text=text).first()):
        return made
    require(permissions.may_appeal(actor, decision, thing))
    assert decision is not None
    if decision.pk != decision_id:
        raise AlreadyDone(
            _("Someone has taken another decision since you opened this page. Read that decision first."),
            "other_decision",
        )
    require_valid(validation.appeal_has_text(text))
    made = Appeal.objects.create(decision=decision, person=actor, text=text, language=current())
    version = decisions.version_of(decision, thing)
    facts = {**KINDS[kind].facts(version), "since": made.at, "was_returned": decision.code == Code.RETURNED}
    Item.objects.create(why=Item.Why.APPEAL, kind=kind, object_id=pk, version_id=version.pk, appeal=made, **facts)
    audit.log(
        "moderation.appealed", actor=actor, about=thing, consultation=thing.consultation, decision=decision.number
    )
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return made


@writing
def decide_appeal(*, actor: Person, appeal_id: int, outcome: str, answer: str, answer_language: str = "") -> Appeal:
    """Uphold an appeal, which changes the decision and publishes, or dismiss it; its author gets one e-mail.

    Raises `AlreadyDone` with its status where it is no longer pending.
    """
    found = Appeal.objects.select_related("decision").filter(pk=appeal_id).first()
    if found is None:
        raise InvalidInput(validation.gone(), "gone")
    decision = found.decision
    thing = lock_thing(decision.kind, decision.object_id or 0)
    require(permissions.may_decide_appeal(actor, decision, thing))
    found = Appeal.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=appeal_id)
    if found.status != Appeal.Status.PENDING:
        raise AlreadyDone(_decided_sentence(found), "decided")
    item = Item.objects.select_related("claimed_by").filter(appeal=found).first()  # an imported appeal has none
    answer, language = clean(answer), answer_language or current()
    require_valid(
        item is None or permissions.is_free(actor, item), *validation.appeal_decision_fits(outcome, answer, language)
    )
    overruling = _change(actor, thing, decision) if outcome == Appeal.Status.UPHELD else None
    found.decided_at = overruling.at if overruling else clock.now()
    found.status, found.decided_by = outcome, actor
    found.role = permissions.role_in(actor, thing.consultation)
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
    emails.notify_of_appeal.using(key=f"appeal-{found.pk}").enqueue(appeal_id=found.pk)
    invalidate(thing.consultation.cache_tag, nothing_withdrawn=True)
    return found


def _change(actor: Person, thing: Moderated, decision: Decision) -> Decision:
    """Return the new decision, which replaces an earlier one: publish the version or restore the item."""
    moderated_kind = KINDS[decision.kind]
    is_removed = decision.code == Code.REMOVED
    require(life_cycle.allows(thing, "restore" if is_removed else "publish"))
    version = decisions.version_of(decision, thing)
    if version is None or version.text.erased_at:
        raise InvalidInput(_("The text has been erased, so there is nothing to publish. Dismiss the appeal."), "erased")
    overruling = record_decision(
        actor,
        thing,
        decision.kind,
        code=Code.RESTORED if is_removed else Code.APPROVED,
        language=version.language,
        notifies_author=False,
        overrules=decision,
    )
    if is_removed:
        moderated_kind.restore(thing)
    else:
        moderated_kind.publish(version, actor=actor, admitted_after_closing=_is_closed(thing.consultation))
    return overruling


def _is_closed(consultation: Consultation) -> bool:
    return consultation.state in {State.CLOSED, State.IN_SYNTHESIS, State.REPORTED, State.ARCHIVED}


def _decided_sentence(found: Appeal) -> str:
    if found.status == Appeal.Status.WITHDRAWN:
        return _("The author has withdrawn the appeal. There is nothing left to decide.")
    return _(
        "%(who)s has already decided on this appeal: %(what)s. Your decision was not needed and has not been saved."
    ) % {
        "who": found.decided_by.name if found.decided_by else pgettext("label", "Another moderator"),
        "what": found.get_status_display(),
    }


#: A second identical report within this time is a double click.
DOUBLE_CLICK = datetime.timedelta(minutes=1)


@writing
def report(
    *, actor: Person | None, kind: str, pk: int, reason: str, text: str = "", address: str = "", language: str = "en"
) -> Report:
    """Save a reader's report. One of a signed-in reader (`actor`) counts at once; others count once they are confirmed.

    `language` is that of the page: of e-mails to a reader without an account, and, as far as we know, of the words.
    """
    thing = lock_thing(kind, pk)
    require(permissions.may_be_reported(thing))
    text = clean(text)
    require_valid(
        validation.report_reason(kind, reason),
        validation.report_fits(text),
        actor is not None or validation.report_address(address),
    )
    address = "" if actor else address.lower()
    if earlier := _same(kind, pk, actor, address, reason, text):
        return earlier
    made = Report.objects.create(
        consultation=thing.consultation,
        kind=kind,
        object_id=pk,
        reason=reason,
        text=text,
        language=language,
        person=actor,
        address=address,
    )
    if actor:
        return _counts(made, thing)
    token = secrets.token_urlsafe(32)
    made.token_digest = digest(token)
    made.save(update_fields=["token_digest"])
    audit.log("moderation.report_received", actor=None, about=thing, consultation=thing.consultation, report=made.pk)
    emails.ask_reporter.using(key=f"ask-{made.pk}").enqueue(report_id=made.pk, token=token)
    return made


def _same(kind: str, pk: int, actor: Person | None, address: str, reason: str, text: str) -> Report | None:
    """Return the same report sent a moment ago: a double click, for which one e-mail is enough."""
    earlier = Report.objects.filter(kind=kind, object_id=pk, person=actor, address=address, reason=reason, text=text)
    return earlier.filter(decided_at=None, at__gt=clock.now() - DOUBLE_CLICK).first()


@writing
def confirm_report(*, token: str) -> Report:
    """Count a report, since its reader has the address. A second call changes nothing."""
    found = decisions.report_of_token(token)
    if found is None:
        raise InvalidInput(_("This link has expired. You can report the contribution again."), "gone")
    thing = lock(found.kind, found.object_id)
    found = Report.objects.select_for_update().get(pk=found.pk)
    if found.verified_at is not None:
        return found
    return _counts(found, thing)


def _counts(found: Report, thing: Moderated) -> Report:
    """Queue a report, unless its item was deleted in the meantime."""
    found.verified_at = clock.now()
    is_gone = thing is None or not permissions.may_be_reported(thing)
    if is_gone:
        found.outcome, found.decided_at, found.address = Report.Outcome.GONE, clock.now(), ""
    found.save(update_fields=["verified_at", "outcome", "decided_at", "address"])
    about = thing or found
    audit.log("moderation.reported", actor=found.person, about=about, consultation=found.consultation, report=found.pk)
    if not is_gone:
        review_queue.put_reported(thing)
    return found
