"""The table of `authorization.txt` as rows, every address of the installation as routes, and who an answer let in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

TABLE = Path(__file__).with_name("authorization.txt")

ROLES = (
    "outsider",
    "participant",
    "author",
    "suspended",
    "moderator",
    "moderator_elsewhere",
    "rapporteur",
    "translator",
    "organizer",
    "organizer_elsewhere",
    "operator",
    "community_moderator",
    "body_chair",
    "body_member",
    "unverified",
)

#: Words of the table for many roles at once.
MANY = {
    "everybody": frozenset(ROLES),
    "nobody": frozenset[str](),
    "nothing-here": frozenset[str](),
    "signed-in": frozenset(ROLES) - {"outsider", "unverified"},
    "can-act": frozenset(ROLES) - {"outsider", "unverified", "suspended"},
}


@dataclass(frozen=True)
class Line:
    """One line: an address, who gets in by GET and by POST (nothing where the method is not taken), what is sent."""

    address: str
    reads: frozenset[str] | None
    sends: frozenset[str] | None
    form: str = ""
    is_there: bool = True


def lines() -> list[Line]:
    """Return the table."""
    return [_line(text) for text in TABLE.read_text().splitlines() if text and not text.startswith("#")]


def _line(text: str) -> Line:
    address, reads, sends, *form = text.replace("{here}", "internet-governance").split()
    return Line(address, _roles(reads), _roles(sends), "".join(form), reads != "nothing-here")


def _roles(cell: str) -> frozenset[str] | None:
    """Return the roles that a cell names: a word for many, single ones, or `-many` taken away; none for `405`."""
    if cell == "405":
        return None
    named: set[str] = set()
    for word in cell.split(","):
        of = MANY.get(word.lstrip("-"), frozenset({word.lstrip("-")}))
        assert of <= set(ROLES), f"{word} is no role"
        named = named - of if word.startswith("-") else named | of
    return frozenset(named)


def every_route(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield the route of every address, as `resolve()` names it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = str(pattern.pattern)
        route = prefix + here.removeprefix("^") if prefix else here
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern, route)
        else:
            yield route


def outcome(answer: Any) -> str:
    """Return how an address responded to somebody: in, sent to sign in, refused, or method not allowed."""
    if answer.status_code == 405:
        return "405"
    if answer.status_code in {403, 404}:
        return "no"
    if answer.status_code == 302 and re.search(r"/account/(login|signup)/\?next=", answer.url):
        return "sign in"
    return "in"
