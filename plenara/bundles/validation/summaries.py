"""What a row of `summaries.jsonl` may hold: one summary, its statements, what they cite, and its coverage as it was
when it was published.
"""

from collections.abc import Mapping
from itertools import pairwise

from plenara.bundles.validation import fields
from plenara.bundles.validation.contributions import All
from plenara.bundles.validation.fields import BYLINE, SIGNATURES, SMALL
from plenara.bundles.validation.index import REJECTED
from plenara.bundles.validation.schemas import Field, Found, Row, Schema
from plenara.core.languages import CODES
from plenara.core.text import revision_in

#: Shares [all, cited], by what they are of.
SHARES = ("groups", "by_language", "countries", "channels", "threads")
_MOST_TICKS = 1_000_000
#: What the symbol of a summary has before its number, where a bundle gives it none.
LETTERS = "SUM"
STATUSES = ("missing", "draft", "reviewed", "published", "outdated")


def _both_counts(_row: Row, side: Found) -> None:
    side.setdefault("groups", {})
    side.setdefault("outside", 0)


_SIDE = Schema({"groups": fields.counts(1), "outside": fields.integer()}, _both_counts)
_COVERAGE = Schema(
    {
        "ticks": fields.code(
            "[01]*", _MOST_TICKS, "a 1 or a 0 for each contribution of the period", required=True, default=str
        ),
        **dict.fromkeys(SHARES, fields.counts(2)),
        "held": fields.by_number(Schema(dict.fromkeys(("held", "against"), fields.inner(_SIDE)))),
        "left_out": fields.strings(100),
    }
)
_CITE = Schema(
    {
        "contribution": fields.line(100, required=True),
        "revision": fields.small(least=0),
        "words": fields.text(),
        "side": fields.choice(("against",)),
    }
)
_STATEMENT: Mapping[str, Field] = {
    "number": fields.small(required=True),
    "kind": fields.reason(),
    "text": fields.texts(required=True),
    "heading": fields.line_by_language(),
    "thread": fields.small(),
    "against": fields.texts(),
    "outdated": fields.of_the_six(),
    # An empty list says that nothing is cited, which is not the same as no list.
    "cites": fields.inners(_CITE, required=True, default=list),
}


def _period_fits(row: Row, period: Found) -> None:
    if period.get("from", "") > period.get("to", "~"):
        row.error("to", "is before from")


def _edition(statement: Mapping[str, Field], symbol_of: Field) -> dict[str, Field]:
    """Return what every edition of a summary has."""
    return {
        "statements": fields.inners(Schema(statement), required=True, default=list),
        "period": fields.inner(
            Schema(dict.fromkeys(("from", "to"), fields.moment(required=True)), _period_fits), required=True
        ),
        "published_at": fields.moment(),
        "symbol": symbol_of,
        "title": fields.line_by_language(),
        "set_aside": fields.inners(Schema({"contribution": fields.line(100, required=True), "reason": fields.text()})),
        "machine": fields.strings(2, lambda found: sorted(set(found))),
        "by_schedule": fields.flag(),
        "coverage": fields.inner(_COVERAGE),
        "self_reviewed": fields.of_the_six(),
        **SIGNATURES,
    }


def _numbers_once(row: Row, edition: Found) -> None:
    row.once("statements", edition["statements"], "number")


_EARLIER = Schema(
    {
        "revision": fields.small(least=0, required=True),
        **_edition({**_STATEMENT, "next": fields.small()}, fields.symbol(70, required=True)),
        "outdated": fields.of_the_six(),
    },
    _numbers_once,
)


def _is_complete(row: Row, correction: Found) -> None:
    if correction.get("status") == "published":
        for key in ("text", "language", "author"):
            if not correction.get(key):
                row.error(key, "is missing")


_CORRECTION = Schema(
    {
        "number": fields.small(required=True),
        "revision": fields.small(least=0),
        "status": fields.choice(("published", "withdrawn", "removed"), required=True),
        "statement": fields.small(),
        "contribution": fields.line(100),
        "text": fields.text(),
        "language": fields.choice(CODES),
        "author": fields.inner(BYLINE),
        "asked_at": fields.moment(required=True),
        "published_at": fields.moment(),
        "reason": fields.reason(),
        "verdict": fields.choice(("upheld", "partly", "refused")),
        "answer": fields.text(),
        "answer_language": fields.choice(CODES),
        "answered_at": fields.moment(),
        "answered_by_writer": fields.flag(),
        "put_right": fields.flag(),
        "put_right_in": fields.small(least=0),
    },
    _is_complete,
)


def _lists_fit(row: Row, summary: Found) -> None:
    _numbers_once(row, summary)
    row.once("corrections", summary.get("corrections", ()), "number")


#: Reads a summary.
read = Schema(
    {
        "number": fields.integer(least=1, required=True),
        "revision": fields.small(least=0),
        "source_language": fields.choice(CODES, required=True),
        "status": fields.inner(Schema(dict.fromkeys(CODES, fields.choice(STATUSES)))),
        "corrections": fields.inners(_CORRECTION),
        "earlier": fields.inners(_EARLIER),
        **_edition(_STATEMENT, fields.symbol(70)),
    },
    _lists_fit,
)


