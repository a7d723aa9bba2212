"""A cache of pages of vectors: a file that a machine's processes share, so that no query fetches a page twice.

The database stores the vectors, but fetching them takes longer than comparing them. The file has no
name and is deleted with the last process that has it open. The system caches it in free memory.

A committed page changes only by rows at its end, so what is cached stays correct as far as it
goes. A transaction must not cache its own changes, since it may be rolled back.
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

#: The most vectors of a page, and bytes of each: of its two ids, and of its numbers.
IN_PAGE, _ID, _VECTOR = 256, 16, 512
#: Above this number of vectors the cache pays. A smaller arrangement is rebuilt when a text is deleted, and nothing
#: of it may remain; of a larger one a vector stays here as long as its page, or until the server stops.
LEAST = 20_000
#: Pages that have a slot, by id: beyond these, two share a slot, and the later one has it. About 1 GB.
PLACES = 8_192
_HEAD = struct.Struct("<qqq")  # the page, the number of its vectors here, and how many pages had the slot before
_NUMBERS = _HEAD.size + IN_PAGE * _ID
_PLACE = _NUMBERS + IN_PAGE * _VECTOR

_file: IO[bytes] | None = None
#: For the threads of a process; `lockf` locks against other processes.
_putting = threading.Lock()


def open_in(folder: Path) -> None:
    """Open the file, in the parent of all processes that share it. Without it nothing is cached."""
    global _file
    _file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - open as long as the process


def close() -> None:
    """Close the file in this process."""
    global _file
    if _file is not None:
        _file.close()
        _file = None


def get(page: int, count: int) -> tuple[memoryview, memoryview] | None:
    """Return ids and numbers of the first vectors of a page, if they are cached."""
    if _file is None:
        return None
    place = page % PLACES * _PLACE
    found = os.pread(_file.fileno(), _PLACE, place)
    if len(found) < _HEAD.size or not _has(found, page, count):
        return None
    # The head comes first and is written last; read again, it shows whether another page took the slot in the meantime,
    # even if it was returned.
    again = os.pread(_file.fileno(), _HEAD.size, place)
    if not _has(again, page, count) or _turn(again) != _turn(found):
        return None
    there = memoryview(found)
    return there[_HEAD.size : _HEAD.size + count * _ID], there[_NUMBERS : _NUMBERS + count * _VECTOR]


def put(page: int, count: int, ids: bytes, numbers: bytes) -> None:
    """Cache a committed page with its number of vectors."""
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
        log.warning("vectors are not kept at hand: %s", error)  # the disk is full: the page is fetched again
        close()


def _has(found: bytes, page: int, count: int) -> bool:
    known, there, _turns = _HEAD.unpack_from(found)
    return bool(known == page and there >= count)


def _turn(found: bytes) -> int:
    return int(_HEAD.unpack_from(found)[2])
