"""Two machines behind nginx, with one PostgreSQL and its replica, Redis and an object storage: how soon they agree,
and what readers notice when one of them is killed.

    PYTHONPATH=. .venv/bin/python -m benchmarks.machines [--publications 120] [--seconds 30] [--plain]

The machines are two addresses of this one, 127.0.0.2 and 127.0.0.3, with a data folder each. In front is nginx with
docs/operating/nginx-machines.conf, names and ports changed. Needs nginx, wrk, redis-server, openssl and PostgreSQL's
programs; `--database` and `--replica` name servers that run already.
"""

import argparse
import contextlib
import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.performance import prepare
from benchmarks.playing import ROOT, Site, quantiles
from benchmarks.publishing import NEWEST, Publisher, lags
from tests import clusters, objects

HTTP, HTTPS, EACH, REDIS = 8150, 8151, 8152, 8153
MACHINES = ("127.0.0.2", "127.0.0.3")
#: The headers from nginx to a machine.
AS_NGINX = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
EXPORT = "/exports/bench/bundle.zip"


class Machine:
    """One `plenara serve` at an address of its own."""

    def __init__(self, address: str, site: Site) -> None:
        self.address, self.site = address, site
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.site.folder / "serve.log").open("ab")
        command = [sys.executable, "-P", "-m", "plenara.cli", "serve", "--host", self.address, "--port", str(EACH)]
        self._process = subprocess.Popen(
            command, env=self.site.environment, cwd="/", stdout=log, stderr=log, start_new_session=True
        )
        for _attempt in range(1200):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/health/")[0] == 200:
                    return
            time.sleep(0.1)
        raise SystemExit((self.site.folder / "serve.log").read_text()[-3000:])

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
        """Return status and body of a page, with nginx's headers."""
        asked = connection or http.client.HTTPConnection(self.address, EACH, timeout=30)
        try:
            asked.request("GET", path, headers=AS_NGINX)
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            if connection is None:
                asked.close()

    def end(self, how: int = signal.SIGTERM) -> None:
        """End it; with SIGKILL as a power cut does, all of its processes at once."""
        if self._process and self._process.poll() is None:
            for pid in [*_below(self._process.pid), self._process.pid] if how == signal.SIGKILL else []:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
            self._process.send_signal(how)
            self._process.wait(30)


def _below(pid: int) -> list[int]:
    """Return all processes below one."""
    try:
        own = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [found for each in own for found in (*_below(each), each)]


