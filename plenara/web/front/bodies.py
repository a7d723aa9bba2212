"""Room for what people send, until Django has it: bounded in all and for each address, for forms apart from files.

Large uploads never take the room of ordinary forms, however many there are and however slowly they come.
"""

from collections import Counter

#: Bytes of a form without files: Django takes no more of its fields (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
FORM_LIMIT = 2 * 1024 * 1024
_MB = 1024 * 1024


class Room:
    """So many bytes, of which each address has a part at most."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self.held = 0
        self._by_address: Counter[str] = Counter()

    def take(self, address: str, size: int) -> bool:
        """Hold so many bytes more for an address; return whether there was room for them."""
        if self.held + size > self._most or self._by_address[address] + size > self._most_of_one:
            return False
        self.held += size
        self._by_address[address] += size
        return True

    def give_back(self, address: str, size: int) -> None:
        """Let go of so many bytes."""
        self.held -= size
        self._by_address[address] -= size
        if not self._by_address[address]:
            del self._by_address[address]


class Rooms:
    """The room of forms, and that of whatever is larger. Of one address: a hundred long forms, six large uploads."""

    def __init__(self, forms: Room | None = None, files: Room | None = None) -> None:
        self.forms = forms or Room(256 * _MB, 32 * _MB)
        self.files = files or Room(768 * _MB, 128 * _MB)

    @property
    def held(self) -> int:
        """Return the bytes that are held in all."""
        return self.forms.held + self.files.held

    def of(self, size: int) -> Room:
        """Return the room of a body of a size."""
        return self.forms if size <= FORM_LIMIT else self.files
