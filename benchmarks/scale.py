"""Whether two million contributions are served as ten thousand are: import, pages, search, export, side by side.

    python -m benchmarks.scale [--contributions 2000000] [--few 10000] [--postgresql URL] [--rounds 9] [--keep FOLDER]

Run it from the root. SQLite's databases are made in folders of their own; `--postgresql` names an empty database, and
another is made beside it, whose name ends in `_few`. Both sizes are the same consultation (`benchmarks.scale_rows`) in
thirty threads. Each has a process; the same pages are requested of both in turn, past every cache, so that other work
on the machine affects both. Printed are the medians of the few in milliseconds, how many times as long the many take,
in elapsed time and in time of the processor, and the queries of each, which must be as many. Also printed are the time
and memory of import and export. With `--keep` an existing database is only read. How fast the import is
compared with a bare `executemany`: see `benchmarks.scale_import`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.scale_rows import write

SETTINGS = "plenara.config.settings"


class Process:
    """A process with its own database that measures on command."""

    def __init__(self, folder: Path, url: str):
        folder.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PLENARA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
        environment["PLENARA_LOG_LEVEL"] = "WARNING"
        environment.pop("PLENARA_DATABASE_URL", None)
        if url:
            environment["PLENARA_DATABASE_URL"] = url
        self._ran = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale_asked"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, *rest: str) -> Any:
        """Return the process's answer to a command."""
        to: IO[str] | None = self._ran.stdin
        said: IO[str] | None = self._ran.stdout
        assert to and said
        to.write(json.dumps([what, *rest]) + "\n")
        to.flush()
        line = said.readline()
        if not line:
            raise SystemExit(f"{what}: the process has ended")
        return json.loads(line)

    def end(self) -> None:
        """End the process."""
        assert self._ran.stdin
        self._ran.stdin.close()
        self._ran.wait()


def few_url(url: str) -> str:
    """Return the address of the database for the few, beside the other; it is made where it is not there."""
    parts = urlsplit(url)
    name = f"{parts.path[1:]}_few"
    subprocess.run(["createdb", "--maintenance-db", url, name], check=False, stderr=subprocess.DEVNULL)
    return urlunsplit(parts._replace(path=f"/{name}"))


def measured(engine: str, url: str, folder: Path, bundles: dict[str, Path], rounds: int) -> None:
    """Fill both databases of an engine if they are empty, measure both in turn, and print the results."""
    sizes = {"few": few_url(url) if url else "", "many": url}
    each = {name: Process(folder / f"{engine}-{name}", of) for name, of in sizes.items()}
    try:
        for name, process in each.items():
            came = process.ask("fill", str(bundles[name]))
            if came["seconds"]:
                print(
                    f"{engine}, {name}: {came['rows']:,} contributions in {came['seconds']:.0f} s, of which "
                    f"{came['processor']:.0f} s of the processor; at most {came['megabytes']} MB"
                )
        queries = {name: process.ask("pages") for name, process in each.items()}
        times: dict[str, dict[str, list[list[float]]]] = {name: {} for name in each}
        for _round in range(rounds):
            for page in queries["few"]:
                for name, process in each.items():
                    times[name].setdefault(page, []).append(process.ask("time", page))
        print_table(engine, queries, times)
        for name, process in each.items():
            out = process.ask("export")
            print(
                f"{engine}, {name}: exported {out['rows']:,} in {out['seconds']:.0f} s, at most {out['megabytes']} MB"
            )
    finally:
        for process in each.values():
            process.end()


def print_table(engine: str, queries_of: dict[str, Any], times: dict[str, Any]) -> None:
    """Print a line for each page."""
    print(f"{engine:34}{'few ms':>9}{'many ms':>9}{'ratio':>8}{'processor':>11}{'queries':>12}")
    ratios = []
    for page, queries in queries_of["few"].items():
        few, many = ([statistics.median(column) for column in zip(*times[of][page], strict=True)] for of in queries_of)
        ratios.append(many[1] / few[1])
        counts = f"{queries}/{queries_of['many'][page]}" + ("" if queries == queries_of["many"][page] else " !")
        print(
            f"{page:34}{few[0] * 1000:9.1f}{many[0] * 1000:9.1f}{many[0] / few[0]:8.2f}{ratios[-1]:11.2f}{counts:>12}"
        )
    print(f"{'geometric mean':34}{'':26}{statistics.geometric_mean(ratios):11.2f}")


def main() -> None:
    """Make the bundles, then measure each engine."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--contributions", type=int, default=2_000_000)
    asked.add_argument("--few", type=int, default=10_000)
    asked.add_argument("--postgresql", default="")
    asked.add_argument("--rounds", type=int, default=9)
    asked.add_argument("--keep", type=Path)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        bundles = {"few": folder / "bundle-few", "many": folder / "bundle-many"}
        for name, count in (("few", options.few), ("many", options.contributions)):
            if not bundles[name].exists():
                write(bundles[name], count, max(count // 4, 1))
        for url in filter(None, ["sqlite", options.postgresql]):
            engine = "sqlite" if url == "sqlite" else "postgresql"
            measured(engine, "" if url == "sqlite" else url, folder, bundles, options.rounds)


if __name__ == "__main__":
    main()
