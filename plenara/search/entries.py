"""Entries of the index: the words and the filters of a thing as tokens; and the kinds of things, which each package
registers at its start.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from plenara.search import analyser
from plenara.search.models import Entry

if TYPE_CHECKING:
    import numpy

#: Vectors as the rows of one array, or one of them.
type Array = numpy.ndarray[tuple[int, ...], numpy.dtype[Any]]  # type: ignore[explicit-any] # numbers of any size
#: What things can be filtered by, with the letter that its tokens have.
FILTERS = {
    "kind": "k",
    "consultation": "c",
    "thread": "t",
    "group": "g",
    "country": "y",
    "language": "l",
    "theme": "h",
    "channel": "w",
    "author": "a",  # a word of a name or an organization
    "symbol": "s",  # a symbol, or the beginning of one up to a stroke
    "not_for": "n",  # readers of this language see another rendition
}
_SIGN = "¤"
#: The most bytes of an entry's filters: with its words they fit into a megabyte, PostgreSQL's limit.
_MOST_FILTER_BYTES = 150_000
_OTHER = re.compile(r"[\W_]+")
_LONGEST_FILTER = 120  # a symbol has eighty characters at most
#: Bits of an entry's number: seconds since 1970, its kind, its id, its part.
_KIND_BITS, _ID_BITS, PART_BITS = 4, 22, 4
_LOW = _KIND_BITS + _ID_BITS + PART_BITS
MOST_PARTS = 1 << PART_BITS
_MOST_SECONDS = (1 << 63 - _LOW) - 1
#: The kind in the number of an entry: `(id >> KIND_SHIFT) % KINDS`.
KIND_SHIFT, KINDS = _ID_BITS + PART_BITS, 1 << _KIND_BITS


@dataclass(frozen=True)
class Content:
    """A thing to index. `filters` by name of `FILTERS`, without kind, with its language, if it has one."""

    kind: str
    object_id: int
    at: datetime.datetime | None
    language: str
    title: str
    text: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of everything that the index stores of it."""
        filters = {name: list(values) for name, values in sorted(self.filters.items())}
        at = self.at.isoformat() if self.at else ""
        parts = [analyser.VERSION, self.kind, at, self.language, self.title, self.text, filters]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def text_of_part(title: str, text: str, part: int = 0, parts: int = 1) -> str:
    """Return the words to encode for an entry: of a long text in several parts, about those of its part."""
    share = text if parts == 1 else text[len(text) * part // parts : len(text) * (part + 1) // parts]
    return f"{title}\n\n{share}" if title else share


def filter_token(name: str, value: str) -> str:
    """Return the token of a filter. For all tokens of an author or a symbol see `filter_tokens`."""
    return f"{_SIGN}{FILTERS[name]}{_OTHER.sub('·', analyser.fold(value)).strip('·')[:_LONGEST_FILTER]}"


def filter_tokens(name: str, values: Iterable[str]) -> Iterator[str]:
    """Yield the tokens that a thing has by its values of a filter."""
    for value in filter(None, values):
        if name == "author":
            yield from (f"{_SIGN}a{part}" for word in analyser.words(value) for part in _parts_of_name(word))
        elif name == "symbol":
            parts = value.split("/")
            yield from (filter_token(name, "/".join(parts[: at + 1])) for at in range(len(parts)))
        elif name == "language":
            yield from dict.fromkeys([filter_token(name, value), filter_token(name, value.split("-")[0])])
        else:
            yield filter_token(name, value)


def _parts_of_name(word: str) -> list[str]:
    """Return the tokens of a word of a name: itself; in scripts without spaces, all of its parts."""
    if not analyser.is_unspaced(word):
        return [word]
    return list(dict.fromkeys([*word, *analyser.pairs(word)]))


def looked_for_in_names(word: str) -> list[str]:
    """Return the tokens of a word that is searched in names: all of them must match."""
    return [f"{_SIGN}a{part}" for part in ([word] if not analyser.is_unspaced(word) else analyser.pairs(word))]


def number_of(at: datetime.datetime | None, kind_number: int, object_id: int, part: int = 0) -> int:
    """Return the number of an entry: larger for later ones, and independent of the order of indexing."""
    low = (kind_number << _ID_BITS | object_id & ((1 << _ID_BITS) - 1)) << PART_BITS | part
    return _seconds(at) << _LOW | low


def bounds(since: datetime.datetime | None, until: datetime.datetime | None) -> tuple[int | None, int | None]:
    """Return the first number of a period and the first after it."""
    return None if since is None else _seconds(since) << _LOW, None if until is None else _seconds(until) << _LOW


def _seconds(at: datetime.datetime | None) -> int:
    """Return seconds since 1970, limited to the key's bits: up to the year 2242."""
    return min(max(int(at.timestamp()), 0), _MOST_SECONDS) if at else 0


def entries_of(content: Content, kind_number: int) -> Iterator[Entry]:
    """Yield the entries of a thing: one, or several of a text that is longer than an entry holds."""
    kind = ("kind", [content.kind])
    found = chain_tokens([kind, *content.filters.items()])
    names = content.filters.get("author", ())
    parts = analyser.for_index(content.title, content.text, content.language, names)[:MOST_PARTS]
    for part, tokens in enumerate(parts):
        yield Entry(
            id=number_of(content.at, kind_number, content.object_id, part),
            kind=content.kind,
            object_id=content.object_id,
            part=part,
            language=content.language,
            words=" ".join(tokens),
            filters=" ".join(found),
            size=len(tokens),
            digest=content.digest,
        )


def chain_tokens(filters: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Return the tokens of all filters, each once."""
    # Names come last, since they may be many: names that do not fit are left out.
    ordered = sorted(filters, key=lambda each: each[0] == "author")
    unique: dict[str, None] = {}
    room = _MOST_FILTER_BYTES
    for token in dict.fromkeys(token for name, values in ordered for token in filter_tokens(name, values)):
        room -= len(token.encode()) + 1
        if room < 0:
            break
        unique[token] = None
    return list(unique)


class ConsultationLike(Protocol):
    """What a result shows of its consultation."""

    title: dict[str, str]
    slug: str


class BylineLike(Protocol):
    """What a result shows of a byline."""

    name: str
    stakeholder_group: str
    capacity: str
    organization: str
    organization_verified: bool | None
    country: str
    withheld: bool


class BylineStatusLike(Protocol):
    """What a result shows of the organization behind a byline."""

    number: int | None


@dataclass(frozen=True)
class Found:
    """A search result: in the active language, with its text in its own language."""

    url: str
    symbol: str
    title: str
    text: str  # Markdown or plain; the snippet is cut from it
    language: str
    at: datetime.datetime | None
    consultation: ConsultationLike | None = None  # its consultation; None for some kinds
    thread_number: int | None = None
    byline: BylineLike | None = None
    speaks: BylineStatusLike | None = None  # whether the byline's organization is verified
    label: str = ""  # instead of a byline: "Summary 3, statement 4"


class Kind(Protocol):
    """A kind of thing that can be found."""

    code: str  # "contribution"
    number: int  # from 1 to 15, permanent: a part of each entry's key

    @property
    def name(self) -> str:
        """The singular, in the active language."""
        ...

    @property
    def names(self) -> str:
        """The plural."""
        ...

    def everything(self) -> Iterator[Content]:
        """Yield everything public, in the order of ids: what the index should have. In little memory."""
        ...

    def keep(self, object_ids: Iterable[int]) -> None:
        """Index these as they are now, or remove them. In a transaction, with the rows locked."""
        ...

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return results by id. A fixed number of queries; non-public things are left out."""
        ...


_kinds: dict[str, Kind] = {}
_related: set[str] = set()


def register(kind: Kind, *, related: bool = False) -> None:
    """Register a kind of thing. With `related`, those of the same kind that are near in meaning are stored for each."""
    taken = next((each for each in _kinds.values() if each.number == kind.number and each.code != kind.code), None)
    assert taken is None and 0 < kind.number < 16, f"the number of {kind.code} is taken or too large"
    _kinds[kind.code] = kind
    if related:
        _related.add(kind.code)


def has_related(code: str) -> bool:
    """Return whether related things of this kind are stored."""
    return code in _related


def kinds() -> list[Kind]:
    """Return every kind, in the order of their numbers."""
    return sorted(_kinds.values(), key=lambda each: each.number)


def kind_of(code: str) -> Kind:
    """Return the kind with this code. Raises `KeyError`."""
    return _kinds[code]
