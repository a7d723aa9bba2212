"""The kinds of document. A package above us that has one says how it is called and where it stands."""

from collections.abc import Callable
from dataclasses import dataclass

from plenara.common.languages import current


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: the letters in its symbols, its addresses and what a link to a paragraph says."""

    name: str
    letters: str  # SUM in WGIG/2004/SUM/2
    path: str  # below a consultation's address, with a place for the number
    label: Callable[[int], str]  # "Summary 2", in the active language
    place: Callable[[int, int], str]  # "Cited in Summary 2, statement 7"

    def url(self, slug: str, number: int, language: str | None = None) -> str:
        """Return the public page of one, in a language (default: the active one)."""
        return f"/{language or current()}/consultations/{slug}/{self.path.format(number=number)}"


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Make a kind known, when its package starts."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> DocumentKind:
    """Return a kind by its name."""
    return _kinds[name]
