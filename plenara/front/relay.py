"""Asking Django, and sending on what it answers: whole, or as it comes; a page that everybody gets alike once, whoever
waits for it, and kept.
"""

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from plenara.front.bodies import Body
from plenara.front.cache import LARGEST, SMALL, Entry, Key, PageCache, is_text, pressed, variants_of
from plenara.front.connection import Connection
from plenara.front.metrics import Counts
from plenara.front.requests import Request
from plenara.front.resubmission import MARK, fields
from plenara.front.revisions import Revisions, Snapshot, named
from plenara.front.upstream import Answer, Link, Pool

#: Bytes of an answer that are kept for a slow reader in memory, and in all.
SLOW_IN_MEMORY, SLOW_AT_MOST = 512 * 1024, 256 * 1024 * 1024

#: Why a form is not let in, as its page says it. What arrived of it until then is on the page.
NOT_TAKEN = {
    HTTPStatus.REQUEST_TIMEOUT: "slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "large",
    HTTPStatus.SERVICE_UNAVAILABLE: "full",
    HTTPStatus.INSUFFICIENT_STORAGE: "no room",
}

type Headers = list[tuple[bytes, bytes]]


class Rest(NamedTuple):
    """What of an answer is still to be sent."""

    kept: Body | None
    is_chunked: bool


class Relay:
    """Between readers and Django."""

    def __init__(self, pool: Pool, counts: Counts, sorry: dict[str, dict[str, str]]) -> None:
        self.pool, self.counts, self._sorry = pool, counts, sorry
        self._loop = asyncio.get_running_loop()
        #: How far the record is as the front knows it: Django reads no replica that has not come so far.
        self.known: Callable[[], int] = lambda: -1
        #: The lines that every answer begins with; the front keeps the time in them.
        self.first_lines = b""

    async def ask(
        self, link: Link, request: Request, peer: str, *, target: bytes, method: bytes, headers: Headers, why: str
    ) -> Answer:
        """Send a request to Django and return its answer once its head is there. Raises `Away`."""
        self.counts.requests[why] += 1
        may_send = method not in {b"GET", b"HEAD"}
        head = b"".join(
            [
                b"%s %s HTTP/1.1\r\nhost: %s\r\n" % (method, target, request.host),
                *(b"%s: %s\r\n" % pair for pair in headers),
                b"x-plenara-front: 1\r\nx-plenara-peer: %s\r\n" % peer.encode(),
                b"x-plenara-known: %d\r\n" % self.known(),
                *([b"x-plenara-unsure: 1\r\n"] if request.is_unsure else []),
                *([b"content-length: %d\r\n" % request.body_size] if may_send else []),
                b"\r\n",
            ]
        )
        began = self._loop.time()
        answer = await link.ask(head, request.body if may_send else None, is_head=method == b"HEAD")
        self.counts.statuses[answer.status] += 1
        self.counts.asked(self._loop.time() - began, answer.header(b"x-plenara-spent"))
        return answer

    def _answer_head(self, request: Request, answer: Answer, length: int | None) -> tuple[bytes, bool]:
        """Return the head of an answer that is passed on, and whether its body goes out in chunks."""
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
        """Send an answer that is here whole."""
        body = b"".join(answer.pieces)
        head, _is_chunked = self._answer_head(request, answer, len(body))
        await connection.write(head if request.method == b"HEAD" else head + body)
        self.counts.sent += len(body)
        connection.after(request)

    async def streamed(self, request: Request, connection: Connection, answer: Answer, link: Link) -> Rest:
        """Send an answer as it comes; return what a slow reader has not taken yet, on disk where it is long."""
        head, is_chunked = self._answer_head(request, answer, None)
        connection.has_started = True
        await connection.write(head)
        kept: Body | None = None
        size = 0
        while request.method != b"HEAD" and (piece := await link.piece()) and not connection.is_closing:
            self.counts.sent += len(piece)
            data = b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece
            if kept is None and not connection.is_slow:
                await connection.write(data)
                continue
            if kept is None:
                kept = Body(SLOW_IN_MEMORY)
            has_room = kept.write(data)
            size += len(data)
            if size > SLOW_AT_MOST or not has_room:
                link.hold()
                await _drained(kept, connection)
                if not has_room:
                    await connection.write(data)
                kept, size = None, 0
                link.go_on()
        return Rest(kept, is_chunked)

    async def finish(self, request: Request, connection: Connection, rest: Rest) -> None:
        """Send the rest of an answer, at the pace of who reads; nobody behind waits for it any more."""
        if rest.kept is not None:
            await _drained(rest.kept, connection)
        if rest.is_chunked:
            await connection.write(b"0\r\n\r\n")
        connection.after(request)

    async def sorry(self, request: Request, connection: Connection) -> None:
        """Say in the address's language that nothing can be answered now, and give back what a form had sent."""
        kind = "read" if request.is_read else "unsure" if request.is_unsure else "form"
        given = fields(request.media_type, request.headers.get(b"content-type", b""), request.body)
        await self.whole(request, connection, self._said(HTTPStatus.SERVICE_UNAVAILABLE, request, kind, given))

    def refusal(self, status: HTTPStatus, request: Request) -> bytes:
        """Return what is said to who sent a form that is not let in, with what arrived of it."""
        is_whole = status is HTTPStatus.SERVICE_UNAVAILABLE and 0 < request.length == request.body_size
        kind = "form" if is_whole else NOT_TAKEN[status]
        content_type = request.headers.get(b"content-type", b"")
        given = fields(request.media_type, content_type, request.body, is_whole=is_whole)
        request.keep_alive = False
        answer = self._said(status, request, kind, given)
        head, _is_chunked = self._answer_head(request, answer, sum(map(len, answer.pieces)))
        return head + b"".join(answer.pieces)

    def _said(self, status: HTTPStatus, request: Request, kind: str, given: str | None) -> Answer:
        """Return a page of a kind as an answer, with the fields that are given back."""
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
    """Say whether a header is given anew by the front, or is for it alone."""
    return name.startswith(b"x-plenara-") or name in {
        b"connection", b"keep-alive", b"transfer-encoding", b"date", b"server", b"content-length", b"etag", b"vary",
    }  # fmt: skip


