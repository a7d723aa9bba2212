"""What replies may be: trees within one thread, of contributions that are there."""

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.contributions import Seen
from plenara.archive.bundle.faults import Faults


def check(seen: dict[str, Seen], faults: Faults) -> None:
    """Note every reply to nothing, to itself, across threads or in a circle."""
    for name, one in seen.items():
        if one.parent is None:
            continue
        answered = seen.get(one.parent)
        if answered is None:
            faults.add(f"is {one.parent!r}, which no row of this file is", CONTRIBUTIONS, one.line, "in_reply_to")
        elif one.parent == name:
            faults.add("is the contribution itself", CONTRIBUTIONS, one.line, "in_reply_to")
        elif answered.thread != one.thread:
            faults.add(
                f"is {one.parent!r} in thread {answered.thread}, but this reply is in thread {one.thread}",
                CONTRIBUTIONS,
                one.line,
                "in_reply_to",
            )
    for circle in _circles(seen):
        first = min(circle, key=lambda name: seen[name].line)
        at = circle.index(first)
        path = [*circle[at:], *circle[:at], first]
        told = " answers ".join(map(repr, path if len(path) <= 5 else [*path[:4], "…"]))
        faults.add(f"leads in a circle: {told}", CONTRIBUTIONS, seen[first].line, "in_reply_to")


def _circles(seen: dict[str, Seen]) -> list[list[str]]:
    """Return each circle of replies once, two members and more."""
    circles = []
    done: set[str] = set()
    for start in seen:
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


def tops(seen: dict[str, Seen], numbers: dict[str, int]) -> dict[str, int]:
    """Return for each contribution with a number that of the top of its reply tree.

    A contribution whose parent has no number (it was rejected) is a top itself, as a thread's page shows it.
    """
    found: dict[str, int] = {}
    for start in numbers:
        path = []
        name = start
        while name not in found:
            path.append(name)
            parent = seen[name].parent
            if parent is None or parent not in numbers:
                found[name] = numbers[name]
            else:
                name = parent
        for each in path:
            found[each] = found[name]
    return found
