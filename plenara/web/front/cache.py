"""The page cache: entries by host, path and the parameters that the page knows, bounded in bytes.

Pages asked for with parameters have a quarter of the room, so that a hundred thousand made-up addresses push out each
other and no thread's first page.
"""

from collections import OrderedDict
from urllib.parse import parse_qsl, urlencode

from plenara.web.front.entries import Entry

type Key = tuple[bytes, bytes]  # host (with the scheme), and path with the query that the page knows

#: Of the room, what pages asked for with parameters may take.
QUERIES_SHARE = 0.25
#: Paths whose parameters are remembered, addresses that are remembered to be nobody's or somebody's own.
REMEMBERED = 20_000
#: Bytes above which a path is not remembered; ours are shorter.
LONGEST_REMEMBERED = 300
#: Bytes that an entry takes besides its bytes, by and large.
OVERHEAD = 2_000
#: Bytes above which a page is not kept.
LARGEST = 2_000_000


class Partition:
    """Entries in the order in which they were last asked for, within some bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self.entries: OrderedDict[Key, Entry] = OrderedDict()

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry; the ones that nobody asked for longest go."""
        self.drop(key)
        if entry.size > self.room:
            return
        self.entries[key] = entry
        self.used += entry.size
        while self.used > self.room:
            _key, oldest = self.entries.popitem(last=False)
            self.used -= oldest.size

    def drop(self, key: Key) -> None:
        """Forget an entry."""
        if (old := self.entries.pop(key, None)) is not None:
            self.used -= old.size


class Remembered[T]:
    """A table of some thousand rows that forgets the oldest."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._rows: OrderedDict[Key, T] = OrderedDict()

    def get(self, key: Key) -> T | None:
        """Return what is known of a key."""
        return self._rows.get(key)

    def put(self, key: Key, value: T) -> None:
        """Remember a row."""
        if len(key[1]) > LONGEST_REMEMBERED:
            return
        self._rows[key] = value
        self._rows.move_to_end(key)
        if len(self._rows) > self._most:
            self._rows.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forget a row."""
        self._rows.pop(key, None)


class PageCache:
    """What is kept. It decides nothing about freshness: an entry knows its cache tags."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._plain = Partition(int(room * (1 - QUERIES_SHARE)))
        self._queried = Partition(int(room * QUERIES_SHARE))
        #: By host and path: the parameters that its page knows; None where every one counts.
        self._parameters: Remembered[tuple[str, ...]] = Remembered()
        self._private: Remembered[bool] = Remembered()

    @property
    def used(self) -> int:
        """Return the bytes that entries take."""
        return self._plain.used + self._queried.used

    def __len__(self) -> int:
        return len(self._plain.entries) + len(self._queried.entries)

    def find(self, key: Key) -> Entry | None:
        """Return the entry of a key, as the one last asked for."""
        partition = self._partition(key)
        entry = partition.entries.get(key)
        if entry is not None:
            partition.entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry under its key."""
        entry.size = OVERHEAD + sum(each.size for each in entry.variants.values())
        if entry.size <= LARGEST:
            self._partition(key).put(key, entry)

    def drop(self, key: Key) -> None:
        """Forget an entry."""
        self._partition(key).drop(key)

    def _partition(self, key: Key) -> Partition:
        """Return where a key stands. One path has as many spellings with `%` as somebody cares to make up."""
        return self._queried if b"?" in key[1] or b"%" in key[1] else self._plain

    def learn(self, host: bytes, path: bytes, parameters: tuple[str, ...] | None) -> None:
        """Remember which parameters the page at a path knows; None: every one counts."""
        self._parameters.put((host, path), parameters if parameters is not None else ("*",))
        self._private.drop((host, path))

    def is_known(self, host: bytes, path: bytes) -> bool:
        """Say whether the page at a path was seen to be everybody's."""
        return self._parameters.get((host, path)) is not None

    def mark_private(self, host: bytes, path: bytes) -> None:
        """Remember that what is at a path is not the same for everybody, or is nothing."""
        self._private.put((host, path), True)

    def is_private(self, host: bytes, path: bytes) -> bool:
        """Say whether a path is remembered as not kept."""
        return self._private.get((host, path)) is not None

    def canonical(self, host: bytes, target: bytes) -> bytes | None:
        """Return the target with only the parameters that its page knows, in one order; None where it is unreadable."""
        path, question, query = target.partition(b"?")
        if not question:
            return target
        known = self._parameters.get((host, path))
        if known is None or known == ("*",):
            return target
        if not known:
            return path
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            return None
        kept = sorted(pair for pair in pairs if pair[0] in known)
        return path + b"?" + urlencode(kept).encode() if kept else path
