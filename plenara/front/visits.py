"""What the first front does for further ones on its port: it answers the connections that they hand over, returns each
with its page, and sends them every reading of the revisions.
"""

import asyncio
import socket
from collections.abc import Sequence

from plenara.front.channel import Arrivals, Channel, Message, Value, packed, sent_away
from plenara.front.connection import Connection
from plenara.front.requests import LONGEST_PLAIN
from plenara.front.revisions import Revisions
from plenara.front.server import Front

#: Seconds without a message after which a further front is not running.
SILENCE = 1.5
#: Seconds until a connection is returned again, where its answer is still being sent or the channel is full.
AGAIN = 0.05


class Visits:
    """The further fronts."""

    def __init__(self, front: Front, revisions: Revisions, ends: Sequence[socket.socket]) -> None:
        self._others = [_Other(front, revisions, each) for each in ends]
        front.further = lambda: [each.gauges for each in self._others if each.is_running]
        revisions.publish = self._publish

    def _publish(self) -> None:
        for each in self._others:
            each.publish()


class _Other:
    """One further front."""

    def __init__(self, front: Front, revisions: Revisions, end: socket.socket) -> None:
        self._front, self._revisions = front, revisions
        self._loop = asyncio.get_running_loop()
        self._channel, self._arrivals = Channel(end, self._receive), Arrivals()
        self._has: list[int] = []  # the total of the numbers that it has
        self._heard_at = float("-inf")
        self.gauges: dict[str, float] = {}

    @property
    def is_running(self) -> bool:
        """Return whether it was heard of a moment ago."""
        return self._loop.time() - self._heard_at < SILENCE

    def publish(self) -> None:
        """Send the newest reading; the numbers only where it does not have them."""
        readings = self._revisions
        total, numbers = [*readings.current.total], b""
        if self._has != total:
            numbers = "\n".join(f"{number} {name}" for name, number in readings.current.numbers.items()).encode()
        fields: dict[str, Value] = {"total": total, "is_known": readings.is_known, "began": max(readings.read_at, 0.0)}
        is_sent = self._channel.send("reading", fields, content=numbers)
        if is_sent:
            self._has = total

    def give_back(self, connection: Connection, data: bytes) -> bool:
        """Return a connection, with the page that it was handed over for; return whether there was room."""
        shown = self._front.shown(data)
        page = packed(*shown) if shown else b""
        return sent_away(connection.transport, lambda client: self._channel.send("back", client=client, content=page))

    def _receive(self, message: Message) -> None:
        if message.what == "visit" and message.client is not None:
            self._arrivals.take(message.client, lambda: Visitor(self._front, self, message.content))
        elif message.what == "alive":
            self._heard(message.fields)
        elif message.what == "leaving":
            self._heard_at = float("-inf")  # it gets no connection any more
            self._channel.send("released")

    def _heard(self, fields: dict) -> None:
        self._heard_at = self._loop.time()
        self._has = fields["has"]
        if fields["is_wanted"]:
            self._revisions.last_request_at = self._heard_at
        counts = self._front.counts
        counts.hits += fields["hits"]
        counts.not_modified += fields["not_modified"]
        counts.sent += fields["sent"]
        self.gauges = {name: fields[name] for name in self._front.gauges()}


class Visitor(Connection):
    """A connection that a further front handed over; it goes back when everything on it is answered."""

    def __init__(self, front: Front, other: _Other, data: bytes) -> None:
        super().__init__(front)
        self._other, self._data = other, data
        self._goes: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # always a stream's
        super().connection_made(transport)
        if data := self._data:
            self._data = data if len(data) <= LONGEST_PLAIN else b""
            self.data_received(data)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._go_back_in(0.0)

    async def _in_turn(self) -> None:
        await super()._in_turn()
        self._go_back_in(0.0)

    def _go_back_in(self, seconds: float) -> None:
        if self._goes is None:
            self._goes = asyncio.get_running_loop().call_later(seconds, self._go_back)

    def _go_back(self) -> None:
        self._goes = None
        if not (self.is_at_rest and self._other.is_running) or self._front.is_ending:
            return
        if not self.transport.get_write_buffer_size() and self._other.give_back(self, self._data):
            self.abort()  # the other front has the connection now
        else:
            self._go_back_in(AGAIN)
