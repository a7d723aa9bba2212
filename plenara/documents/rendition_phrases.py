"""Saving the headings and reasons of a rendition: beside its paragraphs, and with the same care."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plenara.core.refusals import require, require_valid
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import checks, rules
from plenara.documents.actions import locked
from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, Reason, Rendition
from plenara.documents.phrases import HEADING, Phrase, phrases_of
from plenara.documents.renditions import keep_saved


@dataclass(frozen=True)
class TypedPhrase:
    """What a translator typed for one of them, and the digest of what the form showed."""

    text: str
    was: str


@writing
def save_phrases(*, actor: Any, document: Document, language: str, typed: Mapping[str, TypedPhrase]) -> list[Phrase]:
    """Keep translated headings and reasons, by their keys; return those that somebody else changed meanwhile, unsaved.

    What the form did not change is left alone; what is not given any more is passed over. A refusal's field is the key.
    """
    document = locked(document)
    require(rules.may_render(actor, document, language))
    there = {each.key: each for each in phrases_of(document, language)}
    saved, conflicts = [], []
    for key, it in typed.items():
        present = there.get(key)
        if present is None:
            continue
        text = clean_line(it.text)
        require_valid(checks.phrase_fits(text, present.what, key))
        if text == present.text or digest(text) == it.was:
            continue
        if it.was != present.was:
            conflicts.append(present)
            continue
        _keep(document, present, language, text)
        saved.append(key)
    if saved:
        rendition, _made = Rendition.objects.get_or_create(document=document, language=language)
        keep_saved(document, rendition, actor, phrases=saved)
    return conflicts


def _keep(document: Document, phrase: Phrase, language: str, text: str) -> None:
    if phrase.what == HEADING:
        headings = kind_of(document.kind).headings
        assert headings is not None, "the kind gave it"
        headings.keep(phrase.pk, language, text)
        return
    reason = Reason.objects.get(pk=phrase.pk, document=document)
    reason.texts = {code: each for code, each in {**reason.texts, language: text}.items() if each}
    reason.save(update_fields=["texts"])
