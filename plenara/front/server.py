"""How requests are answered: with a fresh cached page; one request fills it while others wait or get the old one; in
which encoding, or with 304.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus

from plenara.front.bodies import Rooms
from plenara.front.cache import LARGEST, Entry, Key, PageCache
from plenara.front.connection import IDLE_SECONDS, MOST_CONNECTIONS, Connection
from plenara.front.files import StaticFiles
from plenara.front.metrics import Counts
from plenara.front.relay import NOT_TAKEN, Filling, Relay, rest_of
from plenara.front.requests import Request, network_of, plain_head
from plenara.front.revisions import Readings
from plenara.front.upstream import Answer, Busy, Pool, Unavailable

_ENCODINGS = (b"br", b"gzip")


def preferred_encoding(accepted: bytes) -> bytes:
    """Return the encoding to answer in, by Accept-Encoding (RFC 9110, 12.5.3): Brotli, gzip, or plain."""
    weights: dict[bytes, float] = {}
    for part in accepted.lower().split(b","):
        name, _semicolon, parameter = part.strip().partition(b";")
        parameter = parameter.strip()
        try:
            weight = float(parameter[2:]) if parameter.startswith(b"q=") else 1.0
        except ValueError:
            weight = 0.0
        weights[name.strip()] = weight
    return next((each for each in _ENCODINGS if weights.get(each, weights.get(b"*", 0.0)) > 0), b"")


def matches_etag(known: bytes, etag: bytes) -> bool:
    """Return whether a client that has `known` has the page, in any encoding (RFC 9110, 13.1.2)."""
    if known.strip() == b"*":
        return True
    bare = etag.strip(b'"')
    ours = {bare, bare + b"-gzip", bare + b"-br"}
    return any(each.strip().removeprefix(b"W/").strip(b'"') in ours for each in known.split(b","))


#: Seconds after expiry that others get the old page while one request fills the new, and that this one waits for it.
OLD_ENOUGH, PATIENT = 10.0, 2.0
#: Seconds before a retry after Django ended: until its other connections are known to have ended too.
AGAIN = (0.0, 0.05, 0.5)
#: Seconds at the end of the process that running responses have, and that idle connections have for one more request.
PATIENCE, LAST_REQUEST = 5.0, 0.5
#: Hosts and Accept-Encoding lines that are cached as they were written.
_REMEMBERED = 1_000


class Front:
    """The front's main object: it answers requests on connections."""

    def __init__(
        self,
        *,
        cache: PageCache,
        revisions: Readings,
        files: StaticFiles,
        pool: Pool,
        hosts: frozenset[bytes],
        trusted_proxies: int,
        sorry: dict[str, dict[str, str]],
        rooms: Rooms | None = None,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.cache, self._revisions, self._files, self._pool = cache, revisions, files, pool
        self._hosts, self._trusted_proxies = hosts, trusted_proxies
        self.rooms = rooms or Rooms()
        self._loop = asyncio.get_running_loop()
        self.connections: set[Connection] = set()
        self.most_connections = most_connections
        #: The gauges of further fronts, by name.
        self.further: Callable[[], list[dict[str, float]]] = list
        self.is_ending = False
        self.counts = Counts()
        self._relay = Relay(pool, self.counts, sorry)
        self._relay.known = lambda: revisions.current.total[1]
        self._filling = Filling(cache, revisions, pool, self._relay)
        self._encodings: dict[bytes, bytes] = {}
        self._names: dict[tuple[bytes, bytes], bytes] = {}
        self.tick()

    def tick(self) -> None:
        """Update the time, and end connections that take too long; called twice a second."""
        self.now, self._wall = self._loop.time(), time.time()
        self.first_lines = b"date: " + formatdate(self._wall, usegmt=True).encode() + b"\r\nserver: Plenara\r\n"
        self._relay.first_lines = self.first_lines
        marks = self.first_lines + b"cache-status: plenara; hit\r\n"
        self._hit, self._same = b"HTTP/1.1 200 OK\r\n" + marks, b"HTTP/1.1 304 Not Modified\r\n" + marks
        for each in list(self.connections):
            if each.has_stalled(self.now):
                each.abort()
            elif each.deadline < self.now:
                each.expire()

    async def end(self) -> None:
        """Close all connections: each once it is idle, after one more request at most."""
        self.is_ending = True
        began = time.monotonic()
        await asyncio.sleep(0.05)  # until connections that were just accepted are known
        while self.connections and time.monotonic() < began + PATIENCE:
            for each in list(self.connections):
                # A client may be sending its next request at this moment.
                if each.is_idle and time.monotonic() > began + LAST_REQUEST:
                    each.close()
            await asyncio.sleep(0.05)
        for each in list(self.connections):
            each.abort()

    # Incoming requests

    def network_of(self, request: Request, connection: Connection) -> str:
        """Return the address that a request came from, as the bounds for each address go by."""
        forwarded = request.headers.get(b"x-forwarded-for", b"").decode("ascii", "replace")
        return network_of(connection.peer, forwarded, self._trusted_proxies)

    def refusal(self, status: HTTPStatus, request: Request | None) -> bytes:
        """Return the response to a refused request: a line, or a page with what a form had sent."""
        if request is not None and request.is_form and status in NOT_TAKEN:
            return self._relay.refusal(status, request)
        text = f"{status.value} {status.phrase}\n".encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() + self.first_lines
        head += b"allow: GET, HEAD, OPTIONS, POST\r\n" if status is HTTPStatus.METHOD_NOT_ALLOWED else b""
        head += b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        return head + b"content-length: %d\r\n\r\n" % len(text) + text

    # The cache

    def key_of(self, request: Request) -> Key | None:
        """Return the cache key of a request; None for what is never cached."""
        scheme = request.headers.get(b"x-forwarded-proto", b"")
        name = self._names.get((request.host, scheme))
        if name is None:
            name = request.host if request.host.endswith(b"]") else request.host.rsplit(b":", 1)[0]
            if name not in self._hosts:
                return None
            name += b" " + scheme[:8] if self._trusted_proxies else b""
            if len(scheme) <= 8:
                self.remember((request.host, scheme), name)
        target = self.cache.canonical(name, request.target)
        return None if target is None else (name, target)

    def remember(self, names: tuple[bytes, bytes], name: bytes) -> None:
        """Remember under which name the pages of a host are cached, as requested by a protocol."""
        if len(self._names) >= _REMEMBERED:
            self._names.clear()
        self._names[names] = name

    def _is_fresh(self, entry: Entry) -> bool:
        current = self._revisions.current
        return (entry.seen is current.total or entry.is_newest(current)) and self._wall < entry.until

    def at_sight(self, data: bytes, connection: Connection) -> bool:
        """Answer the bytes of a plain request from a fresh cached page; return whether it was possible."""
        if self.is_ending or connection.is_slow or (head := plain_head(data)) is None:
            return False
        target, host, scheme, accepted, known = head
        name = self._names.get((host, scheme))
        if name is None:
            return False
        entry = self.cache.find((name, target)) or self._files.find(target)
        if entry is None or not self._revisions.is_fresh(self._loop.time()) or not self._is_fresh(entry):
            return False
        first, rest = self._cached(entry, accepted, known)
        connection.transport.write(first + rest)
        connection.deadline = self.now + IDLE_SECONDS
        return True

    def at_once(self, request: Request, connection: Connection) -> bool:
        """Answer a request from a fresh cached page; return whether it was possible."""
        if not request.is_read or connection.is_slow:
            return False
        entry = self._files.find(request.target)
        if entry is None:
            key = self.key_of(request)
            entry = self.cache.find(key) if key else None
            if entry is None or not self._revisions.is_fresh(self._loop.time()) or not self._is_fresh(entry):
                return False
        self.send(request, connection, entry)
        return True

    def send(self, request: Request, connection: Connection, entry: Entry, note: bytes = b"") -> None:
        """Send a cached page, or a 304."""
        accepted, known = (request.headers.get(name, b"") for name in (b"accept-encoding", b"if-none-match"))
        first, rest = self._cached(entry, accepted, known, is_head=request.method == b"HEAD")
        if note:
            first = first.replace(b"cache-status: plenara; hit", b"cache-status: " + note)
        if not request.keep_alive:
            first += b"connection: close\r\n"
        elif request.minor == 0:
            first += b"connection: keep-alive\r\n"
        connection.transport.write(first + rest)
        connection.after(request)

    def _cached(self, entry: Entry, accepted: bytes, known: bytes, *, is_head: bool = False) -> tuple[bytes, bytes]:
        """Return the first lines and the rest of a response with a cached page, or of a 304, by two headers' values."""
        encoding = self._encodings.get(accepted)
        if encoding is None:
            encoding = preferred_encoding(accepted)
            if len(self._encodings) < _REMEMBERED:
                self._encodings[accepted] = encoding
        variant = entry.variants.get(encoding) or entry.variant(encoding)
        if known and (known == variant.etag or matches_etag(known, entry.etag)):
            self.counts.not_modified += 1
            return self._same, variant.not_modified
        rest = variant.whole[: variant.head] if is_head else variant.whole
        self.counts.hits += 1
        self.counts.sent += len(rest)
        return self._hit, rest

    def _send_stale(self, request: Request, connection: Connection, entry: Entry, why: bytes) -> None:
        """Send an old page with its status (RFC 9211): the seconds since it was known to be the newest, and why."""
        unread = self._loop.time() - self._revisions.read_at
        over = max(1, round(self._wall - entry.until), round(min(unread, 86_400)))
        self.counts.stale += 1
        self.counts.hits -= 1
        self.send(request, connection, entry, b"plenara; hit; ttl=-%d; detail=%s" % (over, why))

    # Other requests

    async def answer(self, request: Request, connection: Connection) -> None:
        """Answer a request that was not answered at once."""
        if self.at_once(request, connection):
            return
        try:
            if request.path == b"/metrics" and request.is_read and _is_of_this_machine(request, connection):
                await self._metrics(request, connection)
                return
            key = self.key_of(request) if request.is_read else None
            if key is None or b"authorization" in request.headers or b"range" in request.headers:
                await self._pass_on(request, connection)
            else:
                await self._page(request, connection, key)
        except Unavailable as away:
            await self._retry(request, connection, away)
        except Busy:
            await self._relay.sorry(request, connection)
        except ConnectionError:
            connection.abort()

    async def _page(self, request: Request, connection: Connection, key: Key) -> None:
        """Answer with a page that may be cached."""
        revisions = self._revisions
        is_known = revisions.is_fresh(self._loop.time()) or await revisions.freshen()
        entry = self.cache.find(key)
        if entry is not None and not is_known:
            self._send_stale(request, connection, entry, b"database-away")
            return
        if entry is not None and self._is_fresh(entry):
            self.send(request, connection, entry)
            return
        if entry is not None and not entry.may_be_shown_stale(revisions.current):
            self.cache.drop(key)
            entry = None
        filling = self._filling.under_way(key)
        if entry is not None and filling is not None and self._wall - entry.until < OLD_ENOUGH:
            self._send_stale(request, connection, entry, b"being-made-anew")
            return
        if entry is None and self._is_somebodys(key, request):
            await self._pass_on(request, connection, key)
            return
        task = filling or self._filling.begin(key, request, connection.peer)
        try:
            found = await asyncio.wait_for(asyncio.shield(task), PATIENT if entry is not None else None)
        except (Unavailable, Busy, TimeoutError):
            if entry is None:
                raise
            self._send_stale(request, connection, entry, b"cannot-be-made-anew")
            return
        if isinstance(found, Entry):
            self.send(request, connection, found, b"" if filling else b"plenara; fwd=miss; stored")
        elif entry is not None and found is not None and found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._send_stale(request, connection, entry, b"cannot-be-made-anew")
        elif found is not None and not filling:
            await self._relay.whole(request, connection, found)
        else:
            await self._pass_on(request, connection, key)

    def _is_somebodys(self, key: Key, request: Request) -> bool:
        """Return whether an address may be private: then requests do not wait for one another."""
        if self.cache.is_private(key[0], request.path):
            return True
        is_plain = not request.headers.keys() & {b"cookie", b"if-none-match", b"if-modified-since"}
        return not is_plain and not self.cache.is_known(key[0], request.path)

    async def _pass_on(self, request: Request, connection: Connection, key: Key | None = None) -> None:
        """Let Django answer, and cache a response that is public."""
        snapshot = self._revisions.current
        link = await self._pool.take()
        try:
            answer = await self._relay.ask(
                link, request, connection.peer,
                target=request.target, method=request.method, headers=request.passed, why="passed",
            )  # fmt: skip
            if key is not None and request.method == b"GET" and answer.header(b"x-plenara-cache-tags"):
                body = await rest_of(link, LARGEST)
                entry = await self._filling.store(key, request, answer, body, snapshot) if body is not None else None
                if entry is not None:
                    self.send(request, connection, entry, b"plenara; fwd=miss; stored")
                    return
                if body is not None:
                    answer.pieces.append(body)
            elif key is not None and request.method == b"GET" and answer.status == HTTPStatus.OK:
                self.cache.mark_private(key[0], request.path)
            rest = await self._relay.streamed(request, connection, answer, link)
        finally:
            self._pool.give_back(link)
        await self._relay.finish(request, connection, rest)

    async def _retry(self, request: Request, connection: Connection, away: Unavailable) -> None:
        """Answer if Django ended in the meantime: retry requests that change nothing.

        One that may have changed something is sent to Django marked as unsure: Django then only shows the form again.
        """
        request.is_unsure = away.was_sent and not request.is_read
        for pause in AGAIN if away.was_sent else ():
            if connection.has_started:
                break
            await asyncio.sleep(pause)
            try:
                await self._pass_on(request, connection)
                return
            except Unavailable:
                continue
            except Busy:
                break
        if connection.has_started:
            connection.abort()  # half a response must not look complete
        else:
            await self._relay.sorry(request, connection)

    def gauges(self) -> dict[str, float]:
        """Return what each front has of its own, for `/metrics`."""
        return {
            "plenara_fronts": 1,
            "plenara_cache_bytes": self.cache.used,
            "plenara_cache_room_bytes": self.cache.room,
            "plenara_cache_pages": len(self.cache),
            "plenara_connections": len(self.connections),
        }

    def shown(self, data: bytes) -> tuple[Key, tuple[bytes, bytes], Entry] | None:
        """Return the fresh cached page that the bytes of a plain request ask for, with its key, host and protocol."""
        if (head := plain_head(data)) is None:
            return None
        target, host, scheme, _accepted, _known = head
        names = host, scheme
        key = self._names.get(names, b""), target
        entry = self.cache.find(key)
        return (key, names, entry) if entry is not None and self._is_fresh(entry) else None

    async def _metrics(self, request: Request, connection: Connection) -> None:
        """Respond with our own metrics and Django's."""
        fronts = [self.gauges(), *self.further()]
        text = self.counts.lines(
            {
                **{name: sum(each[name] for each in fronts) for name in fronts[0]},
                "plenara_asking_django": self._pool.lent,
                "plenara_waiting_for_django": self._pool.waiting,
                "plenara_revisions_age_seconds": min(self._loop.time() - self._revisions.read_at, 86_400.0),
            }
        ).encode()
        with contextlib.suppress(Unavailable, Busy):
            link = await self._pool.take()
            try:
                answer = await self._relay.ask(
                    link, request, connection.peer,
                    target=b"/metrics", method=b"GET", headers=request.passed, why="passed",
                )  # fmt: skip
                metrics = await rest_of(link, LARGEST)
            finally:
                self._pool.give_back(link)
            if answer.status == HTTPStatus.OK and metrics:
                text += metrics
        headers = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8"), (b"cache-control", b"no-store")]
        await self._relay.whole(request, connection, Answer(200, b"OK", headers, deque([text])))


def _is_of_this_machine(request: Request, connection: Connection) -> bool:
    return connection.peer in {"127.0.0.1", "::1"} and b"x-forwarded-for" not in request.headers
