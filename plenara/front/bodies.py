"""Space for request bodies until Django has them: limited in total and for each address, forms apart from files.

Large uploads never take the space of ordinary forms, however many there are and however slow they are.
"""

import io
from collections import Counter
from tempfile import TemporaryFile
from typing import IO

#: Bytes of a form without files: Django takes no more of its fields (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
FORM_LIMIT = 2 * 1024 * 1024
_MB = 1024 * 1024


class Room:
    """A number of bytes, of which each address may have a part."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self.reserved = 0
        self._by_address: Counter[str] = Counter()

    def take(self, address: str, size: int) -> bool:
        """Reserve more bytes for an address; return whether there was space."""
        if self.reserved + size > self._most or self._by_address[address] + size > self._most_of_one:
            return False
        self.reserved += size
        self._by_address[address] += size
        return True

    def give_back(self, address: str, size: int) -> None:
        """Release bytes."""
        self.reserved -= size
        self._by_address[address] -= size
        if not self._by_address[address]:
            del self._by_address[address]


class Body:
    """Received bytes: in memory; on the disk if they are many; if the disk is full, a form is in memory again."""

    def __init__(self, in_memory: int) -> None:
        self._in_memory, self._size = in_memory, 0
        self._file: IO[bytes] = io.BytesIO()
        self._is_on_disk = self._disk_is_full = False

    def write(self, data: bytes) -> bool:
        """Store a piece; return whether there was space. If there was none, the earlier pieces remain."""
        if not (self._is_on_disk or self._disk_is_full) and self._size + len(data) > self._in_memory:
            self._move_to_disk()
        if self._is_on_disk:
            try:
                _write_all(self._file, data)
            except OSError:
                self._file.truncate(self._size)
                self._disk_is_full = True
        if self._disk_is_full:
            if self._size + len(data) > FORM_LIMIT:
                return False
            self._move_to_memory()
        if not self._is_on_disk:
            self._file.write(data)
        self._size += len(data)
        return True

    def _move_to_disk(self) -> None:
        try:
            file = TemporaryFile(buffering=0)  # noqa: SIM115 - unbuffered: what found no room is known at once
        except OSError:
            self._disk_is_full = True
            return
        try:
            self._file.seek(0)
            _write_all(file, self._file.read())
        except OSError:
            file.close()
            self._file.seek(0, io.SEEK_END)
            self._disk_is_full = True
        else:
            self._file, self._is_on_disk = file, True

    def _move_to_memory(self) -> None:
        if self._is_on_disk:
            self._file.seek(0)
            memory = io.BytesIO(self._file.read(self._size))
            memory.seek(0, io.SEEK_END)
            self._file.close()
            self._file, self._is_on_disk = memory, False

    def seek(self, place: int) -> None:
        """Set the position of the next read."""
        self._file.seek(place)

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes from there on, or fewer at the end."""
        return self._file.read(size)

    def close(self) -> None:
        """Release them."""
        self._file.close()


def _write_all(file: IO[bytes], data: bytes) -> None:
    """Write all of it. Raises `OSError`: a disk that fills up first takes some of it."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


class Rooms:
    """The space of forms, and that of larger bodies. One address may have a hundred long forms, six large uploads."""

    def __init__(self, forms: Room | None = None, files: Room | None = None) -> None:
        self.forms = forms or Room(256 * _MB, 32 * _MB)
        self.files = files or Room(768 * _MB, 128 * _MB)

    @property
    def reserved(self) -> int:
        """Return the reserved bytes in total."""
        return self.forms.reserved + self.files.reserved

    def of(self, size: int) -> Room:
        """Return the space for a body of a size."""
        return self.forms if size <= FORM_LIMIT else self.files
