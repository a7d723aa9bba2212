"""How fast pages are served, as ratios to nginx serving the same bytes on this machine, in one run.

    python -m benchmarks.performance [--rounds 5] [--seconds 3] [--postgresql URL] [--folder FOLDER] [--only NAME,...]

Run it from the root; wrk and nginx must be there. `plenara serve` runs as an operator runs it, on an installation of
its own with one consultation; nginx serves the very bytes of its thread page, compressed, from a file. What is compared
is measured in turns, round after round, and the median is printed, so that a busy machine slows both. The other rows
of the table have benchmarks of their own: `benchmarks.scale` (two million contributions, import and export),
`benchmarks.search` (a million texts) and `benchmarks.submit` (fifty who submit at once).
"""

import argparse
import contextlib
import gzip
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.playing import Browser, Site, consultation, free_port
from benchmarks.publishing import Publisher, lags
from plenara.core.resources import IDLE_SECONDS

PORTS = (8190, 8194)
PAGE = "/en/consultations/bench/threads/1/"
SHOWN = 60
#: Contributions whose pages, in six languages, do not fit into a cache of 256 MB.
FILLING = 1_600
CONNECTIONS = 64
WORDS = (
    "We ask that documents reach every delegation three weeks before a meeting, in a language that it reads, and that "
    "what was changed since the round before is said in number {n}, with the reason and with who asked for it. "
)


def prepare() -> None:
    """Publish some pages of contributions, by people with realistic names."""
    from plenara.consultations.models import Consultation

    made = consultation("bench")
    Consultation.objects.filter(pk=made.pk).update(moderation="after")
    publish(range(SHOWN))


def publish(numbers: Iterable[int]) -> None:
    """Publish a contribution for each of these numbers, each by a person of its own."""
    from plenara.accounts.actions import register
    from plenara.consultations.models import Thread
    from plenara.contributions.actions import submit

    thread = Thread.objects.get(consultation__slug="bench", number=1)
    for number in numbers:
        person = register(
            name=f"Ama Person {number}", email=f"p{number}@people.example", language="en",
            stakeholder_group="civil_society", capacity="individual", country="ML",
        )  # fmt: skip
        # Unique words, or it would count as a campaign and be shown once.
        text = WORDS.format(n=number) + " ".join(f"word{number}x{each}" for each in range(60))
        submit(actor=person, thread=thread, text=text, language="en", title=f"Remark {number}")


