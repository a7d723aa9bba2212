"""The page cache: entries by host, path and the parameters of the page, limited in bytes; each with its bytes
in each encoding, and what makes it stale.
"""

import gzip
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from sys import getsizeof
from urllib.parse import parse_qsl, urlencode

import brotli

from plenara.front.revisions import Snapshot, Stamp

#: Bytes below which compressing gains nothing.
SMALL = 400
#: Kinds of content that shrink; pictures, archives and PDF are compressed already.
_TEXT = (
    b"text/",
    b"application/json",
    b"application/xml",
    b"image/svg",
    b"application/ld+json",
    b"application/problem",
)
_TEXT_ENDINGS = (b"+xml", b"+json", b"javascript")
#: Headers of a response that the front sets itself, or that only the front may read.
_OURS = frozenset({b"content-length", b"etag", b"vary", b"connection", b"keep-alive", b"date", b"server", b"age"})

#: Headers of a 304 besides ETag and Vary (RFC 9110, 15.4.5); the client has the rest.
_NOT_MODIFIED = (b"cache-control:", b"content-location:", b"expires:", b"access-control-")

type Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Variant:
    """One encoding of a page: its head without the first lines, and its body behind it."""

    etag: bytes
    head: int  # bytes of `whole` that are its head
    whole: bytes
    not_modified: bytes

    @property
    def size(self) -> int:
        """Return the bytes of memory that it takes."""
        return sum(map(getsizeof, (self, self.etag, self.whole, self.not_modified)))


@dataclass(slots=True)
class Entry:
    """A cached page. `until` is seconds of the wall clock; `seen` is the total that it was last compared with."""

    stamp: Stamp
    cache_tags: tuple[str, ...]
    until: float
    etag: bytes
    variants: dict[bytes, Variant]
    seen: tuple[int, int]  # not its snapshot, which has the number of every cache tag
    size: int = 0
    is_static: bool = False

    def variant(self, encoding: bytes) -> Variant:
        """Return the page in a cached encoding, or else as plain bytes."""
        found = self.variants.get(encoding)
        if found is not None:
            return found
        if (plain := self.variants.get(b"")) is not None:
            return plain
        variant = self.variants[b"gzip"]
        return _variant(_headers(variant), self.etag, b"", gzip.decompress(variant.whole[variant.head :]))

    def is_newest(self, current: Snapshot) -> bool:
        """Return whether none of the page's cache tags was invalidated since it was requested."""
        if self.seen is current.total:
            return True
        if self.is_static or current.stamp(self.cache_tags).numbers == self.stamp.numbers:
            self.seen = current.total
            return True
        return False

    def may_be_shown_stale(self, current: Snapshot) -> bool:
        """Return whether there were only additions since: withdrawn content must never be shown again."""
        return self.is_static or current.stamp(self.cache_tags).gone == self.stamp.gone


def is_text(content_type: bytes) -> bool:
    """Return whether a content type is worth compressing."""
    kind = content_type.split(b";", 1)[0].strip().lower()
    return kind.startswith(_TEXT) or kind.endswith(_TEXT_ENDINGS)


