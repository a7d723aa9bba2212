"""Translating the consultation's own texts: saved as drafts, public once somebody else has reviewed them."""

from collections.abc import Mapping
from dataclasses import dataclass

from plenara.accounts.models import Person
from plenara.consultations import permissions, queries, validation
from plenara.consultations.actions.lifecycle import change_details, lock_consultation
from plenara.consultations.actions.threads import change_thread
from plenara.consultations.models import Consultation, TextTranslation
from plenara.consultations.queries import QUESTION, TITLE, Pair
from plenara.core import audit, clock
from plenara.core.machines import Failed, translation
from plenara.core.machines.requests import failure_sentence
from plenara.core.refusals import AlreadyDone, Answer, Denied, InvalidInput, require, require_valid
from plenara.core.tasks import Abort, task
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing


@dataclass(frozen=True)
class Typed:
    """What was typed for one text, with the digests of the translation and of the original that the form showed."""

    text: str
    was: str
    source: str
    confirmed: bool = False  # the original has changed, and the translation is still right


@writing
def save_texts(*, actor: Person, consultation: Consultation, language: str, typed: Mapping[str, Typed]) -> list[str]:
    """Save translations as drafts, by their places; return those that somebody else changed in the meantime, unsaved.

    Fields that the form did not change stay as they are.
    """
    consultation = lock_consultation(consultation)
    require(permissions.may_translate_texts(actor, consultation, language))
    saved, conflicts = [], []
    for pair in queries.pairs_of(consultation, language):
        it = typed.get(pair.place.key)
        if it is None:
            continue
        text = _cleaned(pair, it.text)
        require_valid(_fits(pair, text, language))
        wanted, now = digest(text), digest(pair.text)
        if wanted == now and not (it.confirmed and pair.is_outdated):
            continue
        if wanted != now and wanted == it.was:
            continue  # not touched here; somebody else changed it
        if wanted != now and it.was != now:
            conflicts.append(pair.place.key)
            continue
        if text or pair.row:
            save_draft(consultation, pair, language, text, made_from=it.source[:64], translator=actor)
            saved.append(pair.place.key)
    if saved:
        audit.log(
            "consultation.texts_translated", actor=actor, about=consultation, consultation=consultation,
            language=language, places=saved,
        )  # fmt: skip
    return conflicts


def save_draft(
    consultation: Consultation,
    pair: Pair,
    language: str,
    text: str,
    *,
    made_from: str,
    translator: Person | None = None,
    machine: str = "",
) -> None:
    """Save a translation that nobody has reviewed yet; delete it when it is empty."""
    if not text:
        consultation.text_translations.filter(place=pair.place.key, language=language, reviewed_at=None).delete()
        return
    TextTranslation.objects.update_or_create(
        consultation=consultation,
        place=pair.place.key,
        language=language,
        defaults={
            "thread": pair.place.thread,
            "text": text,
            "source_digest": made_from,
            "translator": translator,
            "machine": machine,
            "changed_at": clock.now(),
            "reviewer": None,
            "reviewed_at": None,
        },
    )


@writing
def review_texts(*, actor: Person, consultation: Consultation, language: str) -> int:
    """Publish the drafts in a language that the actor may review; return how many. Outdated ones stay drafts."""
    consultation = lock_consultation(consultation)
    require(permissions.may_translate_texts(actor, consultation, language))
    pairs = queries.pairs_of(consultation, language)
    ready = [each for each in pairs if each.needs_review and queries.may_review(actor, consultation, each.row)]
    details = {
        each.place.name: {**each.place.texts, language: each.text} for each in ready if each.place.thread is None
    }
    if details:
        change_details(actor, consultation, None, details)
    threads: dict[int, list[Pair]] = {}
    for each in ready:
        if each.place.thread is not None:
            threads.setdefault(each.place.thread.pk, []).append(each)
    for some in threads.values():
        thread = some[0].place.thread
        assert thread is not None
        words = {"question": dict(thread.question), "guidance": dict(thread.guidance)}
        for each in some:
            words[each.place.name][language] = each.text
        # An approved change of published words is a rewording: the earlier words stay readable.
        change_thread(actor, thread, themes=None, stamp=None, confirmed=True, **words)
    for each in ready:
        assert each.row is not None
        consultation.text_translations.filter(place=each.place.key, language=language).update(
            text=each.text, source_digest=each.row.source_digest, translator=each.row.translator_id,
            machine=each.row.machine, reviewer=actor, reviewed_at=clock.now(),
        )  # fmt: skip
    if ready:
        audit.log(
            "consultation.texts_reviewed", actor=actor, about=consultation, consultation=consultation,
            language=language, places=[each.place.key for each in ready],
        )  # fmt: skip
    return len(ready)


