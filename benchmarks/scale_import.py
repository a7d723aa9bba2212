"""How fast an import is beside a bare `executemany` of the very rows that it writes, into tables with the same indexes.

    python -m benchmarks.scale_import [--contributions 50000] [--postgresql URL] [--rounds 3]

Run it from the root. An import checks a bundle, mints numbers, cuts every text into words for the search, and counts;
then its rows are read from its database and written into an empty one by `executemany`, table by table, in one
transaction, with the same durability. Both in turn, each time into a new database. `--postgresql` names a database that
may be dropped and made again, and so is another whose name ends in `_bare`. Printed are the seconds of both, and the
rate of the import as a part of the bare one: by the clock, and (of SQLite, which runs within the process) by time of
the processor.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.scale_rows import write

#: Rows that are read and written at a time.
BATCH = 5_000


def imported(bundle: str) -> dict[str, Any]:
    """Import a bundle into this process's empty database; return how long it took, and the tables that have rows."""
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command

    from plenara.bundles.actions.bundle import import_bundle

    call_command("migrate", verbosity=0)
    before = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
    if not bundle:
        return {}
    began, ran = time.perf_counter(), time.process_time()
    import_bundle(Path(bundle))
    seconds, processor = time.perf_counter() - began, time.process_time() - ran
    tables = {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields]
        for model in apps.get_models()
        if not before[model._meta.db_table] and model._default_manager.exists()
    }
    return {"seconds": seconds, "processor": processor, "tables": tables}


def bare(source: str, target: str, tables: dict[str, list[str]]) -> dict[str, float]:
    """Write the rows of one database into another; return how long the writing alone took."""
    seconds, processor, written = 0.0, 0.0, _connected(target)
    cursor = written.cursor()
    if "://" not in target:
        cursor.execute("BEGIN IMMEDIATE")
    for table, columns in tables.items():
        names = ", ".join(f'"{column}"' for column in columns)
        sign = "%s" if "://" in target else "?"
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join([sign] * len(columns))})'
        for some in _read(source, f'SELECT {names} FROM "{table}"'):
            began, ran = time.perf_counter(), time.process_time()
            cursor.executemany(statement, some)
            seconds, processor = seconds + time.perf_counter() - began, processor + time.process_time() - ran
    began, ran = time.perf_counter(), time.process_time()
    written.commit()
    return {
        "seconds": seconds + time.perf_counter() - began,
        "processor": processor + time.process_time() - ran,
    }


def _connected(where: str) -> Any:
    """Return a connection like the product's: with the same durability, and the same page cache."""
    if "://" in where:
        import psycopg
        from psycopg.types.json import set_json_loads

        set_json_loads(lambda raw: raw.decode() if isinstance(raw, bytes) else raw)
        return psycopg.connect(where)
    found = sqlite3.connect(where, isolation_level=None)
    found.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
    )
    return found


def _read(source: str, statement: str) -> Iterator[list[Any]]:
    with _connected(source) as found:
        cursor = found.cursor("rows") if "://" in source else found.cursor()
        cursor.execute(statement)
        while some := cursor.fetchmany(BATCH):
            yield some


def run(what: str, folder: Path, url: str, *rest: str) -> dict[str, Any]:
    """Run one of both in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PLENARA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "plenara.config.settings"}
    environment.pop("PLENARA_DATABASE_URL", None)
    if url:
        environment["PLENARA_DATABASE_URL"] = url
    command = [sys.executable, "-m", "benchmarks.scale_import", "--do", json.dumps([what, *rest])]
    out = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(out.stdout.splitlines()[-1]))


def fresh(folder: Path, url: str) -> None:
    """Drop and create a database."""
    shutil.rmtree(folder, ignore_errors=True)
    if url:
        name = urlsplit(url).path[1:]
        server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
        subprocess.run(["dropdb", "--if-exists", "--maintenance-db", server, name], check=True)
        subprocess.run(["createdb", "--maintenance-db", server, name], check=True)


def engine(url: str, folder: Path, bundle: Path, count: int, rounds: int) -> None:
    """Measure one engine, and print it."""
    parts = urlsplit(url)
    other = urlunsplit(parts._replace(path=f"{parts.path}_bare")) if url else ""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for _round in range(rounds):
        for name, of in (("import", url), ("bare", other)):
            fresh(folder / name, of)
        whole = run("import", folder / "import", url, str(bundle))
        run("import", folder / "bare", other, "")
        places = [of or str(folder / name / "plenara.sqlite3") for name, of in (("import", url), ("bare", other))]
        found.append((whole, run("bare", folder / "bare", other, *places, json.dumps(whole["tables"]))))
    name = "postgresql" if url else "sqlite"
    for of in ("seconds", "processor") if not url else ("seconds",):
        whole, least = (statistics.median(each[at][of] for each in found) for at in (0, 1))
        ratio = statistics.median(each[1][of] / each[0][of] for each in found)
        print(
            f"{name}, {of}: import of {count:,} {whole:.1f} ({count / whole:.0f} a second), bare {least:.1f}; "
            f"rate of the import {ratio:.2f} of the bare one"
        )


def main() -> None:
    """Make a bundle, and measure both engines with it."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--contributions", type=int, default=50_000)
    asked.add_argument("--postgresql", default="")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--do", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.do:
        what, *rest = json.loads(options.do)
        done = imported(*rest) if what == "import" else bare(rest[0], rest[1], json.loads(rest[2]))
        print(json.dumps(done))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder / "bundle", options.contributions, max(options.contributions // 4, 1))
        for url in dict.fromkeys(["", options.postgresql]):
            engine(url, folder, folder / "bundle", options.contributions, options.rounds)


if __name__ == "__main__":
    main()
