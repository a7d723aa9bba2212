"""The kinds of document. A package above us that has one says how it is called, where it stands and who works on it."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from plenara.core.languages import current
from plenara.core.refusals import Answer
from plenara.documents.models import Document, DocumentEdition, Kind

#: What the paragraphs of a summary do.
STATEMENTS = (Kind.FRAME, Kind.AGREEMENT, Kind.DISAGREEMENT, Kind.PROPOSAL, Kind.CONCERN, Kind.QUESTION)


def statement(number: int) -> str:
    """Return what a numbered paragraph of most kinds is called."""
    return _("Statement %(number)d") % {"number": number}


def statement_in(document: str, number: int) -> str:
    """Return that, within its document: "Summary 2, statement 7"."""
    return _("%(summary)s, statement %(number)s") % {"summary": document, "number": number}


@dataclass(frozen=True)
class DocumentPermissions:
    """Who works on a kind of document, where it is not those with a role in its consultation.

    The first four answer for a person; the last two return the ids of all who could, so that nobody approves or reviews
    what is their own while another can.
    """

    sees: Callable[[Any, Document], Answer]
    writes: Callable[[Any, Document], Answer]
    approves: Callable[[Any, Document], Answer]
    renders: Callable[[Any, Document, str], Answer]
    approvers: Callable[[Document], set[int]]
    reviewers: Callable[[Document, str], set[int]]


@dataclass(frozen=True)
class Heading:
    """The heading of a section, in the languages in which it is there."""

    pk: int
    number: int
    texts: dict[str, str]


@dataclass(frozen=True)
class Headings:
    """The headings of sections, of a kind whose paragraphs stand in such: read, translated, joining an edition.

    The first takes the ids of documents; the last lets an edition's headings be read in a language.
    """

    of: Callable[[Collection[int]], dict[int, list[Heading]]]
    keep: Callable[[int, str, str], None]
    join: Callable[[DocumentEdition, str], None]


@dataclass(frozen=True)
class Translating:
    """How translators meet a kind of document, in a list of all that waits for them.

    `related` are the relations of a document that the others read, so that a list reads them in one query.
    """

    in_making: Callable[[], str]  # what one is called that has no number yet
    url: Callable[[Document, str], str]  # where it is translated into a language
    due_at: Callable[[Document], datetime.datetime | None]
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: the letters in its symbols, its addresses and what a link to a paragraph says."""

    name: str
    letters: str  # SUM in WGIG/2004/SUM/2
    path: str  # below a consultation's address, with a place for the number; unused where documents have an `address`
    label: Callable[[int], str]  # "Summary 2", in the active language
    place: Callable[[int, int], str]  # "Cited in Summary 2, statement 7"
    paragraph_kinds: tuple[Kind, ...] = STATEMENTS
    permissions: DocumentPermissions | None = None
    #: What else is done when one is approved, in the same transaction.
    approved: Callable[[Document], None] | None = None
    #: Its paragraphs get a number at their first publication that stays theirs wherever they stand (`mark`).
    numbers_for_good: bool = False
    #: Each citation says how what it cites is treated, and why (`Treatment`, `Reason`); it may cite a text as a whole.
    treats: bool = False
    #: The consultations whose contributions it may cite, by id; its own where nothing is said.
    scope: Callable[[Document], set[int]] | None = None
    #: What one of its paragraphs is called, by its number; and within its document, by what that is called.
    part: Callable[[int], str] = statement
    part_in: Callable[[str, int], str] = statement_in
    headings: Headings | None = None
    translating: Translating | None = None

    def passage(self, number: int, paragraph: int) -> str:
        """Return what a paragraph of one is called, such as "Summary 2, statement 7"."""
        return self.part_in(self.label(number), paragraph)

    def url(self, slug: str, number: int, language: str | None = None, *, address: str = "") -> str:
        """Return the public page of one, in a language (default: the active one)."""
        below = address or f"consultations/{slug}/{self.path.format(number=number)}"
        return f"/{language or current()}/{below}"


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Make a kind known, when its package starts."""
    _kinds[kind.name] = kind


def translated_kinds() -> dict[str, Translating]:
    """Return how translators meet each kind that they do."""
    return {name: kind.translating for name, kind in _kinds.items() if kind.translating}


def kind_of(name: str) -> DocumentKind:
    """Return a kind by its name."""
    return _kinds[name]
