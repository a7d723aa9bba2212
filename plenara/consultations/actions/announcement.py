"""Announcing a consultation, or a child of one, and opening it before its time."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.text import slugify
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import emails, permissions, queries, validation
from plenara.consultations.actions.lifecycle import (
    clean_texts,
    enqueue_turns,
    invalidate_public,
    lock_consultation,
    require_possible,
    save_details,
)
from plenara.consultations.models import Consultation, Role, RoleName, State, Thread
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, InvalidInput, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing

#: The roles of the parent that count in the child.
COPIED = (RoleName.ORGANIZER, RoleName.MODERATOR)
#: What the child takes over from its parent by default.
TAKEN_OVER = ("timezone", "licence", "promise_working_days", "working_days", "holidays", "moderation_guide")


class Question(NamedTuple):
    """A new question: a short name for exports, its text and its guidance."""

    slug: str
    question: Mapping[str, str]
    guidance: Mapping[str, str]


def announce_child(
    *,
    actor: Person,
    parent: Consultation,
    slug: str,
    symbol: str,
    title: Mapping[str, str],
    intro: Mapping[str, str],
    questions: Sequence[Question],
    languages: Sequence[str],
    closes_at: datetime.datetime | None,
    opens_at: datetime.datetime | None = None,
    **terms: object,
) -> Consultation:
    """Create a consultation below another and announce it. Without an opening it opens at once."""
    parent = lock_consultation(parent)
    now = clock.now()
    given = {
        **{name: getattr(parent, name) for name in TAKEN_OVER},
        "slug": clean_line(slug),
        "symbol": clean_line(symbol),
        "title": clean_texts(title, clean_line),
        "intro": clean_texts(intro, clean),
        "languages": list(languages),
        "opens_at": opens_at or now,
        "closes_at": closes_at,
        **terms,
    }
    child = Consultation(parent=parent, stage=State.ANNOUNCED, announced_at=now, **given)
    threads = [
        Thread(
            consultation=child,
            number=number,
            slug=slugify(each.slug)[:60],
            question=clean_texts(each.question, clean_line),
            guidance=clean_texts(each.guidance, clean),
        )
        for number, each in enumerate(questions, 1)
    ]
    require_valid(
        *validation.details_fit(child, given, Consultation(licence=parent.licence)),
        *validation.complete(child, threads),
        *validation.dates_lie_ahead(opens_at, closes_at),
    )
    save_details(child)
    Thread.objects.bulk_create(threads)
    roles = parent.roles.filter(name__in=COPIED).order_by("pk")
    Role.objects.bulk_create(Role(consultation=child, person_id=each.person_id, name=each.name) for each in roles)
    permissions.forget_roles(actor)
    audit.log("consultation.created", actor=actor, about=child, consultation=child, parent=parent.pk)
    audit.log("consultation.announced", actor=actor, about=child, consultation=child)
    enqueue_turns(child)
    invalidate_public(child, lists=True)
    invalidate_public(parent)
    return child


@writing
def request_announcement(*, actor: Person, consultation: Consultation) -> Consultation:
    """Ask the other organizers to confirm the announcement. Any change of the draft ends the request."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.ANNOUNCE)
    _require_complete(consultation)
    if queries.is_only_organizer(actor, consultation):
        raise InvalidInput(
            _("You are the only organizer. Invite a second organizer to confirm the announcement."), "alone"
        )
    request = queries.announcement_request_for(consultation)
    if request:
        raise AlreadyDone(
            _("%(name)s has already asked for the announcement. Another organizer must confirm it.")
            % {"name": request.by.name},
            "already",
        )
    act = audit.log(queries.ANNOUNCEMENT_REQUESTED, actor=actor, about=consultation, consultation=consultation)
    others = (
        queries.acting_organizer_roles(consultation.roles.all())
        .exclude(person_id=actor.pk)
        .values_list("person_id", flat=True)
    )
    emails.ask_to_confirm.enqueue_all(
        {
            f"confirm-{act.pk}-{pk}": {"consultation_id": consultation.pk, "person_id": pk, "act_id": act.pk}
            for pk in others
        }
    )
    return consultation


@writing
def announce(*, actor: Person, consultation: Consultation) -> Consultation:
    """Make a draft public. It then opens and closes by the clock."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.ANNOUNCE)
    _require_complete(consultation)
    requested_by = _require_confirmation(actor, consultation) if queries.second_organizer_is_needed() else None
    consultation.stage = State.ANNOUNCED
    consultation.announced_at = clock.now()
    consultation.save(update_fields=["stage", "announced_at"])
    details = {"requested_by": requested_by} if requested_by else {}
    audit.log("consultation.announced", actor=actor, about=consultation, consultation=consultation, **details)
    enqueue_turns(consultation)
    invalidate_public(consultation, lists=True)
    return consultation


def _require_complete(consultation: Consultation) -> None:
    if validation.complete(consultation, list(consultation.threads.all())):
        raise InvalidInput(_("You cannot announce the consultation yet. Add what is missing first."), "incomplete")
    require_valid(*validation.dates_lie_ahead(consultation.opens_at, consultation.closes_at))


def _require_confirmation(actor: Person, consultation: Consultation) -> int:
    """Return the id of the organizer who asked; refuse if that is the actor."""
    request = queries.announcement_request_for(consultation)
    if request is None:
        raise InvalidInput(
            _(
                "No one has asked for this announcement, or the draft has changed since then. Ask for the "
                "announcement again."
            ),
            "unrequested",
        )
    if request.by.pk == actor.pk:
        raise InvalidInput(_("You asked for the announcement. Another organizer must confirm it."), "own_request")
    return request.by.pk


@writing
def open_now(*, actor: Person, consultation: Consultation) -> Consultation:
    """Open an announced consultation before its opening: the opening that pages show becomes this moment."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.OPEN)
    announced_for = consultation.opens_at
    consultation.opens_at = clock.now()
    consultation.stamp += 1
    consultation.save(update_fields=["opens_at", "stamp"])
    audit.log(
        "consultation.opened_early",
        actor=actor,
        about=consultation,
        consultation=consultation,
        announced_for=announced_for.isoformat() if announced_for else None,
        at=consultation.opens_at.isoformat(),
    )
    invalidate_public(consultation, lists=True)
    return consultation
