"""The register of moderation in the vocabulary of the DSA's statements of reasons, and the figures of the turnaround:
as tables, data and bars.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, Thread
from plenara.core import figures
from plenara.core.languages import current, direction
from plenara.core.rows import Json, json_document, without_absent
from plenara.core.templatetags.plenara import iso, language_name, number, percent, short_date
from plenara.exports import addresses
from plenara.exports.presenters.tables import as_csv
from plenara.moderation.kinds import reason_label
from plenara.moderation.models import Code, Ground
from plenara.moderation.queries.register import BEFORE_PUBLICATION, Entry, Turn, Turnaround, hours_in_words

FORMAT = "plenara-decisions/1"
#: The first line of every CSV. New columns come at the end; none is ever renamed or moved.
STATEMENT_COLUMNS = (
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
#: The DSA's categories of our reasons; the others only violate the terms.
_CATEGORIES = {
    "R4": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "R7": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "E6": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "E7": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "C4": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "C6": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
}
_OTHER = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"


def statement_row(entry: Entry, consultation: Consultation) -> Json:
    """Return the fields of a decision, without empty ones."""
    values: dict[str, object] = {
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
    return without_absent(values)


def _restriction(entry: Entry) -> dict[str, object]:
    """Return the visibility restriction of a decision: what was never public cannot be restricted."""
    if entry.code == Code.REMOVED:
        return {"decision_visibility": "DECISION_VISIBILITY_CONTENT_REMOVED"}
    if entry.code in {Code.RETURNED, Code.REJECTED, Code.REDACTED}:
        return {"decision_visibility": "DECISION_VISIBILITY_OTHER", "decision_visibility_other": entry.code}
    return {}


def _grounds(entry: Entry) -> dict[str, object]:
    """Return the grounds."""
    if not entry.reason and not entry.ground:
        return {}
    kind = "illegal" if entry.ground == Ground.ILLEGAL else "incompatible"
    return {
        "decision_ground": entry.ground,
        "reason": entry.reason,
        "category": _CATEGORIES.get(entry.reason, _OTHER),
        f"{kind}_content_explanation": reason_label(entry.reason) if entry.reason else "",
    }


def _means(entry: Entry) -> dict[str, object]:
    """Return who noticed it and who decided: always a person."""
    by_reader = entry.was_reported and entry.code == Code.REMOVED
    return {
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION" if by_reader else "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if entry.was_noticed else "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


def statements_as_csv(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    """Yield the register as CSV."""
    return as_csv(rows, STATEMENT_COLUMNS)


def statements_as_json(
    consultation: Consultation, rows: Iterable[dict[str, object]], address: str, filters: dict[str, str]
) -> Iterator[str]:
    """Return one JSON object: the consultation, then `decisions`, one a line."""
    page = addresses.decisions(consultation.slug)
    head: dict[str, object] = {
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
    return json_document(head, "decisions", rows)


#: The first line of the CSV. New columns come at the end; none is ever renamed or moved.
TURNAROUND_COLUMNS = (
    "by",
    "of",
    "decided",
    *BEFORE_PUBLICATION,
    "timed",
    "median_minutes",
    "ninetieth_minutes",
)


@dataclass(frozen=True)
class Line:
    """One row of a table: its label, and its cells in the order of the columns, each with its column's head."""

    label: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One section of the page: its id and heading, the head of the first column, its rows and its chart."""

    name: str
    title: str
    column: str
    lines: list[Line]
    drawing: str


def parts(found: Turnaround, threads: Iterable[Thread], weeks: Sequence[tuple[datetime.date, Turn]]) -> list[Part]:
    """Return the sections of the page: by question, by language, by week."""
    numbers = {each.number for each in threads}
    by_thread = [
        (pgettext("label", "Question %(number)d") % {"number": number}, turn)
        for number, turn in found.threads.items()
        if number in numbers
    ]
    by_language = [(language_name(code), turn) for code, turn in found.languages.items()]
    return [
        _part("questions", pgettext("label", "By question"), pgettext("label", "Question"), by_thread),
        _part("languages", pgettext("label", "By language"), pgettext("label", "Language"), by_language),
        _part("weeks", _("By week"), _("Week beginning"), [(short_date(day), turn) for day, turn in weeks]),
    ]


def line(label: str, turn: Turn) -> Line:
    """Return a row: the number, the share of each code, and the hours."""
    shares = [percent(turn.share(code)) if turn.decided else "" for code in BEFORE_PUBLICATION]
    cells = [number(turn.decided), *shares, in_hours(turn.median), in_hours(turn.ninetieth)]
    return Line(label, list(zip(columns(), cells, strict=True)))


def columns() -> list[str]:
    """Return the heads of the columns after the first."""
    return [
        _("Decided"),
        pgettext("share", "Approved"),
        pgettext("share", "Returned"),
        pgettext("share", "Moved"),
        pgettext("share", "Rejected"),
        *legend(),
    ]


def legend() -> figures.Legend:
    """Return the labels of the two parts of a bar."""
    return figures.Legend(_("Hours for half of the decisions"), _("Hours for 9 in 10 decisions"))


def shares(turn: Turn) -> list[tuple[str, int, str]]:
    """Return (decision, count, share)."""
    return [(str(code.label), turn.codes[code], percent(turn.share(code))) for code in BEFORE_PUBLICATION]


def after(found: Turnaround) -> list[tuple[str, int]]:
    """Return (decision after publication, count)."""
    counts = [
        (_("Checked after publication and left unchanged"), found.after[Code.APPROVED]),
        (str(Code.REMOVED.label), found.after[Code.REMOVED]),
        (str(Code.RESTORED.label), found.after[Code.RESTORED]),
    ]
    return [(label, n) for label, n in counts if n]


def weekly(weeks: Sequence[tuple[datetime.date, Turn]]) -> list[figures.Bar]:
    """Return the bars of some weeks."""
    return _bars([(short_date(day), turn) for day, turn in weeks])


def _part(name: str, title: str, column: str, rows: Sequence[tuple[str, Turn]]) -> Part:
    drawing = figures.bars(
        _bars(rows), title=title, axis=pgettext("text", "Hours"), legend=legend(), direction=direction(current())
    )
    timed = any(turn.times for _label, turn in rows)
    return Part(name, title, column, [line(*row) for row in rows], drawing if timed else "")


def _bars(rows: Sequence[tuple[str, Turn]]) -> list[figures.Bar]:
    return [
        figures.Bar(label, (turn.ninetieth or 0) / 60, (turn.median or 0) / 60, _both(turn)) for label, turn in rows
    ]


def _both(turn: Turn) -> str:
    """Return both times as they are at the end of a bar."""
    if not turn.times:
        return ""
    # Translators: hours within which half, and nine of ten, were decided: "11, 40".
    return pgettext("turnaround", "%(half)s, %(most)s") % {
        "half": in_hours(turn.median),
        "most": in_hours(turn.ninetieth),
    }


def in_hours(minutes: int | None) -> str:
    """Return minutes as whole hours, for a page; nothing where there are none."""
    found = hours_in_words(minutes)
    return "" if found is None else number(found)


def turnaround_as_csv(found: Turnaround) -> Iterator[str]:
    """Yield the figures as CSV: all, by question, by language, by week (its Monday)."""
    rows: list[tuple[str, str | int, Turn]] = [("all", "", found.overall)]
    rows += [("question", key, turn) for key, turn in found.threads.items()]
    rows += [("language", key, turn) for key, turn in found.languages.items()]
    rows += [("week", day.isoformat(), turn) for day, turn in found.weeks.items()]
    return as_csv((_turnaround_row(*row) for row in rows), TURNAROUND_COLUMNS)


def _turnaround_row(by: str, of: str | int, turn: Turn) -> dict[str, object]:
    row: dict[str, object] = {"by": by, "of": of, "decided": turn.decided, "timed": len(turn.times)}
    row |= {str(code): turn.codes[code] for code in BEFORE_PUBLICATION}
    if turn.times:
        row |= {"median_minutes": turn.median, "ninetieth_minutes": turn.ninetieth}
    return row
