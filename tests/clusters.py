"""A PostgreSQL of our own with a streaming replica, where this machine has the programs; gone when the block ends."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.installations import free_port


def programs() -> Path | None:
    """Return where PostgreSQL's programs lie; None where there are none, or nobody but root to run them."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_basebackup"))
    if not found or (os.geteuid() == 0 and shutil.which("runuser") is None):
        return None
    return Path(found[-1]).parent


@dataclass
class Cluster:
    """One server: primary or replica."""

    folder: Path
    port: int

    def run(self, program: str, *arguments: str) -> None:
        found = programs()
        assert found
        command = [str(found / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        options = (
            f"-p {self.port} -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder.parent}"
        )
        log = str(self.folder.parent / f"{self.folder.name}.log")
        self.run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-m", how, "-w", "stop")

    def url(self, name: str = "plenara") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def ask(self, statement: str, name: str = "plenara") -> list[tuple]:
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def replicated(ports: tuple[int, int] | None = None) -> Iterator[tuple[Cluster, Cluster]]:
    """Give a primary with an empty database, and its replica."""
    base = Path(tempfile.mkdtemp(prefix="plenara-pg-"))
    if os.geteuid() == 0:
        shutil.chown(base, "postgres")
    one, two = ports or (free_port(), free_port())
    primary, replica = Cluster(base / "primary", one), Cluster(base / "replica", two)
    running = []
    try:
        makes = ("-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres", "--no-sync")
        primary.run("initdb", "-D", str(primary.folder), *makes)
        primary.start()
        running.append(primary)
        primary.ask("CREATE DATABASE plenara", "postgres")
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        primary.run(
            "pg_basebackup", "-D", str(replica.folder), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", source
        )
        replica.start()
        running.append(replica)
        yield primary, replica
    finally:
        for each in reversed(running):
            try:
                each.stop()
            except subprocess.CalledProcessError:
                pass  # a test has stopped it
        shutil.rmtree(base, ignore_errors=True)
