"""Web server and errand worker in one command: the server here and in its processes, the worker as a child of ours."""

import contextlib
import errno
import importlib
import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from plenara.web import children
from plenara.web.terminal import Failed

log = logging.getLogger("plenara.serve")

#: Threads that run Django, and requests that may wait for one. Granian would start a thread for each of 512.
THREADS, BACKPRESSURE = 4, 64
#: Seconds that requests and errands under way have when we are asked to stop.
PATIENCE = 5


def require_free(host: str, port: int) -> None:
    """Raise `Failed` where nobody could listen at this address."""
    # A server that was killed a moment ago lets go of its port when its processes notice.
    for attempt in range(20):
        try:
            family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
                return
        except socket.gaierror as error:
            raise Failed(f"--host {host} is no address of this machine.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE and attempt < 19:
                time.sleep(0.1)
                continue
            raise Failed(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop what uses it, or name another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have: name one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is no address of this machine."
    return f"Nothing can listen at {host}, port {port} ({error.strerror})."


def load_application(parent: int, _target: str) -> Any:
    """Return the WSGI application, in the process that serves it; the process ends with its parent."""
    from django.core.wsgi import get_wsgi_application

    from plenara.web.working import end_with_parent

    end_with_parent(parent)
    return get_wsgi_application()


def serve(host: str, port: int, *, processes: int = 1, when_up: Callable[[], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Django is loaded, and its settings named by `DJANGO_SETTINGS_MODULE`."""
    require_free(host, port)
    with errand_worker():
        log.info("serving", extra={"host": host, "port": port})
        if when_up:
            threading.Thread(target=_tell, args=(host, port, when_up), daemon=True).start()
        serve_pages(host, port, processes=processes)


def serve_pages(host: str, port: int, *, processes: int = 1) -> None:
    """Run the web server alone, until SIGTERM or SIGINT."""
    from django.conf import settings
    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    # Read before the processes part, so that they share what they do not change; and a connection must not be shared.
    importlib.import_module(settings.ROOT_URLCONF)
    connections.close_all()
    logging_: dict[str, Any] = dict(settings.LOGGING)
    logging_["loggers"] = {**logging_["loggers"], "_granian": {"handlers": ["stderr"], "propagate": False}}
    server = Server(
        "plenara.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
        log_dictconfig=logging_,
    )
    server.serve(target_loader=partial(load_application, os.getpid()))


@contextlib.contextmanager
def errand_worker() -> Iterator[None]:
    """Keep an errand worker running beside the block, and stop it at the end."""
    stopping = threading.Event()
    current: list[subprocess.Popen[bytes]] = []

    def watch() -> None:
        pause = 0.5
        while not stopping.is_set():
            began = time.monotonic()
            current[:] = [_start_worker()]
            code = current[0].wait()
            if stopping.is_set():
                return
            # A worker that dies at once dies again: wait longer each time, up to half a minute.
            pause = 0.5 if time.monotonic() - began > 60 else min(pause * 2, 30)
            log.error("the errand worker died and is started again", extra={"code": code, "seconds": pause})
            stopping.wait(pause)

    watcher = threading.Thread(target=watch, name="worker", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        for child in current:
            _stop(child)
        watcher.join(PATIENCE)


def _start_worker() -> subprocess.Popen[bytes]:
    """Start `plenara work` with our settings, as a child that ends with us."""
    code = "import sys; from plenara.web.commands.work_command import as_child; sys.exit(as_child(int(sys.argv[1])))"
    # A session of its own, so that Ctrl-C reaches us alone and we stop it in order.
    return subprocess.Popen(
        children.command(code, str(os.getpid())), env=children.environment(), start_new_session=True
    )


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _tell(host: str, port: int, when_up: Callable[[], None]) -> None:
    """Call `when_up` once the server answers."""
    import http.client

    for _attempt in range(600):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(host, port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                when_up()
                return
        time.sleep(0.05)
