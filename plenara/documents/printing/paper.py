"""A paper: what is to be written, block by block, before it is a PDF, a Word document or plain text.

Every word of the interface in it is already in the paper's language; what people wrote names its own. Nothing here is
HTML: each form escapes what it writes.
"""

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from plenara.core.languages import current, direction, html_code

#: Grows with each change of how a paper is written, so that what was kept is made anew.
FORMAT = 2


@dataclass(frozen=True)
class Words:
    """Words in a language; in none where it is the paper's."""

    text: str
    language: str = ""


def words(text: str, language: str) -> Words:
    """Return words in a language, which is told where it is not the active one."""
    return Words(text, "" if language == current() else language or "und")


@dataclass(frozen=True)
class Name:
    """A part of a byline: the interface's words, or a name that goes in its own direction."""

    text: str
    is_own: bool = False
    is_strong: bool = False


type Byline = tuple[Name, ...]


@dataclass(frozen=True)
class Heading:
    """A heading below the title: 2 of a part, 3 within it."""

    words: Words
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Passage:
    """A paragraph. `style`: nothing, `soft`, `notice`, or `lede` for what says at the head what it is."""

    words: Words
    style: str = ""
    address: str = ""  # where it links to: a "#" and an anchor, within the paper


@dataclass(frozen=True)
class Side:
    """What is held, or what is held against it, with the numbers of its notes."""

    words: Words
    notes: tuple[int, ...]
    label: str = ""  # of a disagreement: which part it is
    holder: str = ""  # who holds it, in a sentence


@dataclass(frozen=True)
class Statement:
    """A statement with its number; of a disagreement both sides."""

    number: int
    anchor: str
    sides: tuple[Side, ...]
    kind: str = ""  # in words
    is_frame: bool = False
    heading: Words | None = None
    source: str = ""  # of a compilation: "Summary 2, statement 7"
    remarks: tuple[str, ...] = ()  # outdated, not translated
    said: "tuple[Point, ...]" = ()  # of an outcome: who objects, and why

    @property
    def is_disagreement(self) -> bool:
        """Whether what is held against it stands beside it."""
        return len(self.sides) > 1


@dataclass(frozen=True)
class Note:
    """A citation: whose words, which, and where they stand."""

    number: int
    anchor: str  # of its statement
    statement: int
    symbol: str
    address: str
    byline: Byline
    words: Words
    gone: str = ""  # instead of words: that they are withdrawn
    treatment: str = ""  # of an outcome: what its paragraph does with it, in words
    reason: Words | None = None  # and why
    whole: str = ""  # anchor of the entry that has it in full, in the same paper


def treated(note: Note, treatment: str, reason: Words | None, whole: str = "") -> Note:
    """Return a note that says how what it cites is treated and why, and where that stands in full."""
    return dataclasses.replace(note, treatment=treatment, reason=reason, whole=whole)


@dataclass(frozen=True)
class Table:
    """Rows of figures; the first cell of each is its head."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Point:
    """One entry of a list."""

    words: Words
    address: str = ""
    byline: Byline = ()
    label: str = ""  # what the words below it are
    more: Words | None = None


@dataclass(frozen=True)
class Points:
    """A list."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Entry:
    """A contribution in full."""

    number: int
    symbol: str
    address: str
    byline: Byline
    told: tuple[str, ...]  # language, date, what it answers
    title: Words | None
    words: Words  # in the Markdown in which it was written
    signed: tuple[Byline, ...] = ()
    gone: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Notes:
    """Where the notes stand."""

    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Row:
    """A line of an index: what it is about, and where that stands: texts and addresses ("#" and an anchor within)."""

    words: Words
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Index:
    """What stands where."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Text:
    """Words with paragraphs and lists, in Markdown: what somebody wrote for the whole."""

    words: Words


type Block = Heading | Passage | Statement | Table | Points | Entry | Notes | Index | Text


@dataclass(frozen=True)
class Paper:
    """What is to be written."""

    language: str  # address code
    symbol: str  # at the head of each page
    eyebrow: str
    title: Words
    author: str  # whose paper it is: the installation's name
    about: str  # one sentence
    dated_at: datetime.datetime  # what its metadata say; never the clock
    blocks: tuple[Block, ...]
    head: tuple[Passage, ...] = field(default=())

    @property
    def tag(self) -> str:
        """The language's tag."""
        return html_code(self.language)

    @property
    def direction(self) -> str:
        """Where its lines begin."""
        return direction(self.language)

    def language_of(self, words: Words) -> str:
        """Return the language that words are in."""
        return words.language or self.language

    @property
    def notes(self) -> dict[int, Note]:
        """Its notes by number."""
        return {note.number: note for block in self.blocks if isinstance(block, Notes) for note in block.notes}

    def digest(self) -> str:
        """Return what names everything that the paper shows."""
        return _digest([FORMAT, self.language, _plain(self)])

    def people(self) -> list[str]:
        """Return what names each thing that the paper shows of people: words, names. Digests, not the words.

        As long as each of them would be shown today, nobody is quoted who has withdrawn.
        """
        found: set[str] = set()
        for block in (*self.head, *self.blocks):
            if isinstance(block, Notes):
                found |= {_digest([note.symbol, _plain(note.byline), note.words.text]) for note in block.notes}
            elif isinstance(block, Statement):
                found |= {_digest(_plain(point)) for point in block.said}
            elif isinstance(block, Points):
                found |= {_digest(_plain(point)) for point in block.points}
            elif isinstance(block, Entry):
                found.add(_digest([block.symbol, _plain(block.byline), block.words.text, _plain(block.signed)]))
            elif isinstance(block, (Passage, Text)):
                found.add(_digest(block.words.text))
        return sorted(found)


def _plain(thing: Any) -> Any:
    """Return a dataclass or a tuple of them as JSON takes it, with the kind of each: two kinds may have like fields."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        fields = {each.name: _plain(getattr(thing, each.name)) for each in dataclasses.fields(thing)}
        return [type(thing).__name__, fields]
    if isinstance(thing, (tuple, list)):
        return [_plain(each) for each in thing]
    return thing.isoformat() if isinstance(thing, datetime.datetime) else thing


def _digest(thing: Any) -> str:
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode(errors="replace")).hexdigest()[:32]
