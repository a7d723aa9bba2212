"""The clock's tasks: cutting what is due, and the letters about days that come or have gone by."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.core.languages import django_code, in_language
from plenara.documents.models import State
from plenara.documents.renditions import standings
from plenara.mail import letters
from plenara.summaries import periods
from plenara.summaries.coverage import editions_of
from plenara.summaries.models import Summary
from plenara.summaries.scheduling import reminding


def keep_time() -> None:
    """Cut what is due, and enqueue the reminders."""
    reminding.keep_time()


def period_letter(summary_id: int, person_id: int) -> None:
    """Tell a rapporteur that a period has ended, how much was contributed, and by when its summary is due."""
    if summary := _unwritten(summary_id):
        count = editions_of(summary.consultation, summary.period_from, summary.period_to).count()
        _send(summary, person_id, "period", summary.due_at, count=count)


def due_letter(summary_id: int, person_id: int) -> None:
    """Tell a rapporteur that a summary is due on this working day or the next; nothing where it was sent on."""
    if summary := _unwritten(summary_id):
        _send(summary, person_id, "due", summary.due_at)


def late_letter(summary_id: int, person_id: int) -> None:
    """Tell a rapporteur or an organizer that a summary is late."""
    if summary := _unwritten(summary_id):
        _send(summary, person_id, "late", summary.due_at)


def translation_due_letter(summary_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a translation is due on this working day or the next; nothing where it is there."""
    if summary := _untranslated(summary_id, language):
        _send(summary, person_id, "translation_due", summary.translations_due_at, rendition=language)


def translation_late_letter(summary_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a translation is late."""
    if summary := _untranslated(summary_id, language):
        _send(summary, person_id, "translation_late", summary.translations_due_at, rendition=language)


def _summary(pk: int) -> Summary | None:
    return Summary.objects.select_related("document", "consultation").filter(pk=pk).first()


def _unwritten(pk: int) -> Summary | None:
    summary = _summary(pk)
    return summary if summary and summary.document.state == State.DRAFT else None


def _untranslated(pk: int, language: str) -> Summary | None:
    summary = _summary(pk)
    if summary is None:
        return None
    stands = next(each for each in standings(summary.document) if each.code == language)
    return None if stands.is_source or stands.is_ready else summary


def _send(summary: Summary, person_id: int, template: str, due: Any, **more: Any) -> None:
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or due is None:
        return
    where, language = summary.consultation, more.get("rendition", "")
    with translation.override(django_code(person.language)):
        page = "rendition" if language else "workbench"
        path = reverse(f"summaries:{page}", args=[where.slug, summary.pk, *([language] if language else [])])
        period = periods.in_words(summary.period_from, summary.period_to, where)
    letters.send(
        to=person,
        template=f"summaries/mail/{template}",
        context={
            "consultation": where,
            "consultation_title": in_language(where.title, person.language).text,
            "period": period,
            "due": due.astimezone(where.zone).date(),
            "document": summary.document,
            "path": path,
            **more,
        },
        key=f"summary-{template}-{summary.pk}-{due:%Y%m%d}-{person_id}-{language}",
    )
