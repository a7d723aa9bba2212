"""Putting a bundle down: a folder or a zip, complete or not at all, the same bytes each time."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from plenara.bundles.format import MANIFEST


class Unwritable(Exception):
    """A path that cannot take a bundle; the text is one sentence."""


class Target(Protocol):
    """Where a bundle's files go."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None: ...
    def end(self) -> None: ...


class Summing:
    """Passes files on to a target, keeps their SHA-256, and ends with the manifest."""

    def __init__(self, target: Target):
        self._target = target
        self.digests: dict[str, str] = {}

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file, piece by piece."""
        sha256 = hashlib.sha256()

        def passed() -> Iterator[bytes]:
            for piece in pieces:
                sha256.update(piece)
                yield piece

        self._target.put(name, passed())
        self.digests[name] = sha256.hexdigest()

    def within(self, prefix: str) -> "Summing":
        """Return a target for a bundle in a folder of this one, which has a manifest of its own."""
        return Summing(_Within(self._target, prefix))

    def end(self) -> None:
        """Write the manifest of all files before it."""
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        self._target.put(MANIFEST, [listing.encode()])
        self._target.end()


class _Within:
    """Writes into a folder of another target."""

    def __init__(self, target: Target, prefix: str):
        self._target, self._prefix = target, prefix

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        self._target.put(f"{self._prefix}{name}", pieces)

    def end(self) -> None:
        pass


class Nowhere:
    """Keeps nothing: for who only wants the checksums."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        for _piece in pieces:
            pass

    def end(self) -> None:
        pass


class Folder:
    """Writes into a folder that is there and empty."""

    def __init__(self, path: Path):
        self._path = path

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        file = self._path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as out:
            out.writelines(pieces)

    def end(self) -> None:
        pass


class Zip:
    """Writes a zip whose bytes depend on the files alone: no times, no owners, in the order given."""

    def __init__(self, path: Path, comment: str = ""):
        self._zip = zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._zip.comment = comment.encode()

    def put(self, name: str, pieces: Iterable[bytes], *, size: int = 0) -> None:
        """Write one file, piece by piece; `size` where it is known beforehand."""
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # Unix, wherever we run
        entry.external_attr = 0o100644 << 16
        entry.file_size = size
        # A size that is not known beforehand may pass two gigabytes.
        with self._zip.open(entry, "w", force_zip64=name.endswith(".jsonl")) as out:
            for piece in pieces:
                out.write(piece)

    def end(self) -> None:
        self._zip.close()


@contextmanager
def written(path: Path, comment: str = "") -> Iterator[Summing]:
    """Give a target for the bundle at `path`, which stands there complete when the block ends, or not at all.

    A path that ends in `.zip` becomes a zip with the comment, any other a folder. Raises `Unwritable`.
    """
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise Unwritable(f"{path} already exists. Give a new path, or an empty folder.")
    if path.suffix.lower() == ".zip" and path.is_dir():
        raise Unwritable(f"{path} is a folder, but a name that ends in .zip must be a file.")
    if not path.parent.is_dir():
        raise Unwritable(f"The folder {path.parent} does not exist.")
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise Unwritable(f"{path.parent} cannot be written to ({error.strerror}).") from error
    try:
        if path.suffix.lower() == ".zip":
            whole = part / "bundle.zip"
            file = Zip(whole, comment)
            try:
                target = Summing(file)
                yield target
                target.end()
            finally:
                file.end()
            _flush(whole)
        else:
            whole = part / "bundle"
            whole.mkdir()
            target = Summing(Folder(whole))
            yield target
            target.end()
        whole.replace(path)
    except OSError as error:
        raise Unwritable(f"{path} cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
