"""Requests: parsing, and refusing invalid ones before they reach Django."""

import ipaddress
import re
from dataclasses import dataclass, field
from http import HTTPStatus

from plenara.front.bodies import FORM_LIMIT, Body, Room, Rooms

#: The most bytes of a request's line and headers together, of its target, and the most headers.
HEAD_LIMIT, TARGET_LIMIT, HEADERS_LIMIT = 32_768, 8_192, 100
#: The most bytes of a body; forms have further limits in Django.
BODY_LIMIT = 64 * 1024 * 1024
#: The most bytes of a body in memory.
BODY_IN_MEMORY = 64 * 1024
#: Media types of forms; the second may hold files.
FORM, FORM_WITH_FILES = b"application/x-www-form-urlencoded", b"multipart/form-data"

_METHODS = frozenset({b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT", b"PATCH", b"DELETE"})
_HOST = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_TARGET = re.compile(rb"/[\x21-\x7e]*")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
#: Headers of a single connection (RFC 9110, 7.6.1), or that we set ourselves.
_HOP = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-connection", b"proxy-authenticate", b"proxy-authorization", b"te",
        b"trailer", b"transfer-encoding", b"upgrade", b"content-length", b"expect", b"http2-settings", b"host",
    }
)  # fmt: skip
#: Of these a second one is refused: Django might use another one of two than the front.
_SINGLE = frozenset(
    {
        b"host", b"content-length", b"transfer-encoding", b"content-type", b"authorization", b"range",
        b"if-none-match", b"if-modified-since", b"expect", b"origin", b"referer", b"x-forwarded-proto",
    }
)  # fmt: skip
#: Headers that set the length of a request.
_FRAMED = frozenset({b"transfer-encoding", b"content-length"})
#: Headers that a plain head may have once, by their groups in `_PLAIN`. All others of `_PARSED` are for the parser.
_ONCE = ("host", "accept-encoding", "if-none-match", "x-forwarded-proto", "referer", "origin")
_PARSED = "|".join(sorted(name.decode() for name in _SINGLE | {b"accept-encoding", b"connection", b"upgrade"}))
_VALUES = r"[\t -~\x80-\xff]*+"
_EACH_ONCE = "|".join(rf"{name}: (?({group})(?!)|({_VALUES}))" for group, name in enumerate(_ONCE, 2))
_OTHER = rf"(?!(?:{_PARSED}): )[!#$%&'*+\-.^`|~0-9a-z]++: {_VALUES}"
#: A head in lower case that is plainly one GET: no body, no bare line break, no value on a second line.
_PLAIN = re.compile(
    rf"get (/[!-~]*+) http/1\.1\r\n(?:(?:{_EACH_ONCE}|connection: keep-alive|{_OTHER})\r\n){{1,100}}+\r\n".encode()
)
LONGEST_PLAIN = 4_096
#: A cache of parsed headers that recur.
_SEEN: dict[tuple[bytes, bytes], tuple[bytes, bytes]] = {}
_MOST_SEEN, _LONGEST_SEEN = 4_096, 300


