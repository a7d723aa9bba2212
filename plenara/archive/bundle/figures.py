"""The figures of a checked bundle, from its rows alone."""

from typing import Any

from plenara.archive.bundle import CONTRIBUTIONS, DECISIONS, SUMMARIES
from plenara.archive.bundle.checking import contributions, decisions, summaries
from plenara.archive.bundle.checking.bundle import Checked, Progress, again
from plenara.archive.bundle.reading import Source
from plenara.insights.recomputing.facts import Facts
from plenara.insights.recomputing.whole import figures


def figures_in(source: Source, checked: Checked, progress: Progress = lambda _bytes: None) -> dict[str, Any]:
    """Return the figures. Raises `BadBundle` where the files are no longer what was checked."""
    facts = Facts()
    for row in again(source, CONTRIBUTIONS, contributions.read, checked, progress):
        facts.add(row, checked.minted.numbers.get(row["id"]))
    decided, told = (
        list(again(source, name, read, checked, progress)) if name in source.sizes else []
        for name, read in ((DECISIONS, decisions.read), (SUMMARIES, summaries.read))
    )
    return figures(checked.consultation, facts, decided, told)
