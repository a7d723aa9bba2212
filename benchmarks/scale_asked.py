"""The process of `benchmarks.scale` with a database: it fills it, requests pages, exports it, on command."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.scale_rows import SLUG


def peak() -> int:
    """Return the peak memory of this process, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fill(bundle: str) -> dict[str, Any]:
    """Import the bundle if the database is empty."""
    from django.core.management import call_command
    from django.db import connection

    from plenara.bundles.actions.bundle import import_bundle
    from plenara.consultations.models import Consultation
    from plenara.core import database

    call_command("migrate", verbosity=0)
    if here := Consultation.objects.filter(slug=SLUG).first():
        return {"rows": here.last_number, "seconds": 0}
    began, ran = time.perf_counter(), time.process_time()
    checked, _outcome = import_bundle(Path(bundle))
    seconds, processor = time.perf_counter() - began, time.process_time() - ran
    database.analyze()  # as `plenara import` does
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")
    rows = len(checked.everything.seen)
    return {"rows": rows, "seconds": seconds, "processor": processor, "megabytes": peak()}


def addresses() -> dict[str, str]:
    """Return the pages to request, by name."""
    from plenara.consultations.models import Consultation
    from plenara.contributions.models import Edition
    from plenara.moderation.models import Decision

    here = Consultation.objects.get(slug=SLUG)
    thread = here.threads.get(number=1)
    numbers = Edition.objects.filter(thread=thread, in_force=True, campaign_of=None)
    middle = numbers.filter(number__gte=here.last_number // 2).order_by("number").values_list("number", flat=True)[0]
    tail = list(numbers.order_by("-root", "-number").values_list("number", flat=True)[:20])[-1]
    decided = Decision.objects.filter(consultation=here).order_by("-number").values_list("number", flat=True)[0]
    top, api = f"/en/consultations/{SLUG}/", f"/api/v1/consultations/{SLUG}/"
    first = f"{top}threads/1/"
    return {
        "thread: first page": first,
        "thread: from the middle": f"{first}from/{middle}/",
        "thread: last page": f"{first}from/{tail}/",
        "thread: newest first": f"{first}?order=newest",
        "thread: a group": f"{first}?group=government",
        "thread: a language": f"{first}?language=ar",
        "thread: a language, from the middle": f"{first}from/{middle}/?language=ar",
        "thread: a small one": f"{top}threads/30/",
        "consultation": top,
        "contribution": f"{top}contributions/{middle}/",
        "figures": f"{top}figures/",
        "register": f"{top}decisions/",
        "register: from the middle": f"{top}decisions/from/{decided // 2}/",
        "feed of the consultation": f"{top}feed.atom",
        "feed of a thread": f"{first}feed.atom",
        "table: its beginning": f"{top}data.csv",
        "program: contributions": f"{api}contributions?limit=50",
        "program: after the middle": f"{api}contributions?limit=50&after={middle}",
        "program: figures": f"{api}figures",
        "search: newest": "/en/search/?q=the",
        "search: relevance": "/en/search/?q=the&order=relevance",
        "search: two words": "/en/search/?q=contribution+author&order=relevance",
        "consultations": "/en/consultations/",
        "home": "/en/",
    }


class Asking:
    """Pages of this process's database, each requested past every cache."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from plenara.operations import static_files

        static_files.collect()
        settings.ALLOWED_HOSTS = ["*"]
        settings.SEARCH_DEADLINE = 20.0
        self._client = Client()
        self._pages: dict[str, str] = {}

    def pages(self) -> dict[str, int]:
        """Return how many queries each page takes, after a first request."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._pages = addresses()
        counts = {}
        for name in self._pages:
            self._get(name)
            with CaptureQueriesContext(connection) as ran:
                self._get(name)
            counts[name] = len(ran)
        return counts

    def time(self, name: str) -> tuple[float, float]:
        """Return how long a page takes: seconds on the wall, and of the processor in this process."""
        began, ran = time.perf_counter(), time.process_time()
        self._get(name)
        return time.perf_counter() - began, time.process_time() - ran

    def _get(self, name: str) -> None:
        response: Any = self._client.get(self._pages[name])
        if response.status_code != 200:
            raise SystemExit(f"{self._pages[name]} answers {response.status_code}")
        if response.streaming:
            list(islice(response.streaming_content, 20))
            response.close()


def export() -> dict[str, Any]:
    """Write the bundle, and return the peak memory of this process, which has done nothing else before."""
    import subprocess

    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale_asked", "export"], stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(out.stdout.splitlines()[-1]))


def exported() -> dict[str, Any]:
    """Write the bundle into a temporary folder."""
    from plenara.bundles.queries import consultation
    from plenara.bundles.targets import written
    from plenara.consultations.models import Consultation

    began = time.perf_counter()
    rows = 0

    def count(step: int) -> None:
        nonlocal rows
        rows += step

    with tempfile.TemporaryDirectory() as folder, written(Path(folder) / "bundle") as target:
        consultation.export(Consultation.objects.get(slug=SLUG), target, count)
    return {"rows": rows, "seconds": time.perf_counter() - began, "megabytes": peak()}


def main() -> None:
    """Execute commands, one for each line."""
    import django

    django.setup()
    if sys.argv[1:] == ["export"]:
        print(json.dumps(exported()))
        return
    asking = Asking()
    does: dict[str, Callable[..., Any]] = {"fill": fill, "pages": asking.pages, "time": asking.time, "export": export}
    for line in sys.stdin:
        what, *rest = json.loads(line)
        print(json.dumps(does[what](*rest)), flush=True)


if __name__ == "__main__":
    main()
