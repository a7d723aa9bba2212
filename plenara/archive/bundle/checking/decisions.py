"""What a row of `decisions.jsonl` may hold: one entry of the register of moderation."""

from typing import Any

from plenara.archive.bundle.checking.contributions import CODE, All, code_of
from plenara.archive.bundle.checking.fields import SMALL, Row, present

ROLES = ("moderator", "organizer")


def read(row: Row) -> dict[str, Any]:
    """Return a decision with the keys that have a value, clean."""
    decision = present(
        number=row.integer("number", least=1, required=True),
        at=row.moment("at"),
        code=row.code("code", CODE, 24, code_of(24)),
        ground=row.code("ground", CODE, 24, code_of(24)),
        reason=row.code("reason", CODE, 40, code_of(40)),
        contribution=row.line("contribution", 100),
        thread=row.integer("thread", least=1, most=SMALL),
        role=row.choice("role", ROLES),
        appeal=_appeal(row),
    )
    row.finish()
    return decision


def _appeal(row: Row) -> dict[str, Any]:
    appeal = row.row("appeal")
    if appeal is None:
        return {}
    found = present(at=appeal.moment("at"), status=appeal.code("status", CODE, 40, code_of(40)))
    appeal.finish()
    return found


def fit(
    row: Row, decision: dict[str, Any], everything: All, threads: set[Any], before: dict[int | str, int], line: int
) -> None:
    """Note where a decision does not fit to the rest of the bundle. `before` has the lines of earlier numbers."""
    number = decision.get("number")
    if number is not None and before.setdefault(number, line) != line:
        row.fault("number", f"{number} stands on line {before[number]} already")
    if "contribution" in decision and decision["contribution"] not in everything.seen:
        row.fault("contribution", f"is {decision['contribution']!r}, which no row of contributions.jsonl is")
    if "thread" in decision and decision["thread"] not in threads:
        row.fault("thread", f"is {decision['thread']}, which is no thread of the consultation")
