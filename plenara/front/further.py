"""A further front on the port: it answers what is a fresh cached page, and hands every other connection to the first.

It has pages and readings of the revisions from the first front. While those stop, it answers nothing itself.
"""

import asyncio
import socket
import time
from collections import deque
from functools import partial
from pathlib import Path

from plenara.front import server
from plenara.front.cache import PageCache
from plenara.front.channel import Arrivals, Channel, Message, Value, sent_away, unpacked
from plenara.front.connection import HEAD_SECONDS, IDLE_SECONDS, MOST_CONNECTIONS, Connection
from plenara.front.files import StaticFiles
from plenara.front.revisions import Readings, Snapshot
from plenara.front.server import Front
from plenara.front.upstream import Pool

#: Seconds until a connection is handed over again, where its last page is still being sent or the channel is full.
AGAIN = 0.01
#: Seconds that a client waits for a first front that died.
PATIENCE = 15.0
#: Seconds after a request for which readings go on.
WANTED = 1.0


class Further(Front):
    """A further front."""

    def __init__(
        self, *, end: socket.socket, cache: PageCache, files: StaticFiles, hosts: frozenset[bytes],
        trusted_proxies: int, most_connections: int,
    ) -> None:  # fmt: skip
        self._readings = Readings()
        self._channel = Channel(end, self._receive)
        self.arrivals = Arrivals()
        self._is_released = asyncio.Event()
        self._leaving: deque[Guest] = deque()
        self._timer: asyncio.TimerHandle | None = None
        super().__init__(
            cache=cache,
            revisions=self._readings,
            files=files,
            pool=Pool("", processes=1, threads=1),  # it asks nobody
            hosts=hosts,
            trusted_proxies=trusted_proxies,
            sorry={},
            most_connections=most_connections,
        )

    def connected(self) -> Connection:
        """Return a new connection."""
        return Guest(self, seconds=HEAD_SECONDS)

    def tick(self) -> None:
        super().tick()
        counts = self.counts
        fields: dict[str, Value] = {
            "hits": counts.hits,
            "not_modified": counts.not_modified,
            "sent": counts.sent,
            "is_wanted": self._loop.time() - self._readings.last_request_at < WANTED,
            "has": [*self._readings.current.total],
        }
        if self._channel.send("alive", {**fields, **self.gauges()}):
            counts.hits = counts.not_modified = counts.sent = 0

    def hand_over(self, guest: "Guest") -> None:
        """Send a connection to the first front, with what was read of it, as soon as its client has everything."""
        self._leaving.append(guest)
        if self._timer is None:
            self._send_away()

    def _send_away(self) -> None:
        waiting, self._leaving, self._timer = self._leaving, deque(), None
        while waiting:
            guest = waiting.popleft()
            if guest.is_closing:
                continue
            if guest.transport.get_write_buffer_size():
                self._leaving.append(guest)
            elif sent_away(guest.transport, partial(self._visit, guest.read)):
                guest.abort()  # the first front has the connection now
            else:  # it died, or is very busy
                self._leaving += [guest, *waiting]
                break
        if self._leaving:
            self._timer = self._loop.call_later(AGAIN, self._send_away)

    def _visit(self, data: bytes, client: int) -> bool:
        return self._channel.send("visit", client=client, content=data)

    async def end(self) -> None:
        """Hand over all connections: the first front ends after this one."""
        self.is_ending = True
        self.tick()  # the last counts
        has_said, last = False, time.monotonic() + server.PATIENCE
        while time.monotonic() < last:
            has_said = has_said or self._channel.send("leaving")
            if self._is_released.is_set() and not (self.connections or self.arrivals.are_coming):
                break
            for each in list(self.connections):
                if isinstance(each, Guest):
                    each.leave()
            await asyncio.sleep(AGAIN)
        for each in list(self.connections):
            each.abort()

    def _receive(self, message: Message) -> None:
        if message.what == "reading":
            self._have_read(message)
        elif message.what == "back" and message.client is not None:
            if message.content:
                key, names, entry = unpacked(message.content)
                self.remember(names, key[0])
                self.cache.put(key, entry)
            self.arrivals.take(message.client, lambda: Guest(self, seconds=IDLE_SECONDS))
        elif message.what == "released":
            self._is_released.set()

    def _have_read(self, message: Message) -> None:
        readings, total = self._readings, message.fields["total"]
        assert isinstance(total, list)
        if message.content:
            rows = (each.split(" ", 1) for each in message.content.decode().splitlines())
            readings.current = Snapshot({name: int(number) for number, name in rows}, (total[0], total[1]))
        # Numbers that did not arrive come with the next reading.
        readings.is_known = bool(message.fields["is_known"]) and readings.current.total == (total[0], total[1])
        readings.read_at = float(message.fields["began"])  # type: ignore[arg-type]


class Guest(Connection):
    """A connection of a further front: after each answer, and until anything else is asked for."""

    def __init__(self, front: Further, *, seconds: float) -> None:
        super().__init__(front)
        self._further, self._seconds = front, seconds
        self.read = b""
        self._leaves = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # always a stream's
        super().connection_made(transport)
        self.deadline = self._further.now + self._seconds

    def data_received(self, data: bytes) -> None:
        if self.is_closing:
            return
        if self._leaves or not self._further.at_sight(data, self):
            self.read += data
            self.leave()

    def leave(self) -> None:
        """Go to the first front."""
        if not (self._leaves or self.is_closing):
            self._leaves, self.deadline = True, self._further.now + PATIENCE
            self.transport.pause_reading()
            self._further.hand_over(self)


def further(settings: dict, end: socket.socket) -> Further:
    """Return a further front with the settings of the first."""
    return Further(
        end=end,
        cache=PageCache(settings["cache_bytes"] // settings["fronts"]),
        files=StaticFiles(Path(settings["static_root"])),
        hosts=frozenset(each.encode() for each in settings["hosts"]),
        trusted_proxies=settings["trusted_proxies"],
        most_connections=MOST_CONNECTIONS // settings["fronts"],
    )
