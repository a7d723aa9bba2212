"""A paper as blocks, before it is a PDF, a Word document or plain text; bylines, contributions in full, notes."""

import dataclasses
import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Byline as Signed
from plenara.contributions.models import Edition
from plenara.contributions.organizations.queries import for_organization, is_marked, is_verified
from plenara.core.languages import Localized, current, direction, html_code
from plenara.core.templatetags.plenara import country_name, date_in_words, group_label, language_name
from plenara.documents.models import PublishedCitation

#: Increase it with each change of how a paper is written, so that files are made again.
FORMAT = 2


@dataclass(frozen=True)
class Words:
    """Words in a language; blank if it is the paper's."""

    text: str
    language: str = ""


def localized(found: Localized) -> Words:
    """Return a text in the language in which it was found."""
    return words_in(found.text, found.language)


def words_in(text: str, language: str) -> Words:
    """Return words with their language, if it is not the active one."""
    return Words(text, "" if language == current() else language or "und")


@dataclass(frozen=True)
class Name:
    """A part of a byline: the interface's words, or a name with its own direction."""

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
    """A paragraph. `style`: blank, `soft`, `notice`, or `lede` for the introduction at the head."""

    words: Words
    style: str = ""
    address: str = ""  # the target of its link: a "#" and an anchor, within the paper


def passage(text: str, style: str = "", address: str = "") -> Passage:
    """Return a paragraph in the active language."""
    return Passage(Words(text), style, address)


@dataclass(frozen=True)
class Side:
    """A view, or the opposing view, with the numbers of its notes."""

    words: Words
    notes: tuple[int, ...]
    label: str = ""  # of a disagreement: which side it is
    holder: str = ""  # in how many contributions the view appears, in a sentence


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
    objections: "tuple[Point, ...]" = ()  # of an outcome: who objects, and why

    @property
    def is_disagreement(self) -> bool:
        """Whether it has an opposing view."""
        return len(self.sides) > 1


@dataclass(frozen=True)
class Note:
    """A citation: the author, the words and their address."""

    number: int
    anchor: str  # of its statement
    statement: int
    symbol: str
    address: str
    byline: Byline
    words: Words
    gone: str = ""  # instead of words: the notice that they were withdrawn
    response: str = ""  # of an outcome: the response, in words
    reason: Words | None = None  # and its reason
    whole: str = ""  # anchor of the entry that has it in full, in the same paper


@dataclass(frozen=True)
class Table:
    """Rows of figures; the first cell of each is its header."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Point:
    """One entry of a list."""

    words: Words
    address: str = ""
    byline: Byline = ()
    label: str = ""  # a label for the words below it
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
    details: tuple[str, ...]  # language, date, what it answers
    title: Words | None
    words: Words  # in the Markdown in which it was written
    signed: tuple[Byline, ...] = ()
    gone: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Notes:
    """The place of the notes."""

    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Row:
    """A line of an index: its subject, and links as texts and addresses ("#" and an anchor within the paper)."""

    words: Words
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Index:
    """An index."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Text:
    """Words with paragraphs and lists, in Markdown, about the whole."""

    words: Words


type Block = Heading | Passage | Statement | Table | Points | Entry | Notes | Index | Text


@dataclass(frozen=True)
class Paper:
    """A paper."""

    language: str  # address code
    symbol: str  # at the head of each page
    eyebrow: str
    title: Words
    author: str  # the installation's name
    about: str  # one sentence
    dated_at: datetime.datetime  # the date in its metadata; never the present time
    blocks: tuple[Block, ...]
    head: tuple[Passage, ...] = field(default=())

    @property
    def tag(self) -> str:
        """The language's tag."""
        return html_code(self.language)

    @property
    def direction(self) -> str:
        """The direction of its text."""
        return direction(self.language)

    def language_of(self, words: Words) -> str:
        """Return the language that words are in."""
        return words.language or self.language

    @property
    def notes(self) -> dict[int, Note]:
        """Its notes by number."""
        return {note.number: note for block in self.blocks if isinstance(block, Notes) for note in block.notes}

    def digest(self) -> str:
        """Return the digest of everything that the paper shows."""
        return _digest([FORMAT, self.language, _plain(self)])

    def people(self) -> list[str]:
        """Return the digests of all words and names of people that the paper shows.

        While each of them would still be shown today, the paper quotes nothing that was withdrawn.
        """
        found: set[str] = set()
        for block in (*self.head, *self.blocks):
            if isinstance(block, Notes):
                found |= {_digest([note.symbol, _plain(note.byline), note.words.text]) for note in block.notes}
            elif isinstance(block, Statement):
                found |= {_digest(_plain(point)) for point in block.objections}
            elif isinstance(block, Points):
                found |= {_digest(_plain(point)) for point in block.points}
            elif isinstance(block, Entry):
                found.add(_digest([block.symbol, _plain(block.byline), block.words.text, _plain(block.signed)]))
            elif isinstance(block, (Passage, Text)):
                found.add(_digest(block.words.text))
        return sorted(found)


def _plain(thing: object) -> object:
    """Return dataclasses as JSON with the class of each, since two classes may have the same fields."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        fields = {each.name: _plain(getattr(thing, each.name)) for each in dataclasses.fields(thing)}
        return [type(thing).__name__, fields]
    if isinstance(thing, (tuple, list)):
        return [_plain(each) for each in thing]
    return thing.isoformat() if isinstance(thing, datetime.datetime) else thing


def _digest(thing: object) -> str:
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode(errors="replace")).hexdigest()[:32]


_OPEN, _CLOSE = "\u2068", "\u2069"
#: Between the parts of a byline.
DOT = " · "


def byline_of(edition: Edition) -> Byline:
    """Return the byline in the active language, as a contribution's page shows it."""
    return signed_by(edition.byline, verified=is_verified(edition))


