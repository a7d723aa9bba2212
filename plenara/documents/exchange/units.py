"""The contents of files, whatever their format: parts of statements with source and target, and glossary concepts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import NAMES
from plenara.core.refusals import InvalidInput
from plenara.documents.actions.glossary import MOST_TERMS
from plenara.documents.queries.drafts import PHRASES, key_of

_ID = re.compile(r"t-([a-z0-9-]{1,100})-(\d{1,18})\Z")


@dataclass
class Concept:
    """One concept of a file: its place and its words."""

    row: int
    id: str = ""  # that of our concept, if we exported it
    words: dict[str, str] = field(default_factory=dict)
    also: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""

    def kept(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {"row": self.row, "id": self.id, "words": self.words, "also": self.also, "note": self.note}


def concept_id(slug: str, term: int) -> str:
    """Return the id of a concept in a file, a valid XML name."""
    return f"t-{slug}-{term}"


def term_of(written: str, slug: str) -> int:
    """Return the id of the consultation's concept that a file's id names; 0 if there is none."""
    found = _ID.match(written)
    return int(found[2]) if found and found[1] == slug else 0


def bounded(concepts: list[Concept]) -> list[Concept]:
    """Return the concepts of a file. Raises `InvalidInput` if there are none or too many."""
    if not concepts:
        raise InvalidInput(_("This file contains no terms. Upload another file."), "empty", "file")
    if len(concepts) > MOST_TERMS:
        raise InvalidInput(
            ngettext(
                "A glossary can have up to %(limit)d term. Delete some terms first.",
                "A glossary can have up to %(limit)d terms. Delete some terms first.",
                MOST_TERMS,
            )
            % {"limit": MOST_TERMS},
            "too_many",
            "file",
        )
    return concepts


TITLE = "title"
#: The parts of a statement, in their order.
PARTS = ("heading", "text", "against")

_UNIT = re.compile(r"(?:(title)|s(\d{1,18})-(heading|text|against)|(section|reason)-(\d{1,18}))\Z")
_DOCUMENT = re.compile(r"document-(\d{1,18})-([a-z]{2})\Z")
#: Characters of a digest that a file must have at least.
_SHORTEST = 16


@dataclass(frozen=True)
class Note:
    """What helps a translator with one unit: words cited, a term of the glossary."""

    category: str  # "citation", "glossary", "statement"
    text: str


@dataclass(frozen=True)
class Unit:
    """One piece that is translated: the title (paragraph 0), a part of a statement, or a phrase (by its id)."""

    paragraph: int
    part: str
    number: int
    source: str
    target: str
    source_digest: str  # of the whole statement, or of the title
    target_digest: str
    state: str = "initial"  # as XLIFF has it
    is_outdated: bool = False
    notes: tuple[Note, ...] = ()
    label: str = ""  # its number and its name
    name: str = ""

    @property
    def id(self) -> str:
        """The permanent id of the unit in a file: a statement's number may change."""
        return unit_id(self.paragraph, self.part)

    @property
    def whole(self) -> str:
        """The id of the statement that it is a part of; else its own."""
        return f"s{self.paragraph}" if self.part in PARTS else self.id


@dataclass(frozen=True)
class OutgoingRendition:
    """A rendition to export: whole, or only what is missing or outdated."""

    document: int
    name: str  # what the document is called
    title: str
    slug: str  # the consultation's
    source_language: str
    language: str
    units: list[Unit]

    @property
    def id(self) -> str:
        """The id of the rendition in a file."""
        return document_id(self.document, self.language)


@dataclass(frozen=True)
class Part:
    """A unit of a returned file. Digests are blank if the file has lost them."""

    paragraph: int
    part: str
    source: str
    target: str
    source_digest: str = ""
    target_digest: str = ""
    state: str = ""  # blank: the file has no states


@dataclass
class Returned:
    """The contents of a returned file, before they are compared with the database."""

    document: int
    source_language: str
    language: str
    parts: list[Part] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # units whose id is not ours


def document_id(document: int, language: str) -> str:
    """Return the id of a rendition in a file."""
    return f"document-{document}-{language}"


def unit_id(paragraph: int, part: str) -> str:
    """Return the id of a unit in a file."""
    if part in PHRASES:
        return key_of(part, paragraph)
    return f"s{paragraph}-{part}" if paragraph else TITLE


def document_of(written: str) -> tuple[int, str] | None:
    """Return the document and the language that a file's id names, if it is ours."""
    found = _DOCUMENT.match(written)
    return (int(found[1]), found[2]) if found and found[2] in NAMES else None


def unit_of(written: str) -> tuple[int, str] | None:
    """Return the paragraph (of a phrase, its id) and the part that a unit's id names, if it is ours."""
    found = _UNIT.match(written)
    if not found:
        return None
    if found[4]:
        return (int(found[5]), found[4])
    return (0, TITLE) if found[1] else (int(found[2]), found[3])


def language_of(tag: str | None) -> str:
    """Return which of the six languages a BCP 47 tag names; blank for any other, such as Traditional Chinese."""
    base, *more = (tag or "").lower().replace("_", "-").split("-")
    if base == "zh" and {"hant", "tw", "hk", "mo"} & set(more):
        return ""
    return base if base in NAMES else ""


def is_same(carried: str, digest: str) -> bool:
    """Return whether a file's digest, perhaps cut short, is this one."""
    return len(carried) >= _SHORTEST and digest.startswith(carried)


def by_paragraph(parts: Iterable[Part]) -> dict[int, dict[str, Part]]:
    """Return the parts of a file by paragraph. `repeated` returns those that are there twice."""
    found: dict[int, dict[str, Part]] = {}
    for each in parts:
        found.setdefault(each.paragraph, {})[each.part] = each
    return found


def repeated(parts: Iterable[Part]) -> set[int]:
    """Return the paragraphs of which a part is in the file twice with different words."""
    first: dict[tuple[int, str], str] = {}
    return {
        each.paragraph for each in parts if first.setdefault((each.paragraph, each.part), each.target) != each.target
    }
