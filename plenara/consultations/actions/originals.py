"""Of which original each translation of a consultation's own texts was made, kept while the texts are edited."""

from collections.abc import Collection, Mapping

from plenara.consultations.models import Consultation, TextTranslation
from plenara.consultations.own_texts import Place, original_of
from plenara.core import clock
from plenara.core.text import digest


def follow_originals(
    consultation: Consultation, places: Collection[Place], after: Mapping[str, Mapping[str, str]]
) -> None:
    """Remember of which original each translation was made, when words are changed at the form of all six languages.

    `places` are the texts as they were, `after` their words now, by place. A translation that is changed with its
    original is of the new one; one that is left as it was becomes outdated.
    """
    rows = {(each.place, each.language): each for each in consultation.text_translations.all()}
    for place in places:
        now = after[place.key]
        known = {language for key, language in rows if key == place.key}
        original = original_of(place.texts, known)
        for language, text in now.items():
            if not original or language == original:
                continue
            row = rows.get((place.key, language))
            if row is not None and row.reviewed_at is None:
                continue  # a draft waits for its review
            has_changed = text != place.texts.get(language)
            if has_changed:
                made_from = digest(now.get(original, ""))
            elif row is None and now.get(original) != place.texts.get(original):
                made_from = digest(place.texts[original])
            else:
                continue
            TextTranslation.objects.update_or_create(
                consultation=consultation, place=place.key, language=language,
                defaults={
                    "thread": place.thread, "text": text, "source_digest": made_from, "machine": "",
                    "translator": None, "reviewed_at": clock.now(), "changed_at": clock.now(),
                },
            )  # fmt: skip
