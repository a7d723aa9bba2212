"""Pages of vectors at hand: a file that a machine's processes share, so that no question fetches a page a second time.

The database keeps the vectors, but to bring them from there takes longer than to look through them. The file has no
name and ends with the last process that has it open. The system keeps of it in memory what there is room for.

A page that was committed changes only by rows that are added at its end, so what stands here stays true as far as it
goes. What a transaction has changed itself must not be put here: it may come to nothing.
"""

import fcntl
import logging
import os
import struct
import tempfile
import threading
from pathlib import Path
from typing import IO

log = logging.getLogger("plenara.search")

#: Vectors in a page at most, and bytes of each: of its two ids, and of its numbers.
IN_PAGE, _ID, _VECTOR = 256, 16, 512
#: Vectors of an arrangement above which it pays. A smaller one is made anew as soon as a text is gone, and then nothing
#: may be left of that; of a larger one a vector stays here as long as its page, or until the server ends.
LEAST = 20_000
#: Pages that have a place, each by its id: of more than these, two share a place, and the later one has it. About 1 GB.
PLACES = 8_192
_HEAD = struct.Struct("<qqq")  # the page, how many of its vectors are here, and how many pages had the place before
_NUMBERS = _HEAD.size + IN_PAGE * _ID
_PLACE = _NUMBERS + IN_PAGE * _VECTOR

_file: IO[bytes] | None = None
#: Threads of a process; `lockf` holds processes apart.
_putting = threading.Lock()


def open_in(folder: Path) -> None:
    """Open the file, in a process from which all that are to share it part later. Without it nothing is at hand."""
    global _file
    _file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - open as long as the process


def close() -> None:
    """Close the file in this process."""
    global _file
    if _file is not None:
        _file.close()
        _file = None


def get(page: int, count: int) -> tuple[memoryview, memoryview] | None:
    """Return ids and numbers of the first so many vectors of a page, as they were put, if they are here."""
    if _file is None:
        return None
    place = page % PLACES * _PLACE
    found = os.pread(_file.fileno(), _PLACE, place)
    if len(found) < _HEAD.size or not _has(found, page, count):
        return None
    # The head comes first and is written last; read again, it tells whether another page took the place meanwhile,
    # were it to give it back.
    again = os.pread(_file.fileno(), _HEAD.size, place)
    if not _has(again, page, count) or _turn(again) != _turn(found):
        return None
    there = memoryview(found)
    return there[_HEAD.size : _HEAD.size + count * _ID], there[_NUMBERS : _NUMBERS + count * _VECTOR]


def put(page: int, count: int, ids: bytes, numbers: bytes) -> None:
    """Put a page of so many vectors here, as it was committed."""
    if _file is None:
        return
    file, place = _file.fileno(), page % PLACES * _PLACE
    try:
        with _putting:
            fcntl.lockf(file, fcntl.LOCK_EX, _HEAD.size, place)
            try:
                head = os.pread(file, _HEAD.size, place)
                if len(head) == _HEAD.size and _has(head, page, count):
                    return
                turn = _turn(head) if head else 0
                if head and not _has(head, page, 0):
                    turn += 1
                    os.pwrite(file, _HEAD.pack(0, 0, turn), place)
                os.pwrite(file, numbers, place + _NUMBERS)
                os.pwrite(file, ids, place + _HEAD.size)
                os.pwrite(file, _HEAD.pack(page, count, turn), place)
            finally:
                fcntl.lockf(file, fcntl.LOCK_UN, _HEAD.size, place)
    except OSError as error:
        log.warning("vectors are not kept at hand: %s", error)  # the disk is full: they are fetched again
        close()


def _has(found: bytes, page: int, count: int) -> bool:
    known, there, _turns = _HEAD.unpack_from(found)
    return bool(known == page and there >= count)


def _turn(found: bytes) -> int:
    return int(_HEAD.unpack_from(found)[2])
