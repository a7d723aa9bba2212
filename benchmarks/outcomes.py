"""The cost of an outcome at full size: its pages, the matrix as a table, publishing it, notifying every contributor.

    python -m benchmarks.outcomes [--scale 1.0] [--smaller 50] [--postgresql] [--keep FOLDER]

Run it from the root. A made-up report (300 paragraphs with 5,000 citations, of contributions and of statements, in a
consultation of 10,000 contributions, times `--scale`) and one `--smaller` times smaller are written, led through review
and published. Then each page is requested: how many queries it takes, its least time in the server (without the page
cache), its bytes as gzip, and its time divided by the time at the smaller size. The matrix is streamed as a table; what
became of twenty contributions is looked up; an e-mail to each contributor is enqueued. SQLite's databases are made in a
folder of their own; with `--postgresql` the same is done in databases that `createdb` makes. Each step has a process of
its own, since the system reports only the most memory that one ever took; the bound is 500 MB.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTES, LIMIT = 500, 14_336
#: Requests for each page; the least time counts, since other work on the machine can only add to it.
ROUNDS = 5
#: Rows that a short outcome lacks: it has one page.
OF_LONG_ONES = {"a section"}
_HERE, _DESK = "/en/outcomes/working-group/report/", "/en/desk/outcomes/working-group/report/"
#: Public pages, by the name of the row.
PAGES = {
    "all bodies": "/en/outcomes/",
    "a body": "/en/outcomes/working-group/",
    "its feed": "/en/outcomes/working-group/feed.atom",
    "the outcome": _HERE,
    "the outcome, in Arabic": _HERE.replace("en", "ar", 1),
    "a section": f"{_HERE}sections/definition/",
    "an edition for good": f"{_HERE}rev/0/",
    "a paragraph": f"{_HERE}paragraphs/1/",
    "the matrix": f"{_HERE}matrix/",
    "the matrix, filtered": f"{_HERE}matrix/?treatment=noted&group=government",
    "the matrix, of a paragraph": f"{_HERE}matrix/?paragraph=2",
    "the matrix, from the middle": f"{_HERE}matrix/from/{{middle}}/",
    "coverage": f"{_HERE}coverage/",
    "we asked, you said, we did": f"{_HERE}answers/",
    "who is left": f"{_HERE}unanswered/",
    "comments of the public": f"{_HERE}comments/",
    "cite.json of a paragraph": f"{_HERE}paragraphs/1/cite.json",
    "a contribution with its trail": "/en/consultations/internet-governance/contributions/1/",
    "the consultation": "/en/consultations/internet-governance/",
    "the first page": "/en/",
    "API, the outcome": "/api/v1/outcomes/working-group/report",
}
#: Its writer's pages at the desk.
DESK = {
    "desk, the workbench": _DESK,
    "desk, the workbench's second page": f"{_DESK}?page=2",
    "desk, a paragraph": f"{_DESK}paragraphs/{{paragraph}}/",
    "desk, contributions to answer": f"{_DESK}contributions/",
    "desk, a contribution to answer": f"{_DESK}contributions/{{edition}}/",
    "desk, statements": f"{_DESK}statements/",
    "desk, review": f"{_DESK}review/",
    "desk, comments of the public": f"{_DESK}public-comments/",
    "desk, into Arabic": f"{_DESK}renditions/ar/",
    "desk, reasons into Arabic": f"{_DESK}renditions/ar/reasons/",
    "desk, history": f"{_DESK}history/",
}


def main() -> None:
    """Measure both sizes on each engine, and print the tables."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        scales = {"small": asked.scale / asked.smaller, "large": asked.scale}
        found: dict[str, dict[str, Any]] = {}
        for engine in ["SQLite", *(["PostgreSQL"] if asked.postgresql else [])]:
            for size, scale in scales.items():
                found.setdefault(engine, {})[size] = _in_its_own_processes(engine, size, scale, folder)
            _print(engine, found[engine])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--smaller", type=float, default=50)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        step, scale, folder = asked.child
        _start()
        STEPS[step](float(scale), Path(folder))
        raise SystemExit(0)
    return asked


