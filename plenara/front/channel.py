"""What fronts on one port send each other: connections of clients, cached pages and readings of the revisions.

The pair of sockets belongs to the process that starts the fronts: what was sent to a front that died waits for the
next one. A message is whole or not there; what is long is in a file in memory that comes with it.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from plenara.front.cache import Entry, Key, Variant
from plenara.front.revisions import Stamp

log = logging.getLogger("plenara.front")

#: The most bytes of a message, and the most messages that are read at once.
_LONGEST, _AT_ONCE = 4_096, 64
#: Seconds until a front accepts connections again, after it had no file left for one.
_NO_FILES = 0.5

type Value = str | int | float | bool | list[int]


@dataclass(slots=True)
class Message:
    """One message: what it is and its fields, a client's connection, and what is long."""

    what: str
    fields: dict[str, Value] = field(default_factory=dict)
    client: socket.socket | None = None
    content: bytes = b""


class Channel:
    """One end of a pair of sockets between two fronts."""

    def __init__(self, end: socket.socket, receive: Callable[[Message], None]) -> None:
        self._end, self._receive = end, receive
        end.setblocking(False)
        asyncio.get_running_loop().add_reader(end, self._read)

    def send(
        self, what: str, fields: Mapping[str, Value] | None = None, *, client: int | None = None, content: bytes = b""
    ) -> bool:
        """Send a message; return whether there was room. The other front gets a connection of its own to the client."""
        files = [] if client is None else [client]
        head = {"what": what, "files": [client is not None, bool(content)], **(fields or {})}
        try:
            if content:
                files.append(os.memfd_create("message"))
                if os.pwrite(files[-1], content, 0) < len(content):
                    return False
            socket.send_fds(self._end, [json.dumps(head).encode()], files)
        except OSError:  # full, or no file is left
            return False
        finally:
            for each in files[client is not None :]:
                os.close(each)
        return True

    def _read(self) -> None:
        for _message in range(_AT_ONCE):
            try:
                data, files, _flags, _address = socket.recv_fds(self._end, _LONGEST, 2)
            except OSError:
                return
            if not data:
                asyncio.get_running_loop().remove_reader(self._end)
                return
            fields = json.loads(data)
            has_client, has_content = fields.pop("files")
            if len(files) < has_client + has_content:  # this process may open no more
                for each in files:
                    os.close(each)
                continue
            content = b""
            if has_content:
                with open(files[-1], "rb") as file:
                    content = file.read()
            client = socket.socket(fileno=files[0]) if has_client else None
            self._receive(Message(fields.pop("what"), fields, client, content))


class Arrivals:
    """Connections that come as sockets: accepted one at a time, so that fronts share them, or sent by another front."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_stopped = False

    @property
    def are_coming(self) -> bool:
        """Return whether a connection was taken that is not served yet."""
        return bool(self._tasks)

    def accept(self, listener: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        """Accept connections until `stop`. The fronts have one queue: what one has not taken, another one takes."""
        listener.setblocking(False)
        if not self._has_stopped:
            self._loop.add_reader(listener, self._accept, listener, make)

    def stop(self, listener: socket.socket) -> None:
        """Accept no further connections."""
        self._has_stopped = True
        self._loop.remove_reader(listener)

    def _accept(self, listener: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        try:
            client, _address = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return  # another front was first, or the client left
        except OSError as error:
            log.error("no connection can be accepted", extra={"error": type(error).__name__})
            self._loop.remove_reader(listener)
            self._loop.call_later(_NO_FILES, self.accept, listener, make)
            return
        self.take(client, make)

    def take(self, client: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        """Serve a client on this socket."""
        client.setblocking(False)
        task = self._loop.create_task(self._taken(client, make))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _taken(self, client: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        try:
            await self._loop.connect_accepted_socket(make, client)
        except OSError:
            client.close()


def sent_away(transport: asyncio.Transport, send: Callable[[int], bool]) -> bool:
    """Send the connection of a transport to another front; return whether that was possible. Nothing is unsent here."""
    copy = -1
    with contextlib.suppress(OSError):
        copy = os.dup(transport.get_extra_info("socket").fileno())
    if copy < 0:
        return False
    try:
        return send(copy)
    finally:
        os.close(copy)


# A cached page, as bytes: the lines of its head, and then its variants


def packed(key: Key, names: tuple[bytes, bytes], entry: Entry) -> bytes:
    """Return a cached page with its key, and with the host and protocol that led to it."""
    blobs: list[bytes] = []
    variants = []
    for encoding, each in entry.variants.items():
        blobs += [each.whole, each.not_modified]
        variants.append([_text(encoding), _text(each.etag), each.head, len(each.whole), len(each.not_modified)])
    head = {
        "key": [*map(_text, key)], "names": [*map(_text, names)], "tags": entry.cache_tags, "until": entry.until,
        "numbers": entry.stamp.numbers, "gone": entry.stamp.gone, "etag": _text(entry.etag), "variants": variants,
    }  # fmt: skip
    return b"".join([json.dumps(head).encode(), b"\n", *blobs])


def unpacked(content: bytes) -> tuple[Key, tuple[bytes, bytes], Entry]:
    """Return what was packed. The page is compared with the revisions when it is first asked for."""
    line, _newline, rest = content.partition(b"\n")
    head = json.loads(line)
    variants, at = {}, 0
    for encoding, etag, head_size, whole, not_modified in head["variants"]:
        middle, end = at + whole, at + whole + not_modified
        variants[_bytes(encoding)] = Variant(_bytes(etag), head_size, rest[at:middle], rest[middle:end])
        at = end
    stamp = Stamp(tuple(head["numbers"]), tuple(head["gone"]))
    entry = Entry(stamp, tuple(head["tags"]), head["until"], _bytes(head["etag"]), variants, seen=(0, -1))
    host, target = map(_bytes, head["key"])
    name, scheme = map(_bytes, head["names"])
    return (host, target), (name, scheme), entry


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _bytes(value: str) -> bytes:
    return value.encode("latin-1")
