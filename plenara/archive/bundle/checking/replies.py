"""What replies may be: trees within one thread, of contributions that are there."""

from collections.abc import Mapping
from typing import Any

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.seen import BATCH, Column, Rows
from plenara.archive.bundle.faults import Faults


def check(seen: Rows, faults: Faults) -> None:
    """Note every reply to nothing, to itself, across threads or in a circle."""
    for name, line, thread, parent, found, its_thread in seen.ask(
        "SELECT s.name, s.line, s.thread, s.parent, p.position, p.thread FROM seen s LEFT JOIN seen p"
        " ON p.name = s.parent WHERE s.parent NOTNULL AND (p.position IS NULL OR p.name = s.name"
        " OR p.thread <> s.thread) ORDER BY s.position"
    ):
        if found is None:
            told = f"is {parent!r}, which no row of this file is"
        elif parent == name:
            told = "is the contribution itself"
        else:
            told = f"is {parent!r} in thread {its_thread}, but this reply is in thread {thread}"
        faults.add(told, CONTRIBUTIONS, line, "in_reply_to")
    for circle in _circles(seen):
        first = min(circle, key=lambda name: seen[name].line)
        at = circle.index(first)
        path = [*circle[at:], *circle[:at], first]
        told = " answers ".join(map(repr, path if len(path) <= 5 else [*path[:4], "…"]))
        faults.add(f"leads in a circle: {told}", CONTRIBUTIONS, seen[first].line, "in_reply_to")


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
    while some := list(seen.ask(_TOLD, (last, BATCH))):
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


_TOLD = (
    "SELECT s.position, s.minted, p.position, p.minted, p.root FROM seen s LEFT JOIN seen p ON p.name = s.parent"
    " WHERE s.position > ? AND s.minted NOTNULL ORDER BY s.position LIMIT ?"
)


def _climb(seen: Rows, position: int) -> None:
    """Find the top of a reply that stands before what it answers, and of all on the way to it."""
    way: list[int] = []
    at: int | None = position
    root: Any = None
    while root is None and at is not None:
        way.append(at)
        number, above, its_number, its_root = next(
            seen.ask(
                "SELECT s.minted, p.position, p.minted, coalesce(s.root, p.root) FROM seen s"
                " LEFT JOIN seen p ON p.name = s.parent WHERE s.position = ?",
                (at,),
            )
        )
        root = its_root if its_root is not None else number if its_number is None else None
        at = above
    seen.change("UPDATE seen SET root = ? WHERE position = ?", ((root, each) for each in way))
