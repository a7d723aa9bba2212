"""Everything in one command: the front process that listens, processes of Django behind it, the task worker.

All are children of this process, restarted when they die. Django's and the worker fork after it has loaded the
program, so that they share that memory; the front, which needs none of it, is a separate program. The public socket
belongs to this process, so that connections wait while the front starts.
"""

import contextlib
import errno
import gc
import importlib
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from plenara.core.rows import Json
from plenara.front import children
from plenara.operations import systemd
from plenara.operations.terminal import Failed

log = logging.getLogger("plenara.serve")

#: Processes of Django: with two, a form does not wait for another person's long page.
PROCESSES = 2
#: Threads of each, and requests that may wait for one. Granian would start a thread for each of 512.
THREADS, BACKPRESSURE = 4, 64
#: Seconds that running requests and tasks have after SIGTERM.
PATIENCE = 5
#: The niceness of Django's processes, and of the worker, relative to the front.
NICE, NICE_WORKER = 5, 10
#: Templates that are loaded before the fork: of the first pages, and of writing and sending.
FIRST_TEMPLATES = (
    "site/home.html",
    "site/consultation.html",
    "site/thread.html",
    "site/contribution.html",
    "site/search.html",
    "contributions/contribute.html",
    "moderation/own_contribution.html",
)
#: Seconds until a dead child is restarted, at first and at most; the lifetime that counts as healthy.
FIRST_PAUSE, LONGEST_PAUSE, A_WHILE = 0.25, 4.0, 5.0


class Child(Protocol):
    """A process that we started: the interface of `subprocess.Popen`."""

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


class Forked:
    """A fork of this process: it shares what is loaded, runs a function and ends."""

    def __init__(self, run: Callable[[], None]) -> None:
        self._process = multiprocessing.get_context("fork").Process(target=run, daemon=True)
        self._process.start()

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code when it has ended. Raises `subprocess.TimeoutExpired`."""
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self._process.exitcode) is None:
            if end is not None and time.monotonic() >= end:
                raise subprocess.TimeoutExpired(str(self._process), timeout or 0)
            self._process.join(0.2)
        return code

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it is running."""
        assert self._process.pid  # zero would mean the whole process group
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, sig)


class BackOff:
    """How long to wait before a dead process is restarted.

    A process that dies at once will die again: the wait grows up to some seconds, since others carry its load or nobody
    does. One that lived for a while is restarted at once.
    """

    def __init__(self) -> None:
        self._pause, self._began = FIRST_PAUSE, time.monotonic()

    def begin(self) -> None:
        """Store that the process starts now."""
        self._began = time.monotonic()

    def pause(self) -> float:
        """Return the seconds to wait, now that it died."""
        lived = time.monotonic() - self._began
        self._pause = FIRST_PAUSE if lived > A_WHILE else min(self._pause * 2, LONGEST_PAUSE)
        return self._pause


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to this address. Raises `Failed` if it is in use."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Failed(f"--host {host} is not an address of this server.") from error
    # A server that was killed a moment ago releases its port when its processes notice.
    for attempt in range(20):
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE or attempt == 19:
                raise Failed(_why_not(error, host, port)) from error
            time.sleep(0.1)
        else:
            break
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the program that uses it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"This user may not use port {port}. Choose a port above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this server."
    return f"Cannot listen on {host}, port {port} ({error.strerror})."


def load_application(parent: int, _target: str) -> object:
    """Return the WSGI application, in the process that serves it; the process ends with its parent.

    It is niced: cached pages come before pages to render.
    """
    from django.core.wsgi import get_wsgi_application

    from plenara.operations.middleware import with_peers

    children.end_with_parent(parent)
    children.named("plenara-django")
    os.nice(NICE)
    return with_peers(get_wsgi_application())


