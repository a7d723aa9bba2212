"""Summaries in the API: every statement in all languages, with its citations, edition by edition."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Prefetch, QuerySet

from plenara.api import endpoints
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import NAMES
from plenara.core.rows import Json, without_absent
from plenara.core.templatetags.plenara import iso
from plenara.documents.models import (
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedRendition,
    PublishedText,
    Side,
    Signature,
)
from plenara.exports import addresses
from plenara.exports.queries import record
from plenara.summaries.kind import NAME
from plenara.summaries.models import LeftOut


def of(consultation: Consultation) -> QuerySet[DocumentEdition]:
    """Return every edition of a consultation's summaries."""
    return DocumentEdition.objects.filter(consultation=consultation, kind=NAME)


def read(editions: QuerySet[DocumentEdition]) -> QuerySet[DocumentEdition]:
    """Return editions with the related rows of a list. Two queries."""
    renditions = PublishedRendition.objects.filter(in_force=True)
    return editions.select_related("summary").prefetch_related(Prefetch("renditions", renditions))


def read_whole(editions: QuerySet[DocumentEdition]) -> QuerySet[DocumentEdition]:
    """Return editions with all related rows. Seven queries."""
    texts = PublishedText.objects.filter(rendition__in_force=True).order_by("language")
    cited = PublishedCitation.objects.select_related("edition__text").defer("edition__text__content")
    cited = cited.annotate(slug=F("edition__consultation__slug")).order_by("position")
    left_out = LeftOut.objects.select_related("edition").order_by("edition__number")
    return read(editions).prefetch_related(
        "signatures",
        Prefetch("paragraphs", PublishedParagraph.objects.select_related("thread").order_by("number")),
        Prefetch("paragraphs__texts", texts),
        Prefetch("paragraphs__citations", cited),
        Prefetch("summary__left_out", left_out),
    )


def listed(edition: DocumentEdition, consultation: Consultation) -> dict[str, object]:
    """Return a summary as the list has it. No query."""
    renditions = {each.language: each for each in edition.renditions.all()}
    summary = edition.summary
    ticks = summary.figures.get("ticks", "")
    return without_absent(
        {
            "number": edition.number,
            "revision": edition.revision,
            "symbol": edition.symbol,
            "is_correction": edition.is_correction,
            "in_force": edition.in_force,
            "source_language": edition.source_language,
            "title": {code: renditions[code].title for code in NAMES if code in renditions and renditions[code].title},
            "period": {"from": iso(summary.period_from), "to": iso(summary.period_to)},
            "published_at": iso(edition.published_at),
            "contributions": len(ticks),
            "cited": ticks.count("1"),
            "renditions": [rendition_of(code, renditions.get(code), edition) for code in NAMES],
            "address": addresses.of_symbol(edition.symbol),
            "self": _own(edition, consultation),
        }
    )


def _own(edition: DocumentEdition, consultation: Consultation) -> str:
    if edition.in_force:
        return endpoints.summary(consultation.slug, edition.number)
    return endpoints.summary_edition(consultation.slug, edition.number, edition.revision)


def rendition_of(code: str, rendition: PublishedRendition | None, edition: DocumentEdition) -> dict[str, object]:
    """Return the state of one of the six languages."""
    if rendition is None:
        return {"language": code, "status": "missing"}
    is_source = code == edition.source_language
    found = {
        "language": code,
        "status": "outdated" if rendition.outdated and not is_source else "published",
        "is_original": is_source,
        "origin": rendition.origin,
        "published_at": iso(rendition.published_at),
    }
    if rendition.self_reviewed:
        found["self_reviewed"] = True
    return without_absent(found)


