"""Files in a folder of this machine."""

import contextlib
import datetime
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plenara.core.store import Entry

PIECE = 65_536


class InFolder(Path):
    """A path with the interface of `Stored`."""

    def size(self) -> int:
        """Return the file's size. Raises `FileNotFoundError`."""
        return self.stat().st_size

    def put(self, data: bytes) -> None:
        """Write a temporary file, then rename it: a kill leaves the earlier file."""
        self.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.with_name(f".{self.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self)
            sync(self.parent)
        finally:
            part.unlink(missing_ok=True)

    def take(self, path: Path) -> None:
        """Move a finished file here. It is on the same disk, as a file of a workshop is."""
        self.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(self)
        sync(self.parent)

    def pieces(self, part: range | None = None) -> Iterator[bytes]:
        """Return the file piece by piece; it stays open, even if it is replaced."""
        return _pieces(self.open("rb"), part)

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Return the open file."""
        with self.open("rb") as file:
            yield file

    def listed(self) -> dict[str, Entry]:
        """Return the files below."""
        found = {}
        for folder, _folders, names in os.walk(self):
            for name in names:
                path = Path(folder, name)
                with contextlib.suppress(FileNotFoundError):
                    stat = path.stat()
                    moment = datetime.datetime.fromtimestamp(stat.st_mtime, datetime.UTC)
                    found[str(path.relative_to(self))] = Entry(stat.st_size, moment)
        return found

    def forget(self) -> None:
        """Delete the file."""
        self.unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self, ignore_errors=True)

    def workshop(self) -> Path:
        """Return the folder itself: a file is moved from here in one step."""
        self.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(self)


def sync(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _pieces(file: IO[bytes], part: range | None) -> Iterator[bytes]:
    with file:
        if part is None:
            yield from iter(lambda: file.read(PIECE), b"")
            return
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
