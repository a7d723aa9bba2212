"""What a row of `summaries.jsonl` may hold: one summary, its statements, what they cite, and its coverage as it was
when it was published.
"""

from itertools import pairwise
from typing import Any

from plenara.bundles.validation import fields
from plenara.bundles.validation.consultation import symbol as symbol_of
from plenara.bundles.validation.contributions import CODE, All, byline, code_of
from plenara.bundles.validation.fields import SMALL, Row
from plenara.bundles.validation.index import REJECTED
from plenara.core.languages import CODES
from plenara.core.rows import without_absent
from plenara.core.text import revision_in

#: Shares [all, cited], by what they are of.
SHARES = ("groups", "by_language", "countries", "channels", "threads")
SIDES = ("held", "against")
_MOST_TICKS = 1_000_000


def read_coverage(row: Row) -> dict[str, Any]:
    """Return the coverage with the keys that have a value, and `ticks` always; nothing where the row has none."""
    coverage = row.row("coverage")
    if coverage is None:
        return {}
    ticks = coverage.code(
        "ticks", "[01]*", _MOST_TICKS, "a 1 or a 0 for each contribution of the period", required=True
    )
    found = {"ticks": ticks or ""} | without_absent(
        **{name: coverage.numbers(name, 2) for name in SHARES},
        held={statement: _sides(each) for statement, each in coverage.rows_by("held").items()},
        left_out=coverage.strings("left_out", 100),
    )
    coverage.finish()
    return found


def _sides(statement: Row) -> dict[str, Any]:
    sides = {}
    for side in SIDES:
        if (each := statement.row(side)) is not None:
            groups = {group: counts[0] for group, counts in each.numbers("groups", 1).items()}
            sides[side] = {"groups": groups, "outside": each.integer("outside") or 0}
            each.finish()
    statement.finish()
    return sides


def fit_coverage(row: Row, path: str, edition: dict[str, Any], everything: All) -> None:
    """Note where an edition's coverage contradicts itself or names what is not there. `path` leads to the edition."""
    coverage = edition.get("coverage")
    if not coverage:
        return
    every, cited = len(coverage["ticks"]), coverage["ticks"].count("1")
    for name in SHARES:
        counts = coverage.get(name, {}).values()
        if counts and (sum(each[0] for each in counts), sum(each[1] for each in counts)) != (every, cited):
            row.fault(f"{path}coverage.{name}", f"does not come to {cited} of {every}, as the ticks say")
    left = coverage.get("left_out", [])
    if len(set(left)) != len(left):
        row.fault(f"{path}coverage.left_out", "names one twice")
    for position, name in enumerate(left):
        seen = everything.seen.get(name)
        if seen is None or seen.status == REJECTED:
            row.fault(f"{path}coverage.left_out[{position}]", f"is {name!r}, which was never published here")


#: What the symbol of a summary has before its number, where a bundle gives it none.
LETTERS = "SUM"
STATUSES = ("missing", "draft", "reviewed", "published", "outdated")


def read(row: Row) -> dict[str, Any]:
    """Return a summary with the keys that have a value, clean."""
    summary = without_absent(
        number=row.integer("number", least=1, required=True),
        revision=row.integer("revision", most=SMALL),
        source_language=row.choice("source_language", CODES, required=True),
        status=_by_language(row, "status", STATUSES),
        corrections=_corrections(row),
        earlier=[_earlier(each) for each in row.rows("earlier")],
    )
    summary |= _edition(row)
    row.finish()
    return summary


def _edition(row: Row, *, is_earlier: bool = False) -> dict[str, Any]:
    """Return what every edition of a summary has."""
    statements = _statements(row, is_earlier=is_earlier)
    return {"statements": statements} | without_absent(
        period=_period(row),
        published_at=row.moment("published_at"),
        symbol=symbol_of(row, 70, required=is_earlier),
        title=row.texts("title", one_line=True),
        set_aside=_set_aside(row),
        machine=sorted(set(row.strings("machine", 2))) or None,
        by_schedule=row.truth("by_schedule") or None,
        coverage=read_coverage(row),
        self_reviewed=sorted(row.codes("self_reviewed", "|".join(CODES), 2, "the six languages")),
        **fields.read_signatures(row),
    )


