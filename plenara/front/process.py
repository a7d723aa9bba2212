"""The front as a process: started by `plenara serve`, with a file of settings."""

import asyncio
import contextlib
import json
import logging.config
import resource
import signal
import socket
import sys
from pathlib import Path

import uvloop

from plenara.front import children, observation
from plenara.front.cache import PageCache
from plenara.front.connection import Connection
from plenara.front.files import StaticFiles
from plenara.front.revisions import Revisions, source_of
from plenara.front.server import Front
from plenara.front.upstream import Pool


def main(parent: int, file: str, listener: int) -> None:
    """Serve on an inherited socket until SIGTERM, or until the parent process ends."""
    settings = json.loads(Path(file).read_text())
    logging.config.dictConfig(settings["logging"])
    observation.start("front", **settings["observation"])
    children.named("plenara-front")
    children.end_with_parent(parent)
    with contextlib.suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The thread that reads revisions must not wait long for the GIL.
    sys.setswitchinterval(0.001)
    uvloop.run(_serve(settings, socket.socket(fileno=listener)))


async def _serve(settings: dict, listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    front = Front(
        cache=PageCache(settings["cache_bytes"]),
        revisions=Revisions(source_of(settings["database"], settings["redis_url"]), loop),
        files=StaticFiles(Path(settings["static_root"])),
        pool=Pool(settings["behind"], processes=settings["processes"], threads=settings["threads"]),
        hosts=frozenset(each.encode() for each in settings["hosts"]),
        trusted_proxies=settings["trusted_proxies"],
        sorry=settings["sorry"],
    )
    also_ours = listener.dup()
    server = await loop.create_server(lambda: Connection(front), sock=listener, backlog=1024)
    while not stopping.is_set():
        front.tick()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), 0.5)
    server.close()
    if not settings["is_passed"]:
        await _stop_listening(loop, front, also_ours)
    await front.end()


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
