"""The front's connections to Django: HTTP over a socket that only the user of this process can open.

A request is written whole, with a length that we count ourselves, so that nothing in it can be parsed as a second
request. A response comes in pieces; a slow client does not block a process of Django.
"""

import asyncio
import logging
from collections import Counter, deque
from dataclasses import dataclass, field

import httptools

from plenara.front.bodies import Body

log = logging.getLogger("plenara.front")

#: Seconds that a request waits for a connection, and for Django to start.
PATIENCE, START_PATIENCE = 15.0, 10.0
#: Seconds of silence after which a response is given up.
SILENCE = 120.0
#: Bytes of a body that are written at once.
_PIECE = 256 * 1024


class Unavailable(Exception):
    """Django is not running, or ended before its response; `was_sent` says whether it may have received the request."""

    def __init__(self, *, was_sent: bool) -> None:
        super().__init__("was sent" if was_sent else "was not sent")
        self.was_sent = was_sent


class Busy(Exception):
    """There are more requests than Django can answer in time."""


@dataclass(slots=True)
class Answer:
    """Django's response: status, headers, and a body that comes in pieces."""

    status: int = 0
    reason: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    pieces: deque[bytes] = field(default_factory=deque)
    is_complete: bool = False
    has_failed: bool = False

    def header(self, name: bytes) -> bytes:
        """Return a header's value, empty if there is none."""
        return next((value for each, value in self.headers if each == name), b"")


class Link(asyncio.Protocol):
    """One connection to Django, for one request at a time."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self.transport: asyncio.Transport
        self.answer: Answer | None = None
        self.is_head = False
        self.is_open = False
        self.used = 0
        #: The id of the process behind it; unknown until its first response.
        self.process: bytes | None = None
        self._parser: httptools.HttpResponseParser
        self._event = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()

    # Callbacks of asyncio

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # always a stream's
        self.transport, self.is_open = transport, True

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self.answer is not None and not self.answer.is_complete:
            self.answer.has_failed = True
        self._may_write.set()
        self._event.set()
        self._pool.lost(self)

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, AttributeError):
            self.transport.abort()
        self._event.set()

    # Callbacks of the parser

    def on_status(self, reason: bytes) -> None:
        """Add the reason of the status line."""
        if self.answer is not None:
            self.answer.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header."""
        if self.answer is not None:
            self.answer.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Set the status; a response to HEAD has no body, whatever its length."""
        if self.answer is not None:
            self.answer.status = self._parser.get_status_code()
            if self.is_head:
                self.answer.is_complete = True

    def on_body(self, data: bytes) -> None:
        """Add a piece of the body."""
        if self.answer is not None and not self.is_head:
            self.answer.pieces.append(data)

    def on_message_complete(self) -> None:
        """Mark the response as complete."""
        if self.answer is not None:
            self.answer.is_complete = True

    # Requests of the front

    async def ask(self, head: bytes, body: Body | None, *, is_head: bool) -> Answer:
        """Send a request and return its response once the head is there. Raises `Unavailable`."""
        self.answer, self.is_head = Answer(), is_head
        self._parser = httptools.HttpResponseParser(self)
        self._event.clear()
        self.used += 1
        self.transport.write(head)
        if body is not None:
            body.seek(0)
            while piece := body.read(_PIECE):
                await self._may_write.wait()
                if not self.is_open:
                    raise Unavailable(was_sent=True)
                self.transport.write(piece)
        answer = self.answer
        while not answer.status:
            if not self.is_open:
                raise Unavailable(was_sent=True)
            await self._more()
        self.process = answer.header(b"x-plenara-process")
        return answer

    async def _more(self) -> None:
        try:
            await asyncio.wait_for(self._event.wait(), SILENCE)
        except TimeoutError:
            self.transport.abort()
            raise Unavailable(was_sent=True) from None
        self._event.clear()

    async def piece(self) -> bytes:
        """Return the next piece of the response's body; empty at its end. Raises `Unavailable` if it ends early."""
        answer = self.answer
        assert answer is not None
        while True:
            if answer.pieces:
                return answer.pieces.popleft()
            if answer.is_complete:
                return b""
            if not self.is_open:
                raise Unavailable(was_sent=True)
            await self._more()

    def pause(self) -> None:
        """Pause reading: the client is slow and enough is buffered."""
        if self.is_open:
            self.transport.pause_reading()

    def resume(self) -> None:
        """Resume reading."""
        if self.is_open:
            self.transport.resume_reading()

    def is_reusable(self) -> bool:
        """Return whether another request may use it."""
        answer = self.answer
        return (
            self.is_open
            and not self.is_head
            and answer is not None
            and answer.is_complete
            and answer.header(b"connection").lower() != b"close"
            and self.used < 1000
        )


class Pool:
    """Connections to Django, at most as many in use as it has threads: requests wait here, where waiting is cheap.

    The kernel chooses which process accepts a connection, perhaps one for all. Each is known by its first
    response; a request goes to the least busy process.
    """

    def __init__(self, path: str, *, processes: int, threads: int) -> None:
        self._path, self._processes = path, processes
        self._most = processes * threads
        self._turns = asyncio.Semaphore(self._most)
        self._free: list[Link] = []
        self._lent: set[Link] = set()
        self._opening = 0
        #: Requests that wait for their turn.
        self.waiting = 0

    @property
    def lent(self) -> int:
        """How many connections are in use."""
        return len(self._lent)

    def lost(self, link: Link) -> None:
        """Forget a connection that has ended."""
        if link in self._free:
            self._free.remove(link)

    async def take(self) -> Link:
        """Return a connection for exclusive use. Raises `Busy` or `Unavailable`."""
        self.waiting += 1
        try:
            await asyncio.wait_for(self._turns.acquire(), PATIENCE)
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1
        link = self._to_the_idlest()
        if link:
            self._free.remove(link)
        else:
            self._opening += 1
            try:
                link = await self._connected()
            except BaseException:
                self._turns.release()
                raise
            finally:
                self._opening -= 1
        self._lent.add(link)
        return link

    def _to_the_idlest(self) -> Link | None:
        """Return a free connection to the least busy process; None if a new one may reach a less busy one."""
        busy = Counter(each.process for each in self._lent)
        best = min(self._free, key=lambda each: busy[each.process], default=None)
        if best is None:
            return None
        known = {each.process for each in (*self._free, *self._lent)} - {None}
        least = min(busy[each] for each in known) if len(known) >= self._processes else 0
        # Requests on new connections count for the least busy process.
        return None if least + busy[None] + self._opening < busy[best.process] else best

    async def _connected(self) -> Link:
        loop = asyncio.get_running_loop()
        last = loop.time() + START_PATIENCE
        while True:
            try:
                _transport, link = await loop.create_unix_connection(lambda: Link(self), self._path)
            except OSError:
                # Nothing was sent, so that waiting for a process to start loses and repeats nothing.
                if loop.time() > last:
                    raise Unavailable(was_sent=False) from None
                await asyncio.sleep(0.1)
            else:
                return link

    def give_back(self, link: Link) -> None:
        """Return a connection to the pool."""
        self._lent.discard(link)
        if link.is_reusable() and sum(each.process == link.process for each in self._free) < self._most:
            link.answer = None
            self._free.append(link)
        elif link.is_open:
            link.transport.close()
        self._turns.release()
