"""How well the search finds across languages: recall among the first ten, by words, by meaning and by both; and how
many questions without an answer find something.

    python -m benchmarks.retrieval [--data FOLDER] [--spread 0.075]

Run it from the root. It builds the demo in a folder, imports NETmundial 2014 (if `../shared/data` has it; reported
if not), reads everything by its meaning, and runs `retrieval_questions` and `unanswered_questions`; then imports
République numérique 2015, and runs the latter once more. `--data` keeps the folder, and uses that of an earlier run.
Recall@10 is the part of the answers to a question that is among the first ten contributions; of a question with more
than ten answers the part of ten. A paper counts as its contribution.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
NETMUNDIAL, REPUBLIQUE = DATA / "netmundial-2014", DATA / "republique-numerique-2015"
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
WAYS = ("words", "meaning", "both")


def main() -> None:
    """Build the data if it does not exist, and query."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="a folder to keep")
    options.add_argument("--spread", type=float, help="how near an answer must be, instead of the product's")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = (chosen.data or Path(passing)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        _build(folder)
        _import(NETMUNDIAL)
        _ask(chosen.spread)
        _ask_without_answers("The demo and NETmundial 2014")
        if _import(REPUBLIQUE):
            _ask_without_answers("These and République numérique 2015")


def _build(folder: Path) -> None:
    os.environ |= {"PLENARA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "plenara.config.demo_settings"}
    from plenara.operations import demo_folder

    if not (folder / demo_folder.NAME).exists():
        with demo_folder.workshop(folder) as workshop:
            code = "from plenara.operations.commands.demo_command import build; build()"
            environment = demo_folder.environment_of(workshop, 8000)
            subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=ROOT)
    import django

    django.setup()


def _import(bundle: Path) -> bool:
    """Import a bundle if it exists, and read everything."""
    from plenara.bundles.actions.bundle import import_bundle

    if bundle.exists():
        import_bundle(bundle)
    else:
        print(f"Left out: {bundle} is not there. Questions about it are not asked.")
    _read()
    return bundle.exists()


def _read() -> None:
    from plenara.core import tasks
    from plenara.search.actions.index import enqueue_reading
    from plenara.search.models import Entry, Unread
    from plenara.search.tasks import read

    waiting, began = Unread.objects.count(), time.monotonic()
    enqueue_reading()
    while one := read.pending().order_by("pk").first():
        tasks.run(one)
    took = time.monotonic() - began
    if waiting:
        print(f"{waiting} texts of {Entry.objects.count()} read in {took:.0f} s: {waiting / took:.0f} a second.")


def _ask(spread: float | None) -> None:
    from benchmarks.retrieval_questions import WANTS
    from plenara.search import encoder
    from plenara.search.queries import similarity

    encoder.PATIENCE = 60
    similarity.SPREAD = similarity.SPREAD if spread is None else spread
    keys, languages = _keys()
    for title, form in (("Asked in a sentence", "asked"), ("Asked in few words", "few")):
        print(f"\n## {title}\n")
        _measure(
            [(getattr(want, form), {keys[key] for key in want.answers if key in keys}) for want in WANTS], languages
        )


def _measure(asked: Sequence[tuple[dict[str, str], set[int]]], languages: dict[int, str]) -> None:
    recall: dict[tuple[str, str], list[float]] = defaultdict(list)
    of_answers: dict[tuple[str, str], list[float]] = defaultdict(list)
    times = []
    for texts, answers in asked:
        for language, text in texts.items() if answers else ():
            began = time.monotonic()
            ranked = _ranked(text)
            times.append(time.monotonic() - began)
            for way in WAYS:
                first = set(ranked[way][:10])
                recall[language, way].append(_part(answers, first))
                for other in {languages[each] for each in answers}:
                    part = _part({each for each in answers if languages[each] == other}, first)
                    is_own = other == language
                    of_answers["the question's language" if is_own else "another language", way].append(part)
                    of_answers[other, way].append(part)
    print(f"{len(times)} questions, in the median {statistics.median(times) * 1000:.0f} ms for all ways together.\n")
    _table("asked in", LANGUAGES, recall)
    print()
    _table("of answers in", [*LANGUAGES, "the question's language", "another language"], of_answers)


def _part(answers: set[int], first: set[int]) -> float:
    return len(answers & first) / min(len(answers), 10)


def _table(head: str, rows: Iterable[str], found: dict[tuple[str, str], list[float]]) -> None:
    print(f"| {head} | {' | '.join(WAYS)} | n |\n|---|---|---|---|---|")
    every: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        cells = [statistics.mean(found[row, way]) for way in WAYS]
        print(f"| {row} | {' | '.join(f'{cell:.2f}' for cell in cells)} | {len(found[row, WAYS[0]])} |")
        for way in WAYS:
            every[way] += found[row, way]
    if head == "asked in":
        print(f"| all | {' | '.join(f'{statistics.mean(every[way]):.2f}' for way in WAYS)} | {len(every['words'])} |")


def _ranked(text: str) -> dict[str, list[int]]:
    """Return the contributions that each kind of search finds, the best first."""
    from plenara.search.models import Entry
    from plenara.search.queries.results import Asked, Clock, relevant
    from plenara.search.queries.similarity import fused, nearest_to
    from plenara.search.query import parse

    asked = Asked(parse(text), filters={"kind": ["contribution", "paper"]})
    words = relevant(asked, limit=100, clock=Clock(60)).hits
    near = nearest_to(asked, clock=Clock(60), is_answered=bool(words)).hits
    order = fused([hit.id for hit in words], near)
    both = [each.id for each in sorted(order, key=lambda each: not each.by_words)]  # by meaning only is separate
    things = dict(Entry.objects.filter(id__in=both).values_list("id", "object_id"))
    return {
        "words": _once(hit.object_id for hit in words),
        "meaning": _once(hit.object_id for hit, _cosine in near),
        "both": _once(things[each] for each in both),
    }


def _ask_without_answers(where: str) -> None:
    """Print how many of a hundred queries find anything on the search page, with and without an answer."""
    from benchmarks.retrieval_questions import WANTS
    from benchmarks.unanswered_questions import nonsense, unanswered
    from plenara.search.models import Entry

    keys, _languages = _keys()
    wants = [want for want in WANTS if want.answers & keys.keys()]
    without = unanswered()
    print(f"\n## {where}: {Entry.objects.count()} texts\n\n| asked | find something | n |\n|---|---|---|")
    _share("sentences with an answer", [each for want in wants for each in want.asked.values()])
    _share("few words with an answer", [each for want in wants for each in want.few.values()])
    _share("sentences without an answer", without["asked"])
    _share("few words without an answer", without["few"])
    _share("nonsense", list(nonsense()))


def _share(kind: str, queries: list[str]) -> None:
    from plenara.exports.queries.search import Search, find_results

    found = [query for query in queries if find_results(Search(query)).rows]
    print(f"| {kind} | {100 * len(found) / len(queries):.1f} % | {len(queries)} |")
    if len(found) < len(queries) / 20:
        print("".join(f"    {query}\n" for query in found), end="")


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _keys() -> tuple[dict[str, int], dict[int, str]]:
    """Return the editions by the keys that the questions name, and their languages."""
    import json

    from plenara.contributions.actions.search_index import findable

    there = {each.text.content: each for each in findable().select_related("text") if each.text}
    keys: dict[str, int] = {}
    languages: dict[int, str] = {}

    def note(key: str, text: str) -> None:
        edition = there.get(text)
        if edition is not None:
            keys[key], languages[edition.pk] = edition.pk, edition.language

    content = ROOT / "plenara_sample" / "content"
    for slug in ("internet-governance", "digital-cooperation"):
        rows: Sequence[dict[str, Any]] = json.loads((content / slug / "contributions.json").read_text())
        for row in rows:
            note(row["key"], row["text"])
    if NETMUNDIAL.exists():
        for line in (NETMUNDIAL / "contributions.jsonl").read_text().splitlines():
            row = json.loads(line)
            note(f"n{row['id']}", row["text"])
    return keys, languages


if __name__ == "__main__":
    main()
