"""E-mails about actions on a summary, and about days on which something is due or late."""

import datetime

from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core.languages import django_code, in_language
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.emails import ReviewEmails, recipient, review_emails
from plenara.documents.models import Document, DocumentEdition, PublishedCitation, State
from plenara.email import delivery
from plenara.summaries import periods
from plenara.summaries.kind import NAME
from plenara.summaries.models import Summary
from plenara.summaries.queries.coverage import editions_of


@task
def notify_cited(*, edition_id: int) -> None:
    """Enqueue one e-mail to each author whose words an edition cites, never a second one for the same summary."""
    edition = DocumentEdition.objects.get(pk=edition_id)
    authors = (
        PublishedCitation.objects.filter(paragraph__edition=edition, edition__status="published")
        .exclude(edition__contribution__author=None)
        .order_by("edition__contribution__author")
        .values_list("edition__contribution__author", flat=True)
        .distinct()
    )
    with writes():
        for person in authors:
            cited_email.using(key=f"summary-cited-letter-{edition.document_id}-{person}").enqueue(
                edition_id=edition_id, person_id=person
            )


@task
def cited_email(*, edition_id: int, person_id: int) -> None:
    """Send an author the statements that cite their contributions."""
    edition = DocumentEdition.objects.select_related("consultation").get(pk=edition_id)
    person = recipient(person_id)
    cited = (
        PublishedCitation.objects.filter(
            paragraph__edition=edition, edition__contribution__author_id=person_id, edition__status="published"
        )
        .order_by("edition__number", "paragraph__number")
        .values_list("edition__number", "edition__symbol", "paragraph__number")
        .distinct()
    )
    statements: dict[tuple[int, str], list[int]] = {}
    for number, symbol, statement in cited:
        statements.setdefault((number, symbol), []).append(statement)
    if person is None or not statements:
        return  # erased, or everything cited was withdrawn
    found = [
        {"number": number, "symbol": symbol, "statements": numbers} for (number, symbol), numbers in statements.items()
    ]
    _send(
        person,
        "cited",
        edition.consultation,
        key=f"summary-cited-letter-{edition.document_id}-{person_id}",
        number=edition.number,
        symbol=edition.symbol,
        contributions=found,
        path=f"consultations/{edition.consultation.slug}/summaries/{edition.number}/",
    )


@task
def approval_email(*, occasion: int, document_id: int, person_id: int) -> None:
    """Notify an organizer that a summary needs approval."""
    _about(occasion, document_id, person_id, "approval", "review/")


@task
def sent_back_email(*, occasion: int, document_id: int, person_id: int) -> None:
    """Notify a writer that a summary was sent back."""
    _about(occasion, document_id, person_id, "sent_back", "")


@task
def rendition_email(*, occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Notify a translator that a summary needs a translation."""
    _about(occasion, document_id, person_id, "rendition", f"renditions/{language}/", rendition=language)


review_emails[NAME] = ReviewEmails(approval_email, sent_back_email, rendition_email)


def _about(occasion: int, document_id: int, person_id: int, template: str, tail: str, **more: object) -> None:
    document = Document.objects.select_related("consultation", "summary").get(pk=document_id)
    person = recipient(person_id)
    if person is None:
        return
    consultation = document.consultation
    _send(
        person,
        template,
        consultation,
        key=f"summary-{template}-{occasion}-{person_id}-{more.get('rendition', '')}",
        number=document.number,
        document=document,
        summary=document.summary,
        path=f"desk/consultations/{consultation.slug}/summaries/{document.summary.pk}/{tail}",
        **more,
    )


def _send(person: Person, template: str, consultation: Consultation, *, key: str, **context: object) -> None:
    delivery.send(
        to=person,
        template=f"summaries/mail/{template}",
        context={
            "consultation": consultation,
            "consultation_title": in_language(consultation.title, person.language).text,
            **context,
        },
        key=key,
    )


@task
def period_email(*, summary_id: int, person_id: int) -> None:
    """Notify a rapporteur that a period has ended, with the number of contributions and the summary's due day."""
    if summary := _unwritten(summary_id):
        count = editions_of(summary.consultation, summary.period_from, summary.period_to).count()
        _send_reminder(summary, person_id, "period", summary.due_at, count=count)


@task
def due_email(*, summary_id: int, person_id: int) -> None:
    """Notify a rapporteur that a summary is due on this working day or the next, unless it was submitted."""
    if summary := _unwritten(summary_id):
        _send_reminder(summary, person_id, "due", summary.due_at)


@task
def late_email(*, summary_id: int, person_id: int) -> None:
    """Notify a rapporteur or an organizer that a summary is late."""
    if summary := _unwritten(summary_id):
        _send_reminder(summary, person_id, "late", summary.due_at)


@task
def translation_due_email(*, summary_id: int, person_id: int, language: str) -> None:
    """Notify a translator that a translation is due on this working day or the next, unless it is finished."""
    if summary := _untranslated(summary_id, language):
        _send_reminder(summary, person_id, "translation_due", summary.translations_due_at, rendition=language)


@task
def translation_late_email(*, summary_id: int, person_id: int, language: str) -> None:
    """Notify a translator that a translation is late."""
    if summary := _untranslated(summary_id, language):
        _send_reminder(summary, person_id, "translation_late", summary.translations_due_at, rendition=language)


def _unwritten(pk: int) -> Summary | None:
    found = Summary.objects.select_related("document", "consultation")
    return found.filter(pk=pk, document__state=State.DRAFT).first()


def _untranslated(pk: int, language: str) -> Summary | None:
    summary = Summary.objects.select_related("document", "consultation").filter(pk=pk).first()
    if summary is None:
        return None
    status = next(each for each in rendition_statuses(summary.document) if each.code == language)
    return None if status.is_source or status.is_ready else summary


def _send_reminder(
    summary: Summary, person_id: int, template: str, due: datetime.datetime | None, **more: object
) -> None:
    person = recipient(person_id)
    if person is None or due is None:
        return
    where, language = summary.consultation, more.get("rendition", "")
    with translation.override(django_code(person.language)):
        page = "rendition" if language else "workbench"
        path = reverse(f"summaries:{page}", args=[where.slug, summary.pk, *([language] if language else [])])
        period = periods.in_words(summary.period_from, summary.period_to, where)
    _send(
        person,
        template,
        where,
        key=f"summary-{template}-{summary.pk}-{due:%Y%m%d}-{person_id}-{language}",
        period=period,
        due=due.astimezone(where.zone).date(),
        document=summary.document,
        path=path,
        **more,
    )
