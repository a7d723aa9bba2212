"""What is kept of each row while a bundle is checked and loaded: a few words, never its text; on disk, not in memory.

A scratch database of SQLite's holds it, which has no name and goes with its connection. So a bundle of two million
contributions takes no more memory than one of two hundred.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -24000;
    CREATE TABLE seen (
        position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, line INTEGER, thread INTEGER, status TEXT, parent TEXT,
        number INTEGER, symbol TEXT, campaign TEXT, minted INTEGER, root INTEGER, key INTEGER
    );
    CREATE TABLE revised (position INTEGER, number INTEGER, PRIMARY KEY (position, number)) WITHOUT ROWID;
    CREATE TABLE numbered (number INTEGER PRIMARY KEY, position INTEGER);
    CREATE TABLE twice (position INTEGER PRIMARY KEY, number INTEGER);
    CREATE TABLE decided (number INTEGER PRIMARY KEY, line INTEGER);
    CREATE TABLE symbols (symbol TEXT PRIMARY KEY, position INTEGER) WITHOUT ROWID;
    CREATE TABLE statements (symbol TEXT, number INTEGER, PRIMARY KEY (symbol, number)) WITHOUT ROWID;
    CREATE TABLE cited (symbol TEXT, number INTEGER, name TEXT);
    CREATE INDEX cited_by ON cited (symbol, number);
    CREATE TABLE treated (
        line INTEGER, outcome TEXT, paragraph INTEGER, name TEXT, treatment TEXT, symbol TEXT, number INTEGER,
        away INTEGER
    );
    CREATE INDEX treated_in ON treated (outcome, paragraph);
    CREATE TABLE matrix (
        line INTEGER, outcome TEXT, name TEXT, paragraph INTEGER, treatment TEXT, symbol TEXT, number INTEGER,
        away INTEGER
    );
    BEGIN;
"""
_COLUMNS = "line, thread, status, parent, number, symbol, campaign"
REJECTED = "rejected"
#: The largest number that our columns hold.
_LARGE = 2_147_483_647
#: Rows that are changed at a time.
BATCH = 5_000


class IndexedRow(NamedTuple):
    """A row of `contributions.jsonl`. `number` and `symbol` are what the row itself says."""

    line: int
    thread: int
    status: str
    parent: str | None
    number: int | None
    symbol: str | None
    campaign: str | None = None


class Position(NamedTuple):
    """Where a row stands among the others: what was minted for it, and what it answers or is listed under."""

    number: int
    symbol: str
    root: int
    parent_number: int | None
    parent_key: int | None
    campaign: int | None


