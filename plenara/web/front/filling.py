"""Asking Django for a page that everybody gets alike: once, whoever waits for it, and keeping what it answers."""

import asyncio
import hashlib
import time
from http import HTTPStatus

from plenara.web.front.behind import Answer, Pool
from plenara.web.front.cache import LARGEST, Key, PageCache
from plenara.web.front.entries import SMALL, Entry, is_text, pressed, variants_of
from plenara.web.front.heads import Request
from plenara.web.front.relaying import Relay, is_ours, rest_of
from plenara.web.front.revisions import Revisions, Snapshot, named

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
