"""What `matrix.jsonl` may hold: a line for each contribution that a version in force treats, as the others give it."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from plenara.archive.bundle import MATRIX, PARAGRAPHS, SUMMARIES
from plenara.archive.bundle.checking.consultation import symbol as symbol_of
from plenara.archive.bundle.checking.contributions import All
from plenara.archive.bundle.checking.fields import SMALL, Row, present
from plenara.archive.bundle.checking.outcomes import Known
from plenara.archive.bundle.checking.paragraphs import OUTCOME, OUTCOME_NAME
from plenara.archive.bundle.checking.seen import REJECTED, Rows
from plenara.archive.bundle.faults import Faults
from plenara.core.describing import lasting_symbol
from plenara.outcomes.bundling import TREATMENTS

_CITED = "SELECT outcome, name, paragraph, treatment, symbol, number FROM treated WHERE symbol = ''"
_BENEATH = (
    "SELECT t.outcome, c.name, t.paragraph, t.treatment, t.symbol, t.number"
    " FROM treated t JOIN cited c ON c.symbol = t.symbol AND c.number = t.number"
)
_MISSING = (
    "SELECT line, symbol, number FROM treated WHERE symbol <> '' AND NOT away"
    " AND (symbol, number) NOT IN (SELECT symbol, number FROM statements) ORDER BY line"
)
_DIFFERING = f"""
    SELECT outcome, name, paragraph, treatment, symbol, number, sum(count), max(line) FROM (
        SELECT *, 1 AS count, NULL AS line FROM ({_CITED} UNION ALL {_BENEATH})
        UNION ALL SELECT outcome, name, paragraph, treatment, symbol, number, -1, line FROM matrix WHERE NOT away
    ) GROUP BY outcome, name, paragraph, treatment, symbol, number HAVING sum(count) <> 0
    UNION ALL SELECT outcome, name, paragraph, treatment, symbol, number, -1, line FROM matrix m WHERE away
        AND NOT EXISTS (SELECT 1 FROM treated t WHERE t.outcome = m.outcome AND t.paragraph = m.paragraph
            AND t.treatment = m.treatment AND t.symbol = m.symbol AND t.number = m.number)
    ORDER BY 8 NULLS LAST, 1, 3, 2
"""  # noqa: S608 - made of constants


def is_away(symbol: str, own: str, documents: Collection[str]) -> bool:
    """Say whether a document is another consultation's: what it cites is in no file of this bundle.

    `own` is this consultation's symbol; `documents` are the symbols, without revision, of what is in the bundle.
    """
    document = lasting_symbol(symbol)
    return document not in documents and not re.fullmatch(rf"{re.escape(own)}/[A-Z]+/[0-9]+", document)


def read(row: Row) -> dict[str, Any]:
    """Return a line of the matrix with the keys that have a value, clean."""
    through = row.row("through")
    found = present(
        outcome=row.code("outcome", OUTCOME, 161, OUTCOME_NAME, required=True),
        id=row.line("id", 100, required=True),
        paragraph=row.integer("paragraph", least=1, most=SMALL, required=True),
        treatment=row.choice("treatment", TREATMENTS),
    )
    if through is not None:
        found["through"] = present(
            symbol=symbol_of(through, 80, required=True),
            number=through.integer("number", least=1, most=SMALL, required=True),
        )
        through.finish()
    row.finish()
    return found


def fit(
    row: Row, line: dict[str, Any], everything: All, known: dict[str, Known], number: int, *, is_away: bool
) -> None:
    """Note where a line names what the bundle does not have; keep it, to be compared when all are read."""
    if line.get("outcome") not in known:
        row.fault("outcome", f"is {line.get('outcome')!r}, which no row of outcomes.jsonl is")
    seen = everything.seen.get(line.get("id", ""))
    if seen is None:
        row.fault("id", f"is {line.get('id')!r}, which no row of contributions.jsonl is")
    elif seen.status == REJECTED:
        row.fault("id", f"is {line['id']!r}, which was never published")
    through = line.get("through", {})
    values = (line.get(key) for key in ("outcome", "id", "paragraph"))
    everything.seen.change(
        "INSERT INTO matrix VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, *values, line.get("treatment", ""), through.get("symbol", ""), through.get("number", 0), is_away)],
    )


def keep_statement(seen: Rows, symbol: str, number: int | None, names: Iterable[str]) -> None:
    """Keep that a paragraph, by the symbol of its edition and its number there, cites contributions of this bundle."""
    seen.change("INSERT OR IGNORE INTO statements VALUES (?, ?)", [(symbol, number)])
    seen.change("INSERT INTO cited VALUES (?, ?, ?)", ((symbol, number, name) for name in names))


def keep_paragraph(
    seen: Rows, paragraph: dict[str, Any], known: Known, line: int, is_away: Callable[[str], bool]
) -> None:
    """Keep what a paragraph of an outcome cites of this bundle; of the version in force also how it treats it."""
    version, number = paragraph["version"], paragraph.get("number")
    cites = [each for each in paragraph["cites"] if "consultation" not in each]
    keep_statement(seen, known.symbols.get(version, ""), number, (each.get("id", "") for each in cites))
    if version != max(known.symbols, default=None):
        return
    own = (line, paragraph["outcome"], number)
    treated = [(*own, each.get("id"), each.get("treatment", ""), "", 0, False) for each in cites]
    for each in paragraph.get("refers", ()):
        symbol = each.get("symbol", "")
        treated.append((*own, None, each.get("treatment", ""), symbol, each.get("number", 0), is_away(symbol)))
    seen.change("INSERT INTO treated VALUES (?, ?, ?, ?, ?, ?, ?, ?)", treated)


def check(seen: Rows, faults: Faults, *, has_matrix: bool) -> int:
    """Recompute the matrix and note what differs. Return how many lines lead through other consultations."""
    before = faults.count
    for line, symbol, number in seen.ask(_MISSING):
        faults.add(f"names paragraph {number} of {symbol}, which this bundle does not have", PARAGRAPHS, line, "refers")
    if not has_matrix or faults.count > before:
        return 0
    for outcome, name, paragraph, treatment, symbol, number, count, line in seen.ask(_DIFFERING):
        what = f"{name!r} in paragraph {paragraph} of {outcome}, {treatment or 'without a treatment'}"
        if symbol:
            what += f", through paragraph {number} of {symbol}"
        if count > 0:
            faults.add(f"lacks a line: {what}", MATRIX)
        else:
            faults.add(f"does not follow from {PARAGRAPHS} and {SUMMARIES}: {what}", MATRIX, line)
    return int(next(seen.ask("SELECT count(*) FROM matrix WHERE away"))[0])
