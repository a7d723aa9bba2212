"""Putting files of a record into their folder: alone, whole, and told of last."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plenara.archive.exports.standing import File, Made


class DiskFull(Exception):
    """There is no room for the files. The earlier ones stay."""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file, which is on the disk when the block ends."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def is_full(error: BaseException | None) -> bool:
    """Say whether an error is, or comes of, a disk that has no room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__
    return False


def file_of(path: Path) -> File:
    """Return checksum and size of a file."""
    with path.open("rb") as file:
        return File(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def tell(new: Made) -> None:
    """Write down what was made; from then on it is what there is."""
    told = {
        "of": new.of,
        "how": new.how,
        "revision": new.record.revision,
        "gone": new.record.gone,
        "changed_at": new.record.changed_at.isoformat(),
        "made_at": new.made_at.isoformat(),
        "files": {name: vars(file) for name, file in new.files.items()},
    }
    (new.folder / "made.json").put(json.dumps(told).encode())


def clear(new: Made) -> None:
    """Take away what was made before, and what a kill left. Whoever reads one of these has it open, and keeps it."""
    kept = {"made.json", "lock", *(file.sha256 for file in new.files.values())}
    for path in new.folder.workshop().iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    for name in new.folder.listed():
        if name not in kept:
            (new.folder / name).forget()
