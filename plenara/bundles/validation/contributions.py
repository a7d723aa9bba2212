"""What a row of `contributions.jsonl` may hold, and what all of them may be together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from plenara.bundles.format import DOCUMENTS
from plenara.bundles.validation import fields
from plenara.bundles.validation.fields import BYLINE, LARGE, SMALL
from plenara.bundles.validation.index import REJECTED, IndexedRow, Rows
from plenara.bundles.validation.schemas import Field, Found, Row, Schema, by
from plenara.bundles.validation.sources import stays_inside
from plenara.core.rows import Json
from plenara.core.vocabulary import Capacity

PUBLISHED = "published"
STATUSES = (PUBLISHED, REJECTED, "withdrawn", "removed")


def _path_fits(path: str) -> str | None:
    """Say what is wrong with the path of a document."""
    if not stays_inside(path):
        return "is a path that leaves the folder"
    if any(len(part.encode()) > 255 for part in path.split("/")):
        return "has a name that is longer than 255 bytes"
    return None if path.startswith(DOCUMENTS) else f"is {path!r}; it must begin with {DOCUMENTS}"


#: What every row has, what was ever public has too, and what alone is left of what has gone.
_COMMON: Mapping[str, Field] = {
    "status": fields.choice(STATUSES, required=True),
    "id": fields.line(100, required=True),
    "thread": fields.small(required=True),
    "in_reply_to": fields.line(100),
    "submitted_at": fields.moment(),
}
_NUMBERED: Mapping[str, Field] = {
    "published_at": fields.moment(),
    "number": fields.integer(least=1),
    "campaign": fields.line(100),
    "paragraph": fields.integer(least=1),
    "symbol": fields.symbol(70),
}
_REVISION: Mapping[str, Field] = {
    "number": fields.integer(most=SMALL - 1, required=True),
    "text": fields.text(required=True),
    "redacted": fields.flag(),
    "disowned": fields.flag(),
    "language": fields.language(required=True),
    "title": fields.line(300),
    "paragraph": fields.integer(),
    "submitted_at": fields.moment(),
    "published_at": fields.moment(),
}
_LEFT_OF_A_REVISION = {key: _REVISION[key] for key in ("number", "published_at")}
_GONE: Mapping[str, Field] = {
    "reason": fields.reason(),
    "gone_at": fields.moment(),
    "revisions": fields.inners(Schema(_LEFT_OF_A_REVISION, dropped=_REVISION)),
}
_TRANSLATION = Schema(
    {
        "language": fields.language(required=True),
        "text": fields.text(required=True),
        "made_by": fields.line(200),
        "title": fields.line(600),
        "origin": fields.choice(("human", "machine")),
        "at": fields.moment(),
        "revision": fields.small(least=0),
    }
)
_WORDS: Mapping[str, Field] = {
    "author": fields.inner(BYLINE, required=True),
    "language": fields.language(required=True),
    "text": fields.text(required=True),
    "redacted": fields.flag(),
    "disowned": fields.flag(),
    "signatories": fields.inners(BYLINE),
    "title": fields.line(300),
    "keywords": fields.strings(200),
    "themes": fields.strings(100),
    "document": fields.line(200).then(_path_fits),
    "document_name": fields.line(200),
    "entered": fields.flag(),
    "moved_from": fields.small(),
    "stance": fields.choice(("for", "against")),
    "channel": fields.choice(("web", "mail", "letter", "meeting")),
    "occasion": fields.line(300),
    "translations": fields.inners(_TRANSLATION),
    "tallies": fields.inner(Schema(dict.fromkeys(("agree", "disagree", "pass"), fields.integer()))),
    "revisions": fields.inners(Schema(_REVISION)),
}


def _are_in_order(row: Row, found: Found) -> None:
    revisions = found.get("revisions", ())
    for at, each in enumerate(revisions[1:], 1):
        if each.get("number", LARGE) <= revisions[at - 1].get("number", -1):
            row.error(f"revisions[{at}].number", "is not higher than the one before it")


def _fit(row: Row, found: Found) -> None:
    speaks = found.get("author", {}).get("capacity") == Capacity.ORGANIZATION
    for path, each in [("", found), *((f"revisions[{at}].", one) for at, one in enumerate(found.get("revisions", ())))]:
        if "disowned" in each and not speaks:
            row.error(f"{path}disowned", "belongs only on a row whose author represents an organization")
    if "document_name" in found and row.value.get("document") is None:
        row.error("document_name", "names a document, but there is no key document")
    _are_in_order(row, found)


_EVERYTHING = {**_COMMON, **_NUMBERED, **_GONE, **_WORDS}
#: Reads a contribution; of one that is not published its stub. Old archives may still have the words of such a row: an
#: import drops them unread, with all else that a stub does not have.
read = by(
    "status",
    {
        PUBLISHED: Schema({**_COMMON, **_NUMBERED, **_WORDS}, _fit, dropped=_EVERYTHING),
        REJECTED: Schema({**_COMMON, "reason": fields.reason()}, dropped=_EVERYTHING),
        **dict.fromkeys(STATUSES[2:], Schema({**_COMMON, **_NUMBERED, **_GONE}, _are_in_order, dropped=_EVERYTHING)),
    },
    Schema({**_COMMON, **_NUMBERED}, dropped=_EVERYTHING),
)


def editions(row: Json) -> list[Json]:
    """Return the editions of a row, oldest first, each with its number; the last is the one in force.

    `revisions` lists all editions, the one in force among them; an archive may list the earlier ones alone.
    """
    own: Json = {
        "number": 0,
        **{
            key: row[key] for key in ("text", "redacted", "disowned", "language", "title", "published_at") if key in row
        },
    }
    listed = row.get("revisions", [])
    if not listed:
        return [own]
    last = listed[-1]
    number = number_in_force(row)
    if number == last.get("number", 0):
        return [*listed[:-1], own | {key: last[key] for key in ("number", "published_at") if key in last}]
    return [*listed, {**own, "number": number}]


def number_in_force(row: Json) -> int:
    """Return the number of the edition in force of a row, the last that `editions` gives."""
    listed = row.get("revisions", [])
    if not listed:
        return 0
    last = listed[-1]
    is_there = row["status"] != PUBLISHED or (last.get("text"), last.get("language")) == (row["text"], row["language"])
    return int(last.get("number", 0)) + (not is_there)


def name_of_document(row: Json) -> str:
    """Return what the document of a row is called: unless it says so, as its path ends."""
    return str(row.get("document_name") or PurePosixPath(row["document"]).name)


@dataclass
class All:
    """All rows of the file so far, by id, in the order of the file."""

    seen: Rows = field(default_factory=Rows)
    documents: dict[str, int] = field(default_factory=dict)  # path → the first line that names it
    #: Path → what its file is called: mostly one name, else its own.
    document_names: dict[str, set[str]] = field(default_factory=dict)

    def add(self, row: Row, contribution: Json, line: int, threads: set[object], themes: set[object] | None) -> None:
        """Take in one row, and note where it does not fit to the consultation or to the rows before it."""
        for key in ("thread", "moved_from"):
            if contribution.get(key) is not None and contribution[key] not in threads:
                row.error(key, f"is {contribution[key]}, but the consultation has no such thread")
        for code in contribution.get("themes", ()):
            if themes is not None and code not in themes:
                row.error("themes", f"names {code!r}, which is not in themes.json")
        if path := contribution.get("document"):
            self.documents.setdefault(path, line)
            self.document_names.setdefault(path, set()).add(name_of_document(contribution))
        name = contribution.get("id")
        if name is None:
            return
        complete = "status" in contribution and ("text" in contribution or contribution["status"] != PUBLISHED)
        one = IndexedRow(
            line=line,
            thread=contribution.get("thread", 0),
            status=contribution.get("status", ""),
            parent=contribution.get("in_reply_to"),
            number=contribution.get("number"),
            symbol=contribution.get("symbol"),
            campaign=contribution.get("campaign"),
        )
        revisions = [each.get("number", 0) for each in editions(contribution)] if complete else [0]
        if not self.seen.add(name, one, revisions):
            row.error("id", f"{name!r} is already on line {self.seen[name].line}")

    def check_cited(self, row: Row, key: str, name: str | None, revision: tuple[str, int | None] | None = None) -> None:
        """Note where a key of a row names a contribution that is not here or was never public.

        `revision` is the key and the number of one that it must have.
        """
        if name is None:
            return
        cited = self.seen.get(name)
        if cited is None:
            row.error(key, f"is {name!r}, but contributions.jsonl has no such row")
        elif cited.status == REJECTED:
            row.error(key, f"is {name!r}, which was never published")
        elif revision and not self.seen.has_revision(name, revision[1]):
            row.error(revision[0], f"is {revision[1]}, but {name!r} has no such revision")
