"""Actions on a summary, from its beginning to its publication, and on the contributions of its period."""

import datetime
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.emails import enqueue_news
from plenara.consultations.models import Consultation, Follow
from plenara.contributions.models import Edition
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES, django_code
from plenara.core.refusals import require, require_valid
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import clean, digest
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import states
from plenara.documents.actions import changes, publication, search_index
from plenara.documents.actions.publication import Words, add_rendition
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    Citation,
    DocumentEdition,
    Kind,
    Paragraph,
    ParagraphText,
    PublishedParagraph,
    Rendition,
    RenditionState,
    State,
    digest_of,
)
from plenara.summaries import emails, periods, permissions
from plenara.summaries.corrections.actions import lock_upheld, mark_corrected
from plenara.summaries.kind import NAME
from plenara.summaries.models import LeftOut, ReadMark, SetAside, Summary, SummaryEdition
from plenara.summaries.printing.actions import print_edition
from plenara.summaries.queries import statement_holders
from plenara.summaries.queries.coverage import CITED, coverage
from plenara.summaries.schedule.queries import writing_due
from plenara.summaries.validation import inputs


@writing
def create(
    *,
    actor: Person,
    consultation: Consultation,
    source_language: str,
    period_from: datetime.datetime,
    period_to: datetime.datetime,
    title: str = "",
) -> Summary:
    """Create a summary of a period, which includes both of its moments."""
    require(permissions.may_begin(actor, consultation))
    require_valid(inputs.period_in_order(period_from, period_to))
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
    actor: Person,
    summary: Summary,
    period_from: datetime.datetime,
    period_to: datetime.datetime,
    was: tuple[datetime.datetime, datetime.datetime],
) -> Summary:
    """Change the period of a summary in the making. `was` is the one that the form showed."""
    _editable(actor, summary)
    require_valid(inputs.period_in_order(period_from, period_to))
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
def set_aside(*, actor: Person, summary: Summary, edition: Edition, reason: str) -> SetAside:
    """Leave a contribution out, with a reason that readers see. A second time it changes the reason."""
    _editable(actor, summary)
    reason = clean(reason)
    require_valid(
        inputs.of_this_consultation(summary, edition), inputs.reason_given(reason), inputs.not_cited(summary, edition)
    )
    # The earlier edition of a revised contribution may be set aside: there is only one reason.
    summary.set_aside.filter(edition__contribution_id=edition.contribution_id).exclude(edition=edition).delete()
    kept, _made = SetAside.objects.update_or_create(
        summary=summary, edition=edition, defaults={"reason": reason, "by": actor, "at": clock.now()}
    )
    audit.log("summary.set_aside", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk)
    return kept


@writing
def bring_back(*, actor: Person, summary: Summary, edition: Edition) -> None:
    """Include a contribution again that was set aside."""
    _editable(actor, summary)
    gone, _kinds = summary.set_aside.filter(edition__contribution_id=edition.contribution_id).delete()
    if gone:
        audit.log(
            "summary.brought_back", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk
        )


def _editable(actor: Person, summary: Summary) -> None:
    document = document_actions.lock_document(summary.document)
    require(permissions.may_set_aside(actor, summary))
    states.after(document.state, "edit")
    document.writers.add(actor)
    summary.refresh_from_db(fields=["period_from", "period_to"])


@writing
def publish(*, actor: Person, summary: Summary, is_correction: bool = False) -> DocumentEdition:
    """Publish a summary, first with a number, then as `/Rev.k` or `/Corr.k`. Each cited author gets one e-mail."""
    document = document_actions.lock_document(summary.document)
    upheld = lock_upheld(document.pk)
    number = document.number
    if document.state == State.APPROVED and number is None:
        consultation = Consultation.objects.select_for_update(no_key=True).get(pk=summary.consultation_id)
        consultation.last_summary += 1
        consultation.save(update_fields=["last_summary"])
        number = consultation.last_summary
    edition = publication.publish(actor=actor, document=document, number=number, is_correction=is_correction)
    record_coverage(summary, edition)
    mark_corrected(edition, upheld)
    enqueue_news(key=f"summary-{edition.pk}", what=Follow.What.SUMMARIES, consultation=edition.consultation)
    emails.notify_cited.using(key=f"summary-cited-{edition.pk}").enqueue(edition_id=edition.pk)
    print_edition.using(key=f"print-{edition.pk}").enqueue(edition_id=edition.pk)
    return edition


