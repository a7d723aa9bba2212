"""Requests to Django, and forwarding its responses: whole, or streamed; a public page is requested once for all
clients, and cached.
"""

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from plenara.front import observation
from plenara.front.bodies import Body
from plenara.front.cache import LARGEST, SMALL, Entry, Key, PageCache, is_text, pressed, variants_of
from plenara.front.connection import Connection
from plenara.front.metrics import Counts, fields_of
from plenara.front.requests import Request
from plenara.front.resubmission import MARK, fields
from plenara.front.revisions import Readings, Snapshot, named
from plenara.front.upstream import Answer, Link, Pool

#: The most bytes of a response that are buffered for a slow client in memory, and in total.
SLOW_IN_MEMORY, SLOW_AT_MOST = 512 * 1024, 256 * 1024 * 1024

#: Reasons for refusing a form, which have a page that shows what arrived of it.
NOT_TAKEN = {
    HTTPStatus.REQUEST_TIMEOUT: "slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "large",
    HTTPStatus.SERVICE_UNAVAILABLE: "full",
    HTTPStatus.INSUFFICIENT_STORAGE: "no room",
}

type Headers = list[tuple[bytes, bytes]]


class Rest(NamedTuple):
    """The unsent rest of a response."""

    buffered: Body | None
    is_chunked: bool


