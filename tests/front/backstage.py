"""A front with something behind it that a test directs: answers, delays, deaths, and revisions that move at will."""

import asyncio
import contextlib
import http.client
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from plenara.front.bodies import Rooms
from plenara.front.cache import PageCache
from plenara.front.connection import Connection
from plenara.front.files import StaticFiles
from plenara.front.further import Further
from plenara.front.resubmission import MARK
from plenara.front.revisions import Revisions
from plenara.front.server import Front
from plenara.front.upstream import Pool
from plenara.front.visits import Visits

PUBLIC = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Plenara-Cache-Tags": "consultation:1",
    "X-Plenara-Parameters": "",
}


def said(word: str) -> dict[str, str]:
    """Return the pages that say sorry by a word."""
    kinds = ("form", "unsure", "slow", "large", "full", "no room")
    marked = {kind: f"{word} {kind}{MARK}" for kind in kinds}
    return {"read": word, **marked, **{f"{kind} empty": f"{word} {kind} empty" for kind in kinds}}


@dataclass
class Asked:
    """A request as it arrived behind."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What is answered to it; after `seconds` and when `may_answer` is set, or by death where `status` is 0."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(PUBLIC))
    body: bytes = b"page"
    seconds: float = 0.0
    may_answer: threading.Event | None = None


@dataclass
class Got:
    """What a reader got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache_status(self) -> str:
        return self.headers.get("cache-status", "")


class CacheTags:
    """Revisions as a test sets them."""

    def __init__(self) -> None:
        self.rows = {"consultation:1": 1, "consultation:1 gone": 0, "installation": 1}
        self.is_away = False

    def total(self) -> tuple[int, int]:
        if self.is_away:
            raise OSError
        return len(self.rows), sum(self.rows.values())

    def numbers(self) -> dict[str, int]:
        return dict(self.rows)

    def invalidate(self, cache_tag: str = "consultation:1", *, gone: bool = False) -> None:
        """Move a cache tag, and wait until the front must have heard of it."""
        self.rows = {**self.rows, cache_tag: self.rows.get(cache_tag, 0) + 1}
        if gone:
            self.rows[f"{cache_tag} gone"] = self.rows.get(f"{cache_tag} gone", 0) + 1
        time.sleep(0.12)


class Backstage:
    """A front on a port, and what is behind it."""

    def __init__(
        self,
        *,
        room: int = 10_000_000,
        folder: Path | None = None,
        rooms: Rooms | None = None,
        trusted_proxies: int = 0,
        with_further: bool = False,
    ) -> None:
        self.cache_tags = CacheTags()
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Answer] = lambda _asked: Answer()
        self.room, self.folder = room, folder
        self.rooms, self.trusted_proxies = rooms or Rooms(), trusted_proxies
        self.is_behind = True
        self.further = FurtherFront(self) if with_further else None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()

    def __enter__(self) -> "Backstage":
        self._temporary = tempfile.TemporaryDirectory(prefix="front-")
        self.path = str(Path(self._temporary.name) / "behind.sock")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=lambda: uvloop.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(600)
        if self.further:
            self.further.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self.further:
            self.further.stop()
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(600)
        self.front._revisions._wake.set()  # its thread sees that the loop has ended, and ends
        self._temporary.cleanup()

    async def _run(self) -> None:
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        behind = await asyncio.start_unix_server(self._behind, self.path)
        self.front = Front(
            cache=PageCache(self.room),
            revisions=Revisions(self.cache_tags, self.loop),
            files=StaticFiles(self.folder or Path(self._temporary.name)),
            pool=Pool(self.path, processes=1, threads=48),
            hosts=frozenset({b"127.0.0.1", b"consult.example"}),
            trusted_proxies=self.trusted_proxies,
            rooms=self.rooms,
            sorry={language: said(word) for language, word in (("en", "sorry"), ("fr", "pardon"))},
        )
        if self.further:
            self.visits = Visits(self.front, self.front._revisions, [self.further.near])
        server = await self.loop.create_server(lambda: Connection(self.front), sock=self._listener)
        self._ready.set()
        while not self._stop.is_set():
            self.front.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.1)
        server.close()
        behind.close()

    async def _behind(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line, *rest = head.strip().split("\r\n")
                method, target, _version = line.split(" ")
                headers = dict(each.split(": ", 1) for each in rest)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                asked = Asked(method, target, headers, body)
                self.asked.append(asked)
                answer = self.answer(asked)
                await asyncio.sleep(answer.seconds)
                if answer.may_answer:
                    await asyncio.to_thread(answer.may_answer.wait, 600)
                if not answer.status:
                    break
                said = {**answer.headers, "Content-Length": str(len(answer.body))}
                lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
                writer.write(f"HTTP/1.1 {answer.status} Whatever\r\n{lines}\r\n".encode())
                writer.write(b"" if method == "HEAD" else answer.body)
                await writer.drain()
        writer.close()

    def connect(self, *, further: bool = False) -> http.client.HTTPConnection:
        """Return a connection of a reader who stays, to the first front or to the further one."""
        return http.client.HTTPConnection("127.0.0.1", self.further.port if further else self.port, timeout=600)

    def get(self, target: str = "/en/", method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
        """Ask as a reader does, on a connection of one's own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, named)
            answer = connection.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are, and return everything that comes back until the connection ends, as it must."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=600) as connection:
            connection.sendall(data)
            got = b""
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(65_536):
                    got += piece
            return got


class FurtherFront:
    """A further front, on a port of its own, so that a test knows which of the two it asks."""

    def __init__(self, stage: Backstage) -> None:
        self._stage = stage
        self.near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ready = threading.Event()

    def start(self) -> None:
        """Run it in a thread, until it is known to the first front."""
        self._thread = threading.Thread(target=lambda: uvloop.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(600)
        while not self._stage.visits._others[0].is_running:
            time.sleep(0.01)

    def stop(self) -> None:
        """End it in order."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(600)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.front = Further(
            end=self._far.dup(),
            cache=PageCache(self._stage.room),
            files=StaticFiles(Path(self._stage._temporary.name)),
            hosts=frozenset({b"127.0.0.1"}),
            trusted_proxies=self._stage.trusted_proxies,
            most_connections=100,
        )
        self.front.arrivals.accept(self._listener, self.front.connected)
        self._ready.set()
        while not self._stop.is_set():
            self.front.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.1)
        self.front.arrivals.stop(self._listener)
        await self.front.end()


def run_apart(scene):
    """Run a coroutine in a thread of its own: a browser of the same run may have left a running loop in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, scene).result()
