"""Who may: consultations and roles. Each is a pure function of a person and a thing."""

import datetime

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.accounts.permissions import is_known as is_known
from plenara.accounts.permissions import may_act as may_act
from plenara.accounts.permissions import may_see_installation as may_see_installation
from plenara.accounts.permissions import may_set_up as may_set_up
from plenara.accounts.permissions import works_at_desk
from plenara.consultations.models import GRACE_MINUTES, RETURN_DAYS, Consultation, Role, RoleName, State
from plenara.core import clock
from plenara.core.refusals import Answer, Denied
from plenara.themes.permissions import manages_list


def roles_of(person: Person | None) -> frozenset[tuple[int, str, str]]:
    """Return the roles of a person as (consultation id, role, language), read once a request."""
    if person is None or not is_known(person):
        return frozenset()
    if not hasattr(person, "_roles"):
        person._roles = frozenset(person.roles.values_list("consultation_id", "name", "language"))  # type: ignore[attr-defined]
    return person._roles  # type: ignore[attr-defined]


def forget_roles(person: Person) -> None:
    """Let the roles of a person be read again: they were changed within this request."""
    # Not by its __dict__: a request's person is lazy until first use.
    if hasattr(person, "_roles"):
        del person._roles  # type: ignore[attr-defined]


def has_role(person: Person | None, consultation: Consultation, *names: str, language: str | None = None) -> bool:
    """Return whether a person has one of these roles in a consultation, and is not suspended."""
    return bool(may_act(person)) and any(
        where == consultation.pk and name in names and (language is None or name != "translator" or tongue == language)
        for where, name, tongue in roles_of(person)
    )


def may_create_consultation(person: Person) -> Answer:
    """An organizer of the installation."""
    return may_act(person) and (
        bool(person.is_organizer)
        or Denied(_("Only organizers of this site can create a consultation. Ask one of them."))
    )


def may_work_in(person: Person, consultation: Consultation) -> Answer:
    """Anybody with a role in it: they see it at the desk, also while it is a draft."""
    return has_role(person, consultation, *RoleName.values) or Denied(
        _("Only people who have a role in this consultation can see this page. Ask an organizer for a role.")
    )


def may_take_charge(person: Person, consultation: Consultation, *, is_headless: bool) -> Answer:
    """An organizer of the installation, if the consultation has no organizer: an import, or all are suspended."""
    return may_set_up(person) and (
        is_headless or Denied(_("This consultation has an organizer. Ask the organizer for a role."))
    )


def may_organize(person: Person, consultation: Consultation) -> Answer:
    """An organizer of this consultation: edits it, extends it, grants roles, approves summaries."""
    return has_role(person, consultation, RoleName.ORGANIZER) or Denied(
        _("Only organizers of this consultation can do this. Ask one of them.")
    )


def may_moderate(person: Person | None, consultation: Consultation) -> Answer:
    """A moderator or an organizer of this consultation."""
    return has_role(person, consultation, RoleName.MODERATOR, RoleName.ORGANIZER) or Denied(
        _("Only moderators of this consultation can do this. Ask one of them.")
    )


def may_report(person: Person | None, consultation: Consultation) -> Answer:
    """A rapporteur of this consultation: writes its summaries."""
    return has_role(person, consultation, RoleName.RAPPORTEUR) or Denied(
        _("Only rapporteurs of this consultation can do this. Ask one of them.")
    )


def may_translate(person: Person, consultation: Consultation, language: str) -> Answer:
    """A translator into this language, or a rapporteur, who may write in any."""
    return (
        has_role(person, consultation, RoleName.TRANSLATOR, language=language)
        or has_role(person, consultation, RoleName.RAPPORTEUR)
        or Denied(_("Only translators into this language can do this. Ask one of them."))
    )


def may_translate_texts(person: Person, consultation: Consultation, language: str) -> Answer:
    """A translator into this language, or an organizer: the consultation's own title, introduction and questions."""
    return has_role(person, consultation, RoleName.ORGANIZER) or may_translate(person, consultation, language)


def may_see_texts(person: Person, consultation: Consultation) -> Answer:
    """A person who may translate the consultation's own texts into some language."""
    return has_role(person, consultation, RoleName.TRANSLATOR, RoleName.RAPPORTEUR, RoleName.ORGANIZER) or Denied(
        _(
            "Only translators, rapporteurs and organizers of a consultation can see this page. Ask an "
            "organizer for a role."
        )
    )


def may_see(person: Person, consultation: Consultation) -> Answer:
    """Everybody, once announced; before, those with a role in it."""
    return (
        consultation.is_public
        or any(where == consultation.pk for where, _name, _language in roles_of(person))
        or Denied(_("This consultation is not public yet."))
    )


@manages_list
def may_manage_themes(person: Person) -> Answer:
    """The secretariat: an organizer of the installation, or of the community."""
    return may_act(person) and (
        bool(person.is_organizer)
        or Role.objects.filter(person=person, name=RoleName.ORGANIZER, consultation__is_community=True).exists()
        or Denied(
            _(
                "Only organizers of this site, or of the calendar and directory, can change the list of themes. "
                "Ask one of them."
            )
        )
    )


def may_use_desk(person: Person) -> Answer:
    """Anybody with a role somewhere, members of bodies, organizers and operators of the installation."""
    return may_act(person) and (
        bool(person.is_organizer or person.is_operator or roles_of(person) or works_at_desk(person))
        or Denied(_("Only people with a role can use the desk. Ask an organizer for a role."))
    )


def takes_contributions(consultation: Consultation, *, opened_at: datetime.datetime | None = None) -> Answer:
    """Open now; or closed for at most 15 minutes, for a form that was opened before closing."""
    state = consultation.state
    if state == State.OPEN:
        return True
    if state in {State.DRAFT, State.ANNOUNCED}:
        return Denied(_("This consultation is not open yet. You can contribute when it opens."), "not_open")
    closes_at = consultation.closes_at
    was_opened_before = closes_at is not None and opened_at is not None and opened_at < closes_at
    if state == State.CLOSED and was_opened_before and _within(closes_at, minutes=GRACE_MINUTES):
        return True
    return Denied(
        _("This consultation has closed and no longer accepts contributions. Your text has been saved as a draft."),
        "closed",
    )


def takes_returned(consultation: Consultation) -> Answer:
    """Open now, or closed for at most seven days: a returned text may be submitted again."""
    if consultation.state == State.OPEN:
        return True
    closes_at = consultation.closes_at
    if consultation.stage in {State.ANNOUNCED, State.OPEN, State.CLOSED} and _within(closes_at, days=RETURN_DAYS):
        return True
    return Denied(
        _("Returned texts could be submitted again for seven days after the closing date. That period has ended."),
        "closed",
    )


def _within(moment: datetime.datetime | None, **span: int) -> bool:
    return moment is not None and clock.now() <= moment + datetime.timedelta(**span)
