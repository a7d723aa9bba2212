"""`plenara serve` answers on the socket that systemd passes to it, and a restart loses no request."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from plenara.front.server import LAST_REQUEST, PATIENCE
from plenara.operations import systemd
from plenara.operations.terminal import Failed
from tests.installations import free_port, get, kill, wait_until

pytestmark = pytest.mark.once

#: What systemd does in the process that becomes the service: the socket is file 3, and two variables announce it.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-P", "-m", "plenara.cli", "serve", *sys.argv[2:]])
"""


@dataclass
class Systemd:
    """What has the socket, starts the service with it and hears when it is ready."""

    installation: object
    folder: object
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=512))
    service: subprocess.Popen | None = None

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def start(self, *arguments):
        """Start the service; return when it says that it is ready."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
            path = self.folder / f"notify-{time.monotonic_ns()}"
            messages.bind(str(path))
            messages.settimeout(600)
            self.service = subprocess.Popen(
                [sys.executable, "-c", AS_SYSTEMD, str(self.listener.fileno()), *arguments],
                env={**self.installation.environment, "NOTIFY_SOCKET": str(path)},
                cwd="/", pass_fds=[self.listener.fileno()], start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            assert messages.recv(100) == b"READY=1"

    def stop(self):
        """Stop it as `KillMode=mixed` does: the signal goes to the first process alone."""
        self.service.send_signal(signal.SIGTERM)
        assert self.service.wait(600) == 0


@pytest.fixture
def manager(installation, tmp_path):
    made = Systemd(installation, tmp_path)
    with made.listener:
        yield made
        if made.service:
            kill(made.service)


def keep_asking(manager, path, until, asked, failed):
    """Ask for a page, on a new connection each time, and note whatever is not an answer."""
    while not until.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", manager.port, timeout=600)
        began, sent = time.monotonic(), 0.0
        try:
            connection.request("GET", path)
            sent = time.monotonic()
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failed.append(answer.status)
        except (OSError, http.client.HTTPException) as error:
            now = time.monotonic()
            # By design, a connection that stays silent is closed, and a page that takes too long is not awaited.
            if (sent or now) - began < LAST_REQUEST and now - began < PATIENCE:
                failed.append(repr(error))
        finally:
            connection.close()
        asked.append(path)


@pytest.mark.parametrize("fronts", ["1", "3"])
def test_a_restart_loses_no_request(manager, fronts):
    manager.start("--upgrade", "--fronts", fronts)
    until, asked, failed = threading.Event(), [], []
    clients = [
        threading.Thread(target=keep_asking, args=(manager, path, until, asked, failed))
        for path in ("/en/", "/en/search/?q=water", "/en/account/login/")
    ]
    for client in clients:
        client.start()
    try:
        for _restart in range(2):
            before = len(asked)
            assert wait_until(lambda before=before: len(asked) > before + 20)
            manager.stop()
            manager.start("--upgrade", "--fronts", fronts)
    finally:
        until.set()
        for client in clients:
            client.join()
    assert not failed


def test_requests_that_come_while_it_is_stopped_wait_for_its_start(manager):
    manager.start()
    manager.stop()
    answers = []
    readers = [threading.Thread(target=lambda: answers.append(get(manager.port)[0])) for _each in range(20)]
    for reader in readers:
        reader.start()
    manager.start()
    for reader in readers:
        reader.join()
    assert answers == [200] * 20


def test_without_a_passed_socket_whoever_comes_while_it_ends_is_answered_or_refused_at_once(installation):
    """A proxy in front then asks again, also with a form: nobody has received it."""
    server = installation.start("serve", "--port", free_port())
    own = SimpleNamespace(port=int(server.args[-1]))
    until, asked, failed = threading.Event(), [], []
    pages = ("/en/", "/en/search/?q=water", "/en/account/login/")
    clients = [threading.Thread(target=keep_asking, args=(own, path, until, asked, failed)) for path in pages]
    try:
        assert wait_until(lambda: get(own.port)[0] == 200)
        for client in clients:
            client.start()
        assert wait_until(lambda: len(asked) > 20)
        server.send_signal(signal.SIGTERM)
        assert server.wait(600) == 0
    finally:
        until.set()
        for client in clients:
            client.join()
        kill(server)
    assert set(failed) <= {repr(ConnectionRefusedError(111, "Connection refused"))}


def test_with_upgrade_it_makes_the_database_of_a_new_installation(new, tmp_path):
    manager = Systemd(new, tmp_path)
    with manager.listener:
        try:
            manager.start("--upgrade")
            assert get(manager.port, "/en/")[0] == 200
        finally:
            kill(manager.service)


@pytest.mark.parametrize(
    ("files", "kind"), [("1", socket.SOCK_DGRAM), ("2", socket.SOCK_STREAM), ("1", None)], ids=["UDP", "two", "none"]
)
def test_anything_but_one_socket_for_tcp_is_refused(monkeypatch, files, kind):
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", files)
    with socket.socket(type=kind or socket.SOCK_STREAM) as passed:
        number = passed.fileno() if kind else 1_000_000
        monkeypatch.setattr(systemd, "_FIRST", number)
        with pytest.raises(Failed, match="exactly one socket"):
            systemd.passed_socket()
        if kind:
            passed.detach()  # it was closed with the refusal


def test_a_socket_for_another_process_is_not_taken(monkeypatch):
    monkeypatch.setenv("LISTEN_PID", "1")
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert systemd.passed_socket() is None
    assert "LISTEN_FDS" not in os.environ
