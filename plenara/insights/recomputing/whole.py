"""All figures of a consultation, from the rows of its bundle."""

from collections.abc import Iterable
from typing import Any

from plenara.insights.recomputing import FORMAT, contributed, moderated, summarized
from plenara.insights.recomputing.facts import Facts, Row


def figures(consultation: Row, facts: Facts, decisions: Iterable[Row], summaries: Iterable[Row]) -> dict[str, Any]:
    """Return the figures. `facts` has taken in every row of `contributions.jsonl`."""
    return {
        "format": FORMAT,
        "consultation": {"slug": consultation["slug"], "symbol": consultation["symbol"]},
        **contributed.figures(facts, [each["number"] for each in consultation["threads"]]),
        **moderated.figures(decisions),
        **summarized.figures(summaries, facts),
    }
