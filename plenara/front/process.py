"""The front as a process: started by `plenara serve`, with a file of settings."""

import asyncio
import contextlib
import json
import logging.config
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from plenara.front import children, observation
from plenara.front.cache import PageCache
from plenara.front.channel import Arrivals
from plenara.front.connection import MOST_CONNECTIONS, Connection
from plenara.front.files import StaticFiles
from plenara.front.further import further
from plenara.front.revisions import Revisions, source_of
from plenara.front.server import Front
from plenara.front.upstream import Pool
from plenara.front.visits import Visits


def main(file: str, parent: int, number: int, listener: int, *ends: int) -> None:
    """Serve on an inherited socket until SIGTERM, or until the parent process ends.

    The fronts have numbers from 1. `ends` are the first front's ends of the channels to further ones, or a further
    one's end.
    """
    settings = json.loads(Path(file).read_text())
    logging.config.dictConfig(settings["logging"])
    observation.start("front", **settings["observation"])
    children.named("plenara-front" if number == 1 else f"plenara-front-{number}")
    children.end_with_parent(parent)
    with contextlib.suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The thread that reads revisions must not wait long for the GIL.
    sys.setswitchinterval(0.001)
    serve = _serve if number == 1 else _serve_further
    uvloop.run(serve(settings, socket.socket(fileno=listener), [socket.socket(fileno=each) for each in ends]))


async def _serve(settings: dict, listener: socket.socket, ends: Sequence[socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    revisions = Revisions(source_of(settings["database"], settings["redis_url"]), loop)
    front = Front(
        cache=PageCache(settings["cache_bytes"] // settings["fronts"]),
        revisions=revisions,
        files=StaticFiles(Path(settings["static_root"])),
        pool=Pool(settings["behind"], processes=settings["processes"], threads=settings["threads"]),
        hosts=frozenset(each.encode() for each in settings["hosts"]),
        trusted_proxies=settings["trusted_proxies"],
        sorry=settings["sorry"],
        most_connections=MOST_CONNECTIONS // settings["fronts"],
    )
    also_ours = listener.dup()
    if not ends:
        server = await loop.create_server(lambda: Connection(front), sock=listener, backlog=1024)
        await _run(front)
        server.close()
    else:
        Visits(front, revisions, ends)
        arrivals = Arrivals()
        arrivals.accept(listener, lambda: Connection(front))
        await _run(front)
        arrivals.stop(listener)
    if not settings["is_passed"]:
        await _stop_listening(loop, front, also_ours)
    await front.end()


async def _serve_further(settings: dict, listener: socket.socket, ends: Sequence[socket.socket]) -> None:
    front = further(settings, ends[0])
    front.arrivals.accept(listener, front.connected)
    await _run(front)
    front.arrivals.stop(listener)
    await front.end()


async def _run(front: Front) -> None:
    """Tell a front the time until this process must stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        front.tick()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), 0.5)


async def _stop_listening(loop: asyncio.AbstractEventLoop, front: Front, listener: socket.socket) -> None:
    """Take the connections that wait, then refuse others at once.

    Processes beside us have the socket too: whoever comes would wait there in vain until they end. A proxy asks again
    where a connection is refused, and does not where a form may have been received.
    """
    with contextlib.suppress(BlockingIOError):
        while True:
            connection, _peer = listener.accept()
            connection.setblocking(False)
            await loop.connect_accepted_socket(lambda: Connection(front), connection)
    listener.shutdown(socket.SHUT_RDWR)
