"""Actions on requests for correction: submit, publish, answer, withdraw, take down and restore."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.contributions.actions.submission import byline_of
from plenara.contributions.models import Edition, Text
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State as ItemState
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.text import clean, digest
from plenara.core.transaction import lock, lock_row, writing
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition, PublishedParagraph, State
from plenara.summaries.corrections import emails, permissions, validation
from plenara.summaries.corrections.actions import search_index
from plenara.summaries.corrections.permissions import REMIND_DAYS, answer_due
from plenara.summaries.corrections.queries import uncorrected_of
from plenara.summaries.models import Correction, CorrectionVersion


def publish(version: CorrectionVersion, *, actor: Person | None) -> Correction:
    """Publish a request on its summary's page: with a number, its words and byline, and a day for its answer."""
    correction = version.correction
    require(life_cycle.allows(correction, "publish"))
    # Numbers count within the summary, whatever the edition. Publication locks the consultation's row.
    Consultation.objects.select_for_update(no_key=True).get(pk=correction.consultation_id)
    if correction.number is None:
        asked = Correction.objects.filter(edition__document_id=correction.edition.document_id)
        correction.number = 1 + (asked.aggregate(last=Max("number"))["last"] or 0)
    _copy_into_record(correction, version)
    correction.published_at = clock.now()
    correction.answer_due_at = answer_due(correction.published_at, correction.consultation)
    life_cycle.set_published(version, actor=actor, consultation=correction.consultation)
    search_index.index([correction.pk])
    about = {"correction_id": correction.pk}
    reminded_at = correction.answer_due_at - datetime.timedelta(days=REMIND_DAYS)
    for occasion, due_at in (("asked", clock.now()), ("soon", reminded_at), ("late", correction.answer_due_at)):
        key = f"correction-{occasion}-{correction.pk}"
        emails.notify_answerers.using(key=key, run_after=due_at).enqueue(occasion=occasion, **about)
    invalidate(correction.consultation.cache_tag, nothing_withdrawn=True)
    return correction


def _copy_into_record(correction: Correction, version: CorrectionVersion) -> None:
    """Copy a version's words and byline into the record."""
    byline = version.byline
    correction.byline, correction.name = byline, byline.name[:120]
    correction.stakeholder_group = byline.stakeholder_group
    correction.language, correction.text = version.language, version.text.content


def take_down(correction: Correction, state: str, *, reason: str) -> Correction:
    """Replace a request by a notice, and end pending work on it. Its words are deleted; the answer stays."""
    was_public = correction.is_published
    correction.byline, correction.name, correction.stakeholder_group = None, "", ""
    correction.language, correction.text = "", ""
    life_cycle.take_down(correction, state, reason=reason)
    search_index.index([correction.pk])
    if was_public:
        invalidate(correction.consultation.cache_tag)
    return correction


def restore(correction: Correction) -> Correction:
    """Restore a removed request from its version."""
    _copy_into_record(correction, life_cycle.version_in_force(correction))
    life_cycle.set_state(correction, ItemState.PUBLISHED)
    search_index.index([correction.pk])
    invalidate(correction.consultation.cache_tag, nothing_withdrawn=True)
    return correction


@writing
def ask(
    *,
    actor: Person,
    edition: DocumentEdition,
    statement: int | None,
    text: str,
    language: str,
    about: Edition | None = None,
    key: str | None = None,
) -> Correction:
    """Request the correction of a statement or (without one) of an omission. A moderator reads the request first.

    `about` is a contribution that was left out. `key` names the form: the same key a second time returns the first
    request.
    """
    lock(f"corrections of {actor.pk}")  # if a form is sent several times at once, the second finds the first request
    if key and (earlier := Correction.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    text = clean(text)
    edition = DocumentEdition.objects.select_related("consultation").get(pk=edition.pk)
    where = edition.consultation
    require(permissions.may_ask(actor, edition, where))
    _require_byline(actor)
    require_valid(
        validation.statement_of(edition, statement),
        validation.about_fits(about, where, statement),
        validation.known_language(language),
        validation.words_fit(text),
        validation.not_asked_already(actor.pk, edition, statement, digest(text)),
        validation.not_too_often(actor.pk),
    )
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                consultation=where, edition=edition, statement=statement, about=about, person=actor, key=key
            )
    except IntegrityError:
        # The same form, sent twice at once to two processes: the other was first.
        return _same_person(Correction.objects.get(key=key), actor)
    _send(made, actor, text, language, verb="correction.asked")
    return made


@writing
def send_again(
    *, actor: Person, correction: Correction, text: str, language: str, key: str | None = None
) -> CorrectionVersion:
    """Submit a returned text again. A moderator reads it like the first one."""
    correction = _lock(correction)
    if key and (earlier := CorrectionVersion.objects.filter(key=key, correction=correction).first()):
        return earlier
    text = clean(text)
    require(permissions.may_send_again(actor, correction), life_cycle.allows(correction, "send_again"))
    require_valid(validation.known_language(language), validation.words_fit(text), validation.not_too_often(actor.pk))
    life_cycle.set_state(correction, ItemState.PENDING)
    return _send(correction, actor, text, language, verb="correction.sent_again", key=key)


