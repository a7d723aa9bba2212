"""The cost of pages of the calendar and the directory at full size, and the speed of the community bundle.

    python -m benchmarks.community [--scale 1.0] [--smaller 50] [--postgresql] [--keep FOLDER]

Run it from the root. A made-up community (50,000 events, 20,000 organizations, 50,000 people, 10,000 projects, times
`--scale`) and one `--smaller` times smaller are written as bundles, imported and exported again; the second export must
be the first, byte for byte. Then each page is requested: how many queries it takes, its least time in the server
(without the page cache), its bytes as gzip, and its time divided by the time at the smaller size. Last, the calendar
feed is streamed, and the memory that it takes over a feed of few dates is read. SQLite's databases are made in a
folder of their own; with `--postgresql` the same is done in databases that are made by `createdb` and dropped again.
Each database has a process of its own, one after the other.
"""

import argparse
import gzip
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

#: Requests for each page; the least time counts, since other work on the machine can only add to it.
ROUNDS = 9
#: The pages, by the name of the row.
PAGES = {
    "calendar": "/en/events/",
    "calendar, a month": "/en/events/month/2026-12/",
    "calendar, past": "/en/events/past/",
    "calendar, a theme": "/en/events/?theme=C2",
    "calendar, a theme that includes others": "/en/events/?theme=C7",
    "calendar, a country": "/en/events/?country=ML",
    "calendar, a language": "/en/events/?language=fr",
    "calendar, a consultation": "/en/events/?consultation=consultation-1",
    "calendar, an organization": "/en/events/?organization=1",
    "calendar, theme and country": "/en/events/?theme=C2&country=ML",
    "calendar, theme, country and language": "/en/events/?theme=C2&country=ML&language=zh",
    "an event": "/en/events/17/",
    "organizations": "/en/organizations/",
    "organizations, in Chinese": "/zh/organizations/",
    "organizations, from the middle": "/en/organizations/?from={middle}",
    "organizations, a letter": "/en/organizations/?letter=M",
    "organizations, a theme": "/en/organizations/?theme=C2",
    "organizations, a country": "/en/organizations/?country=ML",
    "organizations, a region": "/en/organizations/?region=002",
    "organizations, a group": "/en/organizations/?group=government",
    "organizations, a language": "/en/organizations/?language=zh",
    "organizations, region, group and theme": "/en/organizations/?region=002&group=government&theme=C2",
    "people": "/en/people/",
    "people, a theme": "/en/people/?theme=C2",
    "people, theme, group and language": "/en/people/?theme=C2&group=government&language=fr",
    "people of an organization": "/en/people/?organization=1",
    "projects": "/en/projects/",
    "projects, a state": "/en/projects/?state=running",
    "figures of organizations": "/en/organizations/figures/",
    "an organization that keeps much": "/en/organizations/1/",
    "an organization that keeps little": "/en/organizations/{middle}/",
    "a theme": "/en/themes/C2/",
    "a theme that includes others": "/en/themes/C7/",
    "API, dates of a theme and country": "/api/v1/events?theme=C2&country=ML",
    "API, people of a theme and group": "/api/v1/people?theme=C2&group=government",
}


