"""Who may decide."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.common.refusals import Answer, No
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import has_role, may_act, may_moderate, roles_of


def may_decide(person: Any, thing: Any) -> Answer:
    """A moderator or organizer of its consultation, and not its author."""
    answer = may_moderate(person, thing.consultation)
    if not answer:
        return answer
    if thing.author_id == person.pk:
        return No(_("You wrote this yourself. Another moderator decides on it."), "own")
    return True


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