def record_coverage(summary: Summary, edition: DocumentEdition) -> SummaryEdition:
    """Save the present coverage of an edition of a summary in the record."""
    covered = coverage(summary)
    kept = SummaryEdition.objects.create(
        edition=edition,
        period_from=summary.period_from,
        period_to=summary.period_to,
        figures={**covered.figures(), "held": statement_holders.figures_of_document(summary.document_id, covered)},
    )
    reasons = dict(summary.set_aside.values_list("edition__contribution_id", "reason"))
    out = [each for each in covered.contributions if each.status != CITED]
    rows = [(each.edition_id, reasons.pop(each.contribution_id, None)) for each in out]
    # Contributions of another period that were set aside are listed as well.
    # Those that were cited after all are not: their statement says more.
    cited = Citation.objects.filter(paragraph__document_id=summary.document_id).values("edition__contribution_id")
    rest = summary.set_aside.filter(edition__contribution_id__in=reasons).order_by("edition__number")
    rest = rest.exclude(edition__contribution_id__in=cited)
    rows += list(rest.values_list("edition_id", "reason"))
    LeftOut.objects.bulk_create(
        LeftOut(summary=kept, edition_id=edition_id, is_set_aside=reason is not None, reason=reason or "")
        for edition_id, reason in rows
    )
    return kept


@writing
def mark_read(*, actor: Person, summary: Summary, editions: Iterable[Edition]) -> int:
    """Mark contributions as read; return how many were unread before. A second time changes nothing."""
    require(permissions.may_set_aside(actor, summary))
    found = list(editions)
    require_valid(*(inputs.of_this_consultation(summary, each) for each in found))
    marked = set(
        summary.read_marks.filter(edition__contribution__in=[each.contribution_id for each in found]).values_list(
            "edition__contribution_id", flat=True
        )
    )
    new = [each for each in found if each.contribution_id not in marked]
    ReadMark.objects.bulk_create(
        [ReadMark(summary=summary, edition=each, by=actor) for each in new], ignore_conflicts=True
    )
    if new:
        audit.log("summary.read", actor=actor, about=summary, consultation=summary.consultation, count=len(new))
    return len(new)


@writing
def mark_unread(*, actor: Person, summary: Summary, edition: Edition) -> None:
    """Mark a contribution as unread."""
    require(permissions.may_set_aside(actor, summary))
    gone, _kinds = summary.read_marks.filter(edition__contribution_id=edition.contribution_id).delete()
    if gone:
        audit.log("summary.unread", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk)


def publish_empty_period(summary: Summary) -> DocumentEdition:
    """Publish a summary of a period without contributions; called in the transaction that ends the period."""
    document, now = summary.document, clock.now()
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=summary.consultation_id)
    consultation.last_summary += 1
    consultation.save(update_fields=["last_summary"])
    source_language = document.source_language
    titles, sentences = _words(summary, consultation)
    document.title, document.state, document.number = titles, State.PUBLISHED, consultation.last_summary
    document.symbol = f"{consultation.symbol}/{kind_of(NAME).letters}/{document.number}"
    document.save(update_fields=["title", "state", "number", "symbol"])
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=consultation,
        kind=NAME,
        number=document.number,
        symbol=document.symbol,
        source_language=source_language,
        published_at=now,
    )
    paragraph = Paragraph.objects.create(document=document, number=1, kind=Kind.FRAME)
    published = PublishedParagraph.objects.create(edition=edition, number=1, kind=Kind.FRAME, origin=paragraph.pk)
    made_from, titled = digest_of("", sentences[source_language]), digest(titles[source_language])
    # The original first: a rendition's outdated texts are calculated against it.
    for language in sorted(NAMES, key=lambda code: (code != source_language, code)):
        is_source = language == source_language
        ParagraphText.objects.create(
            paragraph=paragraph,
            language=language,
            text=sentences[language],
            source_digest="" if is_source else made_from,
            source_text="" if is_source else sentences[source_language],
        )
        add_rendition(
            edition,
            language,
            {paragraph.pk: Words("", sentences[language], made_from)},
            title=titles[language],
            title_digest=titled,
            published_at=now,
            paragraphs=[published],
        )
        if not is_source:
            Rendition.objects.create(
                document=document,
                language=language,
                state=RenditionState.PUBLISHED,
                title_digest=titled,
                published_at=now,
            )
    search_index.index_edition(edition)
    kept = record_coverage(summary, edition)
    kept.figures["by_schedule"] = True
    kept.save(update_fields=["figures"])
    changes.log("document.published", None, document, edition=edition.pk)
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    enqueue_news(key=f"summary-{edition.pk}", what=Follow.What.SUMMARIES, consultation=consultation)
    return edition


def _words(summary: Summary, consultation: Consultation) -> tuple[dict[str, str], dict[str, str]]:
    """Return title and sentence in the six languages, to store in the record."""
    titles, sentences = {}, {}
    for language in NAMES:
        with translation.override(django_code(language)):
            titles[language] = _("No contributions in this period")
            first, last = periods.days(summary.period_from, summary.period_to, consultation)
            sentences[language] = _(
                "In this consultation, no contribution was published in the period from %(first)s to %(last)s."
            ) % {"first": date_in_words(first), "last": date_in_words(last)}
    return titles, sentences
