"""The permissions of moderators, authors and readers in moderation."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.models import State as ConsultationState
from plenara.consultations.permissions import has_role, may_act, may_moderate, roles_of
from plenara.contributions.queries.signatures import signed_by
from plenara.core import clock
from plenara.core.life_cycle import Moderated, State
from plenara.core.refusals import Answer, Denied
from plenara.moderation.models import APPEAL_DAYS, APPROVING, UNDO_TIME, Appeal, Decision, Item
from plenara.moderation.queries import decisions


def may_decide(person: Person, thing: Moderated) -> Answer:
    """A moderator or organizer of its consultation, who neither wrote, signed nor entered it for another person."""
    answer = may_view_at_desk(person, thing)
    if not answer:
        return answer
    if thing.entered_by_id == person.pk:
        return Denied(_("You entered this text yourself. Another moderator decides on it."), "own")
    return True


def may_view_at_desk(person: Person, thing: Moderated) -> Answer:
    """A moderator or organizer of its consultation, who neither wrote nor signed it."""
    answer = may_moderate(person, thing.consultation)
    wrote_it = thing.author_id == person.pk
    if answer and (wrote_it or (thing.kind == "contribution" and signed_by(person).filter(pk=thing.pk).exists())):
        return Denied(_("You wrote this text yourself. Another moderator decides on it."), "own")
    return answer


def may_restore(person: Person, thing: Moderated) -> Answer:
    """As `may_decide`; where its author has appealed, somebody who did not remove it decides on that."""
    answer = may_decide(person, thing)
    if not answer:
        return answer
    if decisions.pending_appeals(thing.kind, thing.pk).exists():
        return Denied(_("The author has appealed. If the appeal is upheld, the text is restored."), "appealed")
    return True


def may_be_reported(thing: Moderated) -> Answer:
    """Anybody, for a published thing, in an archived consultation too, since the law knows no archive."""
    return thing.state == State.PUBLISHED or Denied(
        _("This text is not published, so you cannot report it."), "not_published"
    )


def may_appeal(person: Person, decision: Decision | None, thing: Moderated) -> Answer:
    """The author of a returned, rejected or removed thing, once, within thirty days, while the decision is in force."""
    answer = may_act(person)
    if not answer:
        return answer
    if thing.author_id != person.pk:
        return Denied(_("Only the author can appeal."))
    if decision is None or not decisions.is_in_force(decision, thing):
        return Denied(_("There is no decision that you can appeal against."), "nothing")
    if Appeal.objects.filter(decision=decision).exists():
        return Denied(_("You can appeal against a decision only once. You have already done so."), "once")
    if thing.consultation.state == ConsultationState.ARCHIVED:
        return Denied(_("This consultation is archived, so nothing more can be added to its record."), "archived")
    if decision.is_undoable and decision.at and clock.now() < decision.at + UNDO_TIME:
        return Denied(
            _("The decision was taken a moment ago and is not final yet. Try again in a minute."), "too_early"
        )
    if decisions.appeal_is_over(decision, thing.consultation):
        sentence = _("You can no longer appeal. The %(days)d days for an appeal have ended.")
        return Denied(sentence % {"days": APPEAL_DAYS}, "too_late")
    return True


def may_decide_appeal(person: Person, decision: Decision, thing: Moderated) -> Answer:
    """As `may_decide`, but nobody decides on an appeal against their own decision."""
    answer = may_decide(person, thing)
    if not answer:
        return answer
    if decision.moderator_id == person.pk:
        return Denied(_("You took this decision yourself. Someone else decides on the appeal."), "own_decision")
    return True


def may_claim(person: Person, thing: Moderated, item: Item) -> Answer:
    """Anybody who may decide on a pending item may claim it, or put it on hold."""
    return may_decide_appeal(person, item.appeal.decision, thing) if item.appeal else may_decide(person, thing)


def is_free(person: Person, item: Item) -> Answer:
    """Nobody else has claimed it. Another person's claim must be taken over explicitly."""
    if not item.is_claimed or item.claimed_by_id == getattr(person, "pk", 0):
        return True
    minutes = item.claim_minutes
    sentence = ngettext(
        "%(who)s has this text open for %(minutes)d more minute. Take it over to decide yourself.",
        "%(who)s has this text open for %(minutes)d more minutes. Take it over to decide yourself.",
        minutes,
    )
    return Denied(sentence % {"who": item.claimed_by.name if item.claimed_by else "", "minutes": minutes}, "claimed")


def may_redact(person: Person, thing: Moderated) -> Answer:
    """As `may_decide`, where there is an author who can be asked."""
    if thing.kind != "contribution":
        return Denied(
            _("You cannot leave words out of this text. Return the text, so that the author can leave them out."),
            "not_offered",
        )
    if thing.author_id is None:
        return Denied(
            _(
                "The author has no account on this site, so you cannot ask the author. Approve or reject the "
                "text instead."
            ),
            "nobody",
        )
    return may_decide(person, thing)


def may_answer(person: Person, thing: Moderated) -> Answer:
    """Its author answers a moderator's proposal of a redaction."""
    if thing.author_id is None or thing.author_id != getattr(person, "pk", None):
        return Denied(_("Only the author can answer this proposal."))
    return may_act(person)


def may_undo(person: Person, decision: Decision) -> Answer:
    """The moderator who decided, within half a minute. Anything published is removed instead."""
    if decision.moderator_id != getattr(person, "pk", None):
        return Denied(_("Only the person who took this decision can undo it."))
    if decision.undone_at:
        return Denied(_("This decision has already been undone."), "undone")
    if not decision.is_undoable:
        return Denied(
            _("This decision cannot be undone. If you approved something by mistake, you can remove it."),
            "not_undoable",
        )
    if decision.at is None or clock.now() >= decision.at + UNDO_TIME:
        return Denied(too_late(decision), "too_late")
    return may_moderate(person, decision.consultation)


def may_publish_now(person: Person, decision: Decision) -> Answer:
    """As `may_undo`, for an approval: publishes without the half minute."""
    answer = may_undo(person, decision)
    if answer and decision.code not in APPROVING:
        return Denied(_("Only approved texts can be published immediately."), "not_approved")
    return answer


def too_late(decision: Decision) -> str:
    """Return the sentence for undoing a decision after half a minute."""
    if decision.code in APPROVING:
        return _(
            "You can no longer undo this decision: the text is being published. You can remove the text afterwards."
        )
    return _("You can no longer undo this decision: the author is being notified.")


def may_open_queue(person: Person) -> Answer:
    """Anybody who moderates somewhere."""
    return may_act(person) and (
        bool(moderated_by(person)) or Denied(_("Only moderators have a queue. An organizer can make you a moderator."))
    )


def moderated_by(person: Person) -> set[int]:
    """Return the ids of the consultations that a person moderates."""
    return {where for where, name, _language in roles_of(person) if name in {RoleName.MODERATOR, RoleName.ORGANIZER}}


def role_in(person: Person, consultation: Consultation) -> str:
    """Return the role in which a person decides."""
    return RoleName.MODERATOR if has_role(person, consultation, RoleName.MODERATOR) else RoleName.ORGANIZER
