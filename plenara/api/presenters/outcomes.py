"""Outcomes in the API: every paragraph in all languages, with its citations and responses."""

from collections.abc import Sequence

from django.db.models import F, Prefetch, QuerySet

from plenara.api import endpoints
from plenara.api.presenters.consultations import texts
from plenara.api.presenters.summaries import cited, coverage_of, named, rendition_of, signed_by, words_of
from plenara.core.languages import NAMES
from plenara.core.rows import without_absent
from plenara.core.templatetags.plenara import iso
from plenara.documents.models import (
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
)
from plenara.exports import addresses
from plenara.exports.queries import record
from plenara.outcomes.models import Body, OutcomeEdition, PublishedObjection
from plenara.outcomes.presenters.outcomes import statement_symbol
from plenara.outcomes.queries.versions import public_versions


def in_force() -> QuerySet[OutcomeEdition]:
    """Return the versions in force, with the related rows of a list. Two queries."""
    return read(public_versions().filter(edition__in_force=True))


def read(versions: QuerySet[OutcomeEdition]) -> QuerySet[OutcomeEdition]:
    """Return versions with the related rows of a list."""
    renditions = PublishedRendition.objects.filter(in_force=True)
    return versions.prefetch_related(Prefetch("edition__renditions", renditions))


def read_whole(versions: QuerySet[OutcomeEdition]) -> QuerySet[OutcomeEdition]:
    """Return versions with all related rows. Twelve queries."""
    words = PublishedText.objects.filter(rendition__in_force=True).order_by("language")
    cited = PublishedCitation.objects.select_related("edition__text", "reason").defer("edition__text__content")
    cited = cited.annotate(slug=F("edition__consultation__slug")).order_by("position")
    references = PublishedReference.objects.select_related("statement__edition", "reason").order_by("position")
    paragraphs = PublishedParagraph.objects.select_related("outcome_paragraph__section").order_by("number")
    return read(versions).prefetch_related(
        "sections",
        "edition__signatures",
        Prefetch("edition__paragraphs", paragraphs),
        Prefetch("edition__paragraphs__texts", words),
        Prefetch("edition__paragraphs__citations", cited),
        Prefetch("edition__paragraphs__references", references),
        "edition__paragraphs__outcome_paragraph__objections",
    )


def body(of: Body) -> dict[str, object]:
    """Return the fields of a body besides its outcomes."""
    return without_absent(
        {"slug": of.slug, "name": texts(of.name), "address": addresses.site(f"/en/outcomes/{of.slug}/")}
    )


def listed(version: OutcomeEdition) -> dict[str, object]:
    """Return an outcome as the list has it. No query."""
    edition, outcome = version.edition, version.outcome
    renditions = {each.language: each for each in edition.renditions.all()}
    return without_absent(
        {
            "slug": outcome.slug,
            "body": body(outcome.body),
            "consultation": outcome.body.consultation.slug,
            "number": edition.number,
            "revision": edition.revision,
            "symbol": edition.symbol,
            "stage": version.stage,
            "draft": version.draft or None,
            "is_correction": edition.is_correction,
            "in_force": edition.in_force,
            "source_language": edition.source_language,
            "title": {code: renditions[code].title for code in NAMES if code in renditions and renditions[code].title},
            "published_at": iso(edition.published_at),
            "answered": version.figures.get("answered", 0),
            "unanswered": version.figures.get("left", 0),
            "renditions": [rendition_of(code, renditions.get(code), edition) for code in NAMES],
            "address": addresses.of_symbol(edition.symbol),
            "self": own(version),
        }
    )


def own(version: OutcomeEdition) -> str:
    """Return a version's own address in the API."""
    found = endpoints.outcome(version.outcome.body.slug, version.outcome.slug)
    return found if version.edition.in_force else f"{found}/versions/{version.edition.revision}"


def whole(version: OutcomeEdition, versions: Sequence[OutcomeEdition]) -> dict[str, object]:
    """Return an outcome with its paragraphs, its coverage and its versions. No query."""
    figures, edition = version.figures, version.edition
    below = endpoints.outcome(version.outcome.body.slug, version.outcome.slug)
    return listed(version) | without_absent(
        {
            **signed_by(edition),
            "why_left": texts(version.why_left),
            "sections": [
                without_absent({"number": each.number, "slug": each.slug, "title": texts(each.title)})
                for each in version.sections.all()
            ],
            "paragraphs": [_paragraph(each, version) for each in edition.paragraphs.all()],
            "coverage": coverage_of(figures, "answered", "languages"),
            "versions": [
                without_absent(
                    {
                        "revision": each.edition.revision,
                        "symbol": each.edition.symbol,
                        "stage": each.stage,
                        "draft": each.draft or None,
                        "published_at": iso(each.edition.published_at),
                        "in_force": each.edition.in_force,
                        "self": f"{below}/versions/{each.edition.revision}",
                    }
                )
                for each in versions
            ],
            "links": {"matrix": addresses.site(f"/en/{edition.address}matrix.csv")},
        }
    )


def _paragraph(paragraph: PublishedParagraph, version: OutcomeEdition) -> dict[str, object]:
    edition = version.edition
    symbol = record.for_good(edition)
    return without_absent(
        {
            "number": paragraph.public_number,
            "place": paragraph.number,
            "section": paragraph.outcome_paragraph.section.slug,
            "kind": paragraph.kind,
            "agreement": paragraph.outcome_paragraph.agreement,
            "objections": [_objection(each) for each in paragraph.outcome_paragraph.objections.all()],
            **words_of(paragraph, edition),
            "refers_to": [_reference(each, edition.source_language) for each in paragraph.references.all()],
            "address": f"{symbol}#s{paragraph.public_number}",
        }
    ) | {"cites": [_cite(each, edition.source_language) for each in paragraph.citations.all()]}


def _objection(objection: PublishedObjection) -> dict[str, object]:
    reason = {"reason": objection.reason, "language": objection.language if objection.reason else ""}
    return named(objection.name) | without_absent(reason)


def _response(response: str, reason: PublishedReason | None, source: str) -> dict[str, object]:
    return {"treatment": response, "reason": texts({source: reason.text, **reason.texts}) if reason else {}}


def _cite(citation: PublishedCitation, source: str) -> dict[str, object]:
    slug: str = citation.slug  # type: ignore[attr-defined]
    response = _response(citation.response, citation.reason, source)
    return without_absent({"consultation": slug} | cited(citation, slug, {}, response))


def _reference(reference: PublishedReference, source: str) -> dict[str, object]:
    statement = reference.statement
    return without_absent(
        {
            "symbol": statement_symbol(statement),
            **_response(reference.response, reference.reason, source),
            "address": f"{record.for_good(statement.edition)}#s{statement.public_number}",
        }
    )