async def rest_of(link: Link, most: int) -> bytes | None:
    """Return the rest of an answer, or None (with what came put back) where it is too long to be kept."""
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


async def _drained(kept: Body, connection: Connection) -> None:
    """Write what was kept, at the pace of who reads."""
    try:
        kept.seek(0)
        while (piece := kept.read(65_536)) and not connection.is_closing:
            await connection.write(piece)
    finally:
        kept.close()


#: Seconds that a page is kept where it names no time of its own; pages tell of days and hours, which pass.
LIFE = 60.0
#: Of what a reader has already Django is not asked: the front knows.
_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since", b"if-range"})


class Filling:
    """The pages that are being asked for, and what becomes of them."""

    def __init__(self, cache: PageCache, revisions: Revisions, pool: Pool, relay: Relay) -> None:
        self._cache, self._revisions, self._pool, self._relay = cache, revisions, pool, relay
        self._loop = asyncio.get_running_loop()
        self._tasks: dict[Key, asyncio.Task[Entry | Answer | None]] = {}

    def under_way(self, key: Key) -> "asyncio.Task[Entry | Answer | None] | None":
        """Return the task that asks for a page already."""
        return self._tasks.get(key)

    def begin(self, key: Key, request: Request, peer: str) -> "asyncio.Task[Entry | Answer | None]":
        """Ask for a page; the task's result is an entry, what was answered instead, or None for what is too long."""
        task = self._loop.create_task(self._filled(key, request, peer))
        self._tasks[key] = task

        def ended(done: "asyncio.Task[Entry | Answer | None]") -> None:
            if self._tasks.get(key) is done:
                del self._tasks[key]
            if not done.cancelled():
                done.exception()  # whoever waits hears it; there may be nobody

        task.add_done_callback(ended)
        return task

    async def _filled(self, key: Key, request: Request, peer: str) -> "Entry | Answer | None":
        # Read before Django reads the record: what is published meanwhile makes the page stale again.
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
        return await self.kept(key, request, answer, body, snapshot) or answer

    async def kept(self, key: Key, request: Request, answer: Answer, body: bytes, snapshot: Snapshot) -> Entry | None:
        """Make an entry of an answer that says it is everybody's, and keep it; None for one that does not."""
        host, path = key[0], request.path
        cache_tags = answer.header(b"x-plenara-cache-tags").decode("ascii", "replace")
        if not cache_tags or not _is_everybodys(answer):
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._cache.mark_private(host, path)
            return None
        said = answer.header(b"x-plenara-parameters").decode("ascii", "replace")
        self._cache.learn(host, path, None if said == "*" else tuple(said.split()))
        kind, etag = answer.header(b"content-type"), answer.header(b"etag").removeprefix(b"W/")
        if not etag:
            etag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
        bodies = {b"": body}
        if len(body) >= SMALL and is_text(kind):
            bodies = await self._loop.run_in_executor(None, pressed, body)  # a reader who wants it plain is rare
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
        # A page may quote parameters that it does not know, in the links to its other languages: that is not kept.
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
