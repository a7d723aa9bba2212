"""Installations of a test's own: a data folder, a database, and the commands run as an operator runs them."""

import atexit
import contextlib
import functools
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.databases import ROOT, Server
from tests.fork_server import ForkServer, Process

#: Seconds after which a process is taken to hang.
PATIENCE = 900
#: Runs commands in one process and prints what each returned and said.
RUN_ALL = """
import contextlib, io, json, sys
from plenara import cli
ran = []
for arguments in json.loads(sys.argv[1]):
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = cli.main(arguments)
    ran.append([code, out.getvalue(), errors.getvalue()])
print(json.dumps(ran))
"""


class Ran(NamedTuple):
    """What a command returned and said."""

    code: int
    out: str
    errors: str


def without_settings() -> dict[str, str]:
    """Return the environment of processes without any setting of Plenara, Django, OpenTelemetry or Sentry."""
    ours = ("PLENARA_", "DJANGO_", "OTEL_", "SENTRY_")
    others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return others | {"PYTHONPATH": str(ROOT)}


@functools.cache
def fork_server() -> ForkServer:
    """Return the process that forks for installations: one in each process of a run, as long as that runs."""
    names = {name: os.environ[name] for name in ("PLENARA_DATA", "PLENARA_DATABASE_URL") if name in os.environ}
    server = ForkServer(without_settings() | names)
    atexit.register(server.close)
    return server


@dataclass
class Installation:
    """One installation: its folder and the names of its environment."""

    data: Path
    database_url: str = ""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of the settings that the tests run with."""
        url = {"PLENARA_DATABASE_URL": self.database_url} if self.database_url else {}
        return without_settings() | {"PLENARA_DATA": str(self.data), **self.names, **url}

    def start(self, *arguments: str, code: str = "", forks: bool = True) -> subprocess.Popen | Process:
        """Start a command, or a line of Python, in a process group of its own.

        The process is a fork of one that has loaded Plenara; with `forks=False` Python starts and loads it.
        """
        words = [str(each) for each in arguments]
        if forks:
            return fork_server().start(words, code, self.environment)
        command = [sys.executable, "-P", *(["-c", code] if code else ["-m", "plenara.cli"]), *words]
        return subprocess.Popen(
            command, env=self.environment, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, code: str = "", forks: bool = True) -> subprocess.CompletedProcess:
        """Run a command to its end, however busy the machine is."""
        with self.start(*arguments, code=code, forks=forks) as process:
            try:
                out, errors = process.communicate(timeout=PATIENCE)
            except BaseException:
                kill(process)
                raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def run_all(self, *commands: list, forks: bool = True) -> list[Ran]:
        """Run commands one after another in one process, which is quicker than one process each."""
        words = [[str(each) for each in command] for command in commands]
        ran = self.run(json.dumps(words), code=RUN_ALL, forks=forks)
        assert ran.returncode == 0, ran.stderr
        return [Ran(*each) for each in json.loads(ran.stdout)]

    def ask(self, statement: str) -> list[tuple]:
        """Return the rows of a statement, read from the database beside whoever uses it."""
        if self.database_url:
            import psycopg

            with psycopg.connect(self.database_url) as connection:
                return connection.execute(statement).fetchall()
        import sqlite3

        with contextlib.closing(sqlite3.connect(self.data / "plenara.sqlite3", timeout=20)) as connection:
            return connection.execute(statement).fetchall()


def kill(process: subprocess.Popen | Process) -> None:
    """Kill a process and everything of its group, as a power cut does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """Return a port that nobody listens at: none of those from 32768 on, which the system gives to any connection."""
    while True:
        port = secrets.choice(range(10_000, 32_768))
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def get(port: int, path: str = "/health/", seconds: float = 300) -> tuple[int, str]:
    """Return status and text of a page; status 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except OSError:
        return 0, ""
    finally:
        connection.close()


def wait_until(condition, seconds: float = 600) -> bool:
    """Wait until a condition holds; say whether it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    """Say whether a process runs, and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            rest = path.read_text().rpartition(")")[2].split()
            if int(rest[1]) == pid and rest[0] != "Z":
                found.append(int(path.parent.name))
    return found


class Databases:
    """PostgreSQL databases for installations of tests: dropped in the end."""

    def __init__(self, server: Server):
        self.server = server
        self._made: list[str] = []

    def make(self, template: str = "template0") -> str:
        """Make a database and return its address."""
        name = f"plenara_test_{os.getpid()}_{len(self._made)}"
        self._made.append(name)
        return self.server.create(name, template)

    def drop_all(self) -> None:
        """Drop every database that was made: at once, since each waits for the server to write everything down."""
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(self.server.drop, self._made))
