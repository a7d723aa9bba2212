"""Translating a contribution, by a person or by a machine; deleting a translation; showing readers the machine's."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.contributions import permissions, validation
from plenara.contributions.models import LISTED, Edition, Text, Translation, Version
from plenara.contributions.queries.translations import Original, original_of
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.machines import Failed
from plenara.core.machines import translation as machine
from plenara.core.models import BackgroundTask
from plenara.core.refusals import ActionRefused, InvalidInput, require, require_valid
from plenara.core.tasks import Abort, task
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writes, writing


def stamp(translation: Translation | None) -> str:
    """Return the stamp that a form carries, which shows whether a translation changed since it was opened."""
    return digest(f"{translation.title}\n{translation.content}")[:20] if translation else ""


@writing
def save_translation(
    *, actor: Person, original: Original, language: str, content: str, title: str = "", was: str
) -> Translation:
    """Save a person's translation; of a published text readers see it at once. `was` is the stamp of the form."""
    found = _lock_original(original.consultation, original.text.pk)
    if found is None:
        raise InvalidInput(_("This contribution no longer exists."), "gone")
    original = found
    require(permissions.may_translate_original(actor, original, language))
    title, content = clean_line(title), clean(content)
    require_valid(
        validation.translation_language_known(language),
        validation.translation_has_text(content),
        validation.translation_title_fits(title),
    )
    present = Translation.objects.select_for_update().filter(text=original.text, language=language).first()
    if present and (present.title, present.content) == (title, content) and not present.is_machine:
        return present
    if stamp(present) != was:
        raise ActionRefused(
            _(
                "Someone else has saved changes since you opened this page. What you typed is still below. "
                "Compare the two texts, then save again."
            ),
            "changed",
            "content",
        )
    kept, is_new = Translation.objects.update_or_create(
        text=original.text,
        language=language,
        defaults={
            "title": title,
            "content": content,
            "is_machine": False,
            "maker": "" if actor.withholds_name else actor.name,
            "by": actor,
            "at": clock.now(),
            "is_public": original.is_published,
        },
    )
    audit.log(
        "translation.saved", actor=actor, about=original.text, consultation=original.consultation, language=language
    )
    if original.is_published:
        invalidate(
            original.consultation.cache_tag, nothing_withdrawn=is_new
        )  # replaced words are removed from every file at once
    return kept


def _lock_original(consultation: Consultation, text_id: int) -> Original | None:
    """Return a text, locked until the transaction ends: against publication, and against erasure.

    The text may have been published, withdrawn or erased since it was found.
    """
    # In the same order as publishing and erasing lock them.
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    list(Text.objects.select_for_update().filter(pk=text_id).values_list("pk", flat=True))
    return original_of(consultation, text_id)


@writing
def take_translation_away(*, actor: Person, original: Original, language: str) -> None:
    """Delete a translation, by a person or by the machine. Does nothing if there is none."""
    require(permissions.may_translate_original(actor, original, language))
    gone, _kinds = Translation.objects.filter(text=original.text, language=language).delete()
    if gone:
        audit.log(
            "translation.taken_away",
            actor=actor, about=original.text, consultation=original.consultation, language=language,
        )  # fmt: skip
        invalidate(original.consultation.cache_tag)


@writing
def ask_machine(*, actor: Person, original: Original, language: str) -> None:
    """Enqueue a machine translation; asked twice, it is done once."""
    require(permissions.may_translate_original(actor, original, language))
    require_valid(
        validation.translation_language_known(language),
        validation.has_machine(),
        validation.machine_knows(original.source),
    )
    act = audit.log(
        "translation.asked", actor=actor, about=original.text, consultation=original.consultation, language=language
    )
    enqueue_machine(original, language, again=f"-{act.pk}" if _is_over(original, language) else "")


def enqueue_machine(original: Original, language: str, *, again: str = "") -> None:
    """Enqueue a machine translation of a text into one language, in the transaction that asks for it."""
    translate.using(key=f"translate-{original.text.pk}-{language}{again}").enqueue(
        consultation_id=original.consultation.pk, text_id=original.text.pk, language=language
    )


def _is_over(original: Original, language: str) -> bool:
    """Return whether earlier requests have ended: then another is enqueued, otherwise the earlier one stays."""
    asked = requests(original, language)
    return asked.exists() and not asked.filter(done_at=None, failed_at=None).exists()


