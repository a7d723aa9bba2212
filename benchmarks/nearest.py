"""How long a query by meaning takes among many texts, and whether it finds the nearest: with synthetic vectors.

    python -m benchmarks.nearest [--texts 100000]

Run it from the root; `PLENARA_DATABASE_URL` names an empty database that may be filled, or else SQLite's is made in a
folder of its own. Vectors are around 500 centres, as texts are around topics. `measured` is also what
`benchmarks.search` uses on its own entries. No encoder is loaded: a query's own vector takes two milliseconds more.
The first query of a server fetches its pages from the database; the others are measured with all pages cached.
"""

import argparse
import os
import statistics
import tempfile
import time
from itertools import batched
from pathlib import Path
from typing import Any

SEED, MIDDLES, QUESTIONS = 20_261_125, 500, 200
FILTERS: dict[str, dict[str, list[str]]] = {
    "everything": {},
    "a language (7 %)": {"language": ["zh"]},
    "a thread (3 %)": {"thread": ["7"]},
    "a thread and a language (0.2 %)": {"thread": ["7"], "language": ["zh"]},
}


def measured() -> dict[str, Any]:
    """Give every entry of this database a synthetic vector, arrange them, query; return the measurements."""
    import numpy

    from plenara.search import encoder, vector_cache
    from plenara.search.actions.index import ENTRY
    from plenara.search.models import Entry, Meaning, Unread, Vector
    from plenara.search.queries.results import Asked, Clock
    from plenara.search.queries.similarity import nearest_to
    from plenara.search.query import parse
    from plenara.search.vector_store import products

    ids = list(Entry.objects.order_by("id").values_list("id", flat=True))
    rows = synthetic(len(ids))
    for some in batched(range(len(ids)), 5_000):
        Vector.objects.bulk_create(
            Vector(
                kind=ENTRY, object_id=ids[at], place=0, encoder=encoder.name(), sha256="", numbers=rows[at].tobytes()
            )
            for at in some
        )
    Unread.objects.all().delete()
    Meaning.objects.all().delete()
    Meaning.objects.create(pk=1, encoder=encoder.name(), done=len(ids), total=len(ids))
    began = time.perf_counter()
    used = _arranged()
    result: dict[str, Any] = {
        "way": f"{used.way}, {used.cells} cells",
        "arranged in s": round(time.perf_counter() - began),
    }
    encoder.is_on = lambda: True  # type: ignore[assignment]
    asked = synthetic(QUESTIONS, seed=SEED + 2)

    def ask(row: Any, filters: dict[str, list[str]]) -> Any:
        encoder.vector_of = lambda _text, _seconds=0: row  # type: ignore[assignment]
        return nearest_to(Asked(parse("what is asked"), filters), clock=Clock(60))

    with tempfile.TemporaryDirectory() as folder:
        vector_cache.open_in(Path(folder))
    began = time.perf_counter()
    ask(asked[0], {})
    result["the first ms"] = round((time.perf_counter() - began) * 1000, 1)
    for row in asked:
        ask(row, {})
    for name, filters in FILTERS.items():
        times, processor, parts = [], [], []
        for row in asked:
            began, worked = time.perf_counter(), time.process_time()
            answer = ask(row, filters)
            times.append(time.perf_counter() - began)
            processor.append(time.process_time() - worked)
            if not filters:
                near = products(rows, row[None])[:, 0]
                exact = {ids[at] for at in numpy.argsort(-near, kind="stable")[:10]}
                parts.append(len(exact & {hit.id for hit, _cosine in answer.hits[:10]}) / 10)
        ordered, worked_in = sorted(times), sorted(processor)
        result[name] = {
            "median ms": round(statistics.median(ordered) * 1000, 1),
            "p99 ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
            "our processor ms": round(statistics.median(worked_in) * 1000, 1),
            "our processor p99 ms": round(worked_in[int(len(worked_in) * 0.99)] * 1000, 1),
            **({"recall@10": round(statistics.mean(parts), 3)} if parts else {}),
        }
    return result


def synthetic(count: int, seed: int = SEED) -> Any:
    """Return vectors around the same centres, whatever the seed."""
    import numpy

    from plenara.search.vector_store import of_length

    middles = numpy.random.default_rng(SEED).normal(size=(MIDDLES, 512))
    rng = numpy.random.default_rng(seed)
    return numpy.concatenate(
        [
            of_length(middles[rng.integers(MIDDLES, size=len(some))] + rng.normal(size=(len(some), 512)))
            for some in batched(range(count), 10_000)
        ]
    )


def _arranged() -> Any:
    from plenara.core.transaction import writes
    from plenara.search.actions import embeddings
    from plenara.search.models import Meaning

    row = Meaning.objects.get()
    with writes():
        row.making = embeddings.begin_arrangement(row.done)
        row.save()
    while making := Meaning.objects.select_related("making").get().making:
        embeddings.continue_arrangement(making, lambda: Meaning.objects.select_for_update().get())
    return Meaning.objects.select_related("used").get().used


def main() -> None:
    """Fill a database and measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=int, default=100_000)
    count = options.parse_args().texts
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLENARA_DATA": folder, "DJANGO_SETTINGS_MODULE": "plenara.config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from plenara.search.actions import index
        from plenara.search.entries import register

        call_command("migrate", verbosity=0)
        from benchmarks.search import Kind, contents

        register(Kind())  # type: ignore[arg-type]
        index.put(contents(count), are_new=True)
        for name, value in measured().items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