class Relay:
    """Forwards between clients and Django."""

    def __init__(self, pool: Pool, counts: Counts, sorry: dict[str, dict[str, str]]) -> None:
        self.pool, self.counts, self._sorry = pool, counts, sorry
        self._loop = asyncio.get_running_loop()
        #: The revision that the front knows: Django reads no replica that is behind it.
        self.known: Callable[[], int] = lambda: -1
        #: The first lines of every response; the front updates the date in them.
        self.first_lines = b""

    async def ask(
        self, link: Link, request: Request, peer: str, *, target: bytes, method: bytes, headers: Headers, why: str
    ) -> Answer:
        """Send a request to Django and return its response once the head is there. Raises `Unavailable`."""
        self.counts.requests[why] += 1
        with observation.span("request", is_client=True) as span:
            answer = await self._asked(link, request, peer, target, method, headers, observation.header_of(span))
            if span is not None:
                route = fields_of(answer.header(b"x-plenara-spent")).get("route", "")
                observation.describe(span, method.decode("ascii", "replace"), route, answer.status)
        return answer

    async def _asked(
        self, link: Link, request: Request, peer: str, target: bytes, method: bytes, headers: Headers, trace: str
    ) -> Answer:
        may_send = method not in {b"GET", b"HEAD"}
        head = b"".join(
            [
                b"%s %s HTTP/1.1\r\nhost: %s\r\n" % (method, target, request.host),
                *(b"%s: %s\r\n" % pair for pair in headers),
                b"x-plenara-front: 1\r\nx-plenara-peer: %s\r\n" % peer.encode(),
                b"x-plenara-known: %d\r\n" % self.known(),
                *([b"x-plenara-trace: %s\r\n" % trace.encode()] if trace else []),
                *([b"x-plenara-unsure: 1\r\n"] if request.is_unsure else []),
                *([b"content-length: %d\r\n" % request.body_size] if may_send else []),
                b"\r\n",
            ]
        )
        began = self._loop.time()
        answer = await link.ask(head, request.body if may_send else None, is_head=method == b"HEAD")
        self.counts.statuses[answer.status] += 1
        self.counts.count_response(self._loop.time() - began, answer.header(b"x-plenara-spent"))
        return answer

    def _answer_head(self, request: Request, answer: Answer, length: int | None) -> tuple[bytes, bool]:
        """Return the head of a forwarded response, and whether its body is chunked."""
        lines = [b"%s: %s\r\n" % pair for pair in answer.headers if not is_ours(pair[0])]
        has_body = answer.status not in {204, 304} and request.method != b"HEAD"
        content_length = answer.header(b"content-length") if length is None else b"%d" % length
        is_chunked = has_body and not content_length and request.minor == 1
        if content_length and answer.status not in {204, 304}:
            lines.append(b"content-length: %s\r\n" % content_length)
        elif is_chunked:
            lines.append(b"transfer-encoding: chunked\r\n")
        elif has_body:
            request.keep_alive = False
        if etag := answer.header(b"etag"):
            lines.append(b"etag: %s\r\n" % etag)
        if vary := answer.header(b"vary"):
            lines.append(b"vary: %s\r\n" % vary)
        lines.append(b"cache-status: plenara; fwd=%s\r\n" % (b"method" if not request.is_read else b"bypass"))
        if not request.keep_alive:
            lines.append(b"connection: close\r\n")
        elif request.minor == 0:
            lines.append(b"connection: keep-alive\r\n")
        status = b"HTTP/1.1 %d %s\r\n" % (answer.status, answer.reason)
        return status + self.first_lines + b"".join(lines) + b"\r\n", is_chunked

    async def whole(self, request: Request, connection: Connection, answer: Answer) -> None:
        """Send a complete response."""
        body = b"".join(answer.pieces)
        head, _is_chunked = self._answer_head(request, answer, len(body))
        await connection.write(head if request.method == b"HEAD" else head + body)
        self.counts.sent += len(body)
        connection.after(request)

    async def streamed(self, request: Request, connection: Connection, answer: Answer, link: Link) -> Rest:
        """Stream a response; return what a slow client has not read yet, on disk if it is long."""
        head, is_chunked = self._answer_head(request, answer, None)
        connection.has_started = True
        await connection.write(head)
        buffered: Body | None = None
        size = 0
        while request.method != b"HEAD" and (piece := await link.piece()) and not connection.is_closing:
            self.counts.sent += len(piece)
            data = b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece
            if buffered is None and not connection.is_slow:
                await connection.write(data)
                continue
            if buffered is None:
                buffered = Body(SLOW_IN_MEMORY)
            has_room = buffered.write(data)
            size += len(data)
            if size > SLOW_AT_MOST or not has_room:
                link.pause()
                await _drained(buffered, connection)
                if not has_room:
                    await connection.write(data)
                buffered, size = None, 0
                link.resume()
        return Rest(buffered, is_chunked)

    async def finish(self, request: Request, connection: Connection, rest: Rest) -> None:
        """Send the rest of a response, at the client's pace; no process of Django waits for it any more."""
        if rest.buffered is not None:
            await _drained(rest.buffered, connection)
        if rest.is_chunked:
            await connection.write(b"0\r\n\r\n")
        connection.after(request)

    async def sorry(self, request: Request, connection: Connection) -> None:
        """Respond in the address's language that the site is unavailable, and show again what a form had sent."""
        kind = "read" if request.is_read else "unsure" if request.is_unsure else "form"
        given = fields(request.media_type, request.headers.get(b"content-type", b""), request.body)
        await self.whole(request, connection, self._error_page(HTTPStatus.SERVICE_UNAVAILABLE, request, kind, given))

    def refusal(self, status: HTTPStatus, request: Request) -> bytes:
        """Return the response to a refused form, with what arrived of it."""
        is_whole = status is HTTPStatus.SERVICE_UNAVAILABLE and 0 < request.length == request.body_size
        kind = "form" if is_whole else NOT_TAKEN[status]
        content_type = request.headers.get(b"content-type", b"")
        given = fields(request.media_type, content_type, request.body, is_whole=is_whole)
        request.keep_alive = False
        answer = self._error_page(status, request, kind, given)
        head, _is_chunked = self._answer_head(request, answer, sum(map(len, answer.pieces)))
        return head + b"".join(answer.pieces)

    def _error_page(self, status: HTTPStatus, request: Request, kind: str, given: str | None) -> Answer:
        """Return an error page of a kind, with the fields of the form."""
        self.counts.requests["refused"] += 1
        self.counts.statuses[status] += 1
        pages = self._sorry.get(request.target[1:3].decode("ascii", "replace")) or self._sorry["en"]
        if given:
            body = pages[kind].replace(MARK, given)
        else:
            body = pages[kind if request.is_read else f"{kind} empty"]
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (
                b"content-security-policy",
                b"default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
            ),
            (b"x-content-type-options", b"nosniff"),
        ]
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append((b"retry-after", b"10"))
        return Answer(status, status.phrase.encode(), headers, deque([body.encode()]))


def is_ours(name: bytes) -> bool:
    """Return whether the front sets a header itself, or is its only reader."""
    return name.startswith(b"x-plenara-") or name in {
        b"connection", b"keep-alive", b"transfer-encoding", b"date", b"server", b"content-length", b"etag", b"vary",
    }  # fmt: skip


async def rest_of(link: Link, most: int) -> bytes | None:
    """Return the rest of a response, or None (with the read pieces put back) if it is too long to cache."""
    pieces: list[bytes] = []
    size = 0
    while piece := await link.piece():
        pieces.append(piece)
        size += len(piece)
        if size > most:
            assert link.answer is not None
            link.answer.pieces.extendleft(reversed(pieces))
            return None
    return b"".join(pieces)