def _send(
    correction: Correction, actor: Person, text: str, language: str, *, verb: str, key: str | None = None
) -> CorrectionVersion:
    byline = byline_of(actor)
    byline.save()
    version = CorrectionVersion.objects.create(
        correction=correction,
        number=correction.versions.count() + 1,
        text=Text.of(text),
        byline=byline,
        language=language,
        key=key,
    )
    audit.log(verb, actor=actor, about=correction, consultation=correction.consultation, version=version.pk)
    emails.correction_receipt.using(key=f"correction-receipt-{version.pk}").enqueue(version_id=version.pk)
    life_cycle.review_queue.add(correction, version)
    return version


def _require_byline(actor: Person) -> None:
    if not actor.has_byline:
        raise NotPermitted(
            _(
                "First choose your stakeholder group, and say whether you speak as an individual or for an "
                "organization."
            ),
            "byline",
        )


def _same_person(correction: Correction, actor: Person) -> Correction:
    if correction.person_id != actor.pk:
        raise InvalidInput(
            _("This form was opened with another account. Open the form again from the summary’s page."), "key"
        )
    return correction


def _lock(correction: Correction) -> Correction:
    return lock_row(correction, "consultation", "edition__document", "person")


@writing
def withdraw(*, actor: Person, correction: Correction) -> Correction:
    """Withdraw a request: before publication it disappears, afterwards a notice replaces it."""
    correction = _lock(correction)
    if correction.state == ItemState.WITHDRAWN and permissions.is_asker(actor, correction):
        return correction  # a double click
    require(permissions.may_withdraw(actor, correction), life_cycle.allows(correction, "withdraw"))
    audit.log("correction.withdrawn", actor=actor, about=correction, consultation=correction.consultation)
    return take_down(correction, ItemState.WITHDRAWN, reason="WITHDRAWN")


@writing
def answer(*, actor: Person, correction: Correction, verdict: str, reason: str, language: str) -> Correction:
    """Uphold a request, in part or not at all, with the reason; public at once. Upholding reopens the summary.

    Raises `AlreadyDone` with the answerer's name if somebody has answered in the meantime.
    """
    correction = _lock(correction)
    reason = clean(reason)
    if correction.is_answered:
        if (correction.answered_by_id, correction.verdict, correction.answer) == (actor.pk, verdict, reason):
            return correction  # a double click
        raise AlreadyDone(_who_answered(correction), "answered")
    require(permissions.may_answer(actor, correction), life_cycle.allows(correction, "answer"))
    require_valid(
        validation.verdict_given(verdict),
        validation.words_fit(reason, "answer"),
        validation.known_language(language, "answer_language"),
    )
    correction.verdict, correction.answer, correction.answer_language = verdict, reason, language
    correction.self_answered = permissions.is_self_answer(actor, correction)
    correction.answered_by, correction.answered_at = actor, clock.now()
    correction.save()
    audit.log(
        "correction.answered", actor=actor, about=correction, consultation=correction.consultation, verdict=verdict
    )
    emails.correction_answered.using(key=f"correction-answered-{correction.pk}").enqueue(correction_id=correction.pk)
    invalidate(correction.consultation.cache_tag, nothing_withdrawn=True)
    document = document_actions.lock_document(correction.edition.document)
    if correction.is_upheld and document.state == State.PUBLISHED:
        document_actions.reopen(actor=actor, document=document)
    return correction


def _who_answered(correction: Correction) -> str:
    who = correction.answered_by
    return _(
        "%(who)s has already answered this request: %(what)s. Your answer was not needed and has not been saved."
    ) % {
        "who": who.name if who else _("Someone else"),
        "what": correction.get_verdict_display(),
    }


def lock_upheld(document_id: int) -> list[Correction]:
    """Return a document's upheld requests without a correction yet, locked until the transaction ends.

    Publication calls it before it writes, so that it takes its locks in the same order as a removal by a moderator.
    """
    return list(uncorrected_of(document_id).select_for_update(of=("self",)))


def mark_corrected(edition: DocumentEdition, waiting_ones: list[Correction]) -> list[Correction]:
    """Link upheld requests to the edition that corrects them, and notify each requester. Called by publication.

    A request about a statement is corrected once that statement has changed or was deleted; an omission, by the next
    edition that is published as a correction. The others stay pending.
    """
    done = [each for each in waiting_ones if _is_corrected(each, edition)]
    for each in done:
        each.corrected_by = edition
        each.save(update_fields=["corrected_by"])
        emails.correction_made.using(key=f"correction-made-{each.pk}").enqueue(correction_id=each.pk)
    return done


def _is_corrected(correction: Correction, edition: DocumentEdition) -> bool:
    if correction.statement is None:
        return edition.is_correction
    asked = correction.edition.paragraphs.filter(number=correction.statement).first()
    if asked is None:
        return edition.is_correction
    now = edition.paragraphs.filter(origin=asked.origin).first()
    return now is None or _words(now) != _words(asked)


def _words(paragraph: PublishedParagraph) -> tuple[object, ...]:
    """Return a statement's words in its own language, and its citations. Two queries."""
    texts = paragraph.texts.filter(
        language=paragraph.edition.source_language, rendition__in_force=True, rendition__edition=paragraph.edition_id
    )
    cited = paragraph.citations.order_by("edition_id", "words", "side").values_list("edition_id", "words", "side")
    return paragraph.kind, list(texts.values_list("source_digest", flat=True)), list(cited)
