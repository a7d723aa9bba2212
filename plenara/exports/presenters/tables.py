"""The record as a table for spreadsheets (CSV) and as data for programs (JSON), and the traceability matrix as a
table. `docs/other-forms.md` describes them.
"""

import csv
import heapq
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.conf import settings

from plenara.contributions.models import Byline, Edition
from plenara.contributions.organizations.queries import is_verified
from plenara.core.languages import current
from plenara.core.office_files import BYTE_ORDER_MARK, guard_cell
from plenara.core.rows import Json, json_document, without_absent
from plenara.core.templatetags.plenara import iso
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.queries.record import Scope
from plenara.outcomes.models import OutcomeEdition, Trace
from plenara.outcomes.presenters.outcomes import statement_symbol
from plenara.outcomes.queries.consultations import consultations_of
from plenara.outcomes.queries.contributions import unanswered_by
from plenara.outcomes.queries.matrix import Filters, traces_of
from plenara.outcomes.queries.versions import version_url


def row(edition: Edition, scope: Scope, questions: dict[int, int]) -> dict[str, object]:
    """Return the fields of an edition, without empty ones. `questions` are their numbers by thread id."""
    values: dict[str, object] = {
        "symbol": edition.symbol,
        "number": edition.number,
        "revision": edition.revision,
        "question": questions[edition.thread_id],
        "status": attribution.status(edition),
        "address": addresses.permalink(edition.public_id),  # type: ignore[attr-defined]
        "in_reply_to": edition.in_reply_to,
        "paragraph": edition.part,
        "submitted_at": iso(edition.submitted_at),
        "published_at": iso(edition.published_at),
    }
    if attribution.has_words(edition):
        byline = edition.byline
        assert byline and edition.text
        values |= {
            "name": attribution.name(byline),
            "name_withheld": byline.withheld or byline.erased_at is not None,
            "stakeholder_group": byline.stakeholder_group,
            "capacity": byline.capacity,
            "organization": byline.organization,
            "organization_verified": is_verified(edition) or byline.organization_verified,
            "country": byline.country,
            "signatories": [_signatory(each) for each in edition.also_signed_by],
            "language": edition.language,
            "title": edition.title,
            "text": edition.text.content,
            "redacted": edition.is_redacted or None,
            "document": attribution.paper_address(scope.consultation.slug, edition),
            "licence": scope.consultation.licence,
            "channel": edition.channel,
            "campaign": edition.campaign_of,
            "stance": edition.stance,  # type: ignore[attr-defined]
            **_votes(edition.votes),  # type: ignore[attr-defined]
        }
    else:
        values |= {"gone_at": iso(attribution.gone_at(edition)), "reason": edition.gone_reason}
    return without_absent(values)


def _signatory(byline: Byline) -> dict[str, object]:
    """Return a co-signatory."""
    names = ("stakeholder_group", "capacity", "organization", "organization_verified", "country")
    return without_absent({"name": attribution.name(byline), **{name: getattr(byline, name) for name in names}})


def _votes(votes: dict[str, int] | None) -> dict[str, int]:
    """Return the numbers of votes for, against and passes, where an archive has them."""
    return {f"votes_{name}": count for name, count in (votes or {}).items()}


def _in_one_cell(signatory: Json) -> str:
    organization = signatory.get("organization")
    return signatory.get("name", "") + (f" ({organization})" if organization else "")


def safe_cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet evaluates."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = " · ".join(_in_one_cell(each) for each in value)
    if not isinstance(value, str):
        return str(value)
    return guard_cell(value)


def as_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Iterator[str]:
    """Yield the rows as CSV (RFC 4180): the byte-order mark, the header, a line each."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_MINIMAL)  # with CRLF, as in the RFC

    def written(cells: Iterable[str]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue()

    yield BYTE_ORDER_MARK + written(columns)
    for each in rows:
        yield written(safe_cell(each[column]) if column in each else "" for column in columns)


def as_json(scope: Scope, rows: Iterable[dict[str, object]], address: str) -> Iterator[str]:
    """Return one JSON object: the scope of the list, then `contributions`, one a line."""
    head: dict[str, object] = {
        "format": "plenara-data/1",
        "address": address,
        "consultation": {
            "slug": scope.consultation.slug,
            "symbol": scope.consultation.symbol,
            "title": scope.consultation.title,
            "state": scope.consultation.state,
            "address": addresses.consultation(scope.consultation.slug),
        },
        "licence": scope.consultation.licence,
    }
    if scope.thread:
        head["question"] = {
            "number": scope.thread.number,
            "question": scope.thread.question,
            "address": addresses.thread(scope.consultation.slug, scope.thread.number),
        }
    if scope.is_filtered:
        head["filters"] = scope.filters
    return json_document(head, "contributions", rows)


#: The first line of the CSV. New columns come at the end; none is ever renamed or moved.
TRACE_COLUMNS = (
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
#: Rows in memory at a time.
CHUNK = 500

type _Keyed = tuple[tuple[int, int], dict[str, object]]


def trace_rows(version: OutcomeEdition) -> Iterator[dict[str, object]]:
    """Yield the rows in the order of consultations and numbers; reasons in the active language, or in the original."""
    for each in consultations_of(traces_of(version, Filters()), unanswered_by(version)):
        merged = heapq.merge(_answered(version, each), _unanswered(version, each), key=lambda row: row[0])
        yield from (row for _key, row in merged)


def _answered(version: OutcomeEdition, consultation: int) -> Iterator[_Keyed]:
    source, language = version.edition.source_language, current()
    page = settings.SITE_URL + version_url(version)
    found = traces_of(version, Filters()).select_related(
        "cited__byline",
        "cited__thread",
        "consultation",
        "paragraph__outcome_paragraph__section",
        "reason",
        "statement__edition",
    )
    found = found.filter(consultation=consultation).defer("consultation__intro", "cited__thread__guidance")
    for each in found.iterator(CHUNK):
        yield (each.number, each.pk), _trace_row(each, source, language, page)


def _trace_row(trace: Trace, source: str, language: str, page: str) -> dict[str, object]:
    paragraph, reason = trace.paragraph, trace.reason
    in_language = reason is not None and bool(reason.texts.get(language))
    return without_absent(
        _contribution(trace.cited, trace.consultation.slug)
        | {
            "paragraph": paragraph.public_number,
            "section": paragraph.outcome_paragraph.section.slug,
            "agreement": paragraph.outcome_paragraph.agreement,
            "paragraph_address": f"{page}paragraphs/{paragraph.public_number}/",
            "treatment": trace.response,
            "reason": (reason.texts[language] if in_language else reason.text) if reason else "",
            "reason_language": (language if in_language else source) if reason else "",
            "through": statement_symbol(trace.statement) if trace.statement else "",
        }
    )


def _unanswered(version: OutcomeEdition, consultation: int) -> Iterator[_Keyed]:
    found = unanswered_by(version).filter(consultation=consultation).select_related("byline", "thread", "consultation")
    for each in found.defer("consultation__intro", "thread__guidance").iterator(CHUNK):
        yield (each.number, 0), without_absent(_contribution(each, each.consultation.slug))


def _contribution(edition: Edition, slug: str) -> dict[str, object]:
    """Return the fields of a contribution; for one that is gone, its address and that it is gone."""
    known: dict[str, object] = {
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
        "name": attribution.name(edition.byline),
        "stakeholder_group": edition.stakeholder_group,
        "organization": edition.byline.organization if edition.byline.speaks_for_organization else "",
        "country": edition.byline.country,
        "language": edition.language,
        "channel": edition.channel,
    }