def _earlier(row: Row) -> dict[str, Any]:
    found = {"revision": row.integer("revision", most=SMALL, required=True)} | _edition(row, is_earlier=True)
    found |= without_absent(outdated=sorted(row.codes("outdated", "|".join(CODES), 2, "the six languages")))
    row.finish()
    return found


def _period(row: Row) -> dict[str, Any]:
    period = row.row("period", required=True)
    if period is None:
        return {}
    found = {"from": period.moment("from", required=True), "to": period.moment("to", required=True)}
    if found["from"] and found["to"] and found["from"] > found["to"]:
        period.fault("to", "is before from")
    period.finish()
    return without_absent(**found)


def _statements(row: Row, *, is_earlier: bool) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = []
    numbers: set[Any] = set()
    for each in row.rows("statements", required=True):
        statement = without_absent(
            number=each.integer("number", least=1, most=SMALL, required=True),
            kind=each.code("kind", CODE, 40, code_of(40)),
            text=each.texts("text", required=True),
            heading=each.texts("heading", one_line=True),
            thread=each.integer("thread", least=1, most=SMALL),
            against=each.texts("against"),
            outdated=sorted(each.codes("outdated", "|".join(CODES), 2, "the six languages")),
            next=each.integer("next", least=1, most=SMALL) if is_earlier else None,
        )
        # An empty list says that nothing is cited, which is not the same as no list.
        statement["cites"] = [_cite(cite) for cite in each.rows("cites", required=True)]
        each.finish()
        each.once("number", statement.get("number"), numbers)
        statements.append(statement)
    return statements


def _cite(cite: Row) -> dict[str, Any]:
    found = without_absent(
        contribution=cite.line("contribution", 100, required=True),
        revision=cite.integer("revision", most=SMALL),
        words=cite.text("words"),
        side=cite.choice("side", ("against",)),
    )
    cite.finish()
    return found


def _by_language(row: Row, key: str, among: tuple[str, ...]) -> dict[str, str]:
    inner = row.row(key)
    if inner is None:
        return {}
    found = {code: inner.choice(code, among) for code in CODES}
    inner.finish()
    return {code: word for code, word in found.items() if word}


def _set_aside(row: Row) -> list[dict[str, Any]]:
    found = []
    for each in row.rows("set_aside"):
        found.append(
            without_absent(
                contribution=each.line("contribution", 100, required=True),
                reason=each.text("reason"),
            )
        )
        each.finish()
    return found