def signed_by(signed: Signed | None, *, verified: bool = False) -> Byline:
    """Return a byline; `verified` says so of its organization."""
    if signed is None:
        return (Name(pgettext("label", "A participant")),)
    if signed.withheld:
        name = Name(pgettext("label", "Name withheld"))
    else:
        name = Name(signed.name, is_own=True) if signed.name else Name(pgettext("label", "A participant"))
    parts = [name, Name(group_label(signed.stakeholder_group), is_strong=True)]
    if signed.speaks_for_organization and signed.organization:
        parts.append(Name(for_organization(signed, isolated(signed.organization), verified=verified)))
    elif signed.capacity == "individual":
        parts.append(Name(pgettext("label", "as an individual")))
    if signed.country:
        parts.append(Name(country_name(signed.country)))
    return tuple(parts)


def isolated(name: str) -> str:
    """Return a name isolated, with its own direction within a sentence."""
    return f"{_OPEN}{name}{_CLOSE}"


def byline_in_words(byline: Byline) -> str:
    """Return a byline on one line, for plain text."""
    parts = (" ".join(each.text.split()) for each in byline)
    return DOT.join(isolated(part) if each.is_own else part for each, part in zip(byline, parts, strict=True))


def name_runs(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is an isolated name. Marks that do not match are dropped."""
    found: list[tuple[str, bool]] = []
    piece, depth = "", 0
    for letter in text:
        if letter not in {_OPEN, _CLOSE}:
            piece += letter
            continue
        if piece and (letter == _OPEN) == (depth == 0):
            found.append((piece, depth > 0))
            piece = ""
        depth = depth + 1 if letter == _OPEN else max(depth - 1, 0)
    return [*found, (piece, depth > 0)] if piece else found


def goes_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction goes from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)


def anchor_of(edition: Edition) -> str:
    """Return the anchor of a contribution in a paper that has it in full."""
    return f"c{edition.contribution_id}"


def entry_of(edition: Edition, *, is_linked: bool = False) -> Entry:
    """Return a contribution as it is now. `edition` comes with its text, byline, thread and contribution.

    With `is_linked` it has an anchor, for a paper that links to it.
    """
    anchor = anchor_of(edition) if is_linked else ""
    address = f"{settings.SITE_URL}/c/{edition.contribution.public_id}"
    if edition.is_gone or edition.text is None or edition.text.erased_at is not None:
        return Entry(
            number=edition.number,
            symbol=edition.symbol,
            address=address,
            byline=(),
            details=(),
            title=None,
            words=Words(""),
            gone=_("withdrawn or removed; its text is no longer shown"),
            anchor=anchor,
        )
    return Entry(
        number=edition.number,
        symbol=edition.symbol,
        address=address,
        byline=byline_of(edition),
        details=tuple(_facts(edition)),
        title=words_in(edition.title, edition.language) if edition.title else None,
        words=words_in(edition.text.content, edition.language),
        signed=tuple(signed_by(each) for each in edition.also_signed_by),
        anchor=anchor,
    )


def entries(editions: QuerySet[Edition], *, is_linked: bool = False) -> Iterator[Entry]:
    """Yield contributions in full, in their order. Three queries."""
    found = editions.select_related("text", "byline", "thread", "contribution").annotate(is_marked=is_marked())
    for each in found.prefetch_related("signatories__byline"):
        yield entry_of(each, is_linked=is_linked)


def _facts(edition: Edition) -> Sequence[str]:
    facts = [
        pgettext("label", "Question %(number)d") % {"number": edition.thread.number},
        language_name(edition.language),
    ]
    if edition.dated_at:
        facts.append(date_in_words(edition.dated_at))
    if edition.in_reply_to:
        facts.append(_("in reply to %(number)d") % {"number": edition.in_reply_to})
    if edition.paper_id:
        facts.append(isolated(_("with a document, available on the page of the contribution")))
    return facts


def notes_of(citations: Iterable[PublishedCitation], notes: list[Note], anchor: str, statement: int) -> Iterator[int]:
    """Add a note for each citation, and yield their numbers."""
    for citation in citations:
        edition = citation.edition
        words = words_of(citation)
        number = len(notes) + 1
        notes.append(
            Note(
                number=number,
                anchor=anchor,
                statement=statement,
                symbol=edition.symbol,
                address=address_of(edition),
                byline=(Name(edition.symbol, is_own=True),) if words is None else byline_of(edition),
                words=words_in(words or "", edition.language),
                gone=_("withdrawn or removed; its text is no longer shown") if words is None else "",
            )
        )
        yield number


def words_of(citation: PublishedCitation) -> str | None:
    """Return the words cited; None if they were withdrawn, removed or erased."""
    edition = citation.edition
    if edition.is_gone or edition.text is None or edition.text.erased_at is not None:
        return None
    return citation.words


def address_of(edition: Edition) -> str:
    """Return the permalink of the edition that has the words, independent of the reader's language.

    The symbol of a first edition names the contribution, whatever its edition in force. If that is a later one, the
    first has `/Rev.0` in its permalink.
    """
    first = "/Rev.0" if edition.revision == 0 and not edition.in_force else ""
    return f"{settings.SITE_URL}/s/{edition.symbol}{first}"
