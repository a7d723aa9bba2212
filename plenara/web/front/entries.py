"""A kept page: its bytes as they go out, in each encoding, and what makes it stale."""

import gzip
import zlib
from dataclasses import dataclass
from sys import getsizeof

import brotli

from plenara.web.front.revisions import Snapshot, Stamp

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
#: Headers of an answer that every copy of it gives anew, or that only the front may read.
_OURS = frozenset({b"content-length", b"etag", b"vary", b"connection", b"keep-alive", b"date", b"server", b"age"})

#: What 304 says besides ETag and Vary (RFC 9110, 15.4.5); the reader has the rest.
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
    """A page as it is kept. `until` is seconds of the wall clock; `seen` is the total that it was last held against."""

    stamp: Stamp
    cache_tags: tuple[str, ...]
    until: float
    etag: bytes
    variants: dict[bytes, Variant]
    seen: tuple[int, int]  # not its snapshot, which has the number of every cache tag
    size: int = 0
    is_static: bool = False

    def variant(self, encoding: bytes) -> Variant:
        """Return the page in an encoding that is kept, or else as plain bytes."""
        found = self.variants.get(encoding)
        if found is not None:
            return found
        if (plain := self.variants.get(b"")) is not None:
            return plain
        kept = self.variants[b"gzip"]
        return _variant(_headers(kept), self.etag, b"", gzip.decompress(kept.whole[kept.head :]))

    def is_newest(self, current: Snapshot) -> bool:
        """Say whether nothing that the page stands on was invalidated since it was asked for."""
        if self.seen is current.total:
            return True
        if self.is_static or current.stamp(self.cache_tags).numbers == self.stamp.numbers:
            self.seen = current.total
            return True
        return False

    def may_be_shown_stale(self, current: Snapshot) -> bool:
        """Say whether only something was added since: what was taken away is shown to nobody for a moment longer."""
        return self.is_static or current.stamp(self.cache_tags).gone == self.stamp.gone


def is_text(content_type: bytes) -> bool:
    """Say whether a kind of content is worth compressing."""
    kind = content_type.split(b";", 1)[0].strip().lower()
    return kind.startswith(_TEXT) or kind.endswith(_TEXT_ENDINGS)


def pressed(body: bytes) -> dict[bytes, bytes]:
    """Return a body compressed in the encodings that browsers ask for. Some milliseconds of work, without the GIL."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return {
        b"gzip": packer.compress(body) + packer.flush(),
        b"br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    }


def variants_of(headers: Headers, etag: bytes, bodies: dict[bytes, bytes]) -> dict[bytes, Variant]:
    """Return the variants of an answer from its bodies by encoding (`b""` for plain)."""
    return {encoding: _variant(headers, etag, encoding, body) for encoding, body in bodies.items()}


def _variant(headers: Headers, etag: bytes, encoding: bytes, body: bytes) -> Variant:
    tag = _tagged(etag, encoding)
    kept = [(name, value) for name, value in headers if name not in _OURS and not name.startswith(b"x-plenara-")]
    lines = [name + b": " + value for name, value in kept]
    shared = [line for line in lines if line.startswith(_NOT_MODIFIED)]
    own = [b"vary: Accept-Encoding"] + ([b"etag: " + tag] if tag else [])
    head = [*lines, *own, b"content-length: %d" % len(body)]
    if encoding:
        head.append(b"content-encoding: " + encoding)
    head_bytes = b"\r\n".join(head) + b"\r\n\r\n"
    return Variant(tag, len(head_bytes), head_bytes + body, b"\r\n".join([*shared, *own]) + b"\r\n\r\n")


def _headers(kept: Variant) -> Headers:
    """Return the headers of a page without those of its encoding."""
    pairs = (line.split(b": ", 1) for line in kept.whole[: kept.head - len(b"\r\n\r\n")].split(b"\r\n"))
    return [(name, value) for name, value in pairs if name not in _OURS | {b"content-encoding"}]


def _tagged(etag: bytes, encoding: bytes) -> bytes:
    """Return the ETag of one encoding: different bytes have different tags (RFC 9110, 8.8.3.3)."""
    if not etag or not encoding:
        return etag
    return etag[:-1] + b"-" + encoding + b'"'
