"""What contributions may be together: campaigns, replies, numbers and symbols."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched

from plenara.bundles.format import CONTRIBUTIONS
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.index import BATCH, REJECTED, Column, Rows


def check_campaigns(seen: Rows, errors: BundleErrors) -> None:
    """Note every row that stands under nothing, under itself, in another thread, or under one that stands under one."""
    for name, line, thread, campaign, found, its_thread, its_campaign, status in seen.ask(
        "SELECT s.name, s.line, s.thread, s.campaign, p.position, p.thread, p.campaign, p.status FROM seen s LEFT JOIN "
        "seen p ON p.name = s.campaign WHERE s.campaign NOTNULL ORDER BY s.position"
    ):
        if found is None:
            message = f"is {campaign!r}, but this file has no such row"
        elif campaign == name:
            message = "is the contribution itself"
        elif its_thread != thread:
            message = f"is {campaign!r} in thread {its_thread}, but this one is in thread {thread}"
        elif its_campaign is not None:
            message = f"is {campaign!r}, which is itself listed under another contribution"
        elif status == REJECTED:
            message = f"is {campaign!r}, which was never published"
        else:
            continue
        errors.add(message, CONTRIBUTIONS, line, "campaign")


@dataclass
class Minted:
    """The numbers and symbols of a bundle's contributions, by id. A rejected one has neither."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    last: int = 0


def mint(seen: Rows, symbol: str, errors: BundleErrors) -> Minted:
    """Return a number and a symbol for each contribution that was ever published. `symbol` is the consultation's."""
    for position, number, line, key, first in seen.ask(
        "SELECT t.position, t.number, s.line, CASE WHEN s.number IS NULL THEN 'symbol' ELSE 'number' END, n.position "
        "FROM twice t JOIN seen s USING (position) JOIN numbered n ON n.number = t.number ORDER BY t.position"
    ):
        assert position != first
        errors.add(f"{number} is already on line {seen.line_at(first)}", CONTRIBUTIONS, line, key)
    _number(seen)
    numbers: Column[int] = Column(seen, "minted")
    if errors.count or not symbol:
        return Minted(numbers)
    _check_symbols(seen, symbol, errors)
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


def _check_symbols(seen: Rows, symbol: str, errors: BundleErrors) -> None:
    """Note the symbols that belong to another consultation, or to an earlier row."""
    rows = seen.ask(
        "SELECT s.position, s.line, s.thread, s.minted, s.symbol, r.number FROM seen s LEFT JOIN revised r USING "
        "(position) WHERE s.minted NOTNULL ORDER BY s.position, r.number"
    )
    last = 0
    for some in batched(rows, BATCH):
        for position, line, thread, number, given, revision in some:
            own = given or f"{symbol}/Q{thread}/{number}"
            if position != last and not own.startswith(f"{symbol}/"):
                errors.add(f"is {own!r}; it must begin with {symbol}/", CONTRIBUTIONS, line, "symbol")
            last = position
            each = f"{own}/Rev.{revision}" if revision else own
            if (first := seen.first_of_symbol(each, position)) != position:
                message = f"{each!r} already belongs to line {seen.line_at(first)}"
                errors.add(message, CONTRIBUTIONS, line, "symbol")


def check_replies(seen: Rows, errors: BundleErrors) -> None:
    """Note every reply to nothing, to itself, across threads or in a circle."""
    for name, line, thread, parent, found, its_thread in seen.ask(
        "SELECT s.name, s.line, s.thread, s.parent, p.position, p.thread FROM seen s LEFT JOIN seen p ON p.name = "
        "s.parent WHERE s.parent NOTNULL AND (p.position IS NULL OR p.name = s.name OR p.thread <> s.thread) ORDER BY "
        "s.position"
    ):
        if found is None:
            message = f"is {parent!r}, but this file has no such row"
        elif parent == name:
            message = "is the contribution itself"
        else:
            message = f"is {parent!r} in thread {its_thread}, but this reply is in thread {thread}"
        errors.add(message, CONTRIBUTIONS, line, "in_reply_to")
    for circle in _circles(seen):
        first = min(circle, key=lambda name: seen[name].line)
        at = circle.index(first)
        path = [*circle[at:], *circle[:at], first]
        circle_in_words = " answers ".join(map(repr, path if len(path) <= 5 else [*path[:4], "…"]))
        errors.add(f"leads back to itself: {circle_in_words}", CONTRIBUTIONS, seen[first].line, "in_reply_to")


def _circles(seen: Rows) -> list[list[str]]:
    """Return each circle of replies once, two members and more.

    In each at least one stands before what it answers: nobody else is followed.
    """
    circles = []
    done: set[str] = set()
    early = "SELECT s.name FROM seen s JOIN seen p ON p.name = s.parent WHERE p.position > s.position"
    for (start,) in seen.ask(f"{early} ORDER BY s.position"):
        path: dict[str, None] = {}
        name: str | None = start
        while name is not None and name in seen and name not in done and name not in path:
            path[name] = None
            name = seen[name].parent
        if name in path and seen[name].parent != name:
            members = list(path)
            circles.append(members[members.index(name) :])
        done.update(path)
    return circles


def tops(seen: Rows) -> Mapping[str, int]:
    """Return for each contribution with a number that of the top of its reply tree.

    A contribution whose parent has no number (it was rejected) is a top itself, as a thread's page shows it.
    """
    last, late = 0, []
    while some := list(seen.ask(_REPORTED, (last, BATCH))):
        found: dict[int, int | None] = {}
        for position, number, at, its_number, its_root in some:
            # What it answers may be of this batch, or stand after it; then what answers it waits too.
            root = number if its_number is None else its_root if its_root is not None else found.get(at)
            found[position] = root
            if root is None:
                late.append(position)
        seen.change("UPDATE seen SET root = ? WHERE position = ?", ((root, at) for at, root in found.items()))
        last = some[-1][0]
    for position in late:
        _climb(seen, position)
    return Column(seen, "root")


_REPORTED = (
    "SELECT s.position, s.minted, p.position, p.minted, p.root FROM seen s LEFT JOIN seen p ON p.name = s.parent WHERE "
    "s.position > ? AND s.minted NOTNULL ORDER BY s.position LIMIT ?"
)


def _climb(seen: Rows, position: int) -> None:
    """Find the top of a reply that stands before what it answers, and of all on the way to it."""
    way: list[int] = []
    at: int | None = position
    root: object = None
    while root is None and at is not None:
        way.append(at)
        number, above, its_number, its_root = next(
            seen.ask(
                "SELECT s.minted, p.position, p.minted, coalesce(s.root, p.root) FROM seen s LEFT JOIN seen p ON "
                "p.name = s.parent WHERE s.position = ?",
                (at,),
            )
        )
        root = its_root if its_root is not None else number if its_number is None else None
        at = above
    seen.change("UPDATE seen SET root = ? WHERE position = ?", ((root, each) for each in way))
