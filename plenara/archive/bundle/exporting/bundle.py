"""Writing a consultation as a bundle, from one moment of the record."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from plenara.archive.bundle import (
    CONSULTATION,
    CONTRIBUTIONS,
    DECISIONS,
    MATRIX,
    MEETINGS,
    OUTCOMES,
    PARAGRAPHS,
    ROUNDS,
    SUMMARIES,
    THEMES,
)
from plenara.archive.bundle.checking.bundle import dumped, dumped_whole
from plenara.archive.bundle.exporting import consultation as consultations
from plenara.archive.bundle.exporting import contributions, decisions
from plenara.archive.bundle.writing import Nowhere, Summing, Unwritable
from plenara.archive.snapshot import snapshot
from plenara.consultations.models import Consultation, State
from plenara.contributions.models import Paper
from plenara.contributions.papers import file_of
from plenara.insights.recomputing.facts import Facts
from plenara.insights.recomputing.summarized import coverage, same
from plenara.outcomes.bundling import exporting as outcomes
from plenara.outcomes.bundling import meetings
from plenara.outcomes.bundling.matrix import matrix
from plenara.summaries.bundling import exporting as summaries

type Progress = Callable[[int], None]


def export(consultation: Consultation, target: Summing, progress: Progress = lambda _rows: None) -> None:
    """Write the consultation's bundle to a target. The same record gives the same bytes, whatever the database."""
    with snapshot():
        consultation.refresh_from_db()
        target.put(CONSULTATION, [dumped_whole(consultations.row(consultation))])
        if themes := consultations.themes(consultation):
            target.put(THEMES, [dumped_whole(themes)])
        facts = Facts()
        rows = contributions.rows(consultation)
        # What is kept of each contribution for the coverage of summaries takes memory: not where there are none.
        has_summaries = consultation.summaries.exists()
        target.put(CONTRIBUTIONS, _lines(facts.passing(rows) if has_summaries else rows, progress))
        told = summaries.rows(consultation, lambda row, kept: same(kept, coverage(row, facts)))
        for name, others in (
            (DECISIONS, decisions.rows(consultation)),
            (SUMMARIES, told),
            (OUTCOMES, outcomes.rows(consultation)),
            (PARAGRAPHS, outcomes.paragraphs(consultation)),
            (MATRIX, matrix(consultation)),
            (MEETINGS, meetings.rows(consultation)),
        ):
            if first := next(others, None):
                target.put(name, _lines(chain([first], others), progress))
        for path, paper in contributions.documents(consultation):
            target.put(path, _pieces(paper))
            if target.digests[path] != paper.sha256:
                raise Unwritable(f"The file of {path} is damaged: {file_of(paper)} has another checksum.")
            progress(1)


def export_with_rounds(
    consultation: Consultation, target: Summing, progress: Progress = lambda _rows: None
) -> list[Consultation]:
    """Write the bundle with its comment rounds in it, each a whole bundle of its own; return the rounds."""
    with snapshot():
        found = rounds_of(consultation)
        export(consultation, target, progress)
        for each in found:
            inner = target.within(f"{ROUNDS}{each.slug}/")
            export(each, inner, progress)
            inner.end()
    return found


def rounds_of(consultation: Consultation) -> list[Consultation]:
    """Return the public comment rounds of a consultation, and theirs, each behind its parent."""
    found: list[Consultation] = []
    waiting = [consultation]
    while waiting:
        children = waiting.pop(0).children.exclude(stage=State.DRAFT).order_by("slug")
        waiting += children
        found += children
    return found


def count(consultation: Consultation) -> int:
    """Return how many rows and documents an export writes, for a progress bar."""
    return contributions.public(consultation).count() + sum(1 for _each in contributions.documents(consultation))


def digests(consultation: Consultation) -> dict[str, str]:
    """Return the checksums of the files that an export would write."""
    target = Summing(Nowhere())
    export(consultation, target)
    return target.digests


def _lines(rows: Iterable[dict[str, Any]], progress: Progress) -> Iterator[bytes]:
    for row in rows:
        yield dumped(row)
        progress(1)


def _pieces(paper: Paper) -> Iterator[bytes]:
    try:
        yield from file_of(paper).pieces()
    except OSError as error:
        raise Unwritable(f"The document {file_of(paper)} cannot be read ({error.strerror}).") from error
