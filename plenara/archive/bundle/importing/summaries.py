"""Summaries, from `summaries.jsonl`: `plenara.summaries.bundling` makes them, we tell it which editions they cite."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.insights.recomputing.facts import Facts
from plenara.insights.recomputing.summarized import coverage
from plenara.summaries.bundling import importing


def load(consultation: Consultation, rows: list[dict[str, Any]], ids: Mapping[str, int], facts: Facts) -> None:
    """Make the summaries. `ids` are the contributions' keys by their id in the bundle, `facts` what is kept of them.

    What a summary covered is as its row tells it; where that says nothing, what the contributions give.
    """
    rows = [
        _covered(row, facts) | {"earlier": [_covered(each, facts) for each in row.get("earlier", ())]} for row in rows
    ]
    editions_of = [each for row in rows for each in (row, *row["earlier"])]
    names = {cite["contribution"] for row in editions_of for each in row["statements"] for cite in each["cites"]}
    names |= {each["contribution"] for row in editions_of for each in row.get("set_aside", ())}
    names |= {each["contribution"] for row in rows for each in row.get("corrections", ()) if each.get("contribution")}
    names |= {name for row in editions_of for name in row["coverage"].get("left_out", ())}
    by_key = {ids[name]: name for name in names}
    editions: dict[str, dict[int, Edition]] = defaultdict(dict)
    for edition in Edition.objects.filter(contribution_id__in=list(by_key)):
        editions[by_key[edition.contribution_id]][edition.revision] = edition
    importing.load(consultation, rows, editions)


def _covered(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    return row if "coverage" in row else row | {"coverage": coverage(row, facts)}
