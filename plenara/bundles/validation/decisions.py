"""What a row of `decisions.jsonl` may hold: one entry of the register of moderation."""

from typing import Any

from plenara.bundles.validation.contributions import CODE, All, code_of
from plenara.bundles.validation.fields import SMALL, Row
from plenara.bundles.validation.index import Decided
from plenara.core.rows import without_absent

ROLES = ("moderator", "organizer")
#: What else is decided on besides contributions, which need no such key.
KINDS = ("correction",)
#: What a decision that was undone may still say, and an import drops unread: it never took effect.
_DROPPED = (
    "code",
    "ground",
    "reason",
    "contribution",
    "thread",
    "moved_to",
    "language",
    "waited",
    "appeal",
    "overrules",
    "overruled_at",
    "kind",
    "after_publication",
    "revision",
    "request",
    "noticed",
    "reported",
)


def read(row: Row) -> dict[str, Any]:
    """Return a decision with the keys that have a value, clean; of one that was undone only that it was."""
    common = without_absent(
        number=row.integer("number", least=1, required=True),
        at=row.moment("at"),
        role=row.choice("role", ROLES),
        undone_at=row.moment("undone_at"),
    )
    if "undone_at" in common:
        row.drop(*_DROPPED)
        row.finish()
        return common
    decision = common | without_absent(
        code=row.code("code", CODE, 24, code_of(24)),
        ground=row.code("ground", CODE, 24, code_of(24)),
        reason=row.code("reason", CODE, 40, code_of(40)),
        contribution=row.line("contribution", 100),
        thread=row.integer("thread", least=1, most=SMALL),
        moved_to=row.integer("moved_to", least=1, most=SMALL),
        language=row.language("language"),
        waited=row.integer("waited"),
        appeal=_appeal(row),
        overrules=row.integer("overrules", least=1),
        overruled_at=row.moment("overruled_at"),
        kind=row.choice("kind", KINDS),
        after_publication=row.truth("after_publication") or None,
        revision=row.integer("revision", most=SMALL),
        request=_request(row),
        noticed=row.truth("noticed"),
        reported=row.truth("reported") or None,
    )
    row.finish()
    return decision


def _appeal(row: Row) -> dict[str, Any]:
    appeal = row.row("appeal")
    if appeal is None:
        return {}
    found = without_absent(
        at=appeal.moment("at"),
        status=appeal.code("status", CODE, 40, code_of(40)),
        decided_at=appeal.moment("decided_at"),
    )
    appeal.finish()
    return found


def _request(row: Row) -> dict[str, Any]:
    request = row.row("request")
    if request is None:
        return {}
    found = without_absent(
        **{key: request.integer(key, least=1, most=SMALL, required=True) for key in ("summary", "number")}
    )
    request.finish()
    return found


def fit(row: Row, decision: dict[str, Any], everything: All, threads: set[Any], before: Decided, line: int) -> None:
    """Note where a decision does not fit to the rest of the bundle. `before` has the lines of earlier numbers."""
    number = decision.get("number")
    if number is not None and before.setdefault(number, line) != line:
        row.fault("number", f"{number} stands on line {before[number]} already")
    if "contribution" in decision and "kind" in decision:
        row.fault("contribution", "stands in a decision on something else")
    if "contribution" in decision and decision["contribution"] not in everything.seen:
        row.fault("contribution", f"is {decision['contribution']!r}, which no row of contributions.jsonl is")
    if "revision" in decision:
        name = decision.get("contribution", "")
        if name not in everything.seen or not everything.seen.has_revision(name, decision["revision"]):
            row.fault("revision", f"is {decision['revision']}, which its contribution does not have")
    if "request" in decision and decision.get("kind") != "correction":
        row.fault("request", "stands in a decision on something else")
    for key in ("thread", "moved_to"):
        if key in decision and decision[key] not in threads:
            row.fault(key, f"is {decision[key]}, which is no thread of the consultation")
    overruled = decision.get("overrules")
    if overruled is not None and (overruled == number or overruled not in before):
        row.fault("overrules", f"is {overruled}, which is no decision on an earlier line")
