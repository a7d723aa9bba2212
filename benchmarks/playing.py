"""Shared by benchmarks of people who write: a running installation, a mail server, and browsers.

An installation of its own in a folder, `plenara serve` as an operator runs it, an SMTP server in this process that
stores e-mails by address, and browsers that have cookies and fill in forms.
"""

import contextlib
import http.client
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class Postbox:
    """An SMTP server at a port of this machine; it stores the time of each e-mail and the code in it, by address."""

    def __init__(self, port: int) -> None:
        from aiosmtpd.controller import Controller

        self._came: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self._new = Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        body = message_from_bytes(envelope.content).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
        with self._new:
            for address in envelope.rcpt_tos:
                self._came[address.lower()].append((time.monotonic(), body))
            self._new.notify_all()
        return "250 OK"

    def wait_for(self, address: str, pattern: str, since: float, seconds: float) -> str:
        """Return the first match in an e-mail to an address; raises `TimeoutError` after so many seconds."""
        end = time.monotonic() + seconds
        with self._new:
            while True:
                for at, body in self._came.get(address.lower(), []):
                    if at >= since and (found := re.search(pattern, body)):
                        return found.group()
                if time.monotonic() > end or not self._new.wait(max(0.0, end - time.monotonic())):
                    raise TimeoutError(address)

    def when(self, address: str, pattern: str) -> float | None:
        """Return the time of the first e-mail to an address with the pattern; None if none came."""
        with self._new:
            return next((at for at, body in self._came.get(address.lower(), []) if re.search(pattern, body)), None)

    def count(self) -> int:
        """Return how many e-mails have come."""
        with self._new:
            return sum(map(len, self._came.values()))

    def __enter__(self) -> "Postbox":
        for name in ("mail.log", "plenara.requests"):  # this process's own log of them
            logging.getLogger(name).setLevel(logging.ERROR)
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


class Refused(Exception):
    """A response that was not a success: its status and address."""


@dataclass
class Browser:
    """A person's browser: one connection, its cookies, and the place that it comes from (behind one trusted proxy)."""

    port: int
    place: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)
    html: str = ""
    address: str = ""
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, expect: tuple[int, ...] = (200,)) -> int:
        """Request a page and follow redirects."""
        status = self._ask("GET", path, None)
        for _hop in range(5):
            if status not in (301, 302, 303):
                break
            status = self._ask("GET", self.address, None)
        if status not in expect:
            raise Refused(f"{status} GET {path}")
        return status

    def post(self, path: str, values: dict[str, str], expect: tuple[int, ...] = (302, 303)) -> int:
        """Send a form with the token of its page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.html)
        status = self._ask("POST", path, {**values, "csrfmiddlewaretoken": token[1] if token else ""})
        if status not in expect:
            raise Refused(f"{status} POST {path}")
        return status

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        return found[1] if found else ""

    def _ask(self, method: str, path: str, values: dict[str, str] | None) -> int:
        headers = {"X-Forwarded-For": self.place, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if values is not None:
            body = urlencode(values)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        for attempt in range(2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                self.html = answer.read().decode(errors="replace")
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # A kept-alive connection that the server closed in the meantime: a browser retries, too.
                self.close()
                if attempt:
                    raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        where = urlsplit(answer.headers.get("Location") or "")
        self.address = where.path + (f"?{where.query}" if where.query else "")
        return answer.status

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None


@dataclass
class Site:
    """An installation in a folder, and how it is served."""

    folder: Path
    port: int
    database_url: str = ""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes, without our own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARA_", "DJANGO_"))}
        kept |= {"PYTHONPATH": str(ROOT), "PLENARA_DATA": str(self.folder), "PLENARA_TRUSTED_PROXIES": "1"}
        kept |= {"PLENARA_SITE_URL": f"http://127.0.0.1:{self.port}", "PLENARA_MEANING": "off", **self.names}
        return kept | ({"PLENARA_DATABASE_URL": self.database_url} if self.database_url else {})

    def load(self) -> None:
        """Make this process one of the installation's, with an empty database brought up to date."""
        for name in [each for each in os.environ if each.startswith(("PLENARA_", "DJANGO_"))]:
            del os.environ[name]
        os.environ.update(self.environment)
        from plenara.operations import startup

        startup.start()
        startup.migrate()

    @contextlib.contextmanager
    def served(self, *more: str) -> Any:
        """Serve it inside the block, web server and worker, as its own process group."""
        log = (self.folder / "serve.log").open("ab")
        command = [sys.executable, "-P", "-m", "plenara.cli", "serve", "--port", str(self.port), *more]
        server = subprocess.Popen(
            command, env=self.environment, cwd="/", stdout=log, stderr=log, start_new_session=True
        )
        try:
            self._wait(server)
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
            log.close()

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        for _attempt in range(1200):
            if server.poll() is not None:
                raise SystemExit(f"The server ended: {(self.folder / 'serve.log').read_text()[-2000:]}")
            with contextlib.suppress(OSError, Refused), contextlib.closing(Browser(self.port)) as browser:
                browser.get("/health/")
                return
            time.sleep(0.1)
        raise SystemExit("The server does not answer.")


def free_port(first: int, last: int) -> int:
    """Return a port of these at which nobody listens."""
    for port in range(first, last + 1):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise SystemExit(f"No port from {first} to {last} is free.")


def consultation(slug: str, *, threads: int = 3) -> Any:
    """Return an open consultation in six languages that moderators read before publication."""
    import datetime

    from plenara.accounts.actions import register
    from plenara.consultations.models import Consultation, Role, State, Thread
    from plenara.core import clock
    from plenara.core.languages import CODES

    def six(text: str) -> dict[str, str]:
        return dict.fromkeys(CODES, text)

    now = clock.now()
    made = Consultation.objects.create(
        slug=slug, symbol=f"BENCH/{slug.upper()}"[:40], title=six("A consultation"), intro=six("Questions."),
        stage=State.ANNOUNCED, opens_at=now - datetime.timedelta(days=9), closes_at=now + datetime.timedelta(days=9),
        timezone="Europe/Zurich", languages=list(CODES), word_limit=600,
    )  # fmt: skip
    for number in range(1, threads + 1):
        Thread.objects.create(
            consultation=made, number=number, slug=f"q{number}", question=six(f"Question {number}?"),
            guidance=six("Say why."),
        )  # fmt: skip
    moderator = register(name="Ana Prieto", email="moderator@people.example")
    Role.objects.create(person=moderator, consultation=made, name="moderator")
    return made


def quantiles(seconds: list[float]) -> str:
    """Return median, 99th percentile and worst, in milliseconds."""
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return f"p50 {p50 * 1000:7.0f}   p99 {p99 * 1000:7.0f}   worst {ordered[-1] * 1000:7.0f} ms"
