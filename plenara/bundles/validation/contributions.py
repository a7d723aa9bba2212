"""What a row of `contributions.jsonl` may hold, and what all of them may be together."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from plenara.bundles.format import DOCUMENTS
from plenara.bundles.sources import stays_inside
from plenara.bundles.validation.consultation import symbol
from plenara.bundles.validation.fields import LARGE, SMALL, Row
from plenara.bundles.validation.index import REJECTED, IndexedRow, Rows
from plenara.core.rows import without_absent
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_names

PUBLISHED = "published"
STATUSES = (PUBLISHED, REJECTED, "withdrawn", "removed")
CODE = r"[A-Za-z0-9_.-]+"


def code_of(most: int) -> str:
    """Say what a code may be."""
    return f"a code of at most {most} letters, digits, _ . and -"


#: Keys of a published row that a stub may still have in old archives, and that an import drops unread.
_DROPPED = (
    "language",
    "text",
    "redacted",
    "disowned",
    "author",
    "signatories",
    "title",
    "keywords",
    "themes",
    "document",
    "document_name",
    "entered",
    "stance",
    "channel",
    "occasion",
    "translations",
    "tallies",
    "moved_from",
)


def read(row: Row) -> dict[str, Any]:
    """Return a contribution with the keys that have a value, clean; of one that is not published its stub."""
    status = row.choice("status", STATUSES, required=True)
    common = without_absent(
        id=row.line("id", 100, required=True),
        thread=row.integer("thread", least=1, most=SMALL, required=True),
        status=status,
        in_reply_to=row.line("in_reply_to", 100),
        submitted_at=row.moment("submitted_at"),
    )
    if status == REJECTED:
        # What a row has that was never published, an import leaves out.
        row.drop("published_at", "number", "symbol", "revisions", "gone_at", "campaign", "paragraph")
    else:
        common |= without_absent(
            published_at=row.moment("published_at"),
            number=row.integer("number", least=1),
            campaign=row.line("campaign", 100),
            paragraph=row.integer("paragraph", least=1),
            symbol=symbol(row, 70),
        )
    rest = _published(row) if status == PUBLISHED else _stub(row, status) if status else {}
    if not status:
        row.drop(*_DROPPED, "revisions", "reason", "gone_at")
    row.finish()
    return common | rest


def _stub(row: Row, status: str) -> dict[str, Any]:
    row.drop(*_DROPPED)
    reason = row.code("reason", CODE, 40, code_of(40))
    if status == REJECTED:
        return without_absent(reason=reason)
    return without_absent(
        reason=reason,
        gone_at=row.moment("gone_at"),
        revisions=[
            {key: value for key, value in each.items() if key in {"number", "published_at"}}
            for each in _revisions(row, published=False)
        ],
    )


def _published(row: Row) -> dict[str, Any]:
    row.drop("reason", "gone_at")
    author = _author(row)
    return without_absent(
        language=row.language("language", required=True),
        text=row.text("text", required=True),
        redacted=row.truth("redacted") or None,
        disowned=_disowned(row, author),
        author=author,
        signatories=[byline(each) for each in row.rows("signatories")],
        title=row.line("title", 300),
        keywords=row.strings("keywords", 200),
        themes=row.strings("themes", 100),
        document=_document(row),
        document_name=_document_name(row),
        entered=row.truth("entered") or None,
        moved_from=row.integer("moved_from", least=1, most=SMALL),
        stance=row.choice("stance", ("for", "against")),
        channel=row.choice("channel", ("web", "mail", "letter", "meeting")),
        occasion=row.line("occasion", 300),
        translations=_translations(row),
        tallies=_tallies(row),
        revisions=_revisions(row, published=True, author=author),
    )


def _author(row: Row) -> dict[str, Any]:
    author = row.row("author", required=True)
    return {} if author is None else byline(author)


def byline(author: Row) -> dict[str, Any]:
    withheld = author.truth("withheld") or None
    # A name beside the mark that it is withheld goes no further.
    name = author.line("name", 200, required=not withheld)
    found = without_absent(
        name=None if withheld else name,
        withheld=withheld,
        stakeholder_group=author.choice("stakeholder_group", StakeholderGroup.values, required=True),
        capacity=author.choice("capacity", ("individual", "organization")),
        organization=author.line("organization", 300),
        organization_verified=author.truth("organization_verified"),
        country=author.country("country", country_names("en")),
    )
    author.finish()
    return found


def _disowned(row: Row, author: dict[str, Any]) -> bool | None:
    """Return whether a moderator found that it does not speak for the organization in its byline."""
    found = row.truth("disowned") or None
    if found and author.get("capacity") != Capacity.ORGANIZATION:
        row.fault("disowned", "stands on a row whose author speaks for no organization")
    return found


def _document_name(row: Row) -> str | None:
    name = row.line("document_name", 200)
    if name and not row.has("document"):
        row.fault("document_name", "is the name of no document: there is no key document")
    return name


def _document(row: Row) -> str | None:
    path = row.line("document", 200)
    if path and not stays_inside(path):
        row.fault("document", "is a path that leaves the folder")
    elif path and any(len(part.encode()) > 255 for part in path.split("/")):
        row.fault("document", "has a name that is longer than 255 bytes, which no disk keeps")
    elif path and not path.startswith(DOCUMENTS):
        row.fault("document", f"is {path!r}; it must begin with {DOCUMENTS}")
    else:
        return path
    return None


def _translations(row: Row) -> list[dict[str, Any]]:
    translations = []
    for each in row.rows("translations"):
        translations.append(
            without_absent(
                language=each.language("language", required=True),
                text=each.text("text", required=True),
                made_by=each.line("made_by", 200),
                title=each.line("title", 600),
                origin=each.choice("origin", ("human", "machine")),
                at=each.moment("at"),
                revision=each.integer("revision", most=SMALL),
            )
        )
        each.finish()
    return translations


def _tallies(row: Row) -> dict[str, Any]:
    tallies = row.row("tallies")
    if tallies is None:
        return {}
    found = without_absent(**{key: tallies.integer(key) for key in ("agree", "disagree", "pass")})
    tallies.finish()
    return found


def _revisions(row: Row, *, published: bool, author: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    revisions: list[dict[str, Any]] = []
    for each in row.rows("revisions"):
        if not published:
            each.drop("text", "redacted", "disowned", "language", "title", "paragraph", "submitted_at")
        revision = without_absent(
            number=each.integer("number", most=SMALL - 1, required=True),
            text=each.text("text", required=True) if published else None,
            redacted=(each.truth("redacted") or None) if published else None,
            disowned=_disowned(each, author or {}) if published else None,
            language=each.language("language", required=True) if published else None,
            title=each.line("title", 300) if published else None,
            paragraph=each.integer("paragraph") if published else None,
            submitted_at=each.moment("submitted_at") if published else None,
            published_at=each.moment("published_at"),
        )
        each.finish()
        if revisions and revision.get("number", LARGE) <= revisions[-1].get("number", -1):
            each.fault("number", "is not above the one before it")
        revisions.append(revision)
    return revisions


def editions(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the editions of a row, oldest first, each with its number; the last is the one in force.

    `revisions` lists all editions, the one in force among them; an archive may list the earlier ones alone.
    """
    own: dict[str, Any] = {
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


def number_in_force(row: dict[str, Any]) -> int:
    """Return the number of the edition in force of a row, the last that `editions` gives."""
    listed = row.get("revisions", [])
    if not listed:
        return 0
    last = listed[-1]
    is_there = row["status"] != PUBLISHED or (last.get("text"), last.get("language")) == (row["text"], row["language"])
    return int(last.get("number", 0)) + (not is_there)


def name_of_document(row: dict[str, Any]) -> str:
    """Return what the document of a row is called: unless it says so, as its path ends."""
    return str(row.get("document_name") or PurePosixPath(row["document"]).name)


@dataclass
class All:
    """All rows of the file so far, by id, in the order of the file."""

    seen: Rows = field(default_factory=Rows)
    documents: dict[str, int] = field(default_factory=dict)  # path → the first line that names it
    #: Path → what its file is called: mostly one name, else its own.
    document_names: dict[str, set[str]] = field(default_factory=dict)

    def add(
        self, row: Row, contribution: dict[str, Any], line: int, threads: set[Any], themes: set[Any] | None
    ) -> None:
        """Take in one row, and note where it does not fit to the consultation or to the rows before it."""
        for key in ("thread", "moved_from"):
            if contribution.get(key) is not None and contribution[key] not in threads:
                row.fault(key, f"is {contribution[key]}, which is no thread of the consultation")
        for code in contribution.get("themes", ()):
            if themes is not None and code not in themes:
                row.fault("themes", f"names {code!r}, which is not in themes.json")
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
            row.fault("id", f"{name!r} stands on line {self.seen[name].line} already")
