"""The machine's translations of contributions: one text into one language a task, outside every transaction."""

from plenara.consultations.models import Consultation
from plenara.contributions import tasks
from plenara.contributions.models import LISTED, Edition, Translation
from plenara.contributions.translating.actions import enqueue_all
from plenara.contributions.translating.finding import find, held
from plenara.core import clock
from plenara.core.cache_tags import invalidate
from plenara.core.machines import Failed
from plenara.core.machines import translation as machine
from plenara.core.tasks import Abort
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writes

#: Editions for which translations are enqueued in one transaction.
BATCH = 100
#: Failures that another attempt does not mend.
FINAL = frozenset({"unset", "refused", "too_large", "wrong_shape", "not_json"})


def translate(consultation_id: int, text_id: int, language: str) -> None:
    """Have a text translated, and keep it; nothing where it is gone, or somebody has translated it meanwhile."""
    consultation = Consultation.objects.get(pk=consultation_id)
    original = find(consultation, text_id)
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
        now = held(consultation, text_id)  # it may have been withdrawn while the machine worked
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
            invalidate(consultation.cache_tag, nothing_goes=True)


def translate_all(consultation_id: int, after: int = 0, asked: int = 0) -> None:
    """Enqueue the machine's translations of everything published in a consultation, some hundred editions at a time."""
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
            tasks.translate_all.using(key=f"translate-all-{consultation_id}-{asked}-after-{last}").enqueue(
                consultation_id=consultation_id, after=last, asked=asked
            )
