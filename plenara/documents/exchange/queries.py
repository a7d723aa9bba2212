"""The contents of exported files: a rendition with notes for translators, and a memory of published texts."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from plenara.consultations.models import Consultation
from plenara.core.languages import NAMES
from plenara.core.text import digest
from plenara.documents.exchange.units import PARTS, TITLE, Note, OutgoingRendition, Unit
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    Citation,
    Document,
    ParagraphText,
    PublishedRendition,
    PublishedText,
    Rendition,
    RenditionState,
    Term,
)
from plenara.documents.queries.drafts import number_of, part_of, phrases_of
from plenara.documents.queries.translations import PUBLIC_NUMBER
from plenara.documents.validation.words import find_terms

#: The XLIFF state of an up-to-date translation, by the state of its rendition. All others are `initial`.
_STATES = {
    RenditionState.REVIEWED: "reviewed",
    RenditionState.PUBLISHED: "final",
}
#: Characters of cited words that one note has.
_MOST_CITED = 600


def outgoing_rendition(document: Document, language: str, *, name: str, is_open: bool = False) -> OutgoingRendition:
    """Return a rendition to export; with `is_open` only what is missing or outdated. Five queries; seven for a kind
    that has reasons and sections.
    """
    rendition = Rendition.objects.filter(document=document, language=language).first()
    state = _STATES.get(RenditionState(rendition.state), "translated") if rendition else "translated"
    terms = list(Term.objects.filter(consultation=document.consultation_id))
    title = document.title.get(document.source_language, "")
    units = [
        *_title(document, rendition, title, language, state),
        *_statements(document, language, state, terms),
        *_phrases(document, language, state, terms),
    ]
    if is_open:
        still_open = {each.whole for each in units if each.state == "initial"}
        units = [each for each in units if each.whole in still_open]
    return OutgoingRendition(
        document=document.pk,
        name=name,
        title=title,
        slug=document.consultation.slug,
        source_language=document.source_language,
        language=language,
        units=units,
    )


def _title(document: Document, rendition: Rendition | None, source: str, language: str, state: str) -> Iterator[Unit]:
    if not source:
        return
    target = document.title.get(language, "")
    is_present = rendition is not None and rendition.title_digest == digest(source)
    yield Unit(
        paragraph=0,
        part=TITLE,
        number=0,
        source=source,
        target=target,
        source_digest=digest(source),
        target_digest=digest(target),
        state=state if target and is_present else "initial",
        is_outdated=bool(target) and not is_present,
    )


def _statements(document: Document, language: str, state: str, terms: list[Term]) -> Iterator[Unit]:
    found = ParagraphText.objects.filter(
        paragraph__document=document, language__in=[document.source_language, language]
    )
    texts = {(each.paragraph_id, each.language): each for each in found}
    citations: dict[int, list[Citation]] = {}
    for citation in Citation.objects.filter(paragraph__document=document).select_related("edition__text"):
        citations.setdefault(citation.paragraph_id, []).append(citation)
    for paragraph in document.paragraphs.all():
        source = texts.get((paragraph.pk, document.source_language))
        if source is None:
            continue
        translated = texts.get((paragraph.pk, language)) or ParagraphText()
        is_present = bool(translated.text) and translated.source_digest == source.digest
        for part in PARTS:
            if not getattr(source, part):
                continue
            target = getattr(translated, part)
            cited = _cited(citations.get(paragraph.pk, ()), part)
            yield Unit(
                paragraph=paragraph.pk,
                part=part,
                number=paragraph.number,
                source=getattr(source, part),
                target=target,
                source_digest=source.digest,
                target_digest=translated.digest,
                state=state if target and is_present else "initial",
                is_outdated=bool(target) and not is_present,
                label=number_of(document, paragraph),
                name=part_of(document, paragraph),
                notes=(*cited, *_terms(getattr(source, part), document.source_language, language, terms)),
            )


def _phrases(document: Document, language: str, state: str, terms: list[Term]) -> Iterator[Unit]:
    """Yield headings of sections and reasons, for a kind that has them."""
    for each in phrases_of(document, language):
        yield Unit(
            paragraph=each.pk,
            part=each.what,
            number=each.number,
            source=each.source,
            target=each.text,
            source_digest=each.made_from,
            target_digest=each.was,
            state=state if each.text else "initial",
            label=each.name,
            name=each.name,
            notes=tuple(_terms(each.source, document.source_language, language, terms)),
        )


def _cited(citations: Iterable[Citation], part: str) -> Iterator[Note]:
    """Yield the words cited for a part of a statement, except those withdrawn, removed or erased."""
    for each in citations:
        edition = each.edition
        gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
        if each.words and part == ("against" if each.side == "against" else "text") and not gone:
            words = each.words if len(each.words) <= _MOST_CITED else f"{each.words[:_MOST_CITED]} …"
            yield Note("citation", f"{edition.symbol} ({NAMES.get(edition.language, edition.language)}): «{words}»")


def _terms(text: str, source_language: str, language: str, terms: list[Term]) -> Iterator[Note]:
    seen = set()
    for found in find_terms(text, source_language, terms):
        term = found.term
        word = term.words.get(language, "")
        if term.pk in seen or not (word or term.note):
            continue
        seen.add(term.pk)
        also = "".join(f" | {each}" for each in term.also.get(language, ()))
        beginning = text[found.begin : found.end]
        yield Note("glossary", f"{beginning} = {word}{also}" + (f" ({term.note})" if term.note else ""))


_AT_ONCE = 500


def memory_units(consultation: Consultation, languages: Collection[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield (what it is, its source's language, its texts by language) of every published text in force.

    Outdated translations are left out. Two queries, whatever their number.
    """
    yield from _titles(consultation, languages)
    edition = "rendition__edition__"
    rows = (
        PublishedText.objects.filter(
            rendition__in_force=True, rendition__edition__in_force=True, rendition__edition__consultation=consultation
        )
        .order_by(f"{edition}kind", f"{edition}number", "paragraph__number", "pk")
        .values_list(
            f"{edition}kind", f"{edition}number", PUBLIC_NUMBER, f"{edition}source_language", "language",
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
    """Yield one unit, if it has two texts. Each text comes with the digest of its source."""
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

    def of(each: PublishedRendition) -> tuple[str, int, str]:
        return each.edition.kind, each.edition.number, each.edition.source_language

    for (kind, number, source), group in groupby(renditions.iterator(chunk_size=_AT_ONCE), key=of):
        texts = {
            each.language: (digest(each.title) if each.language == source else each.title_digest, each.title)
            for each in group
        }
        yield from _unit(kind_of(kind).label(number), source, texts, languages)