def _in_its_own_processes(engine: str, size: str, scale: float, folder: Path) -> dict[str, Any]:
    own = folder / f"{engine}-{size}"
    own.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARA_", "DJANGO_"))}
    environment = kept | {"PLENARA_DATA": str(own / "data"), "PLENARA_SITE_URL": "http://127.0.0.1:8000"}
    name = f"plenara_outcomes_{size}"
    if engine == "PostgreSQL":
        subprocess.run(["createdb", name], check=True)
        environment["PLENARA_DATABASE_URL"] = f"postgresql://root@/{name}?host=/var/run/postgresql"
    try:
        found: dict[str, Any] = {}
        for step in STEPS:
            print(f"{engine}, {size}: {step} …", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "benchmarks.outcomes", "--child", step, str(scale), str(own)]
            subprocess.run(command, env=environment, check=True)
            found[step] = json.loads((own / f"{step}.json").read_text())
        return found
    finally:
        if engine == "PostgreSQL":
            subprocess.run(["dropdb", name], check=True)


def _start() -> None:
    from plenara.operations import startup

    startup.start()
    startup.make_or_require()
    from django.conf import settings

    from plenara.operations import static_files

    static_files.collect()
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.INFO)


def _write(folder: Path, step: str, **found: Any) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / f"{step}.json").write_text(json.dumps(found | {"memory": memory}))


def fill(scale: float, folder: Path) -> None:
    """Fill a database."""
    from django.db import connection

    from benchmarks.outcomes_rows import Maker

    maker = Maker(scale)
    maker.fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _write(folder, "fill", sizes=maker.sizes)


def desk(_scale: float, folder: Path) -> None:
    """Request the pages of the desk, as the writer of the draft."""
    from benchmarks.outcomes_rows import WRITER
    from plenara.contributions.models import Edition
    from plenara.documents.models import Paragraph

    ids = {
        "{paragraph}": Paragraph.objects.filter(document__kind="outcome").order_by("number").first().pk,
        "{edition}": Edition.objects.order_by("number").first().pk,
    }
    _write(folder, "desk", pages=_pages(DESK, ids, _signed_in(WRITER)))


def publish(_scale: float, folder: Path) -> None:
    """Lead the report through review into the record."""
    from benchmarks.outcomes_rows import CHAIR, WRITER
    from plenara.accounts.models import Person
    from plenara.documents import actions as documents
    from plenara.outcomes import actions
    from plenara.outcomes.models import Outcome, Trace

    outcome = Outcome.objects.get()
    chair, writer = Person.objects.get(email=CHAIR), Person.objects.get(email=WRITER)
    documents.submit_for_review(actor=writer, document=outcome.document)
    documents.approve(actor=chair, document=outcome.document)
    queries, seconds, version = _timed(lambda: actions.publish(actor=chair, outcome=outcome, stage="zero_draft"))
    kept = {name: version.figures[name] for name in ("answered", "left")}
    _write(folder, "publish", queries=queries, seconds=seconds, traces=Trace.objects.count(), **kept)


