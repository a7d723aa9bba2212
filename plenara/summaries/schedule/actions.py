"""Setting a consultation's schedule of summaries, ending its periods, and sending reminders."""

import datetime

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName, State
from plenara.consultations.permissions import may_organize
from plenara.consultations.queries import role_holders
from plenara.core import audit, clock
from plenara.core.refusals import ActionRefused, require, require_valid
from plenara.core.tasks import Task, task
from plenara.core.transaction import writing
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.models import Document
from plenara.documents.models import State as DocumentState
from plenara.summaries import emails
from plenara.summaries.actions.summaries import publish_empty_period
from plenara.summaries.kind import NAME
from plenara.summaries.models import Schedule, Summary
from plenara.summaries.queries.coverage import editions_of
from plenara.summaries.schedule import queries
from plenara.summaries.validation import inputs


@writing
def set_schedule(
    *,
    actor: Person,
    consultation: Consultation,
    is_on: bool,
    every: str,
    weekday: int,
    source_language: str,
    writing_days: int,
    translating_days: int,
    was: int,
) -> Schedule:
    """Set when a consultation's summaries are due. `was` is the stamp that the form showed; 0 for the first."""
    require(may_organize(actor, consultation))
    require_valid(
        inputs.known_pace(every),
        inputs.known_weekday(weekday),
        inputs.known_language(source_language),
        inputs.possible_days(writing_days, "writing_days"),
        inputs.possible_days(translating_days, "translating_days"),
    )
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    schedule = Schedule.objects.filter(consultation=consultation).first() or Schedule(consultation=consultation)
    if schedule.stamp != was:
        raise ActionRefused(
            _("Someone else has changed the schedule since you opened it. Compare the two versions and save again."),
            "changed",
        )
    schedule.is_on, schedule.every, schedule.weekday = is_on, every, weekday
    schedule.source_language = source_language
    schedule.writing_days, schedule.translating_days = writing_days, translating_days
    schedule.stamp, schedule.changed_at = schedule.stamp + 1, clock.now()
    if schedule.covered_until is None:
        last = Summary.objects.filter(consultation=consultation).order_by("-period_to").first()
        # Periods of summaries that a person created are not covered again.
        schedule.covered_until = last.period_to + datetime.timedelta(seconds=1) if last else None
    schedule.next_at = _next(schedule, consultation) if is_on else None
    schedule.save()
    audit.log("summary_schedule.set", actor=actor, about=schedule, consultation=consultation, every=every, is_on=is_on)
    return schedule


def _next(schedule: Schedule, consultation: Consultation) -> datetime.datetime | None:
    """Return the end of the next period: never in the past or before the opening; None once all is covered."""
    begins = max(each for each in (clock.now(), consultation.opens_at, schedule.covered_until) if each)
    if _is_over(schedule, consultation):
        return None
    return queries.next_cut(schedule, consultation, begins)


def _is_over(schedule: Schedule, consultation: Consultation) -> bool:
    """Return whether periods have covered everything and nothing new can come."""
    if consultation.state in {State.DRAFT, State.ANNOUNCED, State.OPEN}:
        return False
    return bool(schedule.covered_until and consultation.closes_at and schedule.covered_until >= consultation.closes_at)


@writing
def cut(schedule_id: int) -> Summary | None:
    """End the period that is due, create its summary and enqueue the e-mails. Does nothing if none is due.

    The summary of a period without contributions is published at once, and says so.
    """
    found = Schedule.objects.select_for_update(of=("self",)).select_related("consultation").filter(pk=schedule_id)
    schedule, now = found.first(), clock.now()
    if schedule is None or not schedule.is_on or schedule.next_at is None or schedule.next_at > now:
        return None
    consultation = schedule.consultation
    if consultation.opens_at is None or not consultation.is_public or consultation.stage == State.ARCHIVED:
        return None
    begins = schedule.covered_until or consultation.opens_at
    ends = queries.last_due(schedule, consultation, schedule.next_at, now)
    summary = _begin(schedule, consultation, begins, ends)
    schedule.covered_until = ends + datetime.timedelta(seconds=1)
    schedule.next_at = None if _is_over(schedule, consultation) else queries.cut_after(schedule, consultation, ends)
    schedule.save(update_fields=["covered_until", "next_at"])
    audit.log("summary.period_cut", actor=None, about=summary, consultation=consultation)
    if not editions_of(consultation, begins, ends).exists():
        publish_empty_period(summary)
        return summary
    rapporteurs = role_holders(consultation.pk, RoleName.RAPPORTEUR)
    for person, _language in rapporteurs or role_holders(consultation.pk, RoleName.ORGANIZER):
        emails.period_email.using(key=f"summary-period-{summary.pk}-{person}").enqueue(
            summary_id=summary.pk, person_id=person
        )
    return summary


