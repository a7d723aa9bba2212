"""A process that has loaded Plenara and forks for each request: a command starts in milliseconds, not in a second.

Each fork has its own environment, standard streams and session, and reads its settings from its environment.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import NoReturn, Self


class Process:
    """A forked process, used as a `subprocess.Popen` with text in pipes."""

    def __init__(self, server: socket.socket, arguments: Sequence[str], code: str, environment: dict[str, str]):
        self.args = arguments
        self.returncode: int | None = None
        pipes = [os.pipe() for _each in range(3)]
        self._reply, reply = socket.socketpair()
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1], reply.fileno()]
        socket.send_fds(server, [b"f"], theirs)
        for each in theirs[:3]:
            os.close(each)
        reply.close()
        self.stdin = os.fdopen(pipes[0][1], "w")
        self.stdout, self.stderr = os.fdopen(pipes[1][0]), os.fdopen(pipes[2][0])
        self._reply.sendall(json.dumps([arguments, code, environment]).encode() + b"\n")
        self.pid = self._number()

    def _number(self) -> int:
        if not (answer := self._reply.recv(8)):
            raise EOFError("The fork server has ended.")
        return int(answer)

    def wait(self, timeout: float | None = None) -> int:
        """Return how the process ended: negative if by a signal."""
        if self.returncode is None:
            self._reply.settimeout(timeout)
            try:
                self.returncode = self._number()
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self._reply.close()
        return self.returncode

    def poll(self) -> int | None:
        """Return how the process ended, or nothing while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return what the process writes until it ends."""
        texts = {}
        streams = {"out": self.stdout, "errors": self.stderr}
        readers = [
            threading.Thread(target=lambda name=name: texts.update({name: streams[name].read()}), daemon=True)
            for name in streams
        ]
        for each in readers:
            each.start()
        with contextlib.suppress(BrokenPipeError):
            self.stdin.close()
        for each in readers:
            each.join(timeout)
            if each.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(timeout)
        return texts["out"], texts["errors"]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for each in (self.stdin, self.stdout, self.stderr):
            with contextlib.suppress(BrokenPipeError):
                each.close()
        self.wait()


class ForkServer:
    """The process that forks. It ends when nobody can send it a request."""

    def __init__(self, environment: dict[str, str]):
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from tests import fork_server; fork_server.main({theirs.fileno()})"],
                env=environment, cwd="/", stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip

    def start(self, arguments: Sequence[str], code: str, environment: dict[str, str]) -> Process:
        """Fork a process that runs the command line, or a program."""
        return Process(self._requests, arguments, code, environment)

    def close(self) -> None:
        self._requests.close()
        self._process.wait()


# --- in the process that forks ----------------------------------------------------------------------------------------


def main(descriptor: int) -> None:
    """Load Plenara and fork for each request; each fork does what was requested, and ends as any process does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background of a shell ignores it
    _load()
    with socket.socket(fileno=descriptor) as requests:
        streams, reply = _next_request(requests)
    with reply:
        arguments, code, environment = json.loads(reply.makefile().readline())
        if pid := os.fork():
            for each in streams:
                os.close(each)
            _report_end(pid, reply)
        os.setsid()
        reply.sendall(b"%8d" % os.getpid())
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", *arguments]
    status = _run(arguments, code)
    # What the interpreter does at its end, but for freeing all memory, which takes longer than most commands.
    threading._shutdown()
    atexit._run_exitfuncs()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    os._exit(status)


def _run(arguments: list[str], code: str) -> int:
    from plenara import cli

    try:
        if not code:
            return cli.main(arguments)
        exec(code, {"__name__": "__main__"})
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _load() -> None:
    """Load all modules, and forget the settings that they were loaded with."""
    import gc

    from plenara import cli
    from plenara.operations import startup

    startup.start()
    cli.parser()
    from django.apps import apps
    from django.conf import empty, settings
    from django.db import connections

    import plenara.config.urls  # noqa: F401

    loaded = list(settings.INSTALLED_APPS)

    def populate(installed: list[str]) -> None:
        assert installed == loaded, "The fork server has loaded other applications. Start a process of its own."

    apps.populate = populate
    for each in connections.all(initialized_only=True):
        each.close()
        del connections[each.alias]
    vars(connections).pop("settings", None)
    connections._settings = None
    settings._wrapped = empty
    del sys.modules["plenara.config.settings"]
    gc.collect()
    gc.freeze()


def _next_request(requests: socket.socket) -> tuple[list[int], socket.socket]:
    """Fork at each request, and return in the fork its streams and where to reply."""
    while True:
        _data, descriptors, _flags, _address = socket.recv_fds(requests, 1, 4)
        if not descriptors:
            sys.exit()  # nobody can send another
        if not os.fork():
            return descriptors[:3], socket.socket(fileno=descriptors[3])
        for each in descriptors:
            os.close(each)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _report_end(pid: int, reply: socket.socket) -> NoReturn:
    _pid, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        reply.sendall(b"%8d" % os.waitstatus_to_exitcode(status))
    os._exit(0)
