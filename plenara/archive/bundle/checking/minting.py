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
    """Return a number and a symbol for each contribution that was ever published."""
    minted = Minted()
    ever = {name: one for name, one in seen.items() if one.status != REJECTED}
    taken: dict[int, str] = {}
    for name, one in ever.items():
        number = one.number if one.number is not None else _number_in(one.symbol)
        if number is None:
            continue
        if number in taken:
            faults.add(
                f"{number} stands on line {seen[taken[number]].line} already",
                CONTRIBUTIONS,
                one.line,
                "number" if one.number is not None else "symbol",
            )
        taken.setdefault(number, name)
        minted.numbers[name] = number
    following = 1
    for name in ever:
        if name not in minted.numbers:
            while following in taken:
                following += 1
            minted.numbers[name] = following
            taken[following] = name
    used: dict[str, str] = {}
    for name, one in ever.items():
        own = one.symbol or f"{symbol}/Q{one.thread}/{minted.numbers[name]}"
        if not own.startswith(f"{symbol}/"):
            faults.add(f"is {own!r}; it must begin with {symbol}/", CONTRIBUTIONS, one.line, "symbol")
        for revision in one.revisions:
            each = f"{own}/Rev.{revision}" if revision else own
            if each in used and used[each] != name:
                faults.add(
                    f"{each!r} belongs to line {seen[used[each]].line} already", CONTRIBUTIONS, one.line, "symbol"
                )
            used.setdefault(each, name)
        minted.symbols[name] = own
    minted.last = max(minted.numbers.values(), default=0)
    return minted


def _number_in(symbol: str | None) -> int | None:
    """Return the number that ends a symbol, if one does."""
    found = re.search(r"/([1-9][0-9]{0,9})$", symbol or "")
    return int(found[1]) if found and int(found[1]) <= LARGE else None
