"""Reading translations: of a contribution in the reader's language, labelled with what made it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plenara.contributions.models import Edition, Translation
from plenara.core.languages import current


@dataclass(frozen=True)
class Offered:
    """A translation as a page offers it beside the original."""

    translation: Translation
    is_outdated: bool  # of an earlier text: the author has revised it since


def offered(edition: Edition, editions: Sequence[Edition], language: str | None = None) -> Offered | None:
    """Return the public translation of an edition, or of the latest earlier one that has any. One query."""
    asked = language or current()
    if edition.language.split("-")[0].lower() == asked:
        return None
    upto = {each.text_id: each.revision for each in editions if each.revision <= edition.revision and each.text_id}
    found = Translation.objects.filter(text_id__in=upto, language=asked, is_public=True)
    best = max(found, key=lambda each: upto[each.text_id], default=None)
    return Offered(best, best.text_id != edition.text_id) if best else None


def translated(editions: Iterable[Edition], language: str | None = None) -> set[int]:
    """Return the ids of those texts that can be read in a language other than their own. One query."""
    asked = language or current()
    foreign = [each.text_id for each in editions if each.language.split("-")[0].lower() != asked and each.text_id]
    found = Translation.objects.filter(text_id__in=foreign, language=asked, is_public=True)
    return set(found.values_list("text_id", flat=True))


def at_desk(text_id: int, language: str | None = None) -> Translation | None:
    """Return a text's translation, whoever may read it: for those who may read the text. One query."""
    return Translation.objects.filter(text_id=text_id, language=language or current()).first()
