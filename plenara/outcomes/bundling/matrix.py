"""The matrix in a bundle: what became of each of the consultation's own contributions in the versions in force.

An import recomputes it. What leads through a document of another consultation does not follow from the bundle: the
outcome keeps such a line as it came.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched, groupby
from json import dumps, loads
from typing import Any

from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution
from plenara.outcomes.bundling import Row
from plenara.outcomes.bundling.exporting import present, published
from plenara.outcomes.models import Body, Outcome, Trace

#: Lines, or contributions, that are asked for at once.
_BATCH = 200

#: Where a line is listed: the contribution's number, the paragraph's place, and what it leads through.
type _Place = tuple[int, int, str, int]


def matrix(consultation: Consultation) -> Iterator[Row]:
    """Yield the lines by outcome, contribution and paragraph, a stream."""
    for body in Body.objects.filter(consultation=consultation).exclude(published_at=None).order_by("slug"):
        for outcome in published(body):
            found = heapq.merge(_traced(outcome, consultation), _kept(outcome), key=lambda each: each[0])
            yield from (line for _place, line in found)


def untraced(outcome: Outcome, consultation: Consultation, lines: Iterable[Row]) -> list[Any]:
    """Return the lines that lead through a document and that the outcome's traces do not give, as it keeps them."""
    left = Counter(dumps(line, sort_keys=True) for line in lines if "through" in line)
    if left:
        left -= Counter(dumps(line, sort_keys=True) for _place, line in _traced(outcome, consultation))
    rows = [loads(line) for line in left.elements()]
    version = outcome.editions.select_related("edition").get(edition__in_force=True).edition
    places = dict(version.paragraphs.values_list("mark", "number")) if rows else {}
    numbers: dict[str, int] = {}
    for some in batched({row["id"] for row in rows}, _BATCH):
        known = Contribution.objects.filter(consultation=consultation, bundle_id__in=some)
        numbers |= {name: number or 0 for name, number in known.values_list("bundle_id", "number")}
    placed = [(_place(row, numbers[row["id"]], places[row["paragraph"]]), row) for row in rows]
    return [[version.revision, *each] for each in sorted(placed, key=lambda each: each[0])]


def _kept(outcome: Outcome) -> Iterator[tuple[_Place, Row]]:
    """Yield the lines that came in and that no trace gives, of the version in force."""
    if kept := outcome.bundle.get("matrix"):
        in_force = outcome.editions.filter(edition__in_force=True).values_list("edition__revision", flat=True)
        last = in_force.get()
        yield from (((*place,), line) for revision, place, line in kept if revision == last)


def _traced(outcome: Outcome, consultation: Consultation) -> Iterator[tuple[_Place, Row]]:
    traces = Trace.objects.filter(edition__outcome=outcome, edition__edition__in_force=True, consultation=consultation)
    rows = traces.select_related("contribution", "paragraph", "statement__edition").order_by("number", "pk")
    # Databases do not agree on the order of symbols: the lines of a contribution are put in order here.
    for _number, some in groupby(rows.iterator(chunk_size=_BATCH), key=lambda each: each.number):
        lines = [(each, _line(each, f"{outcome.body.slug}/{outcome.slug}")) for each in some]
        placed = [(_place(line, each.number, each.paragraph.number), line) for each, line in lines]
        yield from sorted(placed, key=lambda each: each[0])


def _line(trace: Trace, outcome: str) -> Row:
    statement = trace.statement
    through = {"symbol": statement.edition.symbol, "number": statement.told_as} if statement else None
    return present(
        outcome=outcome,
        id=trace.contribution.bundle_id or trace.contribution.public_id,
        paragraph=trace.paragraph.told_as,
        treatment=trace.treatment,
        through=through,
    )


def _place(line: Row, number: int, paragraph: int) -> _Place:
    through = line.get("through", {})
    return number, paragraph, through.get("symbol", ""), through.get("number", 0)
