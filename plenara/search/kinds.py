"""What can be found, by kind. Each package registers its own when it starts; the index knows no table of theirs."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from plenara.search.entries import Content


@dataclass(frozen=True)
class Found:
    """A thing that was found, as a list of results shows it: in the active language, its words in their own."""

    url: str
    symbol: str
    title: str
    text: str  # Markdown or plain; what is shown of it is cut from here
    language: str
    at: datetime.datetime | None
    consultation: Any = None  # whose it is, with title and slug; nobody's of some kinds
    thread_number: int | None = None
    byline: Any = None  # a row of Byline, or nothing
    speaks: Any = None  # that a verified organization stands behind the byline
    label: str = ""  # what stands for a byline: "Summary 3, statement 4"


class Kind(Protocol):
    """A kind of thing that can be found."""

    code: str  # "contribution"
    number: int  # from 1 to 15, for good: a part of each entry's key

    @property
    def name(self) -> str:
        """What one is called, in the active language."""
        ...

    @property
    def names(self) -> str:
        """What several are called."""
        ...

    def everything(self) -> Iterator[Content]:
        """Yield all that is public, in the order of ids: what the index should have. In little memory."""
        ...

    def keep(self, object_ids: Iterable[int]) -> None:
        """Let these be found as they are now, or no more. In a transaction, in which nobody else changes them."""
        ...

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return things by id, as they are shown. A fixed number of queries; what is not public is not there."""
        ...


_kinds: dict[str, Kind] = {}
_related: set[str] = set()


def register(kind: Kind, *, related: bool = False) -> None:
    """Let a kind of thing be found. With `related` it is kept of each which others of its kind are near in meaning."""
    taken = next((each for each in _kinds.values() if each.number == kind.number and each.code != kind.code), None)
    assert taken is None and 0 < kind.number < 16, f"the number of {kind.code} is taken or too large"
    _kinds[kind.code] = kind
    if related:
        _related.add(kind.code)


def has_related(code: str) -> bool:
    """Say whether it is kept what is near to things of this kind."""
    return code in _related


def kinds() -> list[Kind]:
    """Return every kind, in the order of their numbers."""
    return sorted(_kinds.values(), key=lambda each: each.number)


def kind_of(code: str) -> Kind:
    """Return the kind with this code. Raises `KeyError`."""
    return _kinds[code]
