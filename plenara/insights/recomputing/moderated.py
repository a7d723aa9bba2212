"""What was decided and how soon: the register of moderation and its turnaround, as docs/register.md defines them."""

import datetime
import math
from collections import Counter
from collections.abc import Iterable
from statistics import median_low
from typing import Any

from plenara.insights.recomputing.facts import Row, moment

#: Decisions that keep something from the record or let it in, and what an appeal can come to.
BEFORE = ("APPROVED", "RETURNED_FOR_REVISION", "MOVED", "REJECTED")
APPEALS = frozenset({"pending", "upheld", "overruled", "withdrawn"})
#: How many of the latest decisions a promise is held against, and how few say nothing.
LATEST, FEWEST = 200, 5


def figures(decisions: Iterable[Row]) -> dict[str, Any]:
    """Return the figures of the register and of the turnaround."""
    rows = sorted(decisions, key=lambda row: row["number"])
    standing = [row for row in rows if "undone_at" not in row]
    return {"register": _register(rows, standing), "turnaround": _turnaround(standing)}


def _register(rows: list[Row], standing: list[Row]) -> dict[str, Any]:
    counts = Counter(
        (row.get("code", ""), row.get("thread") or 0, row.get("language", ""), _appeal(row)) for row in standing
    )
    return {"decisions": len(rows), "undone": len(rows) - len(standing), "cells": register_cells(counts)}


def register_cells(counts: Counter[tuple[str, int, str, str]]) -> list[dict[str, Any]]:
    """Return the finest counts of the register as objects: what its filters show are their sums."""
    names = ("code", "question", "language", "appeal")
    return [dict(zip(names, key, strict=True)) | {"decisions": n} for key, n in sorted(counts.items())]


def _appeal(row: Row) -> str:
    """Return what became of an appeal; nothing of one that does not say when it was filed, or in a foreign word."""
    appeal = row.get("appeal", {})
    return appeal["status"] if "at" in appeal and appeal.get("status") in APPEALS else ""


def _turnaround(standing: list[Row]) -> dict[str, Any]:
    after: Counter[str] = Counter()
    counted = []
    for row in standing:
        if _code(row) not in BEFORE or (row.get("after_publication") and "overrules" not in row):
            after[_code(row)] += 1
        elif "overrules" not in row:
            counted.append(row)
    latest = [row["waited"] for row in standing if _is_lately(row)][-LATEST:]
    return {
        "all": turn(counted),
        "by_question": _by(counted, lambda row: row.get("thread")),
        "by_language": _by(counted, lambda row: row.get("language")),
        "by_week": _weeks(counted),
        "after_publication": dict(after),
        "appeals": dict(Counter(filter(None, map(_appeal, standing)))),
        "lately_minutes": median_low(latest) if len(latest) >= FEWEST else None,
    }


def _code(row: Row) -> str:
    """Return what was decided; what was approved with words left out is counted with what was approved."""
    code = row.get("code", "")
    return "APPROVED" if code == "REDACTED" else str(code)


def _is_lately(row: Row) -> bool:
    return _code(row) in BEFORE and "waited" in row and "overrules" not in row


def turn(rows: list[Row]) -> dict[str, Any]:
    """Return how many were decided, how, and within how many minutes half and nine of ten were."""
    times = sorted(row["waited"] for row in rows if "waited" in row)
    codes = Counter(_code(row) for row in rows)
    return turn_of(codes, times)


def turn_of(codes: Counter[str], times: list[int]) -> dict[str, Any]:
    """Return the same of counts by code and of minutes in order."""
    told: dict[str, Any] = {"decided": codes.total(), "timed": len(times)}
    told |= {code: codes[code] for code in BEFORE}
    if times:
        told["median_minutes"] = median_low(times)
        told["ninetieth_minutes"] = times[math.ceil(len(times) * 0.9) - 1]
    return told


def _by(rows: list[Row], of: Any) -> dict[str, Any]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if of(row):
            found.setdefault(str(of(row)), []).append(row)
    return {key: turn(some) for key, some in found.items()}


def _weeks(rows: list[Row]) -> dict[str, Any]:
    """Return every week (by its Monday, UTC) from the first decision to the last."""
    found: dict[datetime.date, list[Row]] = {}
    for row in rows:
        if row.get("at"):
            day = moment(row["at"]).astimezone(datetime.UTC).date()
            found.setdefault(day - datetime.timedelta(days=day.weekday()), []).append(row)
    weeks = {}
    monday = min(found, default=None)
    while monday and monday <= max(found):
        weeks[monday.isoformat()] = turn(found.get(monday, []))
        monday += datetime.timedelta(weeks=1)
    return weeks