def pressed(body: bytes) -> dict[bytes, bytes]:
    """Return a body compressed in the encodings that browsers accept. Some milliseconds of work, without the GIL."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return {
        b"gzip": packer.compress(body) + packer.flush(),
        b"br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    }


def variants_of(headers: Headers, etag: bytes, bodies: dict[bytes, bytes]) -> dict[bytes, Variant]:
    """Return the variants of a response from its bodies by encoding (`b""` for plain)."""
    return {encoding: _variant(headers, etag, encoding, body) for encoding, body in bodies.items()}


def _variant(headers: Headers, etag: bytes, encoding: bytes, body: bytes) -> Variant:
    tag = _tagged(etag, encoding)
    forwarded = [(name, value) for name, value in headers if name not in _OURS and not name.startswith(b"x-plenara-")]
    lines = [name + b": " + value for name, value in forwarded]
    shared = [line for line in lines if line.startswith(_NOT_MODIFIED)]
    own = [b"vary: Accept-Encoding"] + ([b"etag: " + tag] if tag else [])
    head = [*lines, *own, b"content-length: %d" % len(body)]
    if encoding:
        head.append(b"content-encoding: " + encoding)
    head_bytes = b"\r\n".join(head) + b"\r\n\r\n"
    return Variant(tag, len(head_bytes), head_bytes + body, b"\r\n".join([*shared, *own]) + b"\r\n\r\n")


def _headers(variant: Variant) -> Headers:
    """Return the headers of a page without those of its encoding."""
    pairs = (line.split(b": ", 1) for line in variant.whole[: variant.head - len(b"\r\n\r\n")].split(b"\r\n"))
    return [(name, value) for name, value in pairs if name not in _OURS | {b"content-encoding"}]


def _tagged(etag: bytes, encoding: bytes) -> bytes:
    """Return the ETag of one encoding: different bytes have different tags (RFC 9110, 8.8.3.3)."""
    if not etag or not encoding:
        return etag
    return etag[:-1] + b"-" + encoding + b'"'


type Key = tuple[bytes, bytes]  # host (with the scheme), and path with the known query parameters

#: The share of the cache for pages with parameters.
QUERIES_SHARE = 0.25
#: Paths whose parameters are remembered, addresses that are remembered as missing or private.
REMEMBERED = 20_000
#: Bytes above which a path is not remembered; ours are shorter.
LONGEST_REMEMBERED = 300
#: About the bytes of memory that an entry takes besides its content.
OVERHEAD = 2_000
#: Bytes above which a page is not cached.
LARGEST = 2_000_000


class Partition:
    """A least-recently-used cache of limited bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self.entries: OrderedDict[Key, Entry] = OrderedDict()

    def put(self, key: Key, entry: Entry) -> None:
        """Store an entry; evict the least recently used ones."""
        self.drop(key)
        if entry.size > self.room:
            return
        self.entries[key] = entry
        self.used += entry.size
        while self.used > self.room:
            _key, oldest = self.entries.popitem(last=False)
            self.used -= oldest.size

    def drop(self, key: Key) -> None:
        """Remove an entry."""
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
    """The page cache. It decides nothing about freshness: an entry knows its cache tags."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._plain = Partition(int(room * (1 - QUERIES_SHARE)))
        self._queried = Partition(int(room * QUERIES_SHARE))
        #: By host and path: the parameters of its page; None if every one counts.
        self._parameters: Remembered[tuple[str, ...]] = Remembered()
        self._private: Remembered[bool] = Remembered()

    @property
    def used(self) -> int:
        """Return the bytes that entries take."""
        return self._plain.used + self._queried.used

    def __len__(self) -> int:
        return len(self._plain.entries) + len(self._queried.entries)

    def find(self, key: Key) -> Entry | None:
        """Return the entry of a key, and mark it as used."""
        entries = self._plain.entries
        if (entry := entries.get(key)) is None:
            entries = self._queried.entries
            entry = entries.get(key)
        if entry is not None:
            entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Store an entry under its key."""
        entry.size = OVERHEAD + sum(each.size for each in entry.variants.values())
        if entry.size <= LARGEST:
            self._partition(key).put(key, entry)

    def drop(self, key: Key) -> None:
        """Remove an entry."""
        self._partition(key).drop(key)

    def _partition(self, key: Key) -> Partition:
        """Return the partition of a key. A path can have many spellings with `%`."""
        return self._queried if b"?" in key[1] or b"%" in key[1] else self._plain

    def learn(self, host: bytes, path: bytes, parameters: tuple[str, ...] | None) -> None:
        """Remember the parameters of the page at a path; None: every one counts."""
        self._parameters.put((host, path), parameters if parameters is not None else ("*",))
        self._private.drop((host, path))

    def is_known(self, host: bytes, path: bytes) -> bool:
        """Return whether the page at a path is known to be public."""
        return self._parameters.get((host, path)) is not None

    def mark_private(self, host: bytes, path: bytes) -> None:
        """Remember that a path is private or missing."""
        self._private.put((host, path), True)

    def is_private(self, host: bytes, path: bytes) -> bool:
        """Return whether a path is remembered as not cacheable."""
        return self._private.get((host, path)) is not None

    def canonical(self, host: bytes, target: bytes) -> bytes | None:
        """Return the target with only the known parameters, in one order; None if it is unreadable."""
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
        known_pairs = sorted(pair for pair in pairs if pair[0] in known)
        return path + b"?" + urlencode(known_pairs).encode() if known_pairs else path