async def _drained(buffered: Body, connection: Connection) -> None:
    """Write what was buffered, at the client's pace."""
    try:
        buffered.seek(0)
        while (piece := buffered.read(65_536)) and not connection.is_closing:
            await connection.write(piece)
    finally:
        buffered.close()


#: Seconds that a page is cached by default; pages show days and hours, which pass.
LIFE = 60.0
#: Conditional headers are not forwarded: the front handles them.
_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since", b"if-range"})


class Filling:
    """The pages that are being requested, and their results."""

    def __init__(self, cache: PageCache, revisions: Readings, pool: Pool, relay: Relay) -> None:
        self._cache, self._revisions, self._pool, self._relay = cache, revisions, pool, relay
        self._loop = asyncio.get_running_loop()
        self._tasks: dict[Key, asyncio.Task[Entry | Answer | None]] = {}

    def under_way(self, key: Key) -> "asyncio.Task[Entry | Answer | None] | None":
        """Return the task that is requesting a page already."""
        return self._tasks.get(key)

    def begin(self, key: Key, request: Request, peer: str) -> "asyncio.Task[Entry | Answer | None]":
        """Request a page; the task's result is an entry, another response, or None for one that is too long."""
        task = self._loop.create_task(self._filled(key, request, peer))
        self._tasks[key] = task

        def ended(done: "asyncio.Task[Entry | Answer | None]") -> None:
            if self._tasks.get(key) is done:
                del self._tasks[key]
            if not done.cancelled():
                done.exception()  # waiting clients get it; there may be none

        task.add_done_callback(ended)
        return task

    async def _filled(self, key: Key, request: Request, peer: str) -> "Entry | Answer | None":
        # Read before Django reads the record: a publication in the meantime makes the page stale again.
        snapshot = self._revisions.current
        headers = [pair for pair in request.passed if pair[0] not in _CONDITIONS]
        link = await self._pool.take()
        try:
            answer = await self._relay.ask(
                link, request, peer, target=key[1], method=b"GET", headers=headers, why="filled"
            )
            body = await rest_of(link, LARGEST)
        finally:
            self._pool.give_back(link)
        if body is None:
            self._cache.mark_private(key[0], request.path)
            return None
        answer.pieces.append(body)
        return await self.store(key, request, answer, body, snapshot) or answer

    async def store(self, key: Key, request: Request, answer: Answer, body: bytes, snapshot: Snapshot) -> Entry | None:
        """Cache a response that is public, and return its entry; None for another one."""
        host, path = key[0], request.path
        cache_tags = answer.header(b"x-plenara-cache-tags").decode("ascii", "replace")
        if not cache_tags or not _is_everybodys(answer):
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._cache.mark_private(host, path)
            return None
        parameters = answer.header(b"x-plenara-parameters").decode("ascii", "replace")
        self._cache.learn(host, path, None if parameters == "*" else tuple(parameters.split()))
        kind, etag = answer.header(b"content-type"), answer.header(b"etag").removeprefix(b"W/")
        if not etag:
            etag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
        bodies = {b"": body}
        if len(body) >= SMALL and is_text(kind):
            bodies = await self._loop.run_in_executor(None, pressed, body)  # clients without compression are rare
        headers = [pair for pair in answer.headers if not is_ours(pair[0])]
        names = named(cache_tags.split())
        entry = Entry(
            stamp=snapshot.stamp(names),
            cache_tags=names,
            until=min(time.time() + LIFE, _seconds(answer.header(b"x-plenara-until"))),
            etag=etag,
            variants=variants_of(headers, etag, bodies),
            seen=snapshot.total,
        )
        # A page may quote unknown parameters in the links to its other languages: that is not cached.
        if self._cache.canonical(host, key[1]) == key[1]:
            self._cache.put(key, entry)
        return entry


def _is_everybodys(answer: Answer) -> bool:
    vary = {each.strip().lower() for each in answer.header(b"vary").split(b",")} - {b"", b"accept-encoding"}
    control = answer.header(b"cache-control").lower()
    return (
        answer.status == HTTPStatus.OK
        and not vary
        and b"no-store" not in control
        and b"private" not in control
        and not answer.header(b"set-cookie")
        and not answer.header(b"content-encoding")
    )


def _seconds(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")
