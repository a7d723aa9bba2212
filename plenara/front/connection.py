"""A client's connection: requests are parsed, checked by `requests`, and answered in turn.

A fresh cached page is sent here, while the request is read. Everything else is a separate task;
later requests on the same connection wait for it.
"""

import asyncio
import contextlib
from collections import deque
from http import HTTPStatus
from typing import Protocol

import httptools

from plenara.front.bodies import Rooms
from plenara.front.requests import HEAD_LIMIT, Refusal, Request

#: Requests that may wait on one connection; more are not read until some are answered.
PIPELINE = 16
#: The most requests in one read of a connection; only an attacker sends as many.
MOST_AT_ONCE = 128
#: The most connections open at once.
MOST_CONNECTIONS = 8_192
#: The most seconds for a whole head, and between two requests.
HEAD_SECONDS, IDLE_SECONDS = 20.0, 75.0
#: The least bytes of a body per second, seconds for which it may be slower, and seconds for all of it.
SLOWEST_BODY, BODY_SECONDS, WHOLE_BODY_SECONDS = 1_000, 30.0, 900.0
#: Seconds in which a client may read nothing of a response.
STALLED_SECONDS = 60.0
#: Seconds and bytes that are still read after a refusal, so that the client receives it.
LINGER_SECONDS, LINGER_BYTES = 15.0, 4 * 1024 * 1024
#: The most bytes of a chunk header.
_FRAMING = 64


class Answering(Protocol):
    """The interface that answers requests."""

    now: float
    is_ending: bool
    connections: set["Connection"]
    rooms: Rooms
    most_connections: int

    def at_sight(self, data: bytes, connection: "Connection") -> bool:
        """Answer the bytes of a whole request from the cache; return whether it was possible."""

    def at_once(self, request: Request, connection: "Connection") -> bool:
        """Answer a request from the cache; return whether it was possible."""

    async def answer(self, request: Request, connection: "Connection") -> None:
        """Answer a request."""

    def refusal(self, status: HTTPStatus, request: Request | None) -> bytes:
        """Return the response to a refused request."""

    def network_of(self, request: Request, connection: "Connection") -> str:
        """Return the address of a request, for the limits per address."""


