"""`summaries.jsonl`: the published summaries, each in the edition in force, with what it cites."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from plenara.archive.bundle.checking.fields import present, written
from plenara.archive.bundle.exporting.contributions import name_of
from plenara.common.languages import CODES
from plenara.consultations.models import Consultation
from plenara.documents.models import (
    DocumentEdition,
    Origin,
    PublishedCitation,
    PublishedParagraph,
    PublishedRendition,
    RenditionState,
)
from plenara.summaries.kind import NAME


def rows(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield the summaries by number."""
    editions = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True)
    for edition in editions.select_related("summary").order_by("number"):
        yield _row(edition)


def _row(edition: DocumentEdition) -> dict[str, Any]:
    renditions = {each.language: each for each in edition.renditions.filter(in_force=True).prefetch_related("texts")}
    return present(
        number=edition.number,
        symbol=edition.symbol,
        period={"from": written(edition.summary.period_from), "to": written(edition.summary.period_to)},
        source_language=edition.source_language,
        published_at=written(edition.published_at) if edition.published_at else None,
        title={code: each.title for code, each in renditions.items() if each.title},
        statements=_statements(edition, renditions),
        status={code: _status(renditions.get(code)) for code in CODES},
        origin={code: each.origin for code, each in renditions.items() if each.origin == Origin.MACHINE},
        set_aside=[
            present(contribution=name_of(each.edition.contribution), reason=each.reason)
            for each in edition.summary.left_out.filter(is_set_aside=True)
            .select_related("edition__contribution")
            .order_by("edition__number")
        ],
    )


def _status(rendition: PublishedRendition | None) -> str:
    if rendition is None:
        return RenditionState.MISSING
    return RenditionState.OUTDATED if rendition.outdated else RenditionState.PUBLISHED


def _statements(edition: DocumentEdition, renditions: dict[str, PublishedRendition]) -> list[dict[str, Any]]:
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    headings: dict[int, dict[str, str]] = defaultdict(dict)
    for code, rendition in renditions.items():
        for each in rendition.texts.all():
            texts[each.paragraph_id][code] = each.text
            if each.heading:
                headings[each.paragraph_id][code] = each.heading
    paragraphs = edition.paragraphs.prefetch_related("citations__edition__contribution")
    return [_statement(each, texts[each.pk], headings[each.pk]) for each in paragraphs.order_by("number")]


def _statement(paragraph: PublishedParagraph, text: dict[str, str], heading: dict[str, str]) -> dict[str, Any]:
    statement = present(number=paragraph.number, kind=paragraph.kind, text=text, heading=heading)
    return statement | {"cites": [_cite(each) for each in paragraph.citations.all()]}


def _cite(citation: PublishedCitation) -> dict[str, Any]:
    cited = citation.edition
    return present(
        contribution=name_of(cited.contribution),
        revision=cited.revision,
        # Words of a text that was taken back are public no longer.
        words=None if cited.is_gone else citation.words,
    )
