"""What comes next in a consultation, in words: what happens by itself, and what its organizers should do."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.confirmation import Request
from plenara.consultations import checks, confirmation, rules, shown
from plenara.consultations.models import RETURN_DAYS, Consultation, RoleName, State
from plenara.consultations.todo import ToDo, Urgency, waits
from plenara.core import clock
from plenara.core.refusals import No

#: A draft whose planned opening comes within these days is urgent.
NEAR_DAYS = 7


def outlook(consultation: Consultation) -> str:
    """Return what happens next by itself, or what the consultation waits for."""
    if consultation.is_community:
        return _("Events, organizations, people and projects are read here before they are published.")
    opens, closes = shown.opening(consultation), shown.closing(consultation)
    match consultation.state:
        case State.DRAFT:
            return _("Only those with a role in it can see it. It becomes public when you announce it.")
        case State.ANNOUNCED:
            return _("It opens by itself on %(moment)s.") % {"moment": opens}
        case State.OPEN if closes:
            return _("It closes by itself on %(moment)s.") % {"moment": closes}
        case State.OPEN:
            return _("It is open and has no closing.")
        case State.CLOSED:
            return _("It takes no more contributions. When what waits is decided, the synthesis can begin.")
        case State.IN_SYNTHESIS:
            return _("The rapporteurs write the final summary. When it has been handed over, mark it as reported.")
        case State.REPORTED:
            return _("It has been reported. When nothing more is to be corrected, archive it.")
    return _("It is archived. Its record stays as it is.")


def missing(consultation: Consultation) -> list[No]:
    """Return what must be there before it can be announced. `threads` may be prefetched."""
    answers = [*checks.complete(consultation, list(consultation.threads.all()))]
    answers += checks.dates_lie_ahead(consultation.opens_at, consultation.closes_at)
    return [answer for answer in answers if isinstance(answer, No)]


def return_until(consultation: Consultation) -> datetime.datetime | None:
    """Return until when returned texts may come back, where that is still ahead."""
    if consultation.state != State.CLOSED or not consultation.closes_at:
        return None
    until = consultation.closes_at + datetime.timedelta(days=RETURN_DAYS)
    return until if until > clock.now() else None


def to_do(consultation: Consultation, person: Any = None, request: Request | None = None) -> list[ToDo]:
    """Return what its organizers should do now, the next thing first. `threads` and `roles` may be prefetched.

    `request` is that of an organizer who wants a draft announced, and `person` is the organizer who reads this.
    """
    if consultation.is_community:
        return _moderators(consultation)
    here = reverse("desk_consultation", args=[consultation.slug])
    match consultation.state:
        case State.DRAFT:
            return [_requested(consultation, person, request) if request else _draft(consultation, here)]
        case State.ANNOUNCED | State.OPEN:
            return missing_people(consultation)
        case State.CLOSED:
            until = return_until(consultation)
            sentence = (
                _("It is closed. Returned texts may come back until %(moment)s; then begin the synthesis.")
                % {"moment": shown.moment(until, consultation.timezone)}
                if until
                else _("It is closed: begin the synthesis.")
            )
            urgency = Urgency.IN_TIME if until else Urgency.SOON
            verb = _("Begin the synthesis")
        case State.IN_SYNTHESIS:
            sentence, urgency, verb = _("It is in synthesis."), Urgency.IN_TIME, _("Mark it as reported")
        case State.REPORTED:
            sentence, urgency, verb = _("It has been reported."), Urgency.IN_TIME, _("Archive it")
        case _:
            return []
    return [ToDo(sentence, reverse("desk_state", args=[consultation.slug]), verb, urgency, consultation)]


def _draft(consultation: Consultation, here: str) -> ToDo:
    lacking = len(missing(consultation))
    opens_at = consultation.opens_at
    near = opens_at is not None and opens_at - clock.now() < datetime.timedelta(days=NEAR_DAYS)
    urgency = Urgency.NOW if near else Urgency.SOON
    if lacking:
        sentence = ngettext(
            "It is a draft. %(count)d thing is missing before it can be announced.",
            "It is a draft. %(count)d things are missing before it can be announced.",
            lacking,
        ) % {"count": lacking}
        return ToDo(sentence, here, _("See what is missing"), urgency, consultation)
    sentence = _("It is a draft with everything that is needed: read it once more and announce it.")
    return ToDo(sentence, reverse("desk_state", args=[consultation.slug]), _("Announce it"), urgency, consultation)


def _requested(consultation: Consultation, person: Any, request: Request) -> ToDo:
    url = reverse("desk_state", args=[consultation.slug])
    if person is not None and request.by.pk == person.pk:
        sentence = _("You asked for the announcement. Another organizer must confirm it.")
        return ToDo(sentence, url, _("See the request"), Urgency.IN_TIME, consultation, since=request.at)
    sentence = _("%(name)s asks you to confirm the announcement.") % {"name": request.by.name}
    return ToDo(sentence, url, _("Read it and confirm"), Urgency.NOW, consultation, since=request.at)


def missing_people(consultation: Consultation) -> list[ToDo]:
    """Return a task for each role that somebody should have. `roles` may be prefetched."""
    held = {role.name for role in consultation.roles.all()}
    url = reverse("desk_roles", args=[consultation.slug])
    tasks = []
    if RoleName.MODERATOR not in held:
        sentence = _("Nobody is a moderator yet: until then its organizers decide about contributions.")
        tasks.append(ToDo(sentence, url, _("Invite a moderator"), Urgency.SOON, consultation))
    if RoleName.RAPPORTEUR not in held:
        sentence = _("Nobody is a rapporteur yet, so no summary can be written.")
        tasks.append(ToDo(sentence, url, _("Invite a rapporteur"), Urgency.SOON, consultation))
    return tasks


def _moderators(consultation: Consultation) -> list[ToDo]:
    if any(role.name == RoleName.MODERATOR for role in consultation.roles.all()):
        return []
    sentence = _("Nobody is a moderator of calendar and directory yet: until then its organizers decide.")
    url = reverse("desk_roles", args=[consultation.slug])
    return [ToDo(sentence, url, _("Invite a moderator"), Urgency.SOON, consultation)]


@waits
def organizing(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return what waits for the organizers among these consultations."""
    own = [one for one in consultations if rules.may_organize(person, one)]
    prefetch_related_objects(own, "threads", "roles")
    drafts = [one for one in own if one.state == State.DRAFT and not one.is_community]
    requests = confirmation.requests(drafts) if drafts and confirmation.is_needed() else {}
    return [task for one in own for task in to_do(one, person, requests.get(one.pk))]