def share() -> None:
    """Load the whole program before the fork, so that the processes share what they do not change."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.urls import get_resolver
    from django.utils import translation

    from plenara.core.models import BackgroundTask
    from plenara.search import vector_cache
    from plenara.search.query import parse

    multiprocessing.set_start_method("fork", force=True)  # Granian checks it
    importlib.import_module("plenara.operations.worker")
    get_wsgi_application()
    # What each process would otherwise make at its first request.
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            _ = get_resolver().reverse_dict
    _ = str(BackgroundTask.objects.all().query)
    _read_templates()
    parse("première")  # tables of characters and of word endings, for search
    vector_cache.open_in(settings.DATA)
    connections.close_all()  # two processes must not share one
    gc.collect()
    gc.freeze()  # a garbage collection would write to shared memory


def _read_templates() -> None:
    """Load what the first pages and forms of each process need, with their tags and context processors."""
    from django.conf import settings
    from django.template import engines
    from django.utils import translation
    from django.utils.module_loading import import_string

    django = engines["django"]
    _ = django.engine.template_context_processors  # type: ignore[attr-defined]
    for code in ("en", "zh-hans"):  # Chinese has templates of its own
        with translation.override(code):
            for name in FIRST_TEMPLATES:
                django.get_template(name)
    for name in settings.FILE_UPLOAD_HANDLERS:
        import_string(name)
    import_string("django.contrib.messages.storage.fallback.FallbackStorage")


def serve(
    host: str,
    port: int,
    *,
    processes: int = PROCESSES,
    number_of_fronts: int | None = None,
    when_up: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. Django is loaded with the settings of `DJANGO_SETTINGS_MODULE`.

    The address is not used if a service manager passes a socket. The number of fronts follows that of the processors.
    """
    from plenara.operations import front_process

    passed = systemd.passed_socket()
    listener = passed or bound(host, port)
    host, port = listener.getsockname()[:2]

    share()
    with (
        front_process.sockets(listener) as behind,
        task_worker(),
        front_process.fronts(
            listener,
            behind,
            processes=processes,
            threads=THREADS,
            number=number_of_fronts or front_process.number_of_fronts(),
            is_passed=passed is not None,
        ) as stop_fronts,
    ):
        log.info("serving", extra={"host": host, "port": port})
        if when_up := when_up or systemd.notifier("READY=1"):
            threading.Thread(target=_call_when_up, args=(host, port, when_up), daemon=True).start()
        serve_pages(behind, processes=processes, before_stopping=stop_fronts)


def serve_pages(
    behind: Path, *, processes: int = PROCESSES, before_stopping: Callable[[], None] = lambda: None
) -> None:
    """Run Django's processes on a socket of this machine, until SIGTERM or SIGINT."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    logging_: Json = dict(settings.LOGGING)
    logging_["loggers"] = {**logging_["loggers"], "_granian": {"handlers": ["stderr"], "propagate": False}}

    class Behind(Server):  # type: ignore[misc, valid-type]
        """A server that lets the front finish before Django's processes end; and that never gives up.

        Granian ends if a process dies twice within some seconds, and the front with it, which has cached pages.
        """

        back_off = BackOff()

        def _respawn_workers(self, workers: list[int], *arguments: object, **named: object) -> None:
            pause = self.back_off.pause()
            log.error("a process of Django died and is started again", extra={"seconds": pause})
            self.main_loop_interrupt.wait(pause)  # or until we must stop
            if not self.interrupt_signal:
                super()._respawn_workers(workers, *arguments, **named)
                self.back_off.begin()
                self.respawned_wrks.clear()

        def signal_handler_interrupt(self, *arguments: object, **named: object) -> None:
            def stop() -> None:
                before_stopping()
                super(Behind, self).signal_handler_interrupt(*arguments, **named)

            threading.Thread(target=stop, name="stopping", daemon=True).start()

    server = Behind(
        "plenara.config.wsgi:application",
        uds=behind,
        uds_permissions=0o600,
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
def task_worker() -> Iterator[None]:
    """Keep a task worker running beside the block, and stop it at the end."""
    with restarted_when_dead("task worker", _start_worker):
        yield


@contextlib.contextmanager
def restarted_when_dead(name: str, start: Callable[[], Child]) -> Iterator[Callable[[], None]]:
    """Keep a child process running beside the block; stop it at the end, or by the yielded function."""
    stopping = threading.Event()
    current: list[Child] = []

    def watch() -> None:
        back_off = BackOff()
        while not stopping.is_set():
            back_off.begin()
            current[:] = [start()]
            code = current[0].wait()
            if stopping.is_set():
                return
            pause = back_off.pause()
            log.error("the %s died and is started again", name, extra={"code": code, "seconds": pause})
            stopping.wait(pause)

    watcher = threading.Thread(target=watch, name=name, daemon=True)
    watcher.start()

    def stop() -> None:
        stopping.set()
        for child in current:
            _stop(child)

    try:
        yield stop
    finally:
        stop()
        watcher.join(PATIENCE)


def _start_worker() -> Child:
    """Start `plenara work` with our settings, as a child that ends with us."""
    return Forked(partial(_work, os.getpid()))


def _work(parent: int) -> None:
    from plenara.operations.commands.work_command import as_child

    # A session of its own, so that Ctrl-C reaches only us and we stop it in order.
    os.setsid()
    children.named("plenara-worker")
    os.nice(NICE_WORKER)
    sys.exit(as_child(parent))


def _stop(child: Child) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(PATIENCE + 1)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()


def _call_when_up(host: str, port: int, when_up: Callable[[], None]) -> None:
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
