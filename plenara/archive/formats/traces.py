"""The traceability matrix as a table for spreadsheets (CSV): a row for each link from a contribution to a paragraph.

A contribution that nothing treats has one row without a paragraph. Written row by row, in as much memory as some
hundred rows take. `docs/other-forms.md` describes it.
"""

import heapq
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from plenara.archive import addresses, told
from plenara.contributions.models import Edition
from plenara.core.languages import current
from plenara.outcomes.matrix import Filters, traces_of
from plenara.outcomes.models import OutcomeEdition, Trace
from plenara.outcomes.ordering import consultations_of
from plenara.outcomes.places import version_url
from plenara.outcomes.shown import statement_symbol
from plenara.outcomes.unanswered import left_by

#: The first line of the CSV. New columns come at the end; none is ever renamed or moved.
COLUMNS = (
    "contribution",
    "consultation",
    "question",
    "number",
    "status",
    "name",
    "stakeholder_group",
    "organization",
    "country",
    "language",
    "channel",
    "address",
    "paragraph",
    "section",
    "agreement",
    "paragraph_address",
    "treatment",
    "reason",
    "reason_language",
    "through",
)
#: Rows that are in memory at a time.
CHUNK = 500

type _Keyed = tuple[tuple[int, int], dict[str, Any]]


def rows(version: OutcomeEdition) -> Iterator[dict[str, Any]]:
    """Yield the rows in the order of consultations and numbers; reasons in the active language, or in the original."""
    for each in consultations_of(traces_of(version, Filters()), left_by(version)):
        merged = heapq.merge(_treated(version, each), _left(version, each), key=lambda row: row[0])
        yield from (row for _key, row in merged)


def _treated(version: OutcomeEdition, consultation: int) -> Iterator[_Keyed]:
    source, language = version.edition.source_language, current()
    page = settings.SITE_URL + version_url(version)
    found = traces_of(version, Filters()).select_related(
        "cited__byline", "cited__thread", "consultation", "paragraph__stand__section", "reason", "statement__edition"
    )
    found = found.filter(consultation=consultation).defer("consultation__intro", "cited__thread__guidance")
    for each in found.iterator(CHUNK):
        yield (each.number, each.pk), _row(each, source, language, page)


def _row(trace: Trace, source: str, language: str, page: str) -> dict[str, Any]:
    paragraph, reason = trace.paragraph, trace.reason
    in_language = reason is not None and bool(reason.texts.get(language))
    return _present(
        _contribution(trace.cited, trace.consultation.slug)
        | {
            "paragraph": paragraph.told_as,
            "section": paragraph.stand.section.slug,
            "agreement": paragraph.stand.agreement,
            "paragraph_address": f"{page}paragraphs/{paragraph.told_as}/",
            "treatment": trace.treatment,
            "reason": (reason.texts[language] if in_language else reason.text) if reason else "",
            "reason_language": (language if in_language else source) if reason else "",
            "through": statement_symbol(trace.statement) if trace.statement else "",
        }
    )


def _left(version: OutcomeEdition, consultation: int) -> Iterator[_Keyed]:
    found = left_by(version).filter(consultation=consultation).select_related("byline", "thread", "consultation")
    for each in found.defer("consultation__intro", "thread__guidance").iterator(CHUNK):
        yield (each.number, 0), _present(_contribution(each, each.consultation.slug))


def _contribution(edition: Edition, slug: str) -> dict[str, Any]:
    """Return what is told of a contribution. Of one that is gone: where it stood, and that it is."""
    known: dict[str, Any] = {
        "contribution": edition.symbol,
        "consultation": slug,
        "question": edition.thread.number,
        "number": edition.number,
        "status": str(edition.status),
        "address": addresses.contribution(slug, edition.number),
    }
    if edition.is_gone or edition.byline is None:
        return known
    return known | {
        "name": told.name(edition.byline),
        "stakeholder_group": edition.stakeholder_group,
        "organization": edition.byline.organization if edition.byline.speaks_for_organization else "",
        "country": edition.byline.country,
        "language": edition.language,
        "channel": edition.channel,
    }


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}
