"""The register of moderation as a table and as data, in the vocabulary of the DSA's statements of reasons.

`docs/register.md` says what each column means and what the DSA lacks; `register.schema.json` beside this file is its
JSON Schema. Codes are whole cells.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from plenara.archive import addresses
from plenara.archive.formats.tables import as_csv, json_line
from plenara.consultations.models import Consultation
from plenara.core.templatetags.plenara import iso
from plenara.moderation.models import Code, Ground
from plenara.moderation.reasons import label
from plenara.moderation.register import Entry

FORMAT = "plenara-decisions/1"
#: The first line of every CSV. New columns come at the end; none is ever renamed or moved.
COLUMNS = (
    "puid",
    "number",
    "symbol",
    "decision",
    "application_date",
    "decided_at",
    "decision_visibility",
    "decision_visibility_other",
    "decision_ground",
    "illegal_content_explanation",
    "incompatible_content_explanation",
    "category",
    "reason",
    "decision_facts",
    "content_type",
    "content_language",
    "content_date",
    "source_type",
    "automated_detection",
    "automated_decision",
    "role",
    "thread",
    "moved_to",
    "waited",
    "appeal_status",
    "appeal_at",
    "appeal_decided_at",
    "overruled_at",
    "overruled_by",
    "overrules",
    "undone_at",
    "kind",
)
#: The DSA's categories of our reasons; the others are violations of the terms alone.
_CATEGORIES = {
    "R4": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "R7": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "E6": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "E7": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "C4": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "C6": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
}
_OTHER = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"


def row(entry: Entry, consultation: Consultation) -> dict[str, Any]:
    """Return what is told of a decision, without what there is not."""
    values: dict[str, Any] = {
        "puid": f"{consultation.symbol}/D/{entry.number}",
        "number": entry.number,
        "symbol": entry.symbol,
        "decision": entry.code,
        "application_date": iso(entry.at)[:10],
        "decided_at": iso(entry.at),
        **_restriction(entry),
        **_grounds(entry),
        "decision_facts": entry.code_label,
        "content_type": "CONTENT_TYPE_TEXT",
        "content_language": entry.language,
        "content_date": iso(entry.submitted_at)[:10],
        **(_means(entry) if entry.has_means and not entry.undone_at else {}),
        "role": entry.role,
        "thread": entry.thread,
        "moved_to": entry.moved_to,
        "waited": entry.waited,
        "overruled_at": iso(entry.overruled_at),
        "overruled_by": entry.overruled_by,
        "overrules": entry.overrules,
        "undone_at": iso(entry.undone_at),
        "kind": entry.kind if entry.kind != "contribution" else "",
    }
    if plea := entry.appeal:
        values |= {
            "appeal_status": plea.status,
            "appeal_at": iso(plea.at),
            "appeal_decided_at": iso(plea.decided_at),
        }
    return {name: value for name, value in values.items() if value not in {"", None}}


def _restriction(entry: Entry) -> dict[str, Any]:
    """Return what a decision keeps from the public: what was never public cannot be taken from it."""
    if entry.code == Code.REMOVED:
        return {"decision_visibility": "DECISION_VISIBILITY_CONTENT_REMOVED"}
    if entry.code in {Code.RETURNED, Code.REJECTED, Code.REDACTED}:
        return {"decision_visibility": "DECISION_VISIBILITY_OTHER", "decision_visibility_other": entry.code}
    return {}


def _grounds(entry: Entry) -> dict[str, Any]:
    """Return why."""
    if not entry.reason and not entry.ground:
        return {}
    kind = "illegal" if entry.ground == Ground.ILLEGAL else "incompatible"
    return {
        "decision_ground": entry.ground,
        "reason": entry.reason,
        "category": _CATEGORIES.get(entry.reason, _OTHER),
        f"{kind}_content_explanation": label(entry.reason) if entry.reason else "",
    }


def _means(entry: Entry) -> dict[str, Any]:
    """Return who noticed it and who decided: always a person."""
    by_reader = entry.was_reported and entry.code == Code.REMOVED
    return {
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION" if by_reader else "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if entry.was_noticed else "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


def csv_of(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the register as CSV."""
    return as_csv(rows, COLUMNS)


def json_of(
    consultation: Consultation, rows: Iterable[dict[str, Any]], address: str, filters: dict[str, str]
) -> Iterator[str]:
    """Yield one JSON object: what the register is of, then `decisions`, one a line."""
    page = addresses.decisions(consultation.slug)
    head: dict[str, Any] = {
        "$schema": f"{page}schema.json",
        "format": FORMAT,
        "address": address,
        "consultation": {
            "slug": consultation.slug,
            "symbol": consultation.symbol,
            "title": consultation.title,
            "address": addresses.consultation(consultation.slug),
        },
        "licence": consultation.licence,
    }
    if filters:
        head["filters"] = filters
    yield json_line(head)[:-1] + ',"decisions":['
    separator = "\n"
    for each in rows:
        yield separator + json_line(each)
        separator = ",\n"
    yield "\n]}\n"