class Connection(asyncio.Protocol):
    """One connection. `peer` is the address of the client."""

    def __init__(self, front: Answering) -> None:
        self._front = front
        self.transport: asyncio.Transport
        self.peer = ""
        self.deadline = 0.0
        self.is_closing = False
        self._parser: httptools.HttpRequestParser
        self._request: Request | None = None
        self._head_size = 0
        self._queue: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        #: Whether written bytes are still unread.
        self.is_slow = False
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._burst = 0
        self._body_began = 0.0
        self._unread, self._unread_since = 0, 0.0
        #: The reason for not reading on; the bytes dropped since the refusal was sent.
        self._refusal: HTTPStatus | None = None
        self._lingers, self._dropped = False, 0
        self.has_started = False

    # Callbacks of asyncio

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # always a stream's
        self.transport = transport
        name = transport.get_extra_info("peername")
        self.peer = name[0] if isinstance(name, tuple) else ""
        self._parser = httptools.HttpRequestParser(self)
        most = self._front.most_connections
        if len(self._front.connections) >= most:
            _make_room(self._front.connections)
        if len(self._front.connections) >= most:
            self.abort()
            return
        self._front.connections.add(self)
        self.deadline = self._front.now + HEAD_SECONDS

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_closing = True
        self._front.connections.discard(self)
        self.resume_writing()
        if self._task is not None:
            self._task.cancel()
        for each in (*self._queue, self._request):
            if each is not None:
                each.close()
        self._queue.clear()

    def pause_writing(self) -> None:
        self.is_slow = True
        self._may_write.clear()

    def resume_writing(self) -> None:
        self.is_slow = False
        self._may_write.set()

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            self._drop(data)
        if self.is_closing or self._refusal is not None:
            return
        self._burst = 0
        # Most requests are one plain GET of a page that is in the cache.
        if self._request is None and self._task is None and not self._queue and self._front.at_sight(data, self):
            return
        # Everything but bodies: a head, chunk headers and trailers.
        self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(HTTPStatus.NOT_IMPLEMENTED)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, Refusal) else HTTPStatus.BAD_REQUEST)
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            if self._head_size > HEAD_LIMIT:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    # Callbacks of the parser

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._request = Request()
        if self._task is None:
            self.deadline = self._front.now + HEAD_SECONDS

    def on_url(self, url: bytes) -> None:
        """Add a piece of the target."""
        assert self._request is not None
        self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header."""
        assert self._request is not None
        self._request.add(name, value)

    def on_headers_complete(self) -> None:
        """Check the head."""
        request = self._request
        assert request is not None
        if self._parser.should_upgrade() and b"upgrade" in request.headers:
            raise Refusal(HTTPStatus.NOT_IMPLEMENTED)
        request.complete(self._parser.get_method(), self._parser.get_http_version())
        request.keep_alive = self._parser.should_keep_alive() and not self._front.is_ending
        self._head_size, self._body_began = 0, self._front.now
        self.deadline = self._front.now + BODY_SECONDS
        if request.headers.get(b"expect", b"").lower() == b"100-continue" and self._task is None:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        """Add a piece of the body. A fast beginning does not allow a slow end."""
        request, now = self._request, self._front.now
        assert request is not None
        if request.rooms is None:
            request.rooms, request.address = self._front.rooms, self._front.network_of(request, self)
        request.take(data)
        self._head_size = max(0, self._head_size - len(data) - _FRAMING)
        in_time = min(now + BODY_SECONDS, self.deadline + len(data) / SLOWEST_BODY)
        self.deadline = min(in_time, self._body_began + WHOLE_BODY_SECONDS)

    def on_message_complete(self) -> None:
        """Answer the request, at once if possible and nothing before it waits."""
        request, self._request = self._request, None
        assert request is not None
        self._head_size = 0
        self._burst += 1
        if self._burst > MOST_AT_ONCE:
            raise Refusal(HTTPStatus.BAD_REQUEST)
        if self._task is None and not self._queue and self._burst <= PIPELINE and self._front.at_once(request, self):
            return
        self._queue.append(request)
        self.deadline = float("inf")
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._in_turn())
        if self._is_full():
            self.transport.pause_reading()

    def _is_full(self) -> bool:
        """Return whether the queue is full: many requests, or one with a body."""
        return len(self._queue) >= PIPELINE or any(each.body_size for each in self._queue)

    async def _in_turn(self) -> None:
        try:
            while self._queue and not self.is_closing:
                request = self._queue[0]
                self.has_started = False
                await self._may_write.wait()
                try:
                    await self._front.answer(request, self)
                finally:
                    request.close()
                if self._queue:
                    self._queue.popleft()
                if not (self._is_full() or self.is_closing or self._refusal is not None):
                    self.transport.resume_reading()
        finally:
            self._task = None
            self.deadline = self._front.now + IDLE_SECONDS
        if self._refusal is not None and not self.is_closing:
            self._send_refusal()

    # Writing responses

    async def write(self, data: bytes) -> None:
        """Write, once the client is ready."""
        await self._may_write.wait()
        if not self.is_closing:
            self.transport.write(data)

    def after(self, request: Request) -> None:
        """Close if the request asked for it; otherwise wait for the next."""
        if not request.keep_alive and self._refusal is not None:
            self._linger()
        elif not request.keep_alive:
            self.close()
        else:
            self.deadline = self._front.now + IDLE_SECONDS

    def close(self) -> None:
        """Close once everything is sent."""
        self.is_closing = True
        with contextlib.suppress(OSError):
            self.transport.close()

    def abort(self) -> None:
        """Close at once: an incomplete response must not look complete."""
        self.is_closing = True
        self.transport.abort()

    @property
    def is_idle(self) -> bool:
        """Return whether no request is being received or answered, and everything written was read."""
        return self._task is None and self._request is None and not self.transport.get_write_buffer_size()

    @property
    def is_at_rest(self) -> bool:
        """Return whether nothing of a request was read that is not answered."""
        is_read = self._request is None and not self._head_size and not self._queue and self._refusal is None
        return is_read and self._task is None and not self.is_closing

    def expire(self) -> None:
        """End what takes too long: a body with a response, anything else without one."""
        if self._is_full():
            self.deadline = float("inf")  # reading is paused: the client is not late
        elif self._refusal is None and self._request is not None and self._request.method:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self.is_idle:
            self.close()
        else:
            self.abort()

    @property
    def is_answering(self) -> bool:
        """Return whether a request is being answered."""
        return self._task is not None

    def has_stalled(self, now: float) -> bool:
        """Return whether the client has read nothing for long, with more than buffers hold; called twice a second."""
        unread = self.transport.get_write_buffer_size() if self.is_slow else 0
        if not unread or unread < self._unread or not self._unread:
            self._unread, self._unread_since = unread, now
        return bool(unread) and now - self._unread_since > STALLED_SECONDS

    def _refuse(self, status: HTTPStatus) -> None:
        """Stop reading, since anything could follow; send the refusal once all earlier requests are answered."""
        self._refusal = status
        if self._task is None:
            self._send_refusal()
        else:
            self.deadline = float("inf")
            self.transport.pause_reading()

    def _send_refusal(self) -> None:
        assert self._refusal is not None
        request, self._request = self._request, None
        self.transport.write(self._front.refusal(self._refusal, request))
        if request is not None:
            request.close()
        self._linger()

    def _linger(self) -> None:
        """Close only our side: while bytes still arrive, closing both would discard the response."""
        self.is_closing = self._lingers = True
        self.deadline = self._front.now + LINGER_SECONDS
        with contextlib.suppress(OSError, RuntimeError):
            self.transport.write_eof()
            self.transport.resume_reading()

    def _drop(self, data: bytes) -> None:
        """Discard what comes after a refusal, and close the connection if it is too much."""
        self._dropped += len(data)
        if self._lingers and self._dropped > LINGER_BYTES:
            self.abort()


def _make_room(open_ones: set[Connection]) -> None:
    """Close some of the idle connections: those that would time out soonest."""
    idle = sorted((each for each in open_ones if not each.is_answering), key=lambda each: each.deadline)
    for each in idle[: max(1, MOST_CONNECTIONS // 100)]:
        open_ones.discard(each)
        each.abort()