@contextlib.contextmanager
def running(*command: str) -> Iterator[None]:
    """Run a server beside the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    if process.poll() is not None:
        raise SystemExit(f"{command[0]} did not start.")
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def nginx_conf(folder: Path) -> Path:
    """Return the documented configuration, with this machine's addresses, ports and a certificate of its own."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "docs/operating/nginx-machines.conf").read_text()
    for old, new in (
        ("10.0.0.2:8000", f"{MACHINES[0]}:{EACH}"),
        ("10.0.0.3:8000", f"{MACHINES[1]}:{EACH}"),
        ("listen 80;", f"listen 127.0.0.1:{HTTP};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{HTTPS} ssl;"),
        ("server_name consult.example.org;", "server_name 127.0.0.1;"),
        ("/etc/letsencrypt/live/consult.example.org/fullchain.pem", str(folder / "cert.pem")),
        ("/etc/letsencrypt/live/consult.example.org/privkey.pem", str(folder / "key.pem")),
        ("/var/log/nginx/plenara.error.log", str(folder / "error.log")),
    ):
        assert old in text, old
        text = text.replace(old, new)
    places = "".join(f"{each}_temp_path {folder};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = folder / "nginx.conf"
    file.write_text(
        f"pid {folder}/pid; daemon off; events {{ worker_connections 1024; }}\nhttp {{ {places}\n{text}\n}}\n"
    )
    subprocess.run(["nginx", "-t", "-c", str(file), "-e", str(folder / "error.log")], check=True, capture_output=True)
    return file


def killed(machine: Machine, seconds: int) -> tuple[str, Counter[str]]:
    """Load both machines through nginx, kill one a third of the way, start it again; return what readers saw."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}", "--timeout", "10", f"https://127.0.0.1:{HTTPS}{NEWEST}"]
    seen: Counter[str] = Counter()
    stop = threading.Event()

    def read() -> None:
        """Read as a browser does that opens a connection for each page."""
        import ssl

        while not stop.is_set():
            connection = http.client.HTTPSConnection(
                "127.0.0.1", HTTPS, timeout=10, context=ssl._create_unverified_context()
            )
            try:
                connection.request("GET", NEWEST)
                seen[str(connection.getresponse().status)] += 1
            except (OSError, http.client.HTTPException) as error:
                seen[type(error).__name__] += 1
            finally:
                connection.close()
            time.sleep(0.02)

    readers = [threading.Thread(target=read, daemon=True) for _ in range(4)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        for each in readers:
            each.start()
        time.sleep(seconds / 3)
        machine.end(signal.SIGKILL)
        time.sleep(seconds / 4)
        machine.start()
        assert load.stdout
        said = load.stdout.read()
    stop.set()
    for each in readers:
        each.join(20)
    requests = re.search(r"(\d+) requests in", said)
    wrong = re.findall(r"(?:Socket errors|Non-2xx).*", said)
    return f"{requests[1] if requests else '?'} requests; {'; '.join(wrong) or 'no error'}", seen


def same_files(machines: list[Machine]) -> str:
    """Wait until either machine's worker has made an export; return whether both serve the same bytes."""
    for _attempt in range(240):
        answers = [each.get(EXPORT) for each in machines]
        if all(status == 200 for status, _body in answers):
            return f"{len(answers[0][1]):,} bytes, {'the same' if answers[0] == answers[1] else 'DIFFERENT'} on both"
        time.sleep(1)
    return f"not made: {[status for status, _body in answers]}"


def measure(options: argparse.Namespace, folder: Path, names: dict[str, str], database: str) -> None:
    """Start everything, print the figures, end everything."""
    machines = []
    for address in MACHINES:
        data = folder / address
        data.mkdir(mode=0o700)
        site = Site(data, HTTPS, database, {**names, "PLENARA_SITE_URL": f"https://127.0.0.1:{HTTPS}"})
        machines.append(Machine(address, site))
    prepared = f"import benchmarks.machines as it; it.prepared({str(machines[0].site.folder)!r})"
    subprocess.run([sys.executable, "-c", prepared], env=machines[0].site.environment, check=True)
    conf = nginx_conf(folder)
    with running("nginx", "-c", str(conf), "-e", str(folder / "error.log")):
        try:
            for each in machines:
                each.start()
            places, publisher = [(each.address, EACH) for each in machines], Publisher(machines[0].site)
            for address, found in lags(places, publisher, options.publications, 2, AS_NGINX).items():
                print(f"publication to visible on {address}, {len(found)} times: {quantiles(found)}", flush=True)
            print(f"an export, from the object storage: {same_files(machines)}", flush=True)
            if not options.seconds:
                return
            said, seen = killed(machines[1], options.seconds)
            print(f"one of two killed under load, through nginx: {said}")
            print(f"the same, a connection a page: {dict(seen)}")
        finally:
            for each in machines:
                each.end()


def prepared(_folder: str) -> None:
    """Make the consultation that is read, in a process of the first machine's."""
    from plenara.operations import startup

    startup.start()
    startup.migrate()
    from plenara.consultations.models import Consultation

    if not Consultation.objects.filter(slug="bench").exists():
        prepare()


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publications", type=int, default=120)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--database", default="")
    parser.add_argument("--replica", default="")
    parser.add_argument("--plain", action="store_true", help="without replica and Redis, to compare with")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # no servers are left when we are stopped
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plenara-machines-")))
        database, replica = options.database, options.replica
        if not database:
            pair: Any = stack.enter_context(clusters.replicated())
            database, replica = pair[0].url(), pair[1].url()
        storage = stack.enter_context(objects.serving())
        stack.enter_context(running("redis-server", "--port", str(REDIS), "--save", "", "--bind", "127.0.0.1"))
        secret = objects.SECRET.replace("/", "%2F").replace(":", "%3A")
        host = storage.url.removeprefix("http://")
        names = {
            "PLENARA_SECRET_KEY": secrets.token_urlsafe(64),
            "PLENARA_REDIS_URL": f"redis://127.0.0.1:{REDIS}/0",
            "PLENARA_STORAGE_URL": f"s3://{objects.KEY}:{secret}@{host}/{objects.BUCKET}/bench?secure=0",
            "PLENARA_LOG_LEVEL": "WARNING",
        }
        if options.plain:
            del names["PLENARA_REDIS_URL"]
        elif replica:
            names["PLENARA_READ_DATABASE_URL"] = replica
        measure(options, folder, names, database)


if __name__ == "__main__":
    main()