def main() -> None:
    """Measure both sizes on each engine, and print the table."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        scales = {"large": asked.scale, "small": asked.scale / asked.smaller}
        found: dict[str, dict[str, Any]] = {}
        for engine in ["SQLite", *(["PostgreSQL"] if asked.postgresql else [])]:
            for size in ("small", "large"):
                found.setdefault(engine, {})[size] = _in_its_own_process(engine, size, scales[size], folder)
    _print(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--smaller", type=float, default=50)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        what, scale, folder = asked.child
        measure(float(scale), Path(folder)) if what == "pages" else stream(Path(folder))
        raise SystemExit(0)
    return asked


def _in_its_own_process(engine: str, size: str, scale: float, folder: Path) -> dict[str, Any]:
    own = folder / f"{engine}-{size}"
    own.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARA_", "DJANGO_"))}
    environment = kept | {"PLENARA_DATA": str(own / "data"), "PLENARA_SITE_URL": "http://127.0.0.1:8000"}
    name = f"plenara_benchmark_{size}"
    if engine == "PostgreSQL":
        subprocess.run(["createdb", name], check=True)
        environment["PLENARA_DATABASE_URL"] = f"postgresql://root@/{name}?host=/var/run/postgresql"
    try:
        print(f"{engine}, {size} …", file=sys.stderr, flush=True)
        # The feed has a process of its own: the system reports only the peak memory of a process.
        for what in ("pages", "feed"):
            command = [sys.executable, "-m", "benchmarks.community", "--child", what, str(scale), str(own)]
            subprocess.run(command, env=environment, check=True)
        return json.loads((own / "pages.json").read_text()) | {"feed": json.loads((own / "feed.json").read_text())}
    finally:
        if engine == "PostgreSQL":
            subprocess.run(["dropdb", name], check=True)


def measure(scale: float, folder: Path) -> None:
    """Fill a database, measure, and write the results."""
    from benchmarks.community_rows import Maker
    from plenara.operations import startup

    startup.start()
    startup.make_or_require()
    from django.conf import settings

    from plenara.operations import static_files

    static_files.collect()

    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.INFO)
    maker = Maker(scale)
    found: dict[str, Any] = {"sizes": maker.sizes, "pages": {}}
    _consultations()
    found |= _through(maker.write(folder / "bundle"), folder)
    _analyse()
    middle = str(maker.sizes["organizations"] // 2)
    for name, path in PAGES.items():
        found["pages"][name] = _page(path.replace("{middle}", middle))
    (folder / "pages.json").write_text(json.dumps(found))


def _consultations() -> None:
    """Make the consultations that events prepare, and the list of themes."""
    from benchmarks.community_rows import CONSULTATIONS
    from plenara.consultations.models import Consultation, State
    from plenara.themes.actions import install_wsis

    install_wsis()
    for number in range(1, CONSULTATIONS + 1):
        Consultation.objects.create(
            slug=f"consultation-{number}", symbol=f"BENCH/{number}", title={"en": "A question"}, stage=State.ANNOUNCED
        )


def _through(bundle: Path, folder: Path) -> dict[str, float]:
    """Import the bundle, export it, import the export over itself; return entries a second."""
    from plenara.bundles.actions.community import import_community
    from plenara.bundles.queries.community_bundle import count, export_community
    from plenara.bundles.targets import written

    began = time.perf_counter()
    import_community(bundle)
    imported = time.perf_counter() - began
    entries = count()
    began = time.perf_counter()
    with written(folder / "exported") as target:
        export_community(target)
    exported = time.perf_counter() - began
    began = time.perf_counter()
    _checked, outcome = import_community(folder / "exported")
    assert outcome.is_nothing, outcome
    return {
        "entries": entries,
        "import a second": entries / imported,
        "export a second": entries / exported,
        "import again a second": entries / (time.perf_counter() - began),
        "bytes": float(sum(file.stat().st_size for file in (folder / "exported").iterdir())),
    }


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _asked(path: str) -> tuple[int, bytes]:
    """Return the number of queries, and the response."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, (path, answer.status_code, body[:300])
    return len(captured), body


def _page(path: str) -> dict[str, float]:
    from django.test import Client

    queries, body = _asked(path)
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        Client().get(path)
        times.append((time.perf_counter() - began) * 1000)
    return {"queries": queries, "ms": min(times), "gzip": len(gzip.compress(body, 6))}


def stream(folder: Path) -> None:
    """Stream the whole calendar as a file, and write how much more memory that took than a file of few dates."""
    from plenara.operations import startup

    startup.start()
    from plenara.events.presenters.icalendar import calendar_of
    from plenara.events.queries.calendar import Filters

    def streamed(filters: Filters) -> tuple[int, int]:
        size = dates = 0
        for piece in calendar_of(filters, "en"):
            size += len(piece)
            dates += piece.count(b"BEGIN:VEVENT")
        return size, dates

    few = streamed(Filters(organization="15"))[1]
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    size, dates = streamed(Filters())
    seconds = time.perf_counter() - began
    over = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
    found = {"few": few, "dates": dates, "bytes": size, "seconds": seconds, "kilobytes over": over}
    (folder / "feed.json").write_text(json.dumps(found))


def _print(found: dict[str, dict[str, Any]]) -> None:
    for engine, sizes in found.items():
        large, small = sizes["large"], sizes["small"]
        print(f"\n{engine}: {large['sizes']}, and {small['sizes']}\n")
        print("| page | queries, small and large | ms | ÷ small | gzip KB |\n|---|---|---|---|---|")
        for name, page in large["pages"].items():
            less = small["pages"][name]
            queries = f"{less['queries']}, {page['queries']}"
            print(
                f"| {name} | {queries} | {page['ms']:.1f} | {page['ms'] / less['ms']:.2f} | {page['gzip'] / 1000:.1f} |"
            )
        feed = large["feed"]
        print(
            f"\nfeed of {feed['dates']:,} dates: {feed['bytes'] / 1e6:.1f} MB in {feed['seconds']:.1f} s, "
            f"{feed['kilobytes over'] / 1000:.1f} MB of memory over a feed of {feed['few']}"
        )
        rates = ", ".join(f"{name} {large[name]:,.0f}" for name in large if name.endswith("a second"))
        print(f"bundle of {large['entries']:,} entries, {large['bytes'] / 1e6:.0f} MB: {rates}")


if __name__ == "__main__":
    main()
