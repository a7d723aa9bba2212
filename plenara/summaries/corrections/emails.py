"""The e-mails about requests for correction: to the requester, and to the people who may answer."""

from django.conf import settings

from plenara.accounts.models import Person
from plenara.consultations.models import RoleName
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.life_cycle import State
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.documents.emails import recipient
from plenara.email import delivery
from plenara.summaries.corrections import permissions, presenters
from plenara.summaries.models import Correction, CorrectionVersion


@task
def correction_receipt(*, version_id: int) -> None:
    """Send the requester a receipt: number, time, digest, text."""
    found = CorrectionVersion.objects.select_related(
        "text", "correction__person", "correction__consultation", "correction__edition"
    )
    version = found.filter(pk=version_id).first()
    if version is None or version.correction.person is None:
        return  # erased in the meantime
    _to_asker(version.correction, "receipt", f"correction-receipt-{version_id}", version=version)


@task
def notify_answerers(*, occasion: str, correction_id: int) -> None:
    """Enqueue the e-mails about an unanswered request: when published, four days before its due day, and when late.

    The people who may answer get them; when it is late, the organizers too. None once it is answered or removed.
    """
    correction = _unanswered(correction_id)
    if correction is None:
        return
    people = permissions.who_may_answer(correction)
    if occasion == "late":
        roles = correction.consultation.roles.filter(
            name=RoleName.ORGANIZER, person__is_active=True, person__suspended_at=None
        )
        people |= set(roles.values_list("person_id", flat=True))
    with writes():
        for person_id in sorted(people):
            correction_waits.using(key=f"correction-{occasion}-{correction_id}-{person_id}").enqueue(
                occasion=occasion, correction_id=correction_id, person_id=person_id
            )


@task
def correction_waits(*, occasion: str, correction_id: int, person_id: int) -> None:
    """Notify a person that a request needs an answer, and by when."""
    correction = _unanswered(correction_id)
    person = recipient(person_id)
    if correction is None or person is None:
        return
    _send(
        person,
        correction,
        "waits",
        key=f"correction-{occasion}-{correction_id}-{person_id}",
        occasion=occasion,
        days_left=_days_left(correction),
        path=f"desk/consultations/{correction.consultation.slug}/summaries/corrections/{correction_id}/",
    )


@task
def correction_answered(*, correction_id: int) -> None:
    """Send the requester the answer and its reason, in their language."""
    correction = _of(correction_id)
    if correction is not None and correction.person is not None:
        _to_asker(correction, "answered", f"correction-answered-{correction_id}")


@task
def correction_made(*, correction_id: int) -> None:
    """Notify the requester that the summary was corrected."""
    correction = _of(correction_id)
    if correction is not None and correction.person is not None and correction.corrected_by is not None:
        _to_asker(correction, "made", f"correction-made-{correction_id}")


def _of(correction_id: int) -> Correction | None:
    found = Correction.objects.select_related("person", "consultation", "edition__document", "corrected_by")
    return found.filter(pk=correction_id).first()


def _unanswered(correction_id: int) -> Correction | None:
    correction = _of(correction_id)
    waits = correction is not None and correction.state == State.PUBLISHED and not correction.verdict
    return correction if waits else None


def _days_left(correction: Correction) -> int:
    due, today = correction.due_day, clock.now().astimezone(correction.consultation.zone).date()
    return max((due - today).days, 0) if due else 0


def _to_asker(correction: Correction, template: str, key: str, **more: object) -> None:
    person = correction.person
    assert person is not None
    foreign = correction.answer_language if correction.answer_language != person.language else ""
    _send(
        person, correction, template, key=key, path=f"my/corrections/{correction.pk}/", foreign=foreign,
        public=settings.SITE_URL + presenters.public_path(correction, person.language), **more,
    )  # fmt: skip


def _send(person: Person, correction: Correction, template: str, *, key: str, **context: object) -> None:
    consultation = correction.consultation
    delivery.send(
        to=person,
        template=f"summaries/corrections/mail/{template}",
        context={
            "correction": correction,
            "consultation": consultation,
            "consultation_title": in_language(consultation.title, person.language).text,
            "summary_number": correction.edition.number,
            **context,
        },
        key=key,
    )
