"""Rows of a bundle for summaries, each with its editions."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby, pairwise

from django.db.models import Prefetch

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import CODES
from plenara.core.rows import Json, written
from plenara.core.text import revision_in
from plenara.documents.actions.publication import signatures_of
from plenara.documents.models import (
    DocumentEdition,
    Origin,
    PublishedCitation,
    PublishedParagraph,
    PublishedRendition,
    PublishedText,
)
from plenara.summaries.corrections.queries import bundle_rows as correction_rows
from plenara.summaries.kind import NAME
from plenara.summaries.models import Correction, LeftOut, SummaryEdition

type Row = Json

#: The stored figures of a summary's period, by their names in a bundle.
COVERAGE = ("ticks", "groups", "by_language", "countries", "channels", "threads", "held")


def name_of(edition: Edition) -> str:
    """Return the id of an edition's contribution in a bundle. `contribution` is fetched."""
    return edition.contribution.bundle_id or edition.contribution.public_id or ""


def rows(consultation: Consultation, follows: Callable[[Row, Row], bool] = lambda _row, _kept: True) -> Iterator[Row]:
    """Yield the published summaries of a consultation by number. A fixed number of queries.

    `follows` returns whether an edition's coverage can be calculated again; if not, the row has it too.
    """
    cited = PublishedCitation.objects.select_related("edition__contribution", "edition__text")
    left_out = LeftOut.objects.select_related("edition__contribution")
    editions = (
        DocumentEdition.objects.filter(consultation=consultation, kind=NAME)
        .select_related("summary", "document__summary")
        .prefetch_related(
            "renditions__texts",
            "signatures",
            Prefetch("paragraphs", PublishedParagraph.objects.select_related("thread")),
            Prefetch("paragraphs__citations", cited),
            Prefetch("summary__left_out", left_out),
        )
        .order_by("number", "revision")
    )
    found = list(editions)
    corrections = correction_rows.public(each.document_id for each in found)
    for document, some in groupby(found, key=lambda each: each.document_id):
        yield _row(list(some), corrections.get(document, []), follows)


def _row(editions: list[DocumentEdition], corrections: list[Correction], follows: Callable[[Row, Row], bool]) -> Row:
    """Return a summary with its editions, the one in force last."""
    *earlier, edition = editions
    requests = correction_rows.with_revisions(correction_rows.rows(corrections, written, name_of), corrections, edition)
    row = _edition_row(edition, follows) | {
        "number": edition.number,
        "source_language": edition.source_language,
        "status": _status(edition, {code: bool(each.outdated) for code, each in _in_force(edition).items()}),
        "corrections": list(requests),
        "earlier": [_earlier(each, later, follows) for each, later in pairwise(editions)] if earlier else None,
    }
    row = {key: value for key, value in row.items() if value not in (None, {}, []) or key == "statements"}
    return row if edition.revision == revision_in(edition.symbol) else row | {"revision": edition.revision}


def _earlier(edition: DocumentEdition, later: DocumentEdition, follows: Callable[[Row, Row], bool]) -> Row:
    """Return a succeeded edition, each statement with its number in its successor."""
    row = _edition_row(edition, follows)
    numbers = {each.origin: each.number for each in later.paragraphs.all()}
    for statement, paragraph in zip(row["statements"], edition.paragraphs.all(), strict=True):
        if paragraph.origin in numbers:
            statement["next"] = numbers[paragraph.origin]
    row["outdated"] = sorted(code for code, each in _in_force(edition).items() if each.outdated)
    row = {key: value for key, value in row.items() if value not in (None, {}, []) or key == "statements"}
    return row | {"revision": edition.revision}


def _edition_row(edition: DocumentEdition, follows: Callable[[Row, Row], bool]) -> Row:
    """Return the fields of every edition."""
    summary, renditions = edition.summary, _in_force(edition)
    texts: dict[int, dict[str, PublishedText]] = {}
    for language, rendition in sorted(renditions.items()):
        for text in rendition.texts.all():
            texts.setdefault(text.paragraph_id, {})[language] = text
    row = {
        "period": {"from": written(summary.period_from), "to": written(summary.period_to)},
        "title": {language: each.title for language, each in renditions.items() if each.title},
        "statements": [
            _statement(each, texts.get(each.pk, {}), edition.source_language) for each in edition.paragraphs.all()
        ],
        "published_at": written(edition.published_at),
        "symbol": edition.symbol,
        "machine": sorted(code for code, each in renditions.items() if each.origin == Origin.MACHINE),
        "by_schedule": summary.figures.get("by_schedule"),
        "set_aside": [
            {"contribution": name_of(each.edition)} | ({"reason": each.reason} if each.reason else {})
            for each in summary.left_out.all()
            if each.is_set_aside
        ],
        "self_reviewed": sorted(code for code, each in renditions.items() if each.self_reviewed),
        **signatures_of(edition),
    }
    kept = recorded_coverage(summary)
    return row if follows(row, kept) else row | {"coverage": kept}


def _in_force(edition: DocumentEdition) -> dict[str, PublishedRendition]:
    return {each.language: each for each in edition.renditions.all() if each.in_force}


def recorded_coverage(summary: SummaryEdition) -> Row:
    """Return the stored coverage of a summary's edition; `left_out` is prefetched. No query."""
    figures = summary.figures
    left = [name_of(each.edition) for each in summary.left_out.all() if not each.is_set_aside]
    coverage = {**{key: figures.get(key) for key in COVERAGE}, "left_out": left}
    return {"ticks": ""} | {key: value for key, value in coverage.items() if value}


def _statement(paragraph: PublishedParagraph, texts: Mapping[str, PublishedText], source_language: str) -> Row:
    source = texts.get(source_language)
    statement = {
        "number": paragraph.number,
        "kind": paragraph.kind,
        "text": {language: each.text for language, each in texts.items()},
        "heading": {language: each.heading for language, each in texts.items() if each.heading},
        "thread": paragraph.thread.number if paragraph.thread else None,
        "against": {language: each.against for language, each in texts.items() if each.against},
        "outdated": [code for code, each in texts.items() if source and each.source_digest != source.source_digest],
    }
    cites = [_cite(each) for each in paragraph.citations.all()]
    return {key: value for key, value in statement.items() if value not in ("", {}, [], None)} | {"cites": cites}


def _cite(citation: PublishedCitation) -> Row:
    edition = citation.edition
    gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    cite: Row = {"contribution": name_of(edition), "revision": edition.revision}
    if citation.side:
        cite["side"] = citation.side
    return cite if gone or not citation.words else cite | {"words": citation.words}


def _status(edition: DocumentEdition, outdated: Mapping[str, bool]) -> dict[str, str]:
    """Return the state of all six languages; for missing ones of an import, the state in its row."""
    bundle = edition.document.summary.bundle
    states = bundle.get("status", dict.fromkeys(CODES, "missing"))
    status = {code: state for code, state in states.items() if code not in outdated}
    for code, is_outdated in outdated.items():
        if is_outdated or code not in bundle.get("unsaid", []):
            status[code] = "outdated" if is_outdated else "published"
    return status