def requests(original: Original, language: str) -> QuerySet[BackgroundTask]:
    """Return the tasks of the machine for a text in one language, in any state."""
    key = f"translate-{original.text.pk}-{language}"
    return BackgroundTask.objects.filter(task="contributions.translate").filter(
        Q(key=key) | Q(key__startswith=f"{key}-")
    )


@writing
def show_machine_translations(*, actor: Person, consultation: Consultation, shows: bool) -> Consultation:
    """Show readers machine translations of published texts, or hide them; an organizer decides it."""
    require(permissions.may_show_machine_translations(actor, consultation))
    if shows:
        require_valid(validation.has_machine())
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    if consultation.shows_machine_translations == shows:
        return consultation
    consultation.shows_machine_translations = shows
    consultation.save(update_fields=["shows_machine_translations"])
    published = Edition.objects.filter(consultation=consultation, status=Edition.Status.PUBLISHED)
    # Those of removed texts are hidden, too: they may be restored.
    everything = Version.objects.filter(contribution__consultation=consultation)
    is_of = Q(text__in=published.values("text")) if shows else Q(text__in=everything.values("text"))
    made = Translation.objects.filter(is_of, is_machine=True)
    made.update(is_public=shows)
    act = audit.log("translations.shown" if shows else "translations.hidden", actor=actor, about=consultation,
                 consultation=consultation)  # fmt: skip
    invalidate(consultation.cache_tag)
    if shows:
        translate_all.using(key=f"translate-all-{act.pk}").enqueue(consultation_id=consultation.pk, asked=act.pk)
    return consultation


def enqueue_all(edition: Edition, consultation: Consultation) -> None:
    """Enqueue machine translations of an edition into each language that it does not have yet."""
    if edition.text is None:
        return
    original = Original(consultation, edition.text, edition.title, edition.language, edition.number, True)
    if not original.source:
        return
    there = set(Translation.objects.filter(text=edition.text).values_list("language", flat=True))
    for language in NAMES:
        if language != original.source and language not in there:
            enqueue_machine(original, language)


#: Editions for which translations are enqueued in one transaction.
BATCH = 100
#: Failures that another attempt does not fix.
FINAL = frozenset({"unset", "refused", "too_large", "wrong_shape", "not_json"})


@task
def translate(*, consultation_id: int, text_id: int, language: str) -> None:
    """Translate a text by machine and save it; nothing where it is gone, or somebody has translated it already."""
    consultation = Consultation.objects.get(pk=consultation_id)
    original = original_of(consultation, text_id)
    if original is None or not original.source or original.source == language:
        return
    if Translation.objects.filter(text_id=text_id, language=language, is_machine=False).exists():
        return
    try:
        title, content = machine.translate([original.title, original.text.content], original.source, language)
    except Failed as failed:
        if failed.code in FINAL:
            raise Abort from failed
        raise
    if not content.strip():
        raise Abort
    with writes():
        now = _lock_original(consultation, text_id)  # it may have been withdrawn while the machine worked
        person_did = Translation.objects.filter(text_id=text_id, language=language, is_machine=False).exists()
        if now is None or person_did:
            return
        is_public = now.is_published and now.consultation.shows_machine_translations
        Translation.objects.update_or_create(
            text_id=text_id,
            language=language,
            defaults={
                "title": clean_line(title)[:600],
                "content": clean(content),
                "is_machine": True,
                "maker": machine.name(),
                "by": None,
                "at": clock.now(),
                "is_public": is_public,
            },
        )
        if is_public:
            invalidate(consultation.cache_tag, nothing_withdrawn=True)


@task
def translate_all(*, consultation_id: int, after: int = 0, asked: int = 0) -> None:
    """Enqueue machine translations of everything published in a consultation, some hundred editions at a time."""
    consultation = Consultation.objects.get(pk=consultation_id)
    if not consultation.shows_machine_translations:
        return
    found = Edition.objects.filter(LISTED, consultation=consultation, status=Edition.Status.PUBLISHED, pk__gt=after)
    editions = list(found.select_related("text").order_by("pk")[:BATCH])
    with writes():
        for edition in editions:
            enqueue_all(edition, consultation)
        if len(editions) == BATCH:
            last = editions[-1].pk
            translate_all.using(key=f"translate-all-{consultation_id}-{asked}-after-{last}").enqueue(
                consultation_id=consultation_id, after=last, asked=asked
            )