@writing
def ask_machine_for_texts(*, actor: Person, consultation: Consultation, language: str) -> None:
    """Ask the machine for drafts of what is missing or outdated in a language. A worker creates them."""
    consultation = lock_consultation(consultation)
    require(permissions.may_translate_texts(actor, consultation, language))
    if not translation.is_configured():
        raise InvalidInput(failure_sentence("unset"), "unset")
    if is_translating(consultation, language):
        raise AlreadyDone("", "running")
    act = audit.log(
        "consultation.texts_asked", actor=actor, about=consultation, consultation=consultation, language=language
    )
    translate_texts.using(key=f"texts-{act.pk}").enqueue(consultation_id=consultation.pk, language=language)


def is_translating(consultation: Consultation, language: str) -> bool:
    """Return whether a machine is still translating. One query."""
    pending = translate_texts.pending()
    return pending.filter(arguments__consultation_id=consultation.pk, arguments__language=language).exists()


def texts_for_machine(consultation: Consultation, language: str) -> list[Pair]:
    """Return the texts that a machine translates: missing ones, and outdated ones that are not a person's draft."""
    return [
        each
        for each in queries.pairs_of(consultation, language)
        if each.is_missing or (each.is_outdated and not (each.is_draft and each.row and each.row.translator_id))
    ]


@writing
def save_machine_drafts(*, consultation: Consultation, language: str, made: Mapping[str, tuple[str, str]]) -> None:
    """Save a machine's drafts, by place with the digest of the original; not where a person has written one since."""
    consultation = lock_consultation(consultation)
    for pair in texts_for_machine(consultation, language):
        text, source = made.get(pair.place.key, ("", ""))
        text = _cleaned(pair, text)
        if text and source == pair.made_from and not isinstance(_fits(pair, text, language), Denied):
            save_draft(consultation, pair, language, text, made_from=source, machine=translation.name())


def _cleaned(pair: Pair, text: str) -> str:
    return clean_line(text) if pair.place.name in {TITLE, QUESTION} else clean(text)


def _fits(pair: Pair, text: str, language: str) -> Answer:
    answers = validation.texts_fit(pair.place.name, {language: text}) if text else []
    wrong = next((each for each in answers if isinstance(each, Denied)), None)
    return Denied(wrong.sentence, wrong.code, f"t-{pair.place.key}") if wrong is not None else True


#: Failures of a machine that another attempt does not fix.
FINAL = frozenset({"unset", "refused", "too_large", "wrong_shape", "not_json"})


@task
def translate_texts(*, consultation_id: int, language: str) -> None:
    """Translate what is missing of a consultation's own texts by machine, as drafts."""
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    wanted = texts_for_machine(consultation, language) if consultation else []
    made: dict[str, tuple[str, str]] = {}
    for original in sorted({each.original for each in wanted}):
        some = [each for each in wanted if each.original == original]
        try:
            texts = translation.translate([each.source for each in some], original, language)
        except Failed as failed:
            if failed.code in FINAL:
                raise Abort from failed
            raise
        made |= {each.place.key: (text, each.made_from) for each, text in zip(some, texts, strict=True)}
    if consultation and made:
        save_machine_drafts(consultation=consultation, language=language, made=made)
