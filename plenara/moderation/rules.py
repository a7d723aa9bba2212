"""Who may decide."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.common import clock
from plenara.common.refusals import Answer, No
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import has_role, may_act, may_moderate, roles_of
from plenara.moderation.models import UNDO_TIME, UNDOABLE, Decision


def may_decide(person: Any, thing: Any) -> Answer:
    """A moderator or organizer of its consultation, who neither wrote it nor entered it for somebody."""
    answer = may_moderate(person, thing.consultation)
    if not answer:
        return answer
    if thing.author_id == person.pk:
        return No(_("You wrote this yourself. Another moderator decides on it."), "own")
    if thing.entered_by_id == person.pk:
        return No(_("You entered this yourself. Another moderator decides on it."), "own")
    return True


def may_undo(person: Any, decision: Decision) -> Answer:
    """Who decided, within half a minute: a return, a move or a rejection. A wrong approval is removed."""
    if decision.moderator_id != getattr(person, "pk", None):
        return No(_("Only who decided can undo it."))
    if decision.undone_at:
        return No(_("It was undone already."), "undone")
    if decision.code not in UNDOABLE:
        return No(_("This cannot be undone. What was approved by mistake can be removed."), "not_undoable")
    if decision.at is None or clock.now() >= decision.at + UNDO_TIME:
        return No(_("It is too late to undo this: the author is being told."), "too_late")
    return may_moderate(person, decision.consultation)


def may_open_queue(person: Any) -> Answer:
    """Whoever moderates somewhere."""
    return may_act(person) and (
        bool(moderated_by(person)) or No(_("Only moderators have a queue. An organizer can make you one."))
    )


def moderated_by(person: Any) -> set[int]:
    """Return the ids of the consultations that a person moderates."""
    return {where for where, name, _language in roles_of(person) if name in {RoleName.MODERATOR, RoleName.ORGANIZER}}


def role_in(person: Any, consultation: Consultation) -> str:
    """Return the role in which a person decides."""
    return RoleName.MODERATOR if has_role(person, consultation, RoleName.MODERATOR) else RoleName.ORGANIZER