def _corrections(row: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    numbers: set[Any] = set()
    for each in row.rows("corrections"):
        author = each.row("author")
        correction = without_absent(
            number=each.integer("number", least=1, most=SMALL, required=True),
            revision=each.integer("revision", most=SMALL),
            status=each.choice("status", ("published", "withdrawn", "removed"), required=True),
            statement=each.integer("statement", least=1, most=SMALL),
            contribution=each.line("contribution", 100),
            text=each.text("text"),
            language=each.choice("language", CODES),
            author=byline(author) if author is not None else None,
            asked_at=each.moment("asked_at", required=True),
            published_at=each.moment("published_at"),
            reason=each.code("reason", CODE, 40, code_of(40)),
            verdict=each.choice("verdict", ("upheld", "partly", "refused")),
            answer=each.text("answer"),
            answer_language=each.choice("answer_language", CODES),
            answered_at=each.moment("answered_at"),
            answered_by_writer=each.truth("answered_by_writer") or None,
            put_right=each.truth("put_right") or None,
            put_right_in=each.integer("put_right_in", most=SMALL),
        )
        each.finish()
        if correction.get("status") == "published":
            for key in ("text", "language", "author"):
                if not correction.get(key):
                    each.fault(key, "is missing")
        each.once("number", correction.get("number"), numbers)
        found.append(correction)
    return found


def fit(
    row: Row,
    summary: dict[str, Any],
    everything: All,
    symbol: str,
    threads: set[Any],
    before: dict[int | str, int],
    line: int,
) -> None:
    """Note where a summary does not fit to the rest of the bundle.

    `symbol` is the consultation's; `before` has the lines of the numbers and symbols of the summaries so far.
    """
    if (number := summary.get("number")) is not None and before.setdefault(number, line) != line:
        row.fault("number", f"{number} stands on line {before[number]} already")
    source, earlier = summary.get("source_language"), summary.get("earlier", [])
    taken: set[str] = set()
    for path, edition in [*((f"earlier[{at}].", each) for at, each in enumerate(earlier)), ("", summary)]:
        _fit_edition(row, path, edition, source, everything, threads)
        if (own := edition.get("symbol")) is None:
            continue
        if symbol and not own.startswith(f"{symbol}/"):
            row.fault(f"{path}symbol", f"is {own!r}; it must begin with {symbol}/")
        if own in taken:
            row.fault(f"{path}symbol", f"is {own!r}, which another edition has")
        elif before.setdefault(own, line) != line:
            row.fault(f"{path}symbol", f"{own} stands on line {before[own]} already")
        taken.add(own)
    _fit_revisions(row, summary, earlier)
    for position, each in enumerate(summary.get("corrections", ())):
        _fit_cite(row, f"corrections[{position}]", {"contribution": each.get("contribution")}, everything)


def _fit_edition(
    row: Row, path: str, edition: dict[str, Any], source: str | None, everything: All, threads: set[Any]
) -> None:
    if unknown := set(edition.get("machine", ())) - set(CODES):
        row.fault(f"{path}machine", f"names {min(unknown)!r}, which is none of the six languages")
    for at, statement in enumerate(edition["statements"]):
        if source and statement.get("text") and source not in statement["text"]:
            row.fault(f"{path}statements[{at}].text", f"has no text in the source language, {source}")
        if threads and statement.get("thread") is not None and statement["thread"] not in threads:
            message = f"is {statement['thread']}, which is no thread of the consultation"
            row.fault(f"{path}statements[{at}].thread", message)
        for position, cite in enumerate(statement["cites"]):
            _fit_cite(row, f"{path}statements[{at}].cites[{position}]", cite, everything)
    fit_coverage(row, path, edition, everything)
    aside: set[str] = set()
    for position, each in enumerate(edition.get("set_aside", ())):
        _fit_cite(row, f"{path}set_aside[{position}]", each, everything)
        if each.get("contribution") in aside:
            row.fault(f"{path}set_aside[{position}].contribution", f"names {each['contribution']!r} twice")
        aside.add(each.get("contribution", ""))


def _fit_revisions(row: Row, summary: dict[str, Any], earlier: list[dict[str, Any]]) -> None:
    """Note revisions out of order, statements that the next edition lacks, and requests that name no revision here."""
    own = summary.get("revision", revision_in(summary.get("symbol", "")))
    if own > SMALL:
        row.fault("symbol", f"ends in the revision {own}; it may be {SMALL} at most")
    revisions = [*(each["revision"] or 0 for each in earlier), own]
    for at, (one, following) in enumerate(pairwise(revisions)):
        if following <= one:
            row.fault(
                f"earlier[{at}].revision", f"is {one}; the edition after it has {following}, which must be higher"
            )
    for at, (edition, following) in enumerate(pairwise([*earlier, summary])):
        numbers, taken = {each.get("number") for each in following["statements"]}, set()
        for position, statement in enumerate(edition["statements"]):
            name, number = f"earlier[{at}].statements[{position}].next", statement.get("next")
            if number is not None and number not in numbers:
                row.fault(name, f"is {number}, which the next edition does not have")
            elif number is not None and number in taken:
                row.fault(name, f"names {number} twice")
            taken.add(number)
    for at, each in enumerate(summary.get("corrections", ())):
        for key in ("revision", "put_right_in"):
            if each.get(key, own) not in revisions:
                row.fault(f"corrections[{at}].{key}", f"is {each[key]}, which no edition of the summary has")


def _fit_cite(row: Row, path: str, cite: dict[str, Any], everything: All) -> None:
    name = cite.get("contribution")
    if name is None:
        return
    cited = everything.seen.get(name)
    if cited is None:
        row.fault(f"{path}.contribution", f"is {name!r}, which no row of contributions.jsonl is")
    elif cited.status == REJECTED:
        row.fault(f"{path}.contribution", f"is {name!r}, which was never published")
    elif "revision" in cite and not everything.seen.has_revision(name, cite["revision"]):
        row.fault(f"{path}.revision", f"is {cite['revision']}, which {name!r} does not have")