def _begin(
    schedule: Schedule, consultation: Consultation, begins: datetime.datetime, ends: datetime.datetime
) -> Summary:
    due = queries.working_days_after(ends, schedule.writing_days, consultation)
    document = Document.objects.create(
        kind=NAME, consultation=consultation, source_language=schedule.source_language, title={}
    )
    return Summary.objects.create(
        document=document,
        consultation=consultation,
        period_from=begins,
        period_to=ends,
        schedule=schedule,
        due_at=due,
        translations_due_at=queries.working_days_after(due, schedule.translating_days, consultation),
    )


@writing
def enqueue_look() -> None:
    """Enqueue this hour's check of due days. Several workers enqueue the same one."""
    keep_time.using(key=f"summaries-keep-time-{clock.now():%Y-%m-%dT%H}").enqueue()


@task
def keep_time() -> None:
    """End the periods that are due, one transaction each, and enqueue the reminders."""
    due = Schedule.objects.filter(is_on=True, next_at__lte=clock.now()).order_by("pk")
    failed: Exception | None = None
    for schedule_id in due.values_list("pk", flat=True):
        try:
            cut(schedule_id)
        except Exception as error:
            # An error in one consultation does not stop the others. The task raises it at its end and is retried.
            failed = error
    remind()
    if failed:
        raise failed


@writing
def remind() -> None:
    """Enqueue the e-mails about summaries and translations that are due soon or late."""
    made = Summary.objects.select_related("document", "consultation")
    for summary in made.filter(document__state=DocumentState.DRAFT, document__number=None, due_at__isnull=False):
        _about_writing(summary)
    waiting = made.filter(
        document__state__in=[DocumentState.APPROVED, DocumentState.PUBLISHED], translations_due_at__isnull=False
    )
    # E-mails about earlier due days were sent. Checking them again would be slower each year.
    for summary in waiting.filter(translations_due_at__gt=clock.now() - datetime.timedelta(days=30)):
        _about_translating(summary)


def _about_writing(summary: Summary) -> None:
    now, due, where = clock.now(), summary.due_at, summary.consultation
    assert due is not None
    rapporteurs = [person for person, _language in role_holders(where.pk, RoleName.RAPPORTEUR)]
    if now > due:
        organizers = [person for person, _language in role_holders(where.pk, RoleName.ORGANIZER)]
        for person in dict.fromkeys([*rapporteurs, *organizers]):
            _enqueue(emails.late_email, summary, person)
    elif queries.is_last_working_day(due, now, where):
        for person in rapporteurs:
            _enqueue(emails.due_email, summary, person)


def _about_translating(summary: Summary) -> None:
    now, due, where = clock.now(), summary.translations_due_at, summary.consultation
    assert due is not None
    if now <= due and not queries.is_last_working_day(due, now, where):
        return
    missing = {each.code for each in rendition_statuses(summary.document) if not each.is_source and not each.is_ready}
    email = emails.translation_due_email if now <= due else emails.translation_late_email
    for person, code in role_holders(where.pk, RoleName.TRANSLATOR):
        if code in missing:
            _enqueue(email, summary, person, language=code)


def _enqueue(email: Task, summary: Summary, person: int, **more: str) -> None:
    due = summary.translations_due_at if "language" in more else summary.due_at
    what = email.name.removesuffix("_email").replace("_", "-")
    key = "-".join(["summary", what, str(summary.pk), f"{due:%Y%m%d}", str(person), *more.values()])
    email.using(key=key).enqueue(summary_id=summary.pk, person_id=person, **more)
