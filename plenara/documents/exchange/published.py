"""What was published in several languages, as units of a memory: read from the record, some rows at a time."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from plenara.consultations.models import Consultation
from plenara.core.text import digest
from plenara.documents.exchange.units import PARTS
from plenara.documents.kinds import kind_of
from plenara.documents.memory import TOLD_AS
from plenara.documents.models import PublishedRendition, PublishedText

_AT_ONCE = 500


def units(consultation: Consultation, languages: Collection[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield (what it is, its source's language, its texts by language) of every published text in force.

    A translation that is outdated, or made from other words, is no pair. Two queries, whatever their number.
    """
    yield from _titles(consultation, languages)
    edition = "rendition__edition__"
    rows = (
        PublishedText.objects.filter(
            rendition__in_force=True, rendition__edition__in_force=True, rendition__edition__consultation=consultation
        )
        .order_by(f"{edition}kind", f"{edition}number", "paragraph__number", "pk")
        .values_list(
            f"{edition}kind", f"{edition}number", TOLD_AS, f"{edition}source_language", "language",
            "source_digest", *PARTS,
        )
    )  # fmt: skip
    for (kind, number, place, source), group in groupby(rows.iterator(chunk_size=_AT_ONCE), key=lambda row: row[:4]):
        texts = {row[4]: row[5:] for row in group}
        name = kind_of(kind).passage(number, place)
        for at, _part in enumerate(PARTS, 1):
            yield from _unit(name, source, {code: (text[0], text[at]) for code, text in texts.items()}, languages)


def _unit(
    name: str, source: str, texts: dict[str, tuple[str, str]], languages: Collection[str]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield one unit, if there are two texts of it. A text comes with the digest of what it was made from."""
    if not texts.get(source, ("", ""))[1]:
        return
    made_from = texts[source][0]
    found = {
        code: text
        for code, (digest_of_source, text) in texts.items()
        if text and digest_of_source == made_from and (code == source or code in languages)
    }
    if len(found) > 1:
        yield name, source, found


def _titles(consultation: Consultation, languages: Collection[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    renditions = (
        PublishedRendition.objects.filter(in_force=True, edition__in_force=True, edition__consultation=consultation)
        .select_related("edition")
        .order_by("edition__kind", "edition__number", "pk")
    )

    def of(each: Any) -> tuple[str, int, str]:
        return each.edition.kind, each.edition.number, each.edition.source_language

    for (kind, number, source), group in groupby(renditions.iterator(chunk_size=_AT_ONCE), key=of):
        texts = {
            each.language: (digest(each.title) if each.language == source else each.title_digest, each.title)
            for each in group
        }
        yield from _unit(kind_of(kind).label(number), source, texts, languages)
