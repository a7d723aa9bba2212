"""The tests' databases: migrated once, copied for each process of a run, and emptied after a test that commits."""

import contextlib
import fcntl
import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from tests.made_once import memory

ROOT = Path(__file__).resolve().parent.parent
#: What `migrate` itself writes, and what therefore stays.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
IN_MEMORY = "file:plenara_tests?mode=memory&cache=shared"


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def migrations_digest() -> str:
    """Return what changes when the migrations, or the packages that run them, do."""
    digest = hashlib.sha256()
    made_by = [ROOT / "plenara/operations/startup.py", ROOT / "requirements.txt"]
    for path in [*sorted(ROOT.glob("plenara/*/migrations/*.py")), *made_by]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Let one process at a time run the block."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


#: What `plenara migrate` does with an empty database, but for its first themes.
CREATE_TABLES = "from plenara.operations import startup; startup.start(); startup.create_tables()"


def create_tables(database_url: str, data: Path) -> None:
    """Create the tables in a process of its own, which has the product's own settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARA_", "DJANGO_"))}
    environment |= {"PLENARA_DATA": str(data), "PLENARA_DATABASE_URL": database_url}
    command = [sys.executable, "-c", CREATE_TABLES]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def migrated_file(cache: Path) -> Path:
    """Return a migrated SQLite file to copy. It is made again only where a migration has changed."""
    folder = cache / "databases"
    file = folder / f"{migrations_digest()}.sqlite3"
    with turn(folder):
        if not file.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            half = folder / "plenara.sqlite3"
            create_tables(f"sqlite:///{half}", folder)
            with contextlib.closing(sqlite3.connect(half)) as made:
                made.execute("PRAGMA journal_mode=DELETE")
            half.rename(file)
    return file


class Server:
    """The PostgreSQL server that the run is about."""

    def __init__(self, url: str):
        self._url = url
        self.name = urlsplit(url).path[1:]

    def url(self, name: str) -> str:
        """Return the address of a database on it."""
        parts = urlsplit(self._url)  # `geturl` would lose the slashes of an address without a host
        return f"{parts.scheme}://{parts.netloc}/{name}{f'?{parts.query}' if parts.query else ''}"

    def execute(self, *statements: str) -> list[tuple]:
        """Run statements outside any database of ours; return the rows of the last one."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            for statement in statements:
                cursor = server.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, name: str, template: str = "template0") -> str:
        """Drop a database where there is one, create it, and return its address."""
        encoding = " ENCODING 'UTF8'" if template == "template0" else ""
        self.execute(
            f'DROP DATABASE IF EXISTS "{name}"',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}"{encoding}',
            # No test takes the power away: a commit need not wait for the disk.
            f'ALTER DATABASE "{name}" SET synchronous_commit TO off',
        )
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def migrated(self, cache: Path) -> str:
        """Return the name of a migrated database to copy. It stays, and is made again where a migration has changed."""
        folder = cache / "databases"
        prefix = f"test_{re.sub(r'_[0-9]+$', '', self.name)}_migrated_"
        name = f"{prefix}{migrations_digest()}"
        with turn(folder):
            like_it = f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
            there = {row[0] for row in self.execute(like_it)}
            if name not in there:
                for old in there:
                    self.drop(old)
                half = f"{prefix}half"
                create_tables(self.create(half), folder)
                self.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        return name


def connect_to(name: str) -> None:
    """Make a database the one that Django's models ask, in every thread."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def use_copy_of_file(file: Path) -> None:
    """Let this process use a copy of a SQLite file, in memory."""
    connect_to(IN_MEMORY)
    with contextlib.closing(sqlite3.connect(file)) as source:
        source.backup(connection.connection)


_tables: list[str] = []


def empty_tables() -> None:
    """Delete every row but those of `KEPT`: quicker than Django's `flush`, which visits empty tables too."""
    if not _tables:
        _tables.extend(sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in _tables)
        )
        # Foreign keys are checked at the end of the transaction, so the order does not matter.
        for (name,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{name}"')


@contextlib.contextmanager
def shared(blocker, data: Path | None = None) -> Iterator[None]:
    """Let a fixture of a module or package write once for all of its tests; what it wrote is gone behind the last one.

    Each test has a transaction of its own within (`db`), so what a test changes is undone for the next. Files lie in
    the folder `data`, where one is given.
    """
    folders = {"DATA": data, "DOCUMENTS": data / "documents"} if data else {}
    with blocker.unblock(), override_settings(**folders), memory.shared(), transaction.atomic():
        yield
        transaction.set_rollback(True)
