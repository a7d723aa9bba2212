"""Reading across languages: the text to translate, and translations in the reader's language, beside the original and
never instead of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition, Text, Translation, Version
from plenara.core.languages import NAMES, current
from plenara.core.life_cycle import State
from plenara.core.prepared import prepared


@dataclass(frozen=True)
class Original:
    """A text that can be translated, with its contribution."""

    consultation: Consultation
    text: Text
    title: str
    language: str  # as its author declared it: any tag
    number: int | None  # of a published contribution
    is_published: bool

    @property
    def source(self) -> str:
        """The one of the six languages that it is in; blank if in none of them."""
        code = self.language.split("-")[0].lower()
        return code if code in NAMES else ""


def original_of(consultation: Consultation, text_id: int) -> Original | None:
    """Return a text of a consultation; nothing where it is gone or erased. Two queries at most."""
    published = Edition.objects.filter(consultation=consultation, text_id=text_id).select_related("text")
    edition = published.order_by("-revision").first()
    if edition:
        if edition.is_gone or edition.text is None or edition.text.erased_at:
            return None
        return Original(consultation, edition.text, edition.title, edition.language, edition.number, True)
    # Nobody needs a translation of a withdrawn, removed or rejected text.
    undecided = Version.objects.filter(state__in=[State.PENDING, State.RETURNED], text_id=text_id)
    row = undecided.filter(contribution__consultation=consultation).select_related("text").first()
    if row is None or row.text.erased_at:
        return None
    return Original(consultation, row.text, row.title, row.language, None, False)


@dataclass(frozen=True)
class Offered:
    """A translation that a page offers beside the original."""

    translation: Translation
    is_outdated: bool  # of an earlier text: the author has revised it since


def offered_translation(edition: Edition, editions: Sequence[Edition], language: str | None = None) -> Offered | None:
    """Return the public translation of an edition, or of the latest earlier one that has one. One query."""
    target = language or current()
    if edition.language.split("-")[0].lower() == target:
        return None
    upto = {each.text_id: each.revision for each in editions if each.revision <= edition.revision and each.text_id}
    best = max(_public_translations(list(upto), target), key=lambda each: upto[each.text_id], default=None)
    return Offered(best, best.text_id != edition.text_id) if best else None


@prepared
def _public_translations(texts: list[int], language: str) -> QuerySet[Translation]:
    return Translation.objects.filter(text_id__in=texts, language=language, is_public=True)


def translated_texts(editions: Iterable[Edition], language: str | None = None) -> set[int]:
    """Return the ids of those texts that have a translation into a language. One query."""
    target = language or current()
    foreign = [each.text_id for each in editions if each.language.split("-")[0].lower() != target and each.text_id]
    return set(_with_translation(foreign, target))


@prepared
def _with_translation(texts: list[int], language: str) -> QuerySet[Translation, int]:
    found = Translation.objects.filter(text_id__in=texts, language=language, is_public=True)
    return found.values_list("text_id", flat=True)


def desk_translation(text_id: int, language: str | None = None) -> Translation | None:
    """Return a text's translation, public or not: for people who may read the text. One query."""
    return Translation.objects.filter(text_id=text_id, language=language or current()).first()
