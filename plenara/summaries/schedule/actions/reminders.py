"""Once an hour the clock looks: what is due is cut, and who has a day left, or none, hears of it once."""

import datetime
from typing import Any

from plenara.consultations.models import RoleName
from plenara.core import clock
from plenara.core.tasks import Task
from plenara.core.transaction import writing
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.models import State
from plenara.summaries import emails, tasks
from plenara.summaries.models import Schedule, Summary
from plenara.summaries.permissions import role_holders
from plenara.summaries.schedule.actions.periods import cut
from plenara.summaries.schedule.queries import is_last_working_day

#: The states in which a summary is not written yet.
UNWRITTEN = (State.DRAFT,)


@writing
def enqueue_look() -> None:
    """Enqueue this hour's look at what is due. Several workers enqueue the same one."""
    tasks.keep_time.using(key=f"summaries-keep-time-{clock.now():%Y-%m-%dT%H}").enqueue()


def cut_and_remind() -> None:
    """Cut the periods that are due, one transaction each, and enqueue the reminders."""
    due = Schedule.objects.filter(is_on=True, next_at__lte=clock.now()).order_by("pk")
    failed: Exception | None = None
    for schedule_id in due.values_list("pk", flat=True):
        try:
            cut(schedule_id)
        except Exception as error:
            # One consultation's trouble holds up nobody else's; the task says so at its end, and comes again.
            failed = error
    remind()
    if failed:
        raise failed


@writing
def remind() -> None:
    """Enqueue each letter about a day that comes, or has gone by, without what is due."""
    made = Summary.objects.select_related("document", "consultation")
    for summary in made.filter(document__state__in=UNWRITTEN, document__number=None, due_at__isnull=False):
        _about_writing(summary)
    waiting = made.filter(document__state__in=[State.APPROVED, State.PUBLISHED], translations_due_at__isnull=False)
    # What was due long ago has been told; looking at it again would cost more each year.
    for summary in waiting.filter(translations_due_at__gt=clock.now() - datetime.timedelta(days=30)):
        _about_translating(summary)


def _about_writing(summary: Summary) -> None:
    now, due, where = clock.now(), summary.due_at, summary.consultation
    assert due is not None
    rapporteurs = [person for person, _language in role_holders(where, RoleName.RAPPORTEUR)]
    if now > due:
        organizers = [person for person, _language in role_holders(where, RoleName.ORGANIZER)]
        for person in dict.fromkeys([*rapporteurs, *organizers]):
            _enqueue(emails.late_letter, "late", summary, person)
    elif is_last_working_day(due, now, where):
        for person in rapporteurs:
            _enqueue(emails.due_letter, "due", summary, person)


def _about_translating(summary: Summary) -> None:
    now, due, where = clock.now(), summary.translations_due_at, summary.consultation
    assert due is not None
    if now <= due and not is_last_working_day(due, now, where):
        return
    missing = {each.code for each in rendition_statuses(summary.document) if not each.is_source and not each.is_ready}
    translators = [(person, code) for person, code in role_holders(where, RoleName.TRANSLATOR) if code in missing]
    if now <= due:
        for person, code in translators:
            _enqueue(emails.translation_due_letter, "translation-due", summary, person, language=code)
        return
    for person, code in translators:
        _enqueue(emails.translation_late_letter, "translation-late", summary, person, language=code)


def _enqueue(letter: Task, what: str, summary: Summary, person: int, **more: Any) -> None:
    due = summary.translations_due_at if "language" in more else summary.due_at
    key = "-".join(["summary", what, str(summary.pk), f"{due:%Y%m%d}", str(person), *more.values()])
    letter.using(key=key).enqueue(summary_id=summary.pk, person_id=person, **more)