def _fit_coverage(row: Row, path: str, edition: Found, everything: All) -> None:
    """Note where an edition's coverage contradicts itself or names what is not there. `path` leads to the edition."""
    coverage = edition.get("coverage")
    if not coverage:
        return
    every, cited = len(coverage["ticks"]), coverage["ticks"].count("1")
    for name in SHARES:
        counts = coverage.get(name, {}).values()
        if counts and (sum(each[0] for each in counts), sum(each[1] for each in counts)) != (every, cited):
            row.error(f"{path}coverage.{name}", f"does not add up to {cited} of {every}, as the ticks do")
    left = coverage.get("left_out", [])
    if len(set(left)) != len(left):
        row.error(f"{path}coverage.left_out", "names a contribution twice")
    for position, name in enumerate(left):
        seen = everything.seen.get(name)
        if seen is None or seen.status == REJECTED:
            row.error(f"{path}coverage.left_out[{position}]", f"is {name!r}, which was never published here")


def fit(
    row: Row,
    summary: Found,
    everything: All,
    symbol: str,
    threads: set[object],
    before: dict[int | str, int],
    line: int,
) -> None:
    """Note where a summary does not fit to the rest of the bundle.

    `symbol` is the consultation's; `before` has the lines of the numbers and symbols of the summaries so far.
    """
    if (number := summary.get("number")) is not None and before.setdefault(number, line) != line:
        row.error("number", f"{number} is already on line {before[number]}")
    source, earlier = summary.get("source_language"), summary.get("earlier", [])
    taken: set[str] = set()
    for path, edition in [*((f"earlier[{at}].", each) for at, each in enumerate(earlier)), ("", summary)]:
        _fit_edition(row, path, edition, source, everything, threads)
        if (own := edition.get("symbol")) is None:
            continue
        if symbol and not own.startswith(f"{symbol}/"):
            row.error(f"{path}symbol", f"is {own!r}; it must begin with {symbol}/")
        if own in taken:
            row.error(f"{path}symbol", f"is {own!r}, but another edition already has this symbol")
        elif before.setdefault(own, line) != line:
            row.error(f"{path}symbol", f"{own} is already on line {before[own]}")
        taken.add(own)
    _fit_revisions(row, summary, earlier)
    for position, each in enumerate(summary.get("corrections", ())):
        everything.check_cited(row, f"corrections[{position}].contribution", each.get("contribution"))


def _fit_edition(
    row: Row, path: str, edition: Found, source: str | None, everything: All, threads: set[object]
) -> None:
    if unknown := set(edition.get("machine", ())) - set(CODES):
        row.error(f"{path}machine", f"names {min(unknown)!r}, which is not one of the six languages")
    for at, statement in enumerate(edition["statements"]):
        if source and statement.get("text") and source not in statement["text"]:
            row.error(f"{path}statements[{at}].text", f"has no text in the source language, {source}")
        if threads and statement.get("thread") is not None and statement["thread"] not in threads:
            message = f"is {statement['thread']}, but the consultation has no such thread"
            row.error(f"{path}statements[{at}].thread", message)
        for position, cite in enumerate(statement["cites"]):
            there = f"{path}statements[{at}].cites[{position}]."
            revision = (f"{there}revision", cite["revision"]) if "revision" in cite else None
            everything.check_cited(row, f"{there}contribution", cite.get("contribution"), revision)
    _fit_coverage(row, path, edition, everything)
    aside: set[str] = set()
    for position, each in enumerate(edition.get("set_aside", ())):
        everything.check_cited(row, f"{path}set_aside[{position}].contribution", each.get("contribution"))
        if each.get("contribution") in aside:
            row.error(f"{path}set_aside[{position}].contribution", f"names {each['contribution']!r} twice")
        aside.add(each.get("contribution", ""))


def _fit_revisions(row: Row, summary: Found, earlier: list[Found]) -> None:
    """Note revisions out of order, statements that the next edition lacks, and requests that name no revision here."""
    own = summary.get("revision", revision_in(summary.get("symbol", "")))
    if own > SMALL:
        row.error("symbol", f"ends in the revision {own}; it may be {SMALL} at most")
    revisions = [*(each.get("revision", 0) for each in earlier), own]
    for at, (one, following) in enumerate(pairwise(revisions)):
        if following <= one:
            row.error(
                f"earlier[{at}].revision", f"is {one}; the edition after it has {following}, which must be higher"
            )
    for at, (edition, following) in enumerate(pairwise([*earlier, summary])):
        numbers, taken = {each.get("number") for each in following["statements"]}, set()
        for position, statement in enumerate(edition["statements"]):
            name, number = f"earlier[{at}].statements[{position}].next", statement.get("next")
            if number is not None and number not in numbers:
                row.error(name, f"is {number}, but the next edition has no such statement")
            elif number is not None and number in taken:
                row.error(name, f"names {number} twice")
            taken.add(number)
    for at, each in enumerate(summary.get("corrections", ())):
        for key in ("revision", "put_right_in"):
            if each.get(key, own) not in revisions:
                row.error(f"corrections[{at}].{key}", f"is {each[key]}, but the summary has no such edition")
