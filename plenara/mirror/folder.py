"""The folder of a copy: each file complete or as before, never an unlisted file; and what a run stores of each
address, on disk.
"""

import fcntl
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from plenara.core.languages import NAMES
from plenara.core.rows import Json
from plenara.mirror import FORMAT, MANIFEST, MARK

#: The format version of a copy.
_TYPES: dict[str, type] = {
    **dict.fromkeys(("slug", "symbol", "site", "made_at", "generator", "manifest"), str),
    **dict.fromkeys(("files", "bytes"), int),
    **dict.fromkeys(("missing", "stands_on"), dict),
}
_SLUG = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)
JOURNAL, PART = ".plenara-mirror.begun", ".plenara-mirror.part"


class Unusable(Exception):
    """A folder that cannot hold a copy or is not one; the text is one sentence."""


@dataclass
class Counts:
    """What a run did to the files."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def add(self, others: "Counts") -> None:
        """Add what another process did."""
        self.written += others.written
        self.unchanged += others.unchanged
        self.removed += others.removed


class Folder:
    """The folder of one consultation's copy, locked by one run at a time."""

    def __init__(self, path: Path):
        self.path = path
        self.counts = Counts()

    def put(self, file: str, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write a file, unless it has these bytes already; return their SHA-256 and number."""
        sha256, size, part = hashlib.sha256(), 0, self.path / f"{PART}-{os.getpid()}"
        with part.open("wb") as out:
            for piece in pieces:
                sha256.update(piece)
                size += out.write(piece)
        target = self._at(file)
        if _is_same(target, sha256.hexdigest(), size):
            self.counts.unchanged += 1
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
            self.counts.written += 1
        return sha256.hexdigest(), size

    def keep(self, file: str, content: bytes) -> tuple[str, int]:
        """Do the same with bytes in memory: most are unchanged, and nothing is written for those."""
        target = self._at(file)
        try:
            with target.open("rb") as there:
                if there.read(len(content) + 1) == content:
                    self.counts.unchanged += 1
                    return hashlib.sha256(content).hexdigest(), len(content)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            pass
        return self.put(file, [content])

    def remove(self, file: str) -> None:
        """Delete a file, and the folders that are empty then."""
        target = self._at(file)
        try:
            target.unlink()
            self.counts.removed += 1
        except (FileNotFoundError, NotADirectoryError):
            return
        for folder in target.parents:
            if folder == self.path:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def begin(self, slug: str, files: Iterable[str]) -> None:
        """List the files that will be written here, after those of killed runs."""
        with (self.path / JOURNAL).open("a", encoding="utf-8") as out:
            out.write(f"\n{FORMAT} {slug}\n")  # end a line that a kill cut
            out.writelines(f"{file}\n" for file in files)
            out.flush()
            os.fsync(out.fileno())

    def end(self, mark: Json, checksums: Iterable[tuple[str, str]]) -> None:
        """Write the checksums and, last of all, the mark of a complete copy."""
        self.counts = Counts()  # the following files describe the others
        listing, _size = self.put(MANIFEST, (f"{digest}  {file}\n".encode() for digest, file in checksums))
        os.sync()  # every file is on the disk before the mark
        text = json.dumps({**mark, "manifest": listing}, ensure_ascii=False, indent=1, sort_keys=True)
        self.put(MARK, [f"{text}\n".encode()])
        os.sync()
        (self.path / JOURNAL).unlink(missing_ok=True)
        for part in self.path.glob(f"{PART}-*"):
            part.unlink(missing_ok=True)

    @property
    def is_whole(self) -> bool:
        """Whether the last run finished."""
        return (self.path / MARK).is_file() and not (self.path / JOURNAL).exists()

    def mark(self) -> Json:
        """Return the mark of the copy; None if there is none yet. Raises `Unusable`."""
        return mark_of(self.path) if (self.path / MARK).is_file() else {}

    def earlier(self) -> Iterator[str]:
        """Yield the files that earlier runs wrote here, or planned to."""
        for name, skipped in ((MANIFEST, 66), (JOURNAL, 0)):
            try:
                with (self.path / name).open(encoding="utf-8", errors="replace") as lines:
                    for line in lines:
                        file = line[skipped:].rstrip("\n")
                        if is_ours(file):
                            yield file
            except FileNotFoundError:
                continue

    def _at(self, file: str) -> Path:
        if not is_ours(file):
            raise Unusable(f"{file!r} is not a path in a copy.")
        return self.path / file


def is_ours(file: str) -> bool:
    """Return whether a path is inside the folder, so that an edited list of files deletes nothing else."""
    return all(part not in {"", ".", ".."} and not part.startswith(".plenara") for part in file.split("/"))


def mark_of(path: Path) -> Json:
    """Return the mark of the copy in a folder. Raises `Unusable`."""
    try:
        mark = json.loads((path / MARK).read_bytes())
        if mark["format"] != FORMAT:
            raise Unusable(f"{path} is a copy in another format ({mark['format']!s:.40}), not {FORMAT}.")
        if not all(isinstance(mark[name], kind) for name, kind in _TYPES.items()) or not _SLUG.fullmatch(mark["slug"]):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unusable(f"{path} is not a static copy: its {MARK} cannot be read.") from error
    return mark


@contextmanager
def lock_folder(path: Path, slug: str) -> Iterator[Folder]:
    """Lock the folder for one run, and create it if necessary. Raises `Unusable`."""
    try:
        if not path.exists():
            path.mkdir()
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unusable(f"{path} cannot be used ({error.strerror}).") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel releases it when the process is killed
        except BlockingIOError as error:
            raise Unusable(f"Another run is writing to {path}. Wait until it has finished.") from error
        _require(path, slug)
        yield Folder(path)
    finally:
        os.close(handle)


def _require(path: Path, slug: str) -> None:
    names = {each.name for each in path.iterdir()}
    if MARK in names:
        theirs = mark_of(path).get("slug")
    elif JOURNAL in names:
        begun = (path / JOURNAL).read_text(encoding="utf-8", errors="replace").split("\n", 2)[1]
        theirs = begun.removeprefix(FORMAT).strip()
    elif names:
        raise Unusable(f"{path} is neither empty nor a static copy. Give a new folder, or an empty one.")
    else:
        return
    if theirs != slug:
        raise Unusable(f"{path} is the copy of {theirs!r}. Each consultation needs its own folder.")


def _is_same(path: Path, sha256: str, size: int) -> bool:
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


#: Kinds of files: other forms of pages, references, pages, the copy's own, and files that its pages use.
FORM, REFERENCE, PAGE, OWN, ASSET = "form", "reference", "page", "own", "asset"


class Links:
    """The addresses of a copy, for links to them."""

    def __init__(self, database: sqlite3.Connection):
        self._database = database
        self.where = lru_cache(20_000)(self._where)

    @classmethod
    def of(cls, path: str) -> "Links":
        """Return those of a run in another process, which has stored all of them."""
        return cls(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None))

    def _where(self, path: str) -> str:
        """Return the address in the copy of a link to a path; None if it is not in the copy."""
        if self._is_there(path):
            return path
        if self._is_there(f"{path}/"):
            return f"{path}/"
        language, tail = _parted(path)
        for candidate, prefix in ((path, ""), (tail, language)):
            row = self._database.execute("SELECT target FROM alias WHERE address = ?", (candidate,)).fetchone()
            if row and self._is_there(f"{prefix}{row[0]}"):
                return f"{prefix}{row[0]}"
        return ""

    def _is_there(self, address: str) -> bool:
        return bool(self._database.execute("SELECT 1 FROM place WHERE address = ?", (address,)).fetchone())


class Run(Links):
    """The addresses of a copy, the files that they become, and what was written.

    With a path they are stored in that file, which other processes can read.
    """

    def __init__(self, path: str = "") -> None:
        super().__init__(sqlite3.connect(path, isolation_level=None))
        # Readers do not block this process, and a power cut makes the file useless anyway.
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        columns = "address TEXT PRIMARY KEY, kind TEXT, file TEXT, sha256 TEXT, size INTEGER"
        self._database.execute(f"CREATE TABLE place ({columns}) WITHOUT ROWID")
        self._database.execute("CREATE TABLE alias (address TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID")
        self._database.execute("CREATE TABLE earlier (file TEXT PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def share(self) -> None:
        """Let other processes read the addresses as they are now."""
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Close the store of the run."""
        self._database.close()

    def add(self, address: str, kind: str) -> None:
        """Add an address to the copy."""
        row = (address, kind, file_of(address))
        self._database.execute("INSERT OR IGNORE INTO place (address, kind, file) VALUES (?, ?, ?)", row)

    def lead(self, address: str, target: str) -> None:
        """Redirect links from an address outside the copy to one in it; both may lack their language."""
        self._database.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (address, target))

    def drop(self, address: str) -> None:
        """Remove an address from the copy: there is no file for it."""
        self._database.execute("DELETE FROM place WHERE address = ?", (address,))
        self.where.cache_clear()

    def written(self, address: str, sha256: str, size: int) -> None:
        """Store what was written for an address."""
        self._database.execute("UPDATE place SET sha256 = ?, size = ? WHERE address = ?", (sha256, size, address))

    def of_kind(self, kind: str) -> Iterator[str]:
        """Yield the addresses of a kind, language by language. Others may be dropped in the meantime, none added."""
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
        """Store the files that an earlier run wrote, or planned to."""
        self._database.executemany("INSERT OR IGNORE INTO earlier VALUES (?)", ((file,) for file in files))

    def left_over(self) -> Iterator[str]:
        """Yield the files of earlier runs that no longer belong to the copy."""
        rows = self._database.execute("SELECT file FROM earlier EXCEPT SELECT file FROM place ORDER BY file")
        return (file for (file,) in rows.fetchall())


def _parted(path: str) -> tuple[str, str]:
    """Return (/en, /rest) of an address that has a language."""
    code, slash, rest = path[1:].partition("/")
    return (f"/{code}", f"/{rest}") if slash and code in NAMES else ("", path)


def file_of(address: str) -> str:
    """Return the path of the file that a web server sends for an address."""
    return f"{address[1:]}index.html" if address.endswith("/") else address[1:]
