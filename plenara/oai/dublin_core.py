"""A contribution, a summary or an outcome in the fifteen elements of Dublin Core, which may repeat."""

from collections.abc import Iterator, Mapping

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Byline, Edition
from plenara.core.languages import Localized, html_code, in_language
from plenara.core.templatetags.plenara import group_label, iso
from plenara.core.text import excerpt, first_words
from plenara.core.vocabulary import licence_name, licence_url
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition, Signature
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.presenters.feeds import MOST
from plenara.outcomes.presenters.outcomes import body_name, stage_of

type Element = tuple[str, str, str]  # name, value, and the language of quoted words


def of_edition(
    edition: Edition,
    consultation: Consultation,
    thread: Thread,
    publisher: str,
    called: Mapping[str, Localized] | None = None,
) -> Iterator[Element]:
    """Yield the elements of a contribution. `edition` comes `with_words`; `called`: labels of themes by code."""
    tongue, words = html_code(edition.language), attribution.words(edition)
    slug, symbol = consultation.slug, edition.own_symbol  # type: ignore[attr-defined]
    yield "title", edition.title or f"{edition.number}. {first_words(words, 80)}", tongue
    signed: list[Byline | None] = [edition.byline, *edition.also_signed_by]
    for byline in signed:
        yield "creator", attribution.name_in_words(byline), ""
    for organization in dict.fromkeys(b.organization for b in signed if b and b.speaks_for_organization):
        yield "contributor", organization, ""
    yield "subject", group_label(edition.stakeholder_group), ""
    brought = edition.contribution.bundle
    for subject in dict.fromkeys([*thread.themes, *brought.get("themes", []), *brought.get("keywords", [])]):
        yield "subject", str(subject), ""
        if label := (called or {}).get(subject):
            yield "subject", label.text, html_code(label.language)
    yield "description", excerpt(words, MOST)[0], tongue
    yield from _common(consultation, publisher, iso(edition.dated_at)[:10])
    yield "identifier", addresses.permalink(edition.public_id), ""  # type: ignore[attr-defined]
    yield "identifier", symbol, ""
    yield "language", edition.language, ""
    if answered := edition.answers_symbol:  # type: ignore[attr-defined]
        yield "relation", addresses.of_symbol(answered), ""
    yield "relation", addresses.of_symbol(f"{consultation.symbol}/Q{thread.number}"), ""
    yield "relation", addresses.of_symbol(consultation.symbol), ""
    if edition.paper:
        yield "relation", attribution.paper_address(slug, edition), ""


def of_document(edition: DocumentEdition, consultation: Consultation, publisher: str) -> Iterator[Element]:
    """Yield the elements of a summary or an outcome, in all its languages. No query."""
    renditions = sorted((each for each in edition.renditions.all() if each.in_force), key=_source_first(edition))
    label = kind_of(edition.kind).label(edition.number)
    for each in renditions:
        if each.title:
            yield "title", each.title, html_code(each.language)
    if not any(each.title for each in renditions):
        yield "title", f"{label}: {in_language(consultation.title).text}", ""
    wrote = [each.name for each in edition.signatures.all() if each.part == Signature.Part.WROTE and each.name]
    version = getattr(edition, "outcome", None)
    if version:
        label = f"{label} ({stage_of(version)})"
        body = body_name(version.outcome.body)
        yield "creator", body.text, html_code(body.language)
    for name in wrote or ([] if version else [publisher]):
        yield "contributor" if version else "creator", name, ""
    yield "description", f"{label}: {in_language(consultation.title).text}", ""
    yield from _common(consultation, publisher, iso(edition.published_at)[:10])
    yield "type", "Report", ""
    yield "identifier", addresses.of_symbol(edition.document.symbol or ""), ""
    yield "identifier", edition.document.symbol or "", ""
    for each in renditions:
        yield "language", each.language, ""
    yield "relation", addresses.of_symbol(consultation.symbol), ""


def _source_first(edition: DocumentEdition):  # type: ignore[no-untyped-def]
    def turn(rendition: PublishedRendition) -> tuple[bool, str]:
        return rendition.language != edition.source_language, rendition.language

    return turn


def _common(consultation: Consultation, publisher: str, day: str) -> Iterator[Element]:
    yield "publisher", publisher, ""
    yield "date", day, ""
    yield "type", "Text", ""
    yield "format", "text/html", ""
    yield "source", consultation.source, ""
    yield "rights", licence_name(consultation.licence), ""
    yield "rights", licence_url(consultation.licence), ""
