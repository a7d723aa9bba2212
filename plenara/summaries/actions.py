"""Summaries: beginning one, its period, what it sets aside, and its way to the record.

Statements, citations and translations are the document's: `documents.actions`, `documents.renditions`. What is done
here in one transaction with them is what only a summary has: its number, its figures, its letters.
"""

import datetime
from typing import Any

from plenara.consultations.models import Consultation, Follow, RoleName
from plenara.consultations.telling import enqueue_news
from plenara.contributions.models import Edition
from plenara.core import audit, clock
from plenara.core.models import Act
from plenara.core.refusals import require, require_valid
from plenara.core.tasks import Task
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import publishing, states
from plenara.documents.models import Citation, Document, DocumentEdition, State
from plenara.documents.renditions import standings
from plenara.summaries import checks, holding, rules, tasks
from plenara.summaries import tasks as printing
from plenara.summaries.correcting import actions as correcting
from plenara.summaries.coverage import CITED, coverage
from plenara.summaries.kind import NAME
from plenara.summaries.models import LeftOut, SetAside, Summary, SummaryEdition
from plenara.summaries.people import people
from plenara.summaries.scheduling.dates import translating_due, writing_due


@writing
def create(
    *,
    actor: Any,
    consultation: Consultation,
    source_language: str,
    period_from: datetime.datetime,
    period_to: datetime.datetime,
    title: str = "",
) -> Summary:
    """Begin a summary of a period, both of whose moments belong to it."""
    require(rules.may_begin(actor, consultation))
    require_valid(checks.period_in_order(period_from, period_to))
    document = document_actions.create(
        actor=actor, consultation=consultation, kind=NAME, source_language=source_language, title=title
    )
    return Summary.objects.create(
        document=document,
        consultation=consultation,
        period_from=period_from,
        period_to=period_to,
        due_at=writing_due(consultation, period_to),
    )


@writing
def edit_period(
    *,
    actor: Any,
    summary: Summary,
    period_from: datetime.datetime,
    period_to: datetime.datetime,
    was: tuple[datetime.datetime, datetime.datetime],
) -> Summary:
    """Let a summary in the making cover another period. `was` is the one that the form showed."""
    _editable(actor, summary)
    require_valid(checks.period_in_order(period_from, period_to))
    now = (summary.period_from, summary.period_to)
    if (period_from, period_to) == now:
        return summary
    if was != now:
        raise document_actions.ChangedMeanwhile(None, "period_from")
    summary.period_from, summary.period_to = period_from, period_to
    summary.save(update_fields=["period_from", "period_to"])
    audit.log("summary.period_edited", actor=actor, about=summary, consultation=summary.consultation)
    return summary


@writing
def set_aside(*, actor: Any, summary: Summary, edition: Edition, reason: str) -> SetAside:
    """Leave a contribution out, with a reason that readers see. A second time it changes the reason."""
    _editable(actor, summary)
    reason = clean(reason)
    require_valid(
        checks.of_this_consultation(summary, edition), checks.reason_given(reason), checks.not_cited(summary, edition)
    )
    # Of a contribution that was revised since, its earlier edition may be set aside: a reason stands once.
    summary.set_aside.filter(edition__contribution_id=edition.contribution_id).exclude(edition=edition).delete()
    kept, _made = SetAside.objects.update_or_create(
        summary=summary, edition=edition, defaults={"reason": reason, "by": actor, "at": clock.now()}
    )
    audit.log("summary.set_aside", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk)
    return kept


@writing
def bring_back(*, actor: Any, summary: Summary, edition: Edition) -> None:
    """Take a contribution up again that was set aside."""
    _editable(actor, summary)
    gone, _kinds = summary.set_aside.filter(edition__contribution_id=edition.contribution_id).delete()
    if gone:
        audit.log(
            "summary.brought_back", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk
        )


def _editable(actor: Any, summary: Summary) -> None:
    document = document_actions.locked(summary.document)
    require(rules.may_set_aside(actor, summary))
    states.after(document.state, "edit")
    document.writers.add(actor)
    summary.refresh_from_db(fields=["period_from", "period_to"])