class Refusal(Exception):
    """A refused request, with its status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class Request:
    """One request. Header names are lower-case bytes; `passed` has those that are forwarded to Django."""

    method: bytes = b""
    target: bytes = b""
    host: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    keep_alive: bool = True
    minor: int = 1
    body: Body | None = None
    body_size: int = 0
    length: int = 0  # Content-Length of the body
    address: str = ""  # the address whose space the body takes, and which space
    rooms: Rooms | None = None
    room: Room | None = None
    in_room: int = 0
    count: int = 0
    head_size: int = 0
    is_unsure: bool = False

    @property
    def path(self) -> bytes:
        """Return the target without its query."""
        return self.target.partition(b"?")[0]

    @property
    def is_read(self) -> bool:
        """Return whether it requests a page without a body."""
        return self.method in {b"GET", b"HEAD"} and not self.body_size

    @property
    def media_type(self) -> bytes:
        """Return the media type of the body, without parameters."""
        return self.headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower()

    @property
    def is_form(self) -> bool:
        """Return whether it is a form that a person may have filled in."""
        return self.method == b"POST" and self.media_type in {FORM, FORM_WITH_FILES}

    def add(self, name: bytes, value: bytes) -> None:
        """Take a header. Raises `Refusal`."""
        self.count += 1
        self.head_size += len(name) + len(value)
        if self.count > HEADERS_LIMIT or self.head_size > HEAD_LIMIT:
            raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self.method:
            return  # a trailer: no header of the request
        name, value = _SEEN.get((name, value)) or _let_in(name, value)
        if name in self.headers and name in _SINGLE:
            raise Refusal(HTTPStatus.BAD_REQUEST)
        # WSGI cannot distinguish "-" from "_": a name with the latter could imitate another one (even one of ours).
        if b"_" in name:
            return
        if name in self.headers:
            joint = b"; " if name == b"cookie" else b", "
            self.headers[name] += joint + value
        else:
            self.headers[name] = value

    def complete(self, method: bytes, version: str) -> None:
        """Check the whole head. Raises `Refusal`."""
        self.method, self.minor = method, 0 if version == "1.0" else 1
        if version not in {"1.0", "1.1"}:
            raise Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        if method == b"TRACE":
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED)  # TRACE: every server knows it, and nothing here supports it
        if method not in _METHODS:
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED)
        if len(self.target) > TARGET_LIMIT:
            raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG)
        if not _TARGET.fullmatch(self.target) or b"#" in self.target:
            raise Refusal(HTTPStatus.BAD_REQUEST)
        headers = self.headers
        self.host = headers.get(b"host", b"").lower()
        if not _HOST.fullmatch(self.host):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        if method == b"GET" and not headers.keys() & _FRAMED:
            return
        encoding, length = headers.get(b"transfer-encoding"), headers.get(b"content-length")
        if encoding is not None and (encoding.lower() != b"chunked" or length is not None or self.minor == 0):
            raise Refusal(HTTPStatus.BAD_REQUEST if length is not None else HTTPStatus.NOT_IMPLEMENTED)
        if length is not None and (not length.isdigit() or len(length) > 15):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        self.length = int(length or 0)
        if self.length > BODY_LIMIT:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    @property
    def passed(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that are forwarded to Django."""
        return [pair for pair in self.headers.items() if pair[0] not in _HOP and not pair[0].startswith(b"x-plenara-")]

    def take(self, data: bytes) -> None:
        """Store a piece of the body, on disk if it is long. Raises `Refusal`, which shows again what was stored."""
        self.body_size += len(data)
        if self.body is None:
            self.body = Body(BODY_IN_MEMORY)
        if not self.body.write(data):
            raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE)
        if self.body_size > (FORM_LIMIT if self.media_type == FORM else BODY_LIMIT):
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self._has_room(len(data)):
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)

    def _has_room(self, size: int) -> bool:
        """Reserve space for a piece of the body; for all of it if it has outgrown the space of forms."""
        assert self.rooms is not None
        room = self.rooms.of(max(self.length, self.body_size))
        if room is not self.room:
            self._leave()
            self.room, size = room, self.body_size
        if not room.take(self.address, size):
            return False
        self.in_room += size
        return True

    def _leave(self) -> None:
        if self.room is not None:
            self.room.give_back(self.address, self.in_room)
        self.room, self.in_room = None, 0

    def close(self) -> None:
        """Release the body."""
        if self.body is not None:
            self.body.close()
            self.body = None
        self._leave()


def _let_in(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a checked header. Raises `Refusal`."""
    header = name.lower(), value.strip(b" \t")
    if not _VALUE.fullmatch(header[1]):
        raise Refusal(HTTPStatus.BAD_REQUEST)
    if len(_SEEN) < _MOST_SEEN and len(value) <= _LONGEST_SEEN and header[0] != b"cookie":
        _SEEN[name, value] = header
    return header


def plain_head(data: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes] | None:
    """Return the target, Host, X-Forwarded-Proto, Accept-Encoding and If-None-Match of a whole request.

    It is as browsers write it: one GET without a body. None for anything else, valid or not: then the parser decides.
    Values are in lower case, but for If-None-Match; empty if there is none.
    """
    if len(data) > LONGEST_PLAIN or (found := _PLAIN.fullmatch(data.lower())) is None:
        return None
    end = found.end(1)
    if data[:4] != b"GET " or data[end : end + 9] != b" HTTP/1.1":
        return None
    _target, host, accepted, known, scheme, _referer, _origin = found.groups(b"")
    if known:
        known = data[found.start(4) : found.end(4)]
    return data[4:end], host, scheme, accepted, known


def network_of(peer: str, forwarded: str, trusted: int) -> str:
    """Return the IP address that `trusted` proxies name in X-Forwarded-For, or else that of the connection.

    Of IPv6 only the network is returned (/64): one household has 2**64 addresses. Empty if it cannot be read.
    """
    named = [part.strip() for part in forwarded.split(",") if part.strip()]
    # Each trusted proxy added one at the end; the client may have invented those before.
    written = named[-min(trusted, len(named))] if trusted and named else peer
    try:
        address = ipaddress.ip_address(written.strip("[]").split("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
