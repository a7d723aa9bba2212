"""A PostgreSQL of the tests' own: in a folder below /tmp, at a port of its own, run by somebody who is not root."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.installations import children, free_port


class Cluster:
    """The server, which can be stopped, killed and started again."""

    def __init__(self, programs: Path, folder: Path, user: str | None):
        self._programs, self._folder, self._user = programs, folder, user
        self._port = free_port()
        self._server: subprocess.Popen | None = None
        self._made = 0

    @classmethod
    def made(cls) -> "Cluster | None":
        """Return a new cluster, started; nothing where this machine has no PostgreSQL."""
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        found = shutil.which("postgres")
        programs = next(iter(installed), Path(found).parent if found else None)
        if programs is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="plenara-cluster-"))
        user = None
        if os.getuid() == 0:
            user = next(name for name in ("postgres", "nobody") if name in {each.pw_name for each in pwd.getpwall()})
            shutil.chown(folder, user)
        made = cls(programs, folder, user)
        made._run(
            "initdb", "-A", "trust", "-U", "plenara", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(folder / "data")
        )
        made.start()
        return made

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], check=True, capture_output=True, user=self._user, cwd=self._folder
        )

    def start(self) -> None:
        """Start the server and wait until it answers: after a kill it first does again what its log says."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self._server is None or self._server.poll() is not None:
                self._server = subprocess.Popen(
                    [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self._port),
                     "-k", str(self._folder), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                    user=self._user, cwd=self._folder,
                )  # fmt: skip
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.url("postgres"), connect_timeout=2):
                return
            time.sleep(0.1)
        raise AssertionError("PostgreSQL does not start")

    def stop(self) -> None:
        """Stop the server as an operator does who is in a hurry."""
        assert self._server is not None
        self._server.send_signal(signal.SIGINT)
        self._server.wait(600)

    def kill(self) -> None:
        """Kill every process of the server, as a power cut does."""
        assert self._server is not None
        for pid in [self._server.pid, *children(self._server.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://plenara@127.0.0.1:{self._port}/{name}"

    def database(self) -> str:
        """Make a database and return its address."""
        self._made += 1
        name = f"faults_{self._made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def remove(self) -> None:
        """End the server and delete its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
