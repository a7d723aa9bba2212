"""What follows the acts on a consultation: its pages turn with the clock, and people are told."""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations import confirmation, shown, tasks
from plenara.consultations.actions import translating
from plenara.consultations.models import LIST_CACHE_TAG, Consultation, Extension, Role, RoleName, State
from plenara.consultations.participants import participants
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.languages import django_code, in_language
from plenara.core.machines import Failed
from plenara.core.machines import translation as machine
from plenara.core.models import Act
from plenara.core.tasks import Abort
from plenara.core.text import plain
from plenara.core.transaction import writes
from plenara.core.vocabulary import language_name
from plenara.mail import letters

#: Letters enqueued in one transaction: short enough to let others write in between.
BATCH = 200

_VERBS = {"opens_at": "consultation.opened", "closes_at": "consultation.closed"}


def turn(consultation_id: int, turn: str, at: str) -> None:
    """Make the pages stale when the clock opens or closes a consultation. A moment that was moved does nothing."""
    with writes():
        consultation = Consultation.objects.select_for_update(no_key=True).filter(pk=consultation_id).first()
        due = datetime.datetime.fromisoformat(at)
        if consultation is None or consultation.stage == State.DRAFT or getattr(consultation, turn) != due:
            return
        invalidate(consultation.cache_tag, nothing_goes=True)
        invalidate(LIST_CACHE_TAG, nothing_goes=True)
        done = Act.objects.filter(
            about_kind="consultation", about_id=str(consultation.pk), verb=_VERBS[turn], details__at=at
        )
        if not done.exists():
            audit.log(_VERBS[turn], actor=None, about=consultation, consultation=consultation, at=at)


def announce_extension(extension_id: int, after: int = 0) -> None:
    """Enqueue one letter to each participant, a batch at a time."""
    extension = Extension.objects.select_related("consultation").filter(pk=extension_id).first()
    if extension is None:
        return
    ids = list(participants(extension.consultation).filter(pk__gt=after).values_list("pk", flat=True)[:BATCH])
    with writes():
        for person_id in ids:
            tasks.tell_extension.using(key=f"extension:{extension_id}:to:{person_id}").enqueue(
                extension_id=extension_id, person_id=person_id
            )
        if len(ids) == BATCH:
            tasks.announce_extension.using(key=f"extension:{extension_id}:after:{ids[-1]}").enqueue(
                extension_id=extension_id, after=ids[-1]
            )


def tell_extension(extension_id: int, person_id: int) -> None:
    """Tell one participant of a closing that was moved; not of one that was moved again since."""
    extension = Extension.objects.select_related("consultation").filter(pk=extension_id).first()
    person = _reader(person_id)
    if extension is None or person is None or extension.consultation.closes_at != extension.closes_at:
        return
    with translation.override(django_code(person.language)):
        context = {
            **_frame(extension.consultation, person),
            "extension": shown.extension(extension, extension.consultation),
            "reason": plain(in_language(extension.reason).text),
            "url": settings.SITE_URL + shown.address(extension.consultation),
        }
    letters.send(
        to=person,
        template="consultations/mail/extension",
        context=context,
        key=f"extension:{extension_id}:to:{person_id}",
    )


def tell_role(role_id: int) -> None:
    """Tell somebody which role they were given, and where it is exercised."""
    role = Role.objects.select_related("consultation").filter(pk=role_id).first()
    person = _reader(role.person_id) if role else None
    if role is None or person is None:
        return
    _send_about_role("role_granted", person, role.consultation, role.name, role.language, f"role:{role_id}")


def tell_role_revoked(consultation_id: int, person_id: int, role: str, language: str) -> None:
    """Tell somebody that a role was taken away."""
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    person = _reader(person_id)
    if consultation is None or person is None:
        return
    if Role.objects.filter(consultation=consultation, person=person, name=role, language=language).exists():
        return  # given again meanwhile
    key = f"role-revoked:{consultation_id}:{person_id}:{role}:{language}"
    _send_about_role("role_revoked", person, consultation, role, language, key)


def ask_to_confirm(consultation_id: int, person_id: int, act_id: int) -> None:
    """Tell an organizer that another one asks to confirm the announcement, while both can act and nothing changed."""
    consultation = Consultation.objects.filter(pk=consultation_id, stage=State.DRAFT).first()
    request = confirmation.request_for(consultation) if consultation else None
    if consultation is None or request is None or request.act_id != act_id:
        return
    role = confirmation.acting(consultation.roles.filter(person_id=person_id)).select_related("person").first()
    if role is None:
        return
    with translation.override(django_code(role.person.language)):
        context = {
            **_frame(consultation, role.person),
            "name": request.by.name,
            "url": settings.SITE_URL + reverse("desk_state", args=[consultation.slug]),
        }
    letters.send(
        to=role.person, template="consultations/mail/confirm", context=context, key=f"confirm-{act_id}-{person_id}"
    )


def _send_about_role(
    template: str, person: Person, consultation: Consultation, role: str, language: str, key: str
) -> None:
    with translation.override(django_code(person.language)):
        context = {
            **_frame(consultation, person),
            "role": RoleName(role).label,
            "role_language": language_name(language) if language else "",
            "url": f"{settings.SITE_URL}/{person.language}/desk/consultations/{consultation.slug}/",
        }
        letters.send(to=person, template=f"consultations/mail/{template}", context=context, key=key)


def _reader(person_id: int) -> Person | None:
    """Return a person who can be written to."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def _frame(consultation: Consultation, person: Any) -> dict[str, Any]:
    """Return what each letter about a consultation says of it."""
    return {"consultation": consultation, "title": shown.title(consultation, person.language)}


#: Failures of a machine that another attempt does not mend.
FINAL = frozenset({"unset", "refused", "too_large", "wrong_shape", "not_json"})


def translate_texts(consultation_id: int, language: str) -> None:
    """Let a machine translate what is missing of a consultation's own texts, as drafts."""
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    wanted = translating.wanted_of_machine(consultation, language) if consultation else []
    made: dict[str, tuple[str, str]] = {}
    for original in sorted({each.original for each in wanted}):
        some = [each for each in wanted if each.original == original]
        try:
            texts = machine.translate([each.source for each in some], original, language)
        except Failed as failed:
            if failed.code in FINAL:
                raise Abort from failed
            raise
        made |= {each.place.key: (text, each.made_from) for each, text in zip(some, texts, strict=True)}
    if consultation and made:
        translating.keep_machines(consultation=consultation, language=language, made=made)
