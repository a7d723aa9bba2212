"""Asking for a correction, sending it again, withdrawing it; answering it, and what becomes of an answer."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.contributions.actions.submitting import byline_of
from plenara.contributions.models import Edition, Text
from plenara.core import audit, clock, waiting
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import AlreadyDone, Invalid, NotAllowed, require, require_valid
from plenara.core.text import clean, digest
from plenara.core.transaction import lock, writing
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition, PublishedParagraph, State
from plenara.summaries import tasks
from plenara.summaries.correcting import checks, publishing, rules, states
from plenara.summaries.correcting.upheld import upheld
from plenara.summaries.models import Correction, CorrectionState, CorrectionVersion


@writing
def ask(
    *,
    actor: Any,
    edition: DocumentEdition,
    statement: int | None,
    text: str,
    language: str,
    about: Edition | None = None,
    key: str | None = None,
) -> Correction:
    """Ask that a statement be corrected, or (without one) that an omission be repaired. A moderator reads it first.

    `about` is a contribution that was left out. `key` names the form: the same key a second time returns what the first
    made.
    """
    lock(f"corrections of {actor.pk}")  # of one form sent several times at once, the second finds what the first made
    if key and (earlier := Correction.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    text = clean(text)
    edition = DocumentEdition.objects.select_related("consultation").get(pk=edition.pk)
    where = edition.consultation
    require(rules.may_ask(actor, edition, where))
    _require_byline(actor)
    require_valid(
        checks.statement_of(edition, statement),
        checks.about_fits(about, where, statement),
        checks.known_language(language),
        checks.words_fit(text),
        checks.not_asked_already(actor.pk, edition, statement, digest(text)),
        checks.not_too_often(actor.pk),
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
    *, actor: Any, correction: Correction, text: str, language: str, key: str | None = None
) -> CorrectionVersion:
    """Send a text that was returned once more. It waits for a moderator as the first one did."""
    correction = held(correction)
    if key and (earlier := CorrectionVersion.objects.filter(key=key, correction=correction).first()):
        return earlier
    text = clean(text)
    require(rules.may_send_again(actor, correction), states.allows(correction.state, "send_again"))
    require_valid(checks.known_language(language), checks.words_fit(text), checks.not_too_often(actor.pk))
    publishing.stand(correction, CorrectionState.PENDING, "")
    return _send(correction, actor, text, language, verb="correction.sent_again", key=key)


def _send(
    correction: Correction, actor: Any, text: str, language: str, *, verb: str, key: str | None = None
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
    tasks.correction_receipt.using(key=f"correction-receipt-{version.pk}").enqueue(version_id=version.pk)
    waiting.enters(correction.kind, correction, version)
    return version


def _require_byline(actor: Any) -> None:
    if not actor.has_byline:
        raise NotAllowed(_("Say first which stakeholder group you belong to and for whom you speak."), "byline")


def _same_person(correction: Correction, actor: Any) -> Correction:
    if correction.person_id != actor.pk:
        raise Invalid(_("This form is another person’s. Open it again from the summary’s page."), "key")
    return correction


def held(correction: Correction) -> Correction:
    """Return a request as it is now, held until the transaction ends."""
    Correction.objects.select_for_update().filter(pk=correction.pk).values_list("pk", flat=True).first()
    return Correction.objects.select_related("consultation", "edition__document", "person").get(pk=correction.pk)


@writing
def withdraw(*, actor: Any, correction: Correction) -> Correction:
    """Take one's request back: before publication it vanishes, after it a notice stands in its place."""
    correction = held(correction)
    if correction.state == CorrectionState.WITHDRAWN and rules.is_asker(actor, correction):
        return correction  # a double click
    require(rules.may_withdraw(actor, correction), states.allows(correction.state, "withdraw"))
    audit.log("correction.withdrawn", actor=actor, about=correction, consultation=correction.consultation)
    return publishing.take_down(correction, CorrectionState.WITHDRAWN, reason="WITHDRAWN")


@writing
def answer(*, actor: Any, correction: Correction, verdict: str, reason: str, language: str) -> Correction:
    """Uphold a request, in part or not at all, with the reason; public at once. What is upheld opens the summary again.

    Raises `AlreadyDone`, saying who answered, where somebody has meanwhile.
    """
    correction = held(correction)
    reason = clean(reason)
    if correction.is_answered:
        if (correction.answered_by_id, correction.verdict, correction.answer) == (actor.pk, verdict, reason):
            return correction  # a double click
        raise AlreadyDone(_who_answered(correction), "answered")
    require(rules.may_answer(actor, correction), states.allows(correction.state, "answer"))
    require_valid(
        checks.verdict_given(verdict),
        checks.words_fit(reason, "answer"),
        checks.known_language(language, "answer_language"),
    )
    correction.verdict, correction.answer, correction.answer_language = verdict, reason, language
    correction.self_answered = rules.is_self_answer(actor, correction)
    correction.answered_by, correction.answered_at = actor, clock.now()
    correction.save()
    audit.log(
        "correction.answered", actor=actor, about=correction, consultation=correction.consultation, verdict=verdict
    )
    tasks.correction_answered.using(key=f"correction-answered-{correction.pk}").enqueue(correction_id=correction.pk)
    invalidate(correction.consultation.cache_tag, nothing_goes=True)
    document = document_actions.locked(correction.edition.document)
    if correction.is_upheld and document.state == State.PUBLISHED:
        document_actions.reopen(actor=actor, document=document)
    return correction


def _who_answered(correction: Correction) -> str:
    who = correction.answered_by
    return _("%(who)s has answered already: %(what)s. Your answer was not needed and is not kept.") % {
        "who": who.name if who else _("Somebody else"),
        "what": correction.get_verdict_display(),
    }


def hold_upheld(document_id: int) -> list[Correction]:
    """Return what was upheld of a document and is not put right yet, held until the transaction ends.

    Publication calls it before it writes: a moderator who removes one of them holds it before what both write later.
    """
    return list(upheld(document_id).select_for_update(of=("self",)))


def put_right(edition: DocumentEdition, waiting_ones: list[Correction]) -> list[Correction]:
    """Link what was upheld to the edition that puts it right, and enqueue each asker a letter. Called by publication.

    A request about a statement is put right once that statement is another one, or gone; an omission, by the next
    edition that is published as a correction. What is not, waits on.
    """
    done = [each for each in waiting_ones if _is_put_right(each, edition)]
    for each in done:
        each.corrected_by = edition
        each.save(update_fields=["corrected_by"])
        tasks.correction_made.using(key=f"correction-made-{each.pk}").enqueue(correction_id=each.pk)
    return done


def _is_put_right(correction: Correction, edition: DocumentEdition) -> bool:
    if correction.statement is None:
        return edition.is_correction
    asked = correction.edition.paragraphs.filter(number=correction.statement).first()
    if asked is None:
        return edition.is_correction
    now = edition.paragraphs.filter(origin=asked.origin).first()
    return now is None or _words(now) != _words(asked)


def _words(paragraph: PublishedParagraph) -> tuple[Any, ...]:
    """Return what a statement says, in the language it is written in, and what it rests on. Two queries."""
    texts = paragraph.texts.filter(
        language=paragraph.edition.source_language, rendition__in_force=True, rendition__edition=paragraph.edition_id
    )
    cited = paragraph.citations.order_by("edition_id", "words", "side").values_list("edition_id", "words", "side")
    return paragraph.kind, list(texts.values_list("source_digest", flat=True)), list(cited)
