"""A process that publishes contributions while others read, and how long until all of them see each."""

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.playing import Site

#: The page that shows the newest publication first.
NEWEST = "/en/consultations/bench/threads/1/?order=newest"
#: Publishes once for each line on its input; prints the number and the time of each commit.
_CODE = """
import json, sys, time
from plenara.operations import startup
startup.start()
from plenara.accounts.models import Person
from plenara.consultations.models import Thread
from plenara.contributions.actions import submit
people = list(Person.objects.filter(email__startswith="p").order_by("pk"))
thread = Thread.objects.get(consultation__slug="bench", number=1)
count = 0
print("ready", flush=True)
for line in sys.stdin:
    count += 1
    mark = f"word{int(time.time() * 1000)}x{count}"
    text = f"{mark} " + " ".join(f"{mark}{n}" for n in range(60))
    made = submit(actor=people[count % len(people)], thread=thread, text=text, language="en", title=mark)
    at = time.monotonic()
    made.refresh_from_db()
    print(json.dumps([made.number, at]), flush=True)
"""


class Publisher:
    """Publishes in a running installation, from a process beside it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @contextlib.contextmanager
    def _process(self) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE], env=self._site.environment, cwd="/",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout and process.stdin
        process.stdout.readline()
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(30)

    @contextlib.contextmanager
    def publishing(self, a_second: float) -> Iterator[None]:
        """Publish so many a second beside the block."""
        stop = threading.Event()
        with self._process() as process:

            def go() -> None:
                due = time.monotonic()
                while not stop.is_set():
                    self.one(process)
                    due += 1 / a_second
                    stop.wait(max(0.0, due - time.monotonic()))

            thread = threading.Thread(target=go, daemon=True)
            thread.start()
            try:
                yield
            finally:
                stop.set()
                thread.join(30)

    def one(self, process: subprocess.Popen[str]) -> tuple[int, float]:
        """Publish one and return its number and when it was committed, by the clock that all processes share."""
        assert process.stdin and process.stdout
        process.stdin.write("\n")
        process.stdin.flush()
        number, at = json.loads(process.stdout.readline())
        return number, at

    @contextlib.contextmanager
    def ready(self) -> Iterator[Any]:
        """Yield a function that publishes one."""
        with self._process() as process:
            yield lambda: self.one(process)


def lags(
    places: Sequence[tuple[str, int]], publisher: Publisher, count: int, readers: int, headers: Mapping[str, str] = {}
) -> dict[str, list[float]]:
    """Return by address, for each publication, the seconds until no reader there got the page without it any more.

    Each place (address and port) has so many readers, who repeat their requests at once.
    """
    stop = threading.Event()
    seen: dict[str, list[tuple[float, float, int]]] = {address: [] for address, _port in places}

    def read(address: str, port: int) -> None:
        connection = http.client.HTTPConnection(address, port, timeout=30)
        while not stop.is_set():
            began = time.monotonic()
            connection.request("GET", NEWEST, headers=dict(headers))
            body = connection.getresponse().read()
            place = body.find(b"/contributions/")
            number = int(body[place + 15 : body.find(b"/", place + 15)]) if place > 0 else 0
            seen[address].append((began, time.monotonic(), number))
            time.sleep(0.004)
        connection.close()

    threads = [threading.Thread(target=read, args=each, daemon=True) for each in places for _ in range(readers)]
    published: list[tuple[int, float]] = []
    with publisher.ready() as publish:
        for thread in threads:
            thread.start()
        time.sleep(1)
        for _ in range(count):
            published.append(publish())
            time.sleep(0.15)
        time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join(30)
    return {
        address: [
            max((end for began, end, newest in answers if began >= at and newest < number), default=at) - at
            for number, at in published
        ]
        for address, answers in seen.items()
    }
