"""What a row of `decisions.jsonl` may hold: one entry of the register of moderation."""

from collections.abc import Mapping

from plenara.bundles.validation import fields
from plenara.bundles.validation.contributions import All
from plenara.bundles.validation.index import Decided
from plenara.bundles.validation.schemas import Field, Found, Row, Schema, by

ROLES = ("moderator", "organizer")
#: What else is decided on besides contributions, which need no such key.
KINDS = ("correction",)
_COMMON: Mapping[str, Field] = {
    "number": fields.integer(least=1, required=True),
    "at": fields.moment(),
    "role": fields.choice(ROLES),
    "undone_at": fields.moment(),
}
_DECISION: Mapping[str, Field] = {
    **_COMMON,
    "code": fields.reason(24),
    "ground": fields.reason(24),
    "reason": fields.reason(),
    "contribution": fields.line(100),
    "thread": fields.small(),
    "moved_to": fields.small(),
    "language": fields.language(),
    "waited": fields.integer(),
    "appeal": fields.inner(Schema({"at": fields.moment(), "status": fields.reason(), "decided_at": fields.moment()})),
    "overrules": fields.integer(least=1),
    "overruled_at": fields.moment(),
    "kind": fields.choice(KINDS),
    "after_publication": fields.flag(),
    "revision": fields.small(least=0),
    "request": fields.inner(Schema(dict.fromkeys(("summary", "number"), fields.small(required=True)))),
    "noticed": fields.truth(),
    "reported": fields.flag(),
}
#: Reads a decision. Of one that was undone only that it was: it never took effect, and the rest is dropped unread.
read = by("undone_at", {None: Schema(_DECISION)}, Schema(_COMMON, dropped=_DECISION))


def fit(row: Row, decision: Found, everything: All, threads: set[object], before: Decided, line: int) -> None:
    """Note where a decision does not fit to the rest of the bundle. `before` has the lines of earlier numbers."""
    number = decision.get("number")
    if number is not None and before.setdefault(number, line) != line:
        row.error("number", f"{number} is already on line {before[number]}")
    if "contribution" in decision and "kind" in decision:
        row.error("contribution", "belongs only in a decision on a contribution")
    if "contribution" in decision and decision["contribution"] not in everything.seen:
        row.error("contribution", f"is {decision['contribution']!r}, but contributions.jsonl has no such row")
    if "revision" in decision:
        name = decision.get("contribution", "")
        if name not in everything.seen or not everything.seen.has_revision(name, decision["revision"]):
            row.error("revision", f"is {decision['revision']}, but its contribution has no such revision")
    if "request" in decision and decision.get("kind") != "correction":
        row.error("request", "belongs only in a decision on a request for correction")
    for key in ("thread", "moved_to"):
        if key in decision and decision[key] not in threads:
            row.error(key, f"is {decision[key]}, but the consultation has no such thread")
    overruled = decision.get("overrules")
    if overruled is not None and (overruled == number or overruled not in before):
        row.error("overrules", f"is {overruled}, but no earlier line has this decision")