@writing
def ask_approval(*, actor: Any, summary: Summary) -> Document:
    """Send it to review; the organizers who may approve it get a letter."""
    document = document_actions.submit_for_review(actor=actor, document=summary.document)
    organizers = people(summary.consultation, RoleName.ORGANIZER)
    writers = set(document.writers.values_list("pk", flat=True))
    others = [person for person, _language in organizers if person not in writers]
    for person in others or [person for person, _language in organizers]:
        _enqueue_letter(document, tasks.approval_letter, person)
    return document


@writing
def send_back(*, actor: Any, summary: Summary, note: str = "") -> Document:
    """Give it back to its writers, who get a letter with the note."""
    document = document_actions.send_back(actor=actor, document=summary.document, note=note)
    for person in document.writers.exclude(pk=actor.pk).values_list("pk", flat=True):
        _enqueue_letter(document, tasks.sent_back_letter, person)
    return document


@writing
def approve(*, actor: Any, summary: Summary) -> Document:
    """Approve it; the translators whose language is not ready get a letter."""
    document = document_actions.approve(actor=actor, document=summary.document)
    summary.translations_due_at = translating_due(document.consultation, clock.now())
    summary.save(update_fields=["translations_due_at"])
    waiting = {each.code for each in standings(document) if not each.is_source and not each.is_ready}
    for person, language in people(summary.consultation, RoleName.TRANSLATOR):
        if language in waiting:
            _enqueue_letter(document, tasks.rendition_letter, person, language=language)
    return document


@writing
def publish(*, actor: Any, summary: Summary, is_correction: bool = False) -> DocumentEdition:
    """Publish it: number and symbol at the first, `/Rev.k` or `/Corr.k` after; each cited author gets one letter."""
    document = document_actions.locked(summary.document)
    upheld = correcting.hold_upheld(document.pk)
    number = document.number
    if document.state == State.APPROVED and number is None:
        consultation = Consultation.objects.select_for_update(no_key=True).get(pk=summary.consultation_id)
        consultation.last_summary += 1
        consultation.save(update_fields=["last_summary"])
        number = consultation.last_summary
    edition = publishing.publish(actor=actor, document=document, number=number, is_correction=is_correction)
    keep_coverage(summary, edition)
    correcting.put_right(edition, upheld)
    enqueue_news(key=f"summary-{edition.pk}", what=Follow.What.SUMMARIES, consultation=edition.consultation)
    tasks.tell_cited.using(key=f"summary-cited-{edition.pk}").enqueue(edition_id=edition.pk)
    printing.print_edition.using(key=f"print-{edition.pk}").enqueue(edition_id=edition.pk)
    return edition


def keep_coverage(summary: Summary, edition: DocumentEdition) -> SummaryEdition:
    """Keep in the record what an edition of a summary covered, as it is at this moment."""
    covered = coverage(summary)
    kept = SummaryEdition.objects.create(
        edition=edition,
        period_from=summary.period_from,
        period_to=summary.period_to,
        figures={**covered.figures(), "held": holding.kept_of(summary.document_id, covered)},
    )
    reasons = dict(summary.set_aside.values_list("edition__contribution_id", "reason"))
    out = [each for each in covered.contributions if each.standing != CITED]
    rows = [(each.edition_id, reasons.pop(each.contribution_id, None)) for each in out]
    # What was set aside although it is of another period is told as well.
    # What was cited after all is not: its statement says more.
    cited = Citation.objects.filter(paragraph__document_id=summary.document_id).values("edition__contribution_id")
    rest = summary.set_aside.filter(edition__contribution_id__in=reasons).order_by("edition__number")
    rest = rest.exclude(edition__contribution_id__in=cited)
    rows += list(rest.values_list("edition_id", "reason"))
    LeftOut.objects.bulk_create(
        LeftOut(summary=kept, edition_id=edition_id, is_set_aside=reason is not None, reason=reason or "")
        for edition_id, reason in rows
    )
    return kept


def _last_act(document: Document) -> Act:
    return Act.objects.filter(about_kind="document", about_id=str(document.pk)).latest("pk")


def _enqueue_letter(document: Document, letter: Task, person: int, **more: Any) -> None:
    act = _last_act(document)
    key = "-".join(["summary", letter.name, str(act.pk), str(person), *more.values()])
    letter.using(key=key).enqueue(occasion=act.pk, document_id=document.pk, person_id=person, **more)
