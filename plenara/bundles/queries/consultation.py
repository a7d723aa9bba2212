"""A consultation as a bundle, from one moment of the record; `consultation.json` and `themes.json` of it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from plenara.bundles.format import (
    CONSULTATION,
    CONTRIBUTIONS,
    DECISIONS,
    FORMAT,
    MATRIX,
    MEETINGS,
    OUTCOMES,
    PARAGRAPHS,
    ROUNDS,
    SUMMARIES,
    THEMES,
)
from plenara.bundles.queries import contributions, decisions
from plenara.bundles.targets import Nowhere, Summing, Unwritable
from plenara.bundles.validation.bundle import dumped, dumped_whole
from plenara.bundles.validation.consultation import MOVED_ON
from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters import wording
from plenara.contributions.models import Paper
from plenara.contributions.queries.papers import file_of
from plenara.core.rows import Json, filled, without_absent, written
from plenara.core.snapshots import snapshot
from plenara.insights.queries.recomputation import Facts, coverage, is_same_coverage
from plenara.outcomes.bundle import queries as outcomes
from plenara.outcomes.bundle.actions import meetings
from plenara.outcomes.bundle.queries import matrix
from plenara.summaries.queries import bundle_rows as summaries
from plenara.themes.queries import Concept, code_order, concepts_of_list


def consultation_row(consultation: Consultation) -> Json:
    """Return the consultation as a bundle says it."""
    parent = consultation.parent
    return without_absent(
        format=FORMAT,
        slug=consultation.slug,
        symbol=consultation.symbol,
        title=filled(consultation.title),
        intro=filled(consultation.intro),
        state=consultation.state,
        opens_at=written(consultation.opens_at),
        closes_at=written(consultation.closes_at),
        **{key: written(at) for key in MOVED_ON if (at := getattr(consultation, key))},
        extensions=[
            without_absent(
                at=written(each.at),
                closed_at=written(each.closed_at),
                closes_at=written(each.closes_at),
                reason=filled(each.reason),
            )
            for each in consultation.extensions.order_by("at", "pk")
        ],
        timezone=consultation.timezone,
        languages=consultation.languages,
        word_limit=consultation.word_limit,
        licence=consultation.licence,
        source=consultation.source,
        parent=parent.slug if parent and parent.is_public else consultation.parent_slug,
        threads=[
            without_absent(
                number=thread.number,
                slug=thread.slug,
                question=filled(thread.question),
                guidance=filled(thread.guidance),
                themes=thread.themes,
                rewordings=[
                    {"language": each["language"], "earlier": each["earlier"], "until": written(each["at"])}
                    for each in wording.rewordings(thread)
                ],
            )
            for thread in consultation.threads.all()
        ],
    )


def theme_rows(consultation: Consultation) -> list[Json]:
    """Return the vocabulary that came with the consultation, as it came, and of the list what its questions use.

    Of an imported consultation that are the questions alone which were edited here: the others were told by its bundle.
    """
    kept = list(consultation.bundle.get("themes", []))
    threads = consultation.threads.all()
    asked = [each for each in threads if consultation.imported_at is None or each.stamp]
    known = {each["code"] for each in kept}
    wanted = [code for each in asked for code in each.themes if code not in known]
    return [*kept, *(_theme(each) for each in _with_broader(wanted, known))] if wanted else kept


def _with_broader(codes: list[str], known: set[str]) -> list[Concept]:
    """Return themes of the list and those that they stand below, which a bundle has to have too."""
    listed = {each.code: each for each in concepts_of_list()}
    found: dict[str, Concept] = {}
    for code in codes:
        while code in listed and code not in found and code not in known:
            found[code] = listed[code]
            code = listed[code].broader
    return sorted(found.values(), key=lambda each: code_order(each.code))


def _theme(concept: Concept) -> Json:
    return without_absent(
        code=concept.code, label=filled(concept.labels), broader=concept.broader, exact_match=concept.exact_match
    )


type Progress = Callable[[int], None]


def export(consultation: Consultation, target: Summing, progress: Progress = lambda _rows: None) -> None:
    """Write the consultation's bundle to a target. The same record gives the same bytes, whatever the database."""
    with snapshot():
        consultation.refresh_from_db()
        target.put(CONSULTATION, [dumped_whole(consultation_row(consultation))])
        if themes := theme_rows(consultation):
            target.put(THEMES, [dumped_whole(themes)])
        facts = Facts()
        rows = contributions.rows(consultation)
        # What is kept of each contribution for the coverage of summaries takes memory: not where there are none.
        has_summaries = consultation.summaries.exists()
        target.put(CONTRIBUTIONS, _lines(facts.passing(rows) if has_summaries else rows, progress))
        rows_of_summaries = summaries.rows(consultation, lambda row, kept: is_same_coverage(kept, coverage(row, facts)))
        for name, others in (
            (DECISIONS, decisions.rows(consultation)),
            (SUMMARIES, rows_of_summaries),
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


def _lines(rows: Iterable[Json], progress: Progress) -> Iterator[bytes]:
    for row in rows:
        yield dumped(row)
        progress(1)


def _pieces(paper: Paper) -> Iterator[bytes]:
    try:
        yield from file_of(paper).pieces()
    except OSError as error:
        raise Unwritable(f"The document {file_of(paper)} cannot be read ({error.strerror}).") from error
