"""How long it takes to submit a contribution while fifty people do so at once, over HTTP, with full durability.

    python -m benchmarks.submit [--people 50] [--each 4] [--postgresql URL] [--processes 2] [--folder FOLDER]

Run it from the root. SQLite's database is made in a folder of its own; `--postgresql` names an empty database that may
be filled, and is measured in the same run. `plenara serve` runs as an operator runs it, its worker included. Everybody
is signed in already, opens the form, reads the preview, and then all send at the same moment; this goes `--each` times.
Measured is the POST that sends, from its first byte to the answer that leads to the receipt. Beside it stand the other
two steps, and a bare transaction that writes one row and is flushed to this disk, to compare machines by.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

from benchmarks.playing import Browser, Site, consultation, free_port, quantiles

PORTS = (8180, 8184)
GROUPS = ("government", "private_sector", "civil_society", "technical_academic", "other")
WORDS = (
    "Documents should reach us three weeks before a meeting, in a language that we read, and say in number {n} of our "
    "remarks what was changed since the round before, why it was, and who asked for it: {again}."
)


def prepare(people: int) -> list[str]:
    """Create the people and the consultation; return a session of each."""
    from django.conf import settings
    from django.test import Client

    from plenara.accounts.actions import register

    consultation("bench")
    sessions = []
    for number in range(people):
        person = register(
            name=f"Person {number}", email=f"person{number}@people.example", language="en",
            stakeholder_group=GROUPS[number % len(GROUPS)], capacity="individual", country="ML",
        )  # fmt: skip
        client = Client()
        client.force_login(person)
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return sessions


def submit(browser: Browser, number: int, at_once: Barrier, took: dict[str, list[float]], errors: list[str]) -> None:
    """Open the form, read the preview, and send with all the others."""
    path = "/en/contribute/bench/1/"

    def timed(step: str, ask: Any) -> None:
        began = time.perf_counter()
        ask()
        took[step].append(time.perf_counter() - began)

    try:
        timed("open the form", lambda: browser.get(path))
        values = {"text": WORDS.format(n=number, again=" ".join(f"word{number}x{k}" for k in range(90)))}
        values |= {"language": "en", "title": f"Remark {number}", "seal": browser.hidden("seal")}
        timed("preview", lambda: browser.post(path, {**values, "preview": ""}, (200,)))
        values["seal"] = browser.hidden("seal")
    except Exception as error:
        errors.append(repr(error))
        at_once.abort()
        return
    with contextlib.suppress(Exception):
        at_once.wait(120)
    try:
        timed("send", lambda: browser.post(path, {**values, "send": ""}))
    except Exception as error:
        errors.append(repr(error))


def flush(folder: Path) -> float:
    """Return the seconds of one bare transaction on SQLite with full durability on this disk: the median of 100."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")
        took = []
        for _each in range(100):
            began = time.perf_counter()
            bare.execute("INSERT INTO row (text) VALUES ('some words')")
            took.append(time.perf_counter() - began)
    return sorted(took)[50]


def measure(options: argparse.Namespace, folder: Path, database_url: str) -> None:
    """Measure one engine in this process, and print the results."""
    site = Site(folder, free_port(*PORTS), database_url)
    site.load()
    sessions = prepare(options.people)
    from django.db import connections

    connections.close_all()
    took: dict[str, list[float]] = {"open the form": [], "preview": [], "send": []}
    errors: list[str] = []
    with site.served("--processes", str(options.processes)), ThreadPoolExecutor(options.people) as pool:
        browsers = [Browser(site.port, cookies={"sessionid": session}) for session in sessions]
        for browser in browsers[:4]:  # a first request loads what later ones reuse
            browser.get("/en/contribute/bench/1/")
        for lap in range(options.each):
            barrier = Barrier(options.people)
            numbers = range(lap * options.people, (lap + 1) * options.people)
            list(pool.map(partial(submit, at_once=barrier, took=took, errors=errors), browsers, numbers))
        for browser in browsers:
            browser.close()
    from plenara.contributions.models import Contribution

    kept = Contribution.objects.count()
    print(f"{'PostgreSQL' if database_url else 'SQLite'}: {kept} kept of {options.people * options.each} sent")
    for step, seconds in took.items():
        print(f"  {step:14} {quantiles(seconds)}")
    print(f"  errors         {len(errors)} {sorted(set(errors))[:3] if errors else ''}")
    if not database_url:
        print(f"  a bare transaction flushed to this disk: {flush(folder) * 1000:.1f} ms")


def main() -> None:
    """Measure each engine in a process of its own, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--postgresql", default="")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)  # the engine that this process measures
    options = parser.parse_args()
    if options.one is not None:
        measure(options, options.folder, options.one)
        return
    with tempfile.TemporaryDirectory(prefix="plenara-submit-", dir=options.folder) as folder:
        for name, url in (("sqlite", ""), ("postgresql", options.postgresql)):
            if name == "sqlite" or url:
                (Path(folder) / name).mkdir()
                command = [sys.executable, "-m", "benchmarks.submit", "--one", url, "--folder", f"{folder}/{name}"]
                for each in ("people", "each", "processes"):
                    command += [f"--{each}", str(getattr(options, each))]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
