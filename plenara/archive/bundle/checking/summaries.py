"""What a row of `summaries.jsonl` may hold: one summary, its statements and what they cite."""

from typing import Any

from plenara.archive.bundle.checking import coverage
from plenara.archive.bundle.checking.consultation import SYMBOL
from plenara.archive.bundle.checking.contributions import CODE, All, byline, code_of
from plenara.archive.bundle.checking.fields import SMALL, Row, present
from plenara.archive.bundle.checking.seen import REJECTED
from plenara.common.languages import CODES

STATUSES = ("missing", "draft", "reviewed", "published", "outdated")


def read(row: Row) -> dict[str, Any]:
    """Return a summary with the keys that have a value, clean."""
    summary = present(
        number=row.integer("number", least=1, required=True),
        period=_period(row),
        source_language=row.choice("source_language", CODES, required=True),
        statements=_statements(row),
        status=_by_language(row, "status", STATUSES),
        published_at=row.moment("published_at"),
        symbol=row.code("symbol", SYMBOL, 70, "letters, digits, . _ - and / (at most 70)"),
        title=row.texts("title", one_line=True),
        set_aside=_set_aside(row),
        machine=sorted(set(row.strings("machine", 2))) or None,
        by_schedule=row.truth("by_schedule") or None,
        corrections=_corrections(row),
        coverage=coverage.read(row),
    )
    row.finish()
    return summary


def _period(row: Row) -> dict[str, Any]:
    period = row.row("period", required=True)
    if period is None:
        return {}
    found = {"from": period.moment("from", required=True), "to": period.moment("to", required=True)}
    if found["from"] and found["to"] and found["from"] > found["to"]:
        period.fault("to", "is before from")
    period.finish()
    return present(**found)


def _statements(row: Row) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = []
    for each in row.rows("statements", required=True):
        statement = present(
            number=each.integer("number", least=1, most=SMALL, required=True),
            kind=each.code("kind", CODE, 40, code_of(40)),
            text=each.texts("text", required=True),
            heading=each.texts("heading", one_line=True),
            thread=each.integer("thread", least=1, most=SMALL),
            against=each.texts("against"),
        )
        # An empty list says that nothing is cited, which is not the same as no list.
        statement["cites"] = [_cite(cite) for cite in each.rows("cites", required=True)]
        each.finish()
        if any(statement.get("number") == other.get("number") for other in statements):
            each.fault("number", f"{statement.get('number')} stands twice")
        statements.append(statement)
    return statements


def _cite(cite: Row) -> dict[str, Any]:
    found = present(
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
            present(
                contribution=each.line("contribution", 100, required=True),
                reason=each.text("reason"),
            )
        )
        each.finish()
    return found


def _corrections(row: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in row.rows("corrections"):
        author = each.row("author")
        correction = present(
            number=each.integer("number", least=1, most=SMALL, required=True),
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
        )
        each.finish()
        if correction.get("status") == "published":
            for key in ("text", "language", "author"):
                if not correction.get(key):
                    each.fault(key, "is missing")
        if any(correction.get("number") == other.get("number") for other in found):
            each.fault("number", f"{correction.get('number')} stands twice")
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

    `symbol` is the consultation's; `before` has the lines of the numbers and symbols of earlier summaries.
    """
    source = summary.get("source_language")
    if unknown := set(summary.get("machine", ())) - set(CODES):
        row.fault("machine", f"names {min(unknown)!r}, which is none of the six languages")
    for at, statement in enumerate(summary.get("statements", ())):
        if source and statement.get("text") and source not in statement["text"]:
            row.fault(f"statements[{at}].text", f"has no text in the source language, {source}")
        if threads and statement.get("thread") is not None and statement["thread"] not in threads:
            row.fault(f"statements[{at}].thread", f"is {statement['thread']}, which is no thread of the consultation")
    own = summary.get("symbol")
    if symbol and own and not own.startswith(f"{symbol}/"):
        row.fault("symbol", f"is {own!r}; it must begin with {symbol}/")
    for key in ("number", "symbol"):
        if (value := summary.get(key)) is not None and before.setdefault(value, line) != line:
            row.fault(key, f"{value} stands on line {before[value]} already")
    for at, statement in enumerate(summary.get("statements", ())):
        for position, cite in enumerate(statement["cites"]):
            _fit_cite(row, f"statements[{at}].cites[{position}]", cite, everything)
    for position, each in enumerate(summary.get("corrections", ())):
        _fit_cite(row, f"corrections[{position}]", each, everything)
    coverage.fit(row, summary, everything)
    aside: set[str] = set()
    for position, each in enumerate(summary.get("set_aside", ())):
        _fit_cite(row, f"set_aside[{position}]", each, everything)
        if each.get("contribution") in aside:
            row.fault(f"set_aside[{position}].contribution", f"names {each['contribution']!r} twice")
        aside.add(each.get("contribution", ""))


def _fit_cite(row: Row, path: str, cite: dict[str, Any], everything: All) -> None:
    name = cite.get("contribution")
    if name is None:
        return
    cited = everything.seen.get(name)
    if cited is None:
        row.fault(f"{path}.contribution", f"is {name!r}, which no row of contributions.jsonl is")
    elif cited.status == REJECTED:
        row.fault(f"{path}.contribution", f"is {name!r}, which was never published")
    elif cite.get("revision", cited.revisions[-1]) not in cited.revisions:
        row.fault(f"{path}.revision", f"is {cite['revision']}, which {name!r} does not have")