def pages(_scale: float, folder: Path) -> None:
    """Request the public pages."""
    from plenara.contributions.models import Contribution
    from plenara.outcomes.models import Trace

    ids = list(Trace.objects.order_by("consultation", "number", "pk").values_list("pk", flat=True))
    named = {"{middle}": ids[len(ids) // 2]}
    found = _pages(PAGES, named, lambda: None)
    author = Contribution.objects.get(number=1).author
    own_page = {"an author's own page": f"/en/my/contributions/{Contribution.objects.get(number=1).pk}/"}
    _write(folder, "pages", pages=found | _pages(own_page, {}, _signed_in(author.email)))


def stream(_scale: float, folder: Path) -> None:
    """Stream the matrix as a table, and return how much more memory that took than a small page."""
    from django.test import Client

    Client().get("/en/outcomes/")
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, size, rows, first = time.perf_counter(), 0, 0, 0.0
    for piece in Client().get(f"{_HERE}matrix.csv").streaming_content:
        first = first or time.perf_counter() - began
        size += len(piece)
        rows += piece.count(b"\n")
    seconds = time.perf_counter() - began
    over = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - base
    _write(folder, "stream", rows=rows, bytes=size, seconds=seconds, first=first, over=over)


def trails(_scale: float, folder: Path) -> None:
    """Look up what became of twenty contributions."""
    from plenara.contributions.models import Contribution
    from plenara.outcomes.queries.contributions import trails_of

    ids = list(Contribution.objects.order_by("number").values_list("pk", flat=True)[:20])
    queries, _seconds, _found = _timed(lambda: trails_of(ids, "en"))
    least = min(_timed(lambda: trails_of(ids, "en"))[1] for _round in range(ROUNDS))
    _write(folder, "trails", queries=queries, ms=least * 1000)


def notify(_scale: float, folder: Path) -> None:
    """Enqueue an e-mail to every contributor, task by task."""
    from plenara.core.models import BackgroundTask
    from plenara.outcomes.emails import notify_responses

    kind = "outcomes.notify_responses"
    batches: list[tuple[int, float]] = []
    while queued := BackgroundTask.objects.filter(task=kind, done_at=None).first():
        queries, seconds, _nothing = _timed(lambda queued=queued: notify_responses.call(**queued.arguments))
        batches.append((queries, seconds))
        BackgroundTask.objects.filter(pk=queued.pk).update(done_at=queued.due_at)
    letters = BackgroundTask.objects.filter(task="consultations.send_news").count()
    _write(
        folder, "notify", batches=len(batches), seconds=sum(each[1] for each in batches),
        longest=max(each[1] for each in batches), queries=max(each[0] for each in batches), letters=letters,
    )  # fmt: skip


STEPS: dict[str, Callable[[float, Path], None]] = {
    each.__name__: each for each in (fill, desk, publish, pages, stream, trails, notify)
}


def _signed_in(address: str) -> Callable[[], Any]:
    from plenara.accounts.models import Person

    return lambda: Person.objects.get(email=address)


def _pages(wanted: dict[str, str], named: dict[str, Any], who: Callable[[], Any]) -> dict[str, dict[str, float]]:
    from django.test import Client

    client = Client()
    if person := who():
        client.force_login(person, backend="plenara.accounts.adapter.Backend")
    found = {}
    for name, path in wanted.items():
        for key, value in named.items():
            path = path.replace(key, str(value))
        if name in OF_LONG_ONES and client.get(path).status_code == 404:
            continue
        found[name] = _page(client, path)
    return found


def _page(client: Any, path: str) -> dict[str, float]:
    def asked() -> bytes:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, (path, answer.status_code, body[:300])
        return bytes(body)

    asked()
    queries, _seconds, body = _timed(asked)
    least = min(_timed(asked)[1] for _round in range(ROUNDS))
    return {"queries": queries, "ms": least * 1000, "gzip": len(gzip.compress(body, 6))}


def _timed(what: Callable[[], Any]) -> tuple[int, float, Any]:
    """Return the number of queries, the seconds, and the result."""
    from django.db import connection

    count = 0

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        result = what()
        seconds = time.perf_counter() - began
    return count, seconds, result


def _print(engine: str, sizes: dict[str, Any]) -> None:
    large, small = sizes["large"], sizes["small"]
    print(f"\n{engine}: {large['fill']['sizes']}, and {small['fill']['sizes']}\n")
    print("| page | queries, small and large | ms | ÷ small | gzip bytes | |\n|---|---|---|---|---|---|")
    for step in ("pages", "desk"):
        for name, page in large[step]["pages"].items():
            less = small[step]["pages"].get(name, page)
            held = [] if page["queries"] <= less["queries"] + 2 else ["queries grow"]
            if step == "pages" and "API" not in name and page["gzip"] > LIMIT:
                held.append(f"over {LIMIT:,} bytes")
            ratio = page["ms"] / less["ms"]
            print(
                f"| {name} | {less['queries']}, {page['queries']} | {page['ms']:.1f} | {ratio:.2f} "
                f"| {page['gzip']:,} | {', '.join(held)} |"
            )
    made, before = large["publish"], small["publish"]
    print(
        f"\npublishing: {made['traces']:,} traces in {made['seconds']:.1f} s and {made['queries']} queries "
        f"({before['seconds']:.1f} s and {before['queries']} queries for {before['traces']:,}); {made['answered']:,} "
        f"contributions answered, {made['left']:,} left"
    )
    csv, letters, trail = large["stream"], large["notify"], large["trails"]
    print(
        f"matrix.csv: {csv['rows']:,} lines, {csv['bytes'] / 1e6:.1f} MB in {csv['seconds']:.1f} s, the first after "
        f"{csv['first'] * 1000:.0f} ms, {csv['over']:.1f} MB of memory over a small page"
    )
    print(
        f"trails of twenty: {trail['ms']:.1f} ms, {trail['queries']} queries "
        f"({small['trails']['ms']:.1f} ms, {small['trails']['queries']} queries)"
    )
    print(
        f"notifying: {letters['letters']:,} letters in {letters['seconds']:.1f} s, {letters['batches']} tasks, "
        f"the longest {letters['longest']:.2f} s and {letters['queries']} queries"
    )
    for step in STEPS:
        memory = large[step]["memory"]
        over = " – TOO MUCH" if memory > MEGABYTES else ""
        print(f"memory of {step}: {memory:.0f} MB ({small[step]['memory']:.0f} MB){over}")


if __name__ == "__main__":
    main()
