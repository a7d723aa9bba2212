"""A rendition as it leaves: its units, each with what it was made from, and with what helps to translate it."""

from collections.abc import Iterable, Iterator

from plenara.core.languages import NAMES
from plenara.core.text import digest
from plenara.documents.exchange.units import PARTS, TITLE, Leaving, Note, Unit
from plenara.documents.models import Citation, Document, ParagraphText, Rendition, RenditionState, Term
from plenara.documents.naming import number_of, part_of
from plenara.documents.phrases import phrases_of
from plenara.documents.term_marks import find_terms

#: What XLIFF calls a translation of the present source, by the state of its rendition. What is outdated, or not there
#: yet, is `initial`.
_STATES = {
    RenditionState.REVIEWED: "reviewed",
    RenditionState.PUBLISHED: "final",
}
#: Characters of cited words that one note has.
_MOST_CITED = 600


def leaving(document: Document, language: str, *, name: str, is_open: bool = False) -> Leaving:
    """Return a rendition as it leaves; `is_open`: what is missing or outdated alone. Five queries; of a kind that has
    reasons and sections, seven.
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
    return Leaving(
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
        mine = texts.get((paragraph.pk, language)) or ParagraphText()
        is_present = bool(mine.text) and mine.source_digest == source.digest
        for part in PARTS:
            if not getattr(source, part):
                continue
            target = getattr(mine, part)
            cited = _cited(citations.get(paragraph.pk, ()), part)
            yield Unit(
                paragraph=paragraph.pk,
                part=part,
                number=paragraph.number,
                source=getattr(source, part),
                target=target,
                source_digest=source.digest,
                target_digest=mine.digest,
                state=state if target and is_present else "initial",
                is_outdated=bool(target) and not is_present,
                label=number_of(document, paragraph),
                told=part_of(document, paragraph),
                notes=(*cited, *_terms(getattr(source, part), document.source_language, language, terms)),
            )


def _phrases(document: Document, language: str, state: str, terms: list[Term]) -> Iterator[Unit]:
    """Yield headings of sections and reasons, of a kind that has such."""
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
            told=each.name,
            notes=tuple(_terms(each.source, document.source_language, language, terms)),
        )


def _cited(citations: Iterable[Citation], part: str) -> Iterator[Note]:
    """Yield the words cited for a part of a statement. What was withdrawn, removed or erased is quoted no more."""
    for each in citations:
        edition = each.edition
        gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
        if each.words and part == ("against" if each.side == "against" else "text") and not gone:
            words = each.words if len(each.words) <= _MOST_CITED else f"{each.words[:_MOST_CITED]} …"
            yield Note("citation", f"{edition.symbol} ({NAMES.get(edition.language, edition.language)}): «{words}»")


def _terms(text: str, source_language: str, language: str, terms: list[Term]) -> Iterator[Note]:
    told = set()
    for found in find_terms(text, source_language, terms):
        term = found.term
        word = term.words.get(language, "")
        if term.pk in told or not (word or term.note):
            continue
        told.add(term.pk)
        also = "".join(f" | {each}" for each in term.also.get(language, ()))
        beginning = text[found.begin : found.end]
        yield Note("glossary", f"{beginning} = {word}{also}" + (f" ({term.note})" if term.note else ""))