class Nginx:
    """An nginx with files, the bytes of pages as they were sent."""

    def __init__(self, folder: Path, port: int, bodies: Mapping[str, bytes], workers: str = "auto") -> None:
        self.folder, self.port = folder / f"nginx-{workers}", port
        (self.folder / "www").mkdir(parents=True)
        for name, body in bodies.items():
            (self.folder / "www" / name).write_bytes(body)
        (self.folder / "nginx.conf").write_text(
            f"user root; worker_processes {workers}; pid {self.folder}/pid; error_log {self.folder}/log; daemon off;\n"
            "events { worker_connections 1024; }\n"
            "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n"
            "  open_file_cache max=1000;\n"
            f"  client_body_temp_path {self.folder}; proxy_temp_path {self.folder}; fastcgi_temp_path {self.folder};\n"
            f"  uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder};\n"
            "  default_type text/html;\n"
            f"  server {{ listen 127.0.0.1:{port}; root {self.folder}/www; etag on;\n"
            "    add_header Content-Encoding gzip; add_header Vary Accept-Encoding; } }\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Nginx":
        self._process = subprocess.Popen(["nginx", "-c", str(self.folder / "nginx.conf"), "-e", "/dev/null"])
        time.sleep(0.5)
        return self

    @property
    def pid(self) -> int:
        """The process that has started the workers."""
        assert self._process is not None
        return self._process.pid

    def __exit__(self, *_error: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()


def wrk(
    port: int, path: str, seconds: int, *headers: str, connections: int = CONNECTIONS, script: Path | None = None
) -> float:
    """Return how many requests a second are answered; raises where any answer is an error."""
    asked = [part for header in ("Accept-Encoding: gzip", *headers) for part in ("-H", header)]
    asked += ["-s", str(script)] if script else []
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", *asked, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said and "If-None-Match" not in " ".join(headers):
        raise SystemExit(said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


#: The pages that different readers ask for in turn: of contributions, in six languages.
DIFFERENT = 300
#: What browsers and others send, after Host. No two requests are the same: the last number counts them.
READERS = """
local paths, lines, n = {}, {}, 0
for path in io.lines("PATHS") do paths[#paths + 1] = path end
local chrome = 'sec-ch-ua: "Chromium";v="142", "Not_A Brand";v="99"\\r\\nsec-ch-ua-mobile: ?0\\r\\n' ..
  'sec-ch-ua-platform: "Windows"\\r\\nUpgrade-Insecure-Requests: 1\\r\\nSec-Fetch-Site: same-origin\\r\\n' ..
  "Sec-Fetch-Mode: navigate\\r\\nSec-Fetch-User: ?1\\r\\nSec-Fetch-Dest: document\\r\\n"
local accept = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\\r\\n"
local readers = {
  chrome .. accept .. "Accept-Encoding: gzip, deflate, zstd\\r\\nAccept-Language: fr-CH,fr;q=0.9\\r\\n",
  accept .. "Accept-Language: ar\\r\\nAccept-Encoding: gzip, deflate\\r\\nConnection: keep-alive\\r\\n" ..
    "Upgrade-Insecure-Requests: 1\\r\\nPriority: u=0, i\\r\\n",
  accept .. "Accept-Encoding: gzip\\r\\nCookie: language=es\\r\\nDNT: 1\\r\\n",
  "Accept: */*\\r\\nAccept-Encoding: gzip\\r\\nFrom: robot@example.org\\r\\n",
}
request = function()
  n = n + 1
  return "GET " .. paths[n % #paths + 1] .. " HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nUser-Agent: Mozilla/5.0 (X11; " ..
    n % 7 .. ") Reader/" .. n .. "\\r\\n" .. readers[n % 4 + 1] ..
    "Referer: http://127.0.0.1/en/?from=" .. n .. "\\r\\n\\r\\n"
end
"""


def script_of(folder: Path, script: str, paths: Iterable[str]) -> Path:
    """Return a script for `wrk` that asks for these pages."""
    folder.mkdir(exist_ok=True)
    (folder / "paths").write_text("\n".join(paths))
    (folder / "script.lua").write_text(script.replace("PATHS", str(folder / "paths")))
    return folder / "script.lua"


def processor_seconds(pids: Iterable[int]) -> float:
    """Return the processor time of processes so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def children(pid: int, name: str) -> list[int]:
    """Return the processes that a process has started, of names that begin like this."""
    found = [part for each in Path(f"/proc/{pid}/task").glob("*/children") for part in each.read_text().split()]
    return [int(each) for each in found if Path(f"/proc/{each}/comm").read_text().startswith(name)]


def by_processor(
    pids: list[int], port: int, path: str, seconds: int, *headers: str, script: Path | None = None
) -> float:
    """Return how many requests are answered in a second of these processes' processor time."""
    before = processor_seconds(pids)
    rate = wrk(port, path, seconds, *headers, script=script)
    return rate * seconds / (processor_seconds(pids) - before)


def asked_for(site: Site) -> tuple[list[str], dict[str, bytes]]:
    """Ask for the pages of different readers, and return them. They are cached for a minute from now on."""
    pages = [
        f"/{language}/consultations/bench/contributions/{number}/"
        for number in range(1, DIFFERENT // 6 + 1)
        for language in ("ar", "en", "es", "fr", "ru", "zh")
    ]
    bodies = {}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", site.port)) as connection:
        for number, page in enumerate(pages):
            connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
            bodies[f"page{number}"] = connection.getresponse().read()
    return pages, bodies


def different(site: Site, server: int, folder: Path, compare: "Comparison", seconds: int) -> None:
    """Compare requests of different readers by the processor time of each, one process of ours with one of nginx."""
    pages, bodies = asked_for(site)
    ours = script_of(folder / "ours", READERS, pages)
    theirs = script_of(folder / "theirs", READERS, (f"/{name}" for name in bodies))
    fronts = children(server, "plenara-front")
    with Nginx(folder, free_port(8195, 8199), bodies, workers="1") as nginx:
        workers = children(nginx.pid, "nginx")

        compare.of(
            "different readers of 300 pages, by processor time",
            lambda: by_processor(fronts, site.port, "/", seconds, script=ours),
            lambda: by_processor(workers, nginx.port, "/", seconds, script=theirs),
        )


#: The fronts that are compared, and the share of a processor that each has: the load has the rest of two.
FRONTS, SHARE = (1, 2, 3), 0.1


@contextlib.contextmanager
def limited(pids: Iterable[int], share: float) -> Iterator[None]:
    """Give each of these processes no more than a share of a processor, by a control group of its own; needs root."""
    root, period = Path("/sys/fs/cgroup"), 10_000
    is_second = (root / "cgroup.controllers").exists()
    root = root if is_second else root / "cpu"
    groups = {pid: root / f"plenara-{pid}" for pid in pids}
    try:
        for pid, group in groups.items():
            group.mkdir()
            if is_second:
                (group / "cpu.max").write_text(f"{share * period:.0f} {period}")
            else:
                (group / "cpu.cfs_period_us").write_text(str(period))
                (group / "cpu.cfs_quota_us").write_text(f"{share * period:.0f}")
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for pid, group in groups.items():
            with contextlib.suppress(OSError):
                (root / "cgroup.procs").write_text(str(pid))
                group.rmdir()


def several(site: Site, folder: Path, rounds: int, seconds: int) -> None:
    """Compare one, two and three fronts that share a port, by requests in a second and by their processor time."""
    rates: dict[int, list[float]] = {number: [] for number in FRONTS}
    costs: dict[int, list[float]] = {number: [] for number in FRONTS}
    for _lap in range(rounds):
        for number in FRONTS:
            with site.served("--fronts", str(number)) as server:
                script = script_of(folder / "fronts", READERS, asked_for(site)[0])
                pids = children(server.pid, "plenara-front")
                wrk(site.port, "/", 1, script=script)  # now every front has every page
                costs[number].append(by_processor(pids, site.port, "/", seconds, script=script))
                with limited(pids, SHARE):
                    rates[number].append(wrk(site.port, "/", seconds, script=script))
    for number in FRONTS:
        rate, cost = statistics.median(rates[number]), statistics.median(costs[number])
        name = f"fronts: {number}, each with {SHARE} of a processor"
        print(f"{name:58} {rate:6,.0f} a second ({cost:,.0f} in a second of processor time without that limit)")


#: How many read uncached pages at once.
UNCACHED = 16
#: A script by which they ask for pages in turn.
IN_TURN = """
local paths, n = {}, 0
for path in io.lines("PATHS") do paths[#paths + 1] = path end
request = function()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1])
end
"""


def uncached(site: Site, server: int, folder: Path, rounds: int, seconds: int) -> None:
    """Print how many different contributions and searches are answered a second where nothing is cached.

    By processor time, for two processors, since the clock also counts what else the machine does.
    """
    pages = {
        "contributions": [f"/en/consultations/bench/contributions/{number}/" for number in range(1, SHOWN + 1)],
        "searches": [f"/en/search/?q=word{number}x{each}" for number in range(SHOWN) for each in range(9)],
    }
    for name, paths in pages.items():
        script = script_of(folder / name, IN_TURN, paths)
        pids = [*children(server, "plenara-front"), *children(server, "plenara-django")]
        rates, both = [], []
        for _lap in range(rounds):
            before = processor_seconds(pids)
            # What is asked for with Authorization is neither answered from the cache nor stored in it.
            rates.append(wrk(site.port, "/", seconds, "Authorization: x", connections=UNCACHED, script=script))
            both.append(2 * rates[-1] * seconds / (processor_seconds(pids) - before))
        print(
            f"{f'different {name}, {UNCACHED} readers, nothing cached':58} {statistics.median(both):6.0f} "
            f"in a second of two processors ({statistics.median(rates):.0f} by the clock)"
        )


@contextlib.contextmanager
def uncacheable(site: Site, connections: int = 16) -> Iterator[list[int]]:
    """Load uncacheable pages, on so many connections, beside the block."""
    stop, counted = threading.Event(), [0]

    def load(seed: int) -> None:
        number = 0
        with contextlib.closing(Browser(site.port)) as browser:
            while not stop.is_set():
                number += 1
                with contextlib.suppress(Exception):
                    browser.get(f"/en/search/?q=document+{seed}x{number}", (200, 503))
                    counted[0] += 1

    threads = [threading.Thread(target=load, args=(seed,), daemon=True) for seed in range(connections)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield counted
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


class Comparison:
    """Two things measured in turns; the ratio of their medians."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds

    def of(self, name: str, ours: Callable[[], float], theirs: Callable[[], float]) -> float:
        """Measure both in turns and print the results."""
        first, other = [], []
        for lap in range(self._rounds):
            for measure, kept in ((ours, first), (theirs, other))[:: 1 if lap % 2 else -1]:
                kept.append(measure())
        ratio = statistics.median(first) / statistics.median(other)
        print(f"{name:58} {ratio:6.2f}   ({statistics.median(first):,.0f} ÷ {statistics.median(other):,.0f} a second)")
        return ratio


def memory(pid: int) -> float:
    """Return the megabytes of a process and all it has started, what they share counted once (PSS)."""
    total, waiting = 0, [pid]
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    while waiting:
        each = waiting.pop()
        waiting += parents.get(each, [])
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


def first_view(site: Site) -> tuple[int, int]:
    """Return bytes and requests of a first view of a full thread: the page and what it names, compressed."""
    with contextlib.closing(Browser(site.port)) as browser:
        browser.get(PAGE)
        named = re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"|<script[^>]* src="([^"]+)"', browser.html)
        paths = [PAGE, *dict.fromkeys(a or b for a, b in named)]
    sizes = []
    for path in paths:
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{size_download}", "-H", "Accept-Encoding: gzip, br"]
        url = f"http://127.0.0.1:{site.port}{path}"
        sizes.append(int(subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout))
    return sum(sizes), len(sizes)


def body_of(site: Site) -> tuple[bytes, str]:
    """Return the compressed bytes of the thread page and its ETag."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert f"Remark {SHOWN // 3 - 1}" in gzip.decompress(body).decode()
    return body, answer.headers["ETag"]


def measure(options: argparse.Namespace, folder: Path, database_url: str) -> None:
    """Measure one engine in this process."""
    only = set(filter(None, options.only.split(",")))
    site = Site(folder, free_port(*PORTS), database_url, {"PLENARA_LOG_LEVEL": "WARNING"})
    site.load()
    prepare()
    from django.db import connections

    connections.close_all()
    compare = Comparison(options.rounds)
    seconds = options.seconds

    def wanted(name: str) -> bool:
        return not only or name in only

    if wanted("fronts"):
        several(site, folder, options.rounds, seconds)
    if only == {"fronts"}:
        return
    with site.served("--fronts", "1") as server:
        time.sleep(3)
        if wanted("idle"):
            time.sleep(IDLE_SECONDS + 10)  # the published texts were checked, and the models for that are freed
            print(f"{'memory of `plenara serve`, idle':58} {memory(server.pid):6.0f} MB")
        body, etag = body_of(site)
        if wanted("different"):
            different(site, server.pid, folder, compare, seconds)
        if wanted("uncached"):
            uncached(site, server.pid, folder, options.rounds, seconds)
        with Nginx(folder, free_port(8195, 8199), {"page": body}) as nginx:
            theirs = f"http://127.0.0.1:{nginx.port}/page"
            tag = subprocess.run(["curl", "-sI", theirs], capture_output=True, text=True, check=True).stdout
            fronts, workers = children(server.pid, "plenara-front"), children(nginx.pid, "nginx")
            known = re.search(r"(?i)^etag: (\S+)", tag, re.MULTILINE)[1]  # type: ignore[index]
            if wanted("cached"):
                compare.of(
                    "cached thread page ÷ nginx's, by processor time",
                    lambda: by_processor(fronts, site.port, PAGE, seconds),
                    lambda: by_processor(workers, nginx.port, "/page", seconds),
                )
            if wanted("busy"):
                with uncacheable(site) as counted:
                    compare.of(
                        "the same, while 16 connections load uncacheable pages",
                        lambda: wrk(site.port, PAGE, seconds),
                        lambda: wrk(nginx.port, "/page", seconds),
                    )
                print(f"{'':58}          ({counted[0]} such pages meanwhile)")
            if wanted("304"):
                compare.of(
                    "304 answers ÷ nginx's, by processor time",
                    lambda: by_processor(fronts, site.port, PAGE, seconds, f"If-None-Match: {etag}"),
                    lambda: by_processor(workers, nginx.port, "/page", seconds, f"If-None-Match: {known}"),
                )
        if wanted("publishing"):
            publisher = Publisher(site)
            rates: dict[bool, list[float]] = {False: [], True: []}
            for _lap in range(options.rounds):
                rates[False].append(wrk(site.port, PAGE, seconds))
                with publisher.publishing(5):
                    rates[True].append(wrk(site.port, PAGE, seconds))
            quiet, busy = (statistics.median(rates[each]) for each in (False, True))
            name = "five publications a second, 64 readers ÷ quiet"
            print(f"{name:58} {busy / quiet:6.2f}   ({busy:,.0f} ÷ {quiet:,.0f} a second)")
        if wanted("visible"):
            found = sorted(*lags([("127.0.0.1", site.port)], Publisher(site), 200, 8).values())
            p99 = found[min(len(found) - 1, int(len(found) * 0.99))]
            print(
                f"{'publication to visible for all readers':58} {p99 * 1000:6.0f} ms at the 99th percentile of "
                f"{len(found)} (median {statistics.median(found) * 1000:.0f}, worst {found[-1] * 1000:.0f})"
            )
        if wanted("view"):
            size, count = first_view(site)
            print(f"{'first view of a full thread, compressed':58} {size:6,} bytes, {count} requests")


def loaded(folder: Path, database_url: str) -> None:
    """Print what `plenara serve` takes with its cache full, while it is read."""
    publish(range(SHOWN, FILLING))
    from django.db import connections

    connections.close_all()
    site = Site(folder, free_port(*PORTS), database_url, {"PLENARA_LOG_LEVEL": "WARNING", "PLENARA_CACHE_MB": "256"})
    highest = 0.0
    with site.served() as server:
        threads = [
            threading.Thread(target=fill, args=(site, part, 4), daemon=True) for part in range(4)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(2)
            highest = max(highest, memory(server.pid))
        wrk(site.port, PAGE, 3)
        highest = max(highest, memory(server.pid))
        said = subprocess.run(
            ["curl", "-s", f"http://127.0.0.1:{site.port}/metrics"], capture_output=True, text=True, check=True
        ).stdout
    kept = float(re.search(r"^plenara_cache_bytes (\d+)", said, re.MULTILINE)[1])  # type: ignore[index]
    name = "memory of `plenara serve` with a 256 MB cache under load"
    print(f"{name:58} {highest:6.0f} MB  (pages kept: {kept / 1e6:.0f} MB)")


def fill(site: Site, part: int, parts: int) -> None:
    """Request more pages than the cache can store, each once: those of contributions, and the thread from each on."""
    with contextlib.closing(Browser(site.port)) as browser:
        for number in range(1 + part, FILLING + 1, parts):
            for language in ("ar", "en", "es", "fr", "ru", "zh"):
                base = f"/{language}/consultations/bench"
                with contextlib.suppress(Exception):
                    browser.get(f"{base}/contributions/{number}/")
                    browser.get(f"{base}/threads/1/from/{number}/{'?group=civil_society' if number % 4 == 0 else ''}")


def main() -> None:
    """Measure each engine in a process of its own, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--folder", type=Path)
    parser.add_argument(
        "--only", default="", help="cached,different,fronts,uncached,busy,304,publishing,visible,view,idle,loaded"
    )
    parser.add_argument("--engine", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for tool in ("wrk", "nginx", "curl"):
        if not shutil.which(tool):
            raise SystemExit(f"{tool} is not here.")
    if options.engine:
        folder = options.folder
        folder.mkdir(parents=True, exist_ok=True)
        database_url = options.postgresql if options.engine == "postgresql" else ""
        measure(options, folder, database_url)
        if not options.only or "loaded" in options.only.split(","):
            loaded(folder, database_url)
        return
    with contextlib.ExitStack() as stack:
        base = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for engine in ["sqlite", *(["postgresql"] if options.postgresql else [])]:
            print(f"--- {engine}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
            given = [*sys.argv[1:], "--engine", engine, "--folder", str(base / engine)]
            subprocess.run([sys.executable, "-m", "benchmarks.performance", *given], check=True)


if __name__ == "__main__":
    main()
