"""The record as a table for spreadsheets (CSV) and as data for programs (JSON). `docs/other-forms.md` describes both.

A cell that a spreadsheet would take for a formula gets an apostrophe before it; who needs every text exactly as it was
written takes the JSON. Both are written row by row, in as much memory as one row takes.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from plenara.archive import addresses, told
from plenara.archive.scope import Scope
from plenara.contributions.models import Byline, Edition
from plenara.contributions.organizations.reading import is_verified
from plenara.core.cells import BYTE_ORDER_MARK, guarded
from plenara.core.templatetags.plenara import iso

#: The first line of every CSV. New columns come at the end; none is ever renamed or moved.
COLUMNS = (
    "symbol",
    "number",
    "revision",
    "question",
    "status",
    "address",
    "in_reply_to",
    "name",
    "name_withheld",
    "stakeholder_group",
    "capacity",
    "organization",
    "organization_verified",
    "country",
    "language",
    "title",
    "text",
    "submitted_at",
    "published_at",
    "gone_at",
    "reason",
    "document",
    "licence",
    "channel",
    "stance",
    "votes_agree",
    "votes_disagree",
    "votes_pass",
    "campaign",
    "signatories",
    "paragraph",
    "redacted",
)


def row(edition: Edition, scope: Scope, questions: dict[int, int]) -> dict[str, Any]:
    """Return what is told of an edition, without what there is not. `questions` are their numbers by thread id."""
    values: dict[str, Any] = {
        "symbol": edition.symbol,
        "number": edition.number,
        "revision": edition.revision,
        "question": questions[edition.thread_id],
        "status": told.status(edition),
        "address": addresses.permalink(edition.public_id),  # type: ignore[attr-defined]
        "in_reply_to": edition.in_reply_to,
        "paragraph": edition.part,
        "submitted_at": iso(edition.submitted_at),
        "published_at": iso(edition.published_at),
    }
    if told.is_told(edition):
        byline = edition.byline
        assert byline and edition.text
        values |= {
            "name": told.name(byline),
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
            "document": told.paper_address(scope.consultation.slug, edition),
            "licence": scope.consultation.licence,
            "channel": edition.channel,
            "campaign": edition.campaign_of,
            "stance": edition.stance,  # type: ignore[attr-defined]
            **_votes(edition.votes),  # type: ignore[attr-defined]
        }
    else:
        values |= {"gone_at": iso(told.gone_at(edition)), "reason": edition.gone_reason}
    return _present(values)


def _signatory(byline: Byline) -> dict[str, Any]:
    """Return who signed besides the author."""
    names = ("stakeholder_group", "capacity", "organization", "organization_verified", "country")
    return _present({"name": told.name(byline), **{name: getattr(byline, name) for name in names}})


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _votes(votes: dict[str, int] | None) -> dict[str, int]:
    """Return how many agreed, disagreed and passed, where an archive came with votes."""
    return {f"votes_{name}": count for name, count in (votes or {}).items()}


def _in_one_cell(signatory: dict[str, Any]) -> str:
    organization = signatory.get("organization")
    return signatory.get("name", "") + (f" ({organization})" if organization else "")


def safe_cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet reckons with."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = " · ".join(_in_one_cell(each) for each in value)
    if not isinstance(value, str):
        return str(value)
    return guarded(value)


def as_csv(rows: Iterable[dict[str, Any]], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """Yield the rows as CSV (RFC 4180): the byte-order mark, the header, a line each."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_MINIMAL)  # with CRLF, as the RFC has it

    def written(cells: Iterable[str]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue()

    yield BYTE_ORDER_MARK + written(columns)
    for each in rows:
        yield written(safe_cell(each[column]) if column in each else "" for column in columns)


def as_json(scope: Scope, rows: Iterable[dict[str, Any]], address: str) -> Iterator[str]:
    """Yield one JSON object: what the list is of, then `contributions`, one a line."""
    head: dict[str, Any] = {
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
    yield json_line(head)[:-1] + ',"contributions":['
    separator = "\n"
    for each in rows:
        yield separator + json_line(each)
        separator = ",\n"
    yield "\n]}\n"


def json_line(value: Any) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
