"""Opening a bundle that may be anybody's: a folder whose links are not followed, or a zip that may be a trap."""

import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from plenara.bundles.format import CONSULTATION, DOCUMENTS, MEGABYTE, MOST_LINE, ROUNDS
from plenara.bundles.validation.errors import BundleErrors, NotABundle

CHUNK = 65_536
#: A zip may unpack to this much in all, and a file over ten megabytes to this many times its packed size.
MOST_UNPACKED = 4_000 * MEGABYTE
MOST_RATIO = 200


class Damaged(Exception):
    """A file of the bundle that cannot be read to its end; the text says why."""


class Source(Protocol):
    """Where a bundle's files are read from."""

    #: Path in the bundle → size in bytes.
    sizes: dict[str, int]
    #: Paths that are links, which we do not follow.
    links: set[str]

    def open(self, name: str) -> IO[bytes]: ...
    def close(self) -> None: ...


class Folder:
    """A bundle in a folder. Every part of a path is opened by itself, so that a link is met, not followed."""

    def __init__(self, path: Path):
        self._root = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self.sizes: dict[str, int] = {}
        self.links: set[str] = set()
        self._list("", self._root)

    def _list(self, prefix: str, folder: int) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_symlink():
                    self.links.add(name)
                elif entry.is_file(follow_symlinks=False):
                    self.sizes[name] = entry.stat(follow_symlinks=False).st_size
                elif entry.is_dir(follow_symlinks=False) and f"{name}/".startswith((DOCUMENTS, ROUNDS)):
                    inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                    try:
                        self._list(f"{name}/", inner)
                    finally:
                        os.close(inner)

    def open(self, name: str) -> IO[bytes]:
        """Return the file, which must be a plain one."""
        *folders, last = name.split("/")
        at = os.dup(self._root)
        try:
            for part in folders:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = inner
            file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
        except OSError as error:
            raise Damaged(f"cannot be read ({error.strerror})") from error
        finally:
            os.close(at)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise Damaged("is not a plain file")
        return os.fdopen(file, "rb")

    def close(self) -> None:
        os.close(self._root)


class Zip:
    """A bundle in a zip: its files at the top, or in the one folder that was zipped."""

    def __init__(self, path: Path, errors: BundleErrors, heads: Collection[str]):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise NotABundle(f"{path} is not a bundle: it is neither a folder nor a readable zip file.") from error
        self.sizes: dict[str, int] = {}
        self.links: set[str] = set()
        entries = [info for info in self._zip.infolist() if not info.is_dir() and not _litter(info.filename)]
        prefix = _folder_zipped([info.filename for info in entries], heads)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for info in entries:
            name = info.filename.removeprefix(prefix)
            if trap := _trap(info, name, self._entries):
                errors.add(trap, name)
            elif stat.S_ISLNK(info.external_attr >> 16):
                self.links.add(name)
            else:
                self._entries[name] = info
                self.sizes[name] = info.file_size
        if sum(self.sizes.values()) > MOST_UNPACKED:
            errors.add(f"unpacks to more than {MOST_UNPACKED // MEGABYTE} MB", path.name)

    def open(self, name: str) -> IO[bytes]:
        """Return the file, unpacked as it is read and never past the size that the zip declares."""
        try:
            return self._zip.open(self._entries[name])
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise Damaged("is damaged inside the zip") from error

    def close(self) -> None:
        self._zip.close()


class Within:
    """A bundle that lies in a folder of another one."""

    def __init__(self, source: Source, prefix: str):
        self._source, self.prefix = source, prefix
        self.sizes = {name.removeprefix(prefix): size for name, size in source.sizes.items() if name.startswith(prefix)}
        self.links = {name.removeprefix(prefix) for name in source.links if name.startswith(prefix)}

    def open(self, name: str) -> IO[bytes]:
        return self._source.open(f"{self.prefix}{name}")

    def close(self) -> None:
        pass


def rounds(source: Source) -> list[Within]:
    """Return the comment rounds that lie in a bundle."""
    names = {name.removeprefix(ROUNDS).split("/")[0] for name in (*source.sizes, *source.links)
             if name.startswith(ROUNDS)}  # fmt: skip
    return [Within(source, f"{ROUNDS}{name}/") for name in sorted(names)]


def _litter(name: str) -> bool:
    """Say whether a file is what macOS adds to a zip."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] == ".DS_Store"


def _folder_zipped(names: list[str], heads: Collection[str]) -> str:
    """Return the path of the one folder that all files lie in, or nothing where they lie at the top."""
    tops = {name.split("/", 1)[0] for name in names}
    if any(head in names for head in heads) or len(tops) != 1:
        return ""
    top = f"{tops.pop()}/"
    return top if any(f"{top}{head}" in names for head in heads) else ""


def _trap(info: zipfile.ZipInfo, name: str, known: dict[str, zipfile.ZipInfo]) -> str:
    """Say what is wrong with an entry of a zip, or nothing."""
    if not stays_inside(name):
        return "a path that leaves the folder"
    if name in known:
        return "appears twice in the zip"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "is compressed with a method other than deflate"
    if info.file_size > 10 * MEGABYTE and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return f"unpacks to more than {MOST_RATIO} times its size"
    return ""


def stays_inside(name: str) -> bool:
    """Say whether a path is relative, plain and below the bundle's folder on any system."""
    return (
        bool(name)
        and not any(ord(character) < 32 or character in "\\:\x7f" for character in name)
        and all(part not in {"", ".", ".."} for part in name.split("/"))
    )


@contextmanager
def opened(path: Path, errors: BundleErrors, heads: Collection[str] = (CONSULTATION,)) -> Iterator[Source]:
    """Open the bundle at `path`, which holds one of the files `heads`. Raises `NotABundle` where there is none."""
    source: Source
    if path.is_dir():
        try:
            source = Folder(path)
        except OSError as error:
            raise NotABundle(f"{path} cannot be read ({error.strerror}).") from error
    elif path.is_file():
        source = Zip(path, errors, heads)
    else:
        raise NotABundle(f"{path} does not exist." if not path.exists() else f"{path} is neither a folder nor a file.")
    try:
        if not errors.count and not any(head in source.sizes or head in source.links for head in heads):
            raise NotABundle(f"{path} is not a bundle: it does not contain {' or '.join(heads)}.")
        yield source
    finally:
        source.close()


class Hashed:
    """A file being read, with the SHA-256 and the size of what was read so far."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self._sha256 = hashlib.sha256()
        self.size = 0

    def read(self) -> bytes:
        """Return the next piece, empty at the end. Raises `Damaged`."""
        try:
            piece = self._file.read(CHUNK)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise Damaged("is damaged and cannot be read to its end") from error
        self._sha256.update(piece)
        self.size += len(piece)
        return piece

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()


def lines(file: Hashed, most: int = MOST_LINE) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line) of a file in bounded memory; nothing in place of a line longer than `most` bytes."""
    number, held, too_long = 1, bytearray(), False
    while piece := file.read():
        *ended, rest = piece.split(b"\n")
        for end in ended:
            too_long = too_long or len(held) + len(end) > most
            yield number, None if too_long else bytes(held) + end
            number, too_long = number + 1, False
            held.clear()
        too_long = too_long or len(held) + len(rest) > most
        if too_long:
            held.clear()
        else:
            held += rest
    if held or too_long:
        yield number, None if too_long else bytes(held)
