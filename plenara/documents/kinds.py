"""The kinds of document. The package of a kind registers its names, its addresses and its permissions."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.core.languages import current
from plenara.core.refusals import Answer
from plenara.documents.models import Document, DocumentEdition, Kind

#: The kinds of paragraph in a summary.
STATEMENTS = (Kind.FRAME, Kind.AGREEMENT, Kind.DISAGREEMENT, Kind.PROPOSAL, Kind.CONCERN, Kind.QUESTION)


def statement(number: int) -> str:
    """Return the name of a numbered paragraph of most kinds."""
    return _("Statement %(number)d") % {"number": number}


def statement_in(document: str, number: int) -> str:
    """Return that name with its document: "Summary 2, statement 7"."""
    return pgettext("label", "%(summary)s, statement %(number)s") % {"summary": document, "number": number}


@dataclass(frozen=True)
class DocumentPermissions:
    """Who works on a kind of document, if not the people with a role in its consultation.

    The first four answer for a person; the last two return the ids of all possible approvers or reviewers, so that
    nobody approves or reviews their own work while somebody else can.
    """

    sees: Callable[[Person, Document], Answer]
    writes: Callable[[Person | None, Document], Answer]
    approves: Callable[[Person, Document], Answer]
    renders: Callable[[Person, Document, str], Answer]
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
    """Functions that read, translate and publish the headings of sections, for a kind that has sections.

    The first takes the ids of documents; the last adds a language to an edition's headings.
    """

    of: Callable[[Collection[int]], dict[int, list[Heading]]]
    keep: Callable[[int, str, str], None]
    join: Callable[[DocumentEdition, str], None]


@dataclass(frozen=True)
class Translating:
    """How a list of pending translations shows a kind of document.

    `related` are the relations that the other functions read, so that a list reads them in one query.
    """

    in_making: Callable[[], str]  # the name of one without a number
    url: Callable[[Document, str], str]  # where it is translated into a language
    due_at: Callable[[Document], datetime.datetime | None]
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: the letters in its symbols, its addresses and the text of a link to a paragraph."""

    name: str
    letters: str  # SUM in WGIG/2004/SUM/2
    path: str  # below a consultation's address, with a place for the number; unused where documents have an `address`
    label: Callable[[int], str]  # "Summary 2", in the active language
    place: Callable[[int, int], str]  # "Cited in Summary 2, statement 7"
    paragraph_kinds: tuple[Kind, ...] = STATEMENTS
    permissions: DocumentPermissions | None = None
    #: Called when one is approved, in the same transaction.
    approved: Callable[[Document], None] | None = None
    #: Its paragraphs get a permanent number at their first publication (`mark`).
    numbers_for_good: bool = False
    #: Each citation has a response and a reason (`Response`, `Reason`), and may cite a whole text.
    has_responses: bool = False
    #: The ids of the consultations whose contributions it may cite; by default its own.
    scope: Callable[[Document], set[int]] | None = None
    #: The name of a paragraph by its number; and its name with the document's name.
    part: Callable[[int], str] = statement
    part_in: Callable[[str, int], str] = statement_in
    headings: Headings | None = None
    translating: Translating | None = None

    def passage(self, number: int, paragraph: int) -> str:
        """Return the name of a paragraph with its document, such as "Summary 2, statement 7"."""
        return self.part_in(self.label(number), paragraph)

    def url(self, slug: str, number: int, language: str | None = None, *, address: str = "") -> str:
        """Return the public page of one, in a language (default: the active one)."""
        below = address or f"consultations/{slug}/{self.path.format(number=number)}"
        return f"/{language or current()}/{below}"


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Register a kind when its package starts."""
    _kinds[kind.name] = kind


def translated_kinds() -> dict[str, Translating]:
    """Return `Translating` by kind, for the kinds that have it."""
    return {name: kind.translating for name, kind in _kinds.items() if kind.translating}


def kind_of(name: str) -> DocumentKind:
    """Return a kind by its name."""
    return _kinds[name]
