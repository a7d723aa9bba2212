"""Asking Django, and sending on what it answers: whole, or as it comes, at the pace of who reads."""

import asyncio
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from plenara.web.front.behind import Answer, Link, Pool
from plenara.web.front.bodies import Body
from plenara.web.front.connection import Connection
from plenara.web.front.counting import Counts
from plenara.web.front.giving_back import MARK, fields
from plenara.web.front.heads import Request

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
        told = answer.header(b"content-length") if length is None else b"%d" % length
        is_chunked = has_body and not told and request.minor == 1
        if told and answer.status not in {204, 304}:
            lines.append(b"content-length: %s\r\n" % told)
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
