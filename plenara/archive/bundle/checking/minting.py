"""Numbers and symbols: kept where a bundle has them, else minted in the order of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.seen import BATCH, REJECTED, Column, Rows
from plenara.archive.bundle.faults import Faults


@dataclass
class Minted:
    """The numbers and symbols of a bundle's contributions, by id. A rejected one has neither."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    last: int = 0


def mint(seen: Rows, symbol: str, faults: Faults) -> Minted:
    """Return a number and a symbol for each contribution that was ever published. `symbol` is the consultation's."""
    for position, number, line, key, first in seen.ask(
        "SELECT t.position, t.number, s.line, CASE WHEN s.number IS NULL THEN 'symbol' ELSE 'number' END, n.position"
        " FROM twice t JOIN seen s USING (position) JOIN numbered n ON n.number = t.number ORDER BY t.position"
    ):
        assert position != first
        faults.add(f"{number} stands on line {seen.line_at(first)} already", CONTRIBUTIONS, line, key)
    _number(seen)
    numbers: Column[int] = Column(seen, "minted")
    if faults.count or not symbol:
        return Minted(numbers)
    _check_symbols(seen, symbol, faults)
    quoted = symbol.replace("'", "''")
    seen.symbol = f"CASE WHEN s.minted NOTNULL THEN coalesce(s.symbol, '{quoted}/Q' || s.thread || '/' || s.minted) END"
    symbols: Column[str] = Column(seen, seen.symbol)
    last = next(seen.ask("SELECT coalesce(max(minted), 0) FROM seen"))[0]
    return Minted(numbers, symbols, last)


def _number(seen: Rows) -> None:
    """Give a number to each row that has none and was not rejected: the lowest that is free."""
    taken = (row[0] for row in seen.ask("SELECT number FROM numbered ORDER BY number"))
    free = _free(taken)
    while some := list(
        seen.ask("SELECT position FROM seen WHERE minted IS NULL AND status <> ? LIMIT ?", (REJECTED, BATCH))
    ):
        seen.change("UPDATE seen SET minted = ? WHERE position = ?", [(next(free), each[0]) for each in some])


def _free(taken: Iterator[int]) -> Iterator[int]:
    """Yield the numbers from 1 that are not among those, which come in order."""
    following, next_taken = 1, next(taken, None)
    while True:
        while following == next_taken:
            following, next_taken = following + 1, next(taken, None)
        yield following
        following += 1


def _check_symbols(seen: Rows, symbol: str, faults: Faults) -> None:
    """Note the symbols that belong to another consultation, or to an earlier row."""
    rows = seen.ask(
        "SELECT s.position, s.line, s.thread, s.minted, s.symbol, r.number FROM seen s"
        " LEFT JOIN revised r USING (position) WHERE s.minted NOTNULL ORDER BY s.position, r.number"
    )
    last = 0
    for some in batched(rows, BATCH):
        for position, line, thread, number, given, revision in some:
            own = given or f"{symbol}/Q{thread}/{number}"
            if position != last and not own.startswith(f"{symbol}/"):
                faults.add(f"is {own!r}; it must begin with {symbol}/", CONTRIBUTIONS, line, "symbol")
            last = position
            each = f"{own}/Rev.{revision}" if revision else own
            if (first := seen.first_of_symbol(each, position)) != position:
                message = f"{each!r} belongs to line {seen.line_at(first)} already"
                faults.add(message, CONTRIBUTIONS, line, "symbol")
