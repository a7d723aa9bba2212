"""Numbers and symbols: kept where a bundle has them, else minted in the order of the file."""

import re
from dataclasses import dataclass, field

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.contributions import REJECTED, Seen
from plenara.archive.bundle.checking.fields import LARGE
from plenara.archive.bundle.faults import Faults


@dataclass
class Minted:
    """The numbers and symbols of a bundle's contributions, by id. A rejected one has neither."""

    numbers: dict[str, int] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    last: int = 0


def mint(seen: dict[str, Seen], symbol: str, faults: Faults) -> Minted:
    """Return a number and a symbol for each contribution that was ever published. `symbol` is the consultation's."""
    ever = {name: one for name, one in seen.items() if one.status != REJECTED}
    numbers = _numbers(ever, faults)
    if faults.count or not symbol:
        return Minted(numbers)
    return Minted(numbers, _symbols(ever, symbol, numbers, faults), max(numbers.values(), default=0))


def _numbers(ever: dict[str, Seen], faults: Faults) -> dict[str, int]:
    numbers: dict[str, int] = {}
    taken: dict[int, str] = {}
    for name, one in ever.items():
        number = one.number if one.number is not None else _number_in(one.symbol)
        if number is None:
            continue
        if number in taken:
            key = "number" if one.number is not None else "symbol"
            faults.add(f"{number} stands on line {ever[taken[number]].line} already", CONTRIBUTIONS, one.line, key)
        taken.setdefault(number, name)
        numbers[name] = number
    following = 1
    for name in ever:
        if name not in numbers:
            while following in taken:
                following += 1
            numbers[name] = following
            taken[following] = name
    return numbers


def _symbols(ever: dict[str, Seen], symbol: str, numbers: dict[str, int], faults: Faults) -> dict[str, str]:
    symbols: dict[str, str] = {}
    used: dict[str, str] = {}
    for name, one in ever.items():
        own = symbols[name] = one.symbol or f"{symbol}/Q{one.thread}/{numbers[name]}"
        if not own.startswith(f"{symbol}/"):
            faults.add(f"is {own!r}; it must begin with {symbol}/", CONTRIBUTIONS, one.line, "symbol")
        for revision in one.revisions:
            each = f"{own}/Rev.{revision}" if revision else own
            if used.setdefault(each, name) != name:
                told = f"{each!r} belongs to line {ever[used[each]].line} already"
                faults.add(told, CONTRIBUTIONS, one.line, "symbol")
    return symbols


def _number_in(symbol: str | None) -> int | None:
    """Return the number that ends a symbol, if one does."""
    found = re.search(r"/([1-9][0-9]{0,9})$", symbol or "")
    return int(found[1]) if found and int(found[1]) <= LARGE else None