class Rows(Mapping[str, IndexedRow]):
    """The rows by id, in the order of the file; by position from 1 as well."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.executescript(_TABLES)
        #: The symbol of the row `s`, as SQL, once the numbers are minted.
        self.symbol = "s.symbol"

    def add(self, name: str, one: IndexedRow, revisions: Sequence[int] = (0,)) -> bool:
        """Keep a row with the numbers of its revisions, and say whether its id is new."""
        given = None
        if one.status != REJECTED:
            given = one.number if one.number is not None else _number_in(one.symbol)
        written = self._base.execute(
            f"INSERT OR IGNORE INTO seen (name, {_COLUMNS}, minted) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (name, *one, given),
        )
        if not written.rowcount:
            return False
        position = written.lastrowid
        if tuple(revisions) != (0,):  # most have no other
            self.change("INSERT OR IGNORE INTO revised VALUES (?, ?)", ((position, each) for each in revisions))
        if given is not None:
            fresh = self._base.execute("INSERT OR IGNORE INTO numbered VALUES (?, ?)", (given, position))
            if not fresh.rowcount:
                self._base.execute("INSERT INTO twice VALUES (?, ?)", (position, given))
        return True

    def ask(self, question: str, values: Sequence[object] = ()) -> Iterator[tuple]:
        """Yield what SQL gives of the tables."""
        return iter(self._base.execute(question, values))

    def change(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Change rows, each by some values."""
        self._base.executemany(statement, values)

    def first_of_symbol(self, symbol: str, position: int) -> int:
        """Return the position of the row that has a symbol: the first that claims it."""
        if self._base.execute("INSERT OR IGNORE INTO symbols VALUES (?, ?)", (symbol, position)).rowcount:
            return position
        return int(next(self.ask("SELECT position FROM symbols WHERE symbol = ?", (symbol,)))[0])

    def positions(self, first: int, count: int) -> list[Position]:
        """Return where so many rows stand, from a position on. Of a rejected one nothing was minted."""
        found = self.ask(
            f"SELECT s.minted, {self.symbol}, s.root, p.minted, p.key, c.minted FROM seen s"  # noqa: S608
            " LEFT JOIN seen p ON p.name = s.parent LEFT JOIN seen c ON c.name = s.campaign"
            " WHERE s.position BETWEEN ? AND ? ORDER BY s.position",
            (first, first + count - 1),
        )
        return [Position(*each) for each in found]

    def keep_keys(self, first: int, keys: Sequence[int]) -> None:
        """Keep under which keys so many rows came in, from a position on."""
        self.change(
            "UPDATE seen SET key = ? WHERE position = ?", zip(keys, range(first, first + len(keys)), strict=True)
        )

    def has_revision(self, name: str, revision: int | None) -> bool:
        """Say whether a row has a revision."""
        has_others, has_this = next(
            self.ask(
                "SELECT EXISTS (SELECT 1 FROM revised r WHERE r.position = s.position), EXISTS (SELECT 1 FROM revised "
                "r WHERE r.position = s.position AND r.number = ?) FROM seen s WHERE s.name = ?",
                (revision, name),
            )
        )
        return bool(has_this) if has_others else revision == 0

    def line_at(self, position: int) -> int:
        """Return the line of a row."""
        return int(next(self.ask("SELECT line FROM seen WHERE position = ?", (position,)))[0])

    def __getitem__(self, name: str) -> IndexedRow:
        found = self._base.execute(f"SELECT {_COLUMNS} FROM seen WHERE name = ?", (name,)).fetchone()  # noqa: S608
        if found is None:
            raise KeyError(name)
        return IndexedRow(*found)

    def __contains__(self, name: object) -> bool:
        return self._base.execute("SELECT 1 FROM seen WHERE name = ?", (name,)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self.ask("SELECT name FROM seen ORDER BY position"))

    def __len__(self) -> int:
        return int(next(self.ask("SELECT count(*) FROM seen"))[0])


class Column[Value](Mapping[str, Value]):
    """One property of the rows by their ids, of those that have it. `what` is SQL."""

    def __init__(self, rows: Rows, what: str):
        self._rows, self._what = rows, what

    def __getitem__(self, name: str) -> Value:
        for row in self._rows.ask(f"SELECT {self._what} FROM seen s WHERE name = ?", (name,)):  # noqa: S608
            if row[0] is not None:
                return row[0]  # type: ignore[no-any-return]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        question = f"SELECT name FROM seen s WHERE {self._what} NOTNULL ORDER BY position"  # noqa: S608
        return (row[0] for row in self._rows.ask(question))

    def __len__(self) -> int:
        return int(next(self._rows.ask(f"SELECT count({self._what}) FROM seen s"))[0])  # noqa: S608


class Decided:
    """The lines of the decisions so far, by number: there may be as many as rows."""

    def __init__(self, rows: Rows):
        self._rows = rows

    def setdefault(self, number: int, line: int) -> int:
        """Return the line on which a number stands first: this one, if it is new."""
        self._rows.change("INSERT OR IGNORE INTO decided VALUES (?, ?)", [(number, line)])
        return self[number]

    def __getitem__(self, number: int) -> int:
        return int(next(self._rows.ask("SELECT line FROM decided WHERE number = ?", (number,)))[0])

    def __contains__(self, number: object) -> bool:
        return next(self._rows.ask("SELECT 1 FROM decided WHERE number = ?", (number,)), None) is not None


def _number_in(symbol: str | None) -> int | None:
    """Return the number that ends a symbol, if one does."""
    found = re.search(r"/([1-9][0-9]{0,9})$", symbol or "")
    return int(found[1]) if found and int(found[1]) <= _LARGE else None