def whole(
    edition: DocumentEdition, consultation: Consultation, editions: Sequence[DocumentEdition]
) -> dict[str, object]:
    """Return a summary with its statements, its coverage and its editions. No query."""
    figures = edition.summary.figures
    return listed(edition, consultation) | without_absent(
        {
            **signed_by(edition),
            "by_schedule": figures.get("by_schedule"),
            "statements": [
                _statement(each, edition, figures.get("held", {}).get(str(each.number), {}))
                for each in edition.paragraphs.all()
            ],
            "coverage": coverage_of(figures, "cited", "by_language"),
            "left_out": [_left_out(each) for each in edition.summary.left_out.all()],
            "editions": [
                without_absent(
                    {
                        "revision": each.revision,
                        "symbol": each.symbol,
                        "is_correction": each.is_correction,
                        "published_at": iso(each.published_at),
                        "in_force": each.in_force,
                        "self": endpoints.summary_edition(consultation.slug, each.number, each.revision),
                    }
                )
                for each in editions
            ],
            "links": {"corrections": f"{endpoints.summary(consultation.slug, edition.number)}/corrections"},
        }
    )


def named(name: str) -> dict[str, object]:
    """Return a signatory; a withheld name is marked as such."""
    return {"name": name} if name else {"name_withheld": True}


def signed_by(edition: DocumentEdition) -> dict[str, object]:
    """Return the authors and approvers of an edition."""
    signatures = list(edition.signatures.all())
    return {
        "written_by": [named(each.name) for each in signatures if each.part == Signature.Part.WROTE],
        "approved_by": [named(each.name) for each in signatures if each.part == Signature.Part.APPROVED],
        "self_approved": edition.self_approved or None,
    }


def coverage_of(figures: Json, what: str, languages: str) -> dict[str, object]:
    """Return the figures with two numbers: all, and those with a property.

    `languages` is the key of those by language.
    """
    shares = {
        "groups": "by_stakeholder_group",
        languages: "by_language",
        "countries": "by_country",
        "channels": "by_channel",
        "threads": "by_question",
    }
    return {
        name: {key: {"all": share[0], what: share[1]} for key, share in figures[column].items() if key}
        for column, name in shares.items()
        if figures.get(column)
    }


def words_of(paragraph: PublishedParagraph, edition: DocumentEdition) -> dict[str, object]:
    """Return the words of a paragraph in all languages, and which of these were made from an earlier original."""
    found = {text.language: text for text in paragraph.texts.all()}
    source = found.get(edition.source_language)
    translations = [found[code] for code in NAMES if code in found]
    return {
        "heading": {each.language: each.heading for each in translations if each.heading},
        "text": {each.language: each.text for each in translations},
        "against": {each.language: each.against for each in translations if each.against},
        "outdated": [each.language for each in translations if source and each.source_digest != source.source_digest],
    }


def _statement(
    paragraph: PublishedParagraph, edition: DocumentEdition, holders: Mapping[str, object]
) -> dict[str, object]:
    return without_absent(
        {
            "number": paragraph.number,
            "kind": paragraph.kind,
            "question": paragraph.thread.number if paragraph.thread else None,
            **words_of(paragraph, edition),
            "held_by": dict(holders),
        }
    ) | {"cites": [_cite(each) for each in paragraph.citations.all()]}


def _cite(citation: PublishedCitation) -> dict[str, object]:
    slug: str = citation.slug  # type: ignore[attr-defined]
    return without_absent(cited(citation, slug, {"side": "against" if citation.side == Side.AGAINST else None}, {}))


def cited(
    citation: PublishedCitation, slug: str, before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, object]:
    """Return a citation. Withdrawn, removed or erased words are no longer quoted, whatever cites them.

    `before` and `after` are the additional fields of a kind of document, before and after the words.
    """
    edition = citation.edition
    is_public = has_words(edition)
    return {
        "number": edition.number,
        "revision": edition.revision,
        "symbol": edition.symbol,
        "status": Edition.Status.PUBLISHED if is_public else edition.status if edition.is_gone else "withdrawn",
        **before,
        "language": edition.language if is_public else None,
        "words": citation.words if is_public else None,
        **after,
        "address": record.for_good(edition),
        "self": endpoints.edition(slug, edition.number, edition.revision),
    }


def has_words(edition: Edition) -> bool:
    """Return whether an edition's words are public, without reading them."""
    return not edition.is_gone and edition.text is not None and edition.text.erased_at is None


def _left_out(one: LeftOut) -> dict[str, object]:
    return without_absent(
        {
            "number": one.edition.number,
            "symbol": one.edition.symbol,
            "set_aside": one.is_set_aside,
            "reason": one.reason,
        }
    )
