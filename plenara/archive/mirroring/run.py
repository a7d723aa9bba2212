"""What a run knows of each address: in a temporary database on the disk, so that memory stays the same however many.

SQLite's own temporary database has no name and goes with the process, whatever ends it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache

from plenara.core.languages import NAMES

#: Another form of a page; a reference, which is one too; a page; what the copy has of its own; what its pages show.
FORM, REFERENCE, PAGE, OWN, ASSET = "form", "reference", "page", "own", "asset"


class Run:
    """The addresses of a copy, the files that they become, and what was written."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        columns = "address TEXT PRIMARY KEY, kind TEXT, file TEXT, sha256 TEXT, size INTEGER"
        self._database.execute(f"CREATE TABLE place ({columns}) WITHOUT ROWID")
        self._database.execute("CREATE TABLE alias (address TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID")
        self._database.execute("CREATE TABLE earlier (file TEXT PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")
        self.where = lru_cache(20_000)(self._where)

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def add(self, address: str, kind: str) -> None:
        """Let an address belong to the copy."""
        row = (address, kind, file_of(address))
        self._database.execute("INSERT OR IGNORE INTO place (address, kind, file) VALUES (?, ?, ?)", row)

    def lead(self, address: str, target: str) -> None:
        """Let links to an address that is not in the copy lead to another one that is; both may lack their language."""
        self._database.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (address, target))

    def drop(self, address: str) -> None:
        """Let an address not belong to the copy after all: there is no file at it."""
        self._database.execute("DELETE FROM place WHERE address = ?", (address,))
        self.where.cache_clear()

    def written(self, address: str, sha256: str, size: int) -> None:
        """Note what stands at an address."""
        self._database.execute("UPDATE place SET sha256 = ?, size = ? WHERE address = ?", (sha256, size, address))

    def of_kind(self, kind: str) -> Iterator[str]:
        """Yield the addresses of a kind, language by language. Others may be dropped meanwhile, none added."""
        after = ""
        while rows := self._database.execute(
            "SELECT address FROM place WHERE kind = ? AND address > ? ORDER BY address LIMIT 1000", (kind, after)
        ).fetchall():
            yield from (address for (address,) in rows)
            after = rows[-1][0]

    def count(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes."""
        return self._database.execute("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM place").fetchone()

    def files(self) -> Iterator[str]:
        """Yield the paths of all files."""
        return (file for (file,) in self._database.execute("SELECT file FROM place ORDER BY file"))

    def checksums(self) -> Iterator[tuple[str, str]]:
        """Yield (SHA-256, path) of all files, by path."""
        return self._database.execute("SELECT sha256, file FROM place ORDER BY file")

    def had(self, files: Iterable[str]) -> None:
        """Note files that an earlier run put down, or was about to."""
        self._database.executemany("INSERT OR IGNORE INTO earlier VALUES (?)", ((file,) for file in files))

    def left_over(self) -> Iterator[str]:
        """Yield the files of earlier runs that belong to the copy no more."""
        rows = self._database.execute("SELECT file FROM earlier EXCEPT SELECT file FROM place ORDER BY file")
        return (file for (file,) in rows.fetchall())

    def _where(self, path: str) -> str:
        """Return the address in the copy that a link to a path leads to; nothing where it is not in it."""
        if self._is_there(path):
            return path
        if self._is_there(f"{path}/"):
            return f"{path}/"
        language, tail = _parted(path)
        for asked, prefix in ((path, ""), (tail, language)):
            row = self._database.execute("SELECT target FROM alias WHERE address = ?", (asked,)).fetchone()
            if row and self._is_there(f"{prefix}{row[0]}"):
                return f"{prefix}{row[0]}"
        return ""

    def _is_there(self, address: str) -> bool:
        return bool(self._database.execute("SELECT 1 FROM place WHERE address = ?", (address,)).fetchone())


def _parted(path: str) -> tuple[str, str]:
    """Return (/en, /rest) of an address that has a language."""
    code, slash, rest = path[1:].partition("/")
    return (f"/{code}", f"/{rest}") if slash and code in NAMES else ("", path)


def file_of(address: str) -> str:
    """Return the path of the file that a web server sends for an address."""
    return f"{address[1:]}index.html" if address.endswith("/") else address[1:]
