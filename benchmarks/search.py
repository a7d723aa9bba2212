"""How long a search takes among 100,000 contributions in six languages, on SQLite and on PostgreSQL side by side.

    python -m benchmarks.search [--texts 100000] [--postgresql URL] [--rounds 3] [--keep FOLDER]

Run it from the root. SQLite's database is made in a folder of its own; `--postgresql` names an empty database that may
be filled (left out, SQLite is measured alone). Texts are made of the words of our own message catalogues with the
frequencies of a natural language, and of a long tail of rare ones: the same on both. Each engine runs in a process of
its own, one after the other. Printed are median and 99th percentile in milliseconds, the one divided by the other, how
fast and how large the index is, whether both engines gave the same entries in the same order to every query, and how
many queries ran into the deadline that the product sets. Vectors are synthetic: 512 whole numbers around 500 centres.
"""

import argparse
import datetime
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEED = 20_261_125
LANGUAGES = {"en": 45, "fr": 20, "es": 12, "ru": 8, "ar": 8, "zh": 7}
GROUPS = ("government", "intergovernmental", "private_sector", "civil_society", "technical_academic", "other")
CATALOGUES = Path(__file__).parent.parent / "locale"
#: Rare words of each language, besides those of its catalogue.
RARE = 30_000


class Kind:
    """A kind of thing with nothing but an id."""

    code, number, name, names = "contribution", 1, "", ""

    def everything(self) -> Iterator[Any]:
        return iter(())

    def found(self, object_ids: Any) -> dict[int, Any]:
        return {}


def vocabulary(language: str) -> list[str]:
    """Return the words of a language, the most frequent first, then rare ones."""
    name = "zh_Hans" if language == "zh" else language
    text = (CATALOGUES / name / "LC_MESSAGES" / "django.po").read_text()
    said = " ".join(re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', text, re.MULTILINE))
    said = re.sub(r"%\([a-z_]+\)[sd]|<[^>]*>|\\n", " ", said)
    found = re.findall(r"[\u4e00-\u9fff]{2}" if language == "zh" else r"[^\W\d_]{1,30}", said)
    counted: dict[str, int] = {}
    for word in found:
        counted[word] = counted.get(word, 0) + 1
    common = sorted(counted, key=lambda word: (-counted[word], word))
    rng = random.Random(f"{SEED} {language}")
    letters = [word for word in common if len(word) > 3] or common
    rare = [rng.choice(letters)[:6] + rng.choice(letters)[-4:] for _number in range(RARE)]
    return list(dict.fromkeys([*common, *rare]))


class Words:
    """Texts of a language, with natural lengths and frequencies of words."""

    def __init__(self, language: str):
        self.language = language
        self.words = vocabulary(language)
        self.weights, total = [], 0.0
        for rank in range(1, len(self.words) + 1):
            total += 1 / (rank + 2)
            self.weights.append(total)

    def text(self, rng: random.Random, length: int) -> str:
        chosen = rng.choices(self.words, cum_weights=self.weights, k=length)
        return ("" if self.language == "zh" else " ").join(chosen)


def contents(count: int) -> Iterator[Any]:
    """Yield the things to index."""
    from plenara.search.entries import Content

    rng = random.Random(SEED)
    words = {language: Words(language) for language in LANGUAGES}
    began = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    for number in range(1, count + 1):
        language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        length = min(int(rng.lognormvariate(4.7, 0.7)), 1500) + 5
        thread = rng.randint(1, 30)
        yield Content(
            "contribution",
            number,
            began + datetime.timedelta(minutes=number),
            language,
            "",
            words[language].text(rng, length),
            {
                "consultation": [str(thread % 3 + 1)],
                "thread": [str(thread)],
                "group": [rng.choice(GROUPS)],
                "country": [rng.choice(("FR", "KE", "CN", "BR", "SN", "RU", "EG", "CA", "IN", "CH"))],
                "language": [language],
                "channel": ["web"],
                "symbol": [f"BENCH/2026/Q{thread}/{number}"],
                "author": [words["en"].text(rng, 2)],
            },
        )


def queries() -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return (class, query, filters): the same for each language where it has them."""
    found: list[tuple[str, str, dict[str, list[str]]]] = []
    for language in LANGUAGES:
        rng = random.Random(f"queries {language}")
        words = [word for word in vocabulary(language) if len(word) > (1 if language == "zh" else 3)]
        common, middling, rare = words[:12], words[400:900], words[-RARE // 2 :]
        for _number in range(6):
            one, other = rng.sample(middling, 2)
            frequent, frequent_too = rng.sample(common, 2)
            join = "" if language == "zh" else " "
            found += [
                ("rare word", rng.choice(rare), {}),
                ("middling word", one, {}),
                ("common word", frequent, {}),
                ("two words", f"{one} {frequent}", {}),
                ("two common words", f"{frequent} {frequent_too}", {}),
                ("phrase", f'"{frequent}{join}{one}"', {}),
                ("OR", f"{one} OR {other}", {}),
                ("exclusion", f"{one} -{frequent}", {}),
                ("filters", frequent, {"thread": [str(rng.randint(1, 30))], "group": [rng.choice(GROUPS)]}),
            ]
            if language != "zh":
                found.append(("star", f"{one[:4]}*", {}))
    ten = " OR ".join(word for word in vocabulary("en")[:30] if len(word) > 3)
    found += [("hostile", ten, {}), ("hostile", "and the of", {}), ("filters alone", "", {"thread": ["7"]})]
    return found


def one_engine(options: argparse.Namespace) -> dict[str, Any]:
    """Fill this process's database, run the queries, and return results and times."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from plenara.core import database
    from plenara.search import entries
    from plenara.search.actions.index import put

    call_command("migrate", verbosity=0)
    entries._kinds.clear()
    entries.register(Kind())
    began = time.perf_counter()
    batch: list[Any] = []
    for each in contents(options.texts):
        batch.append(each)
        if len(batch) == 5000:
            put(batch, are_new=True)
            batch = []
    put(batch, are_new=True)
    filled = time.perf_counter() - began
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE search_entry")
            cursor.execute("SELECT pg_total_relation_size('search_entry')")
        else:
            database.analyze()  # as a large import does
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    deadline, settings.SEARCH_DEADLINE = settings.SEARCH_DEADLINE, 20.0
    times, answers = asked_of(options.rounds)
    meaning = across(options)
    return {
        "engine": connection.vendor,
        "filled": filled,
        "size": size,
        "times": times,
        "answers": answers,
        "late": sum(each > deadline for of_class in times.values() for each in of_class) / options.rounds,
        "meaning": meaning,
    }


def asked_of(rounds: int) -> tuple[dict[str, list[float]], list[Any]]:
    """Run every query several times; return seconds by class and order, and the results."""
    from plenara.search.queries import results
    from plenara.search.query import QueryRefused, parse

    times: dict[str, list[float]] = {}
    answers: list[Any] = []
    for at in range(rounds):
        for name, text, filters in queries():
            for order, find in (("newest", results.newest), ("relevance", results.relevant)):
                began = time.perf_counter()
                try:
                    page = find(results.Asked(parse(text), filters))
                    answer: Any = [[hit.object_id for hit in page.hits], page.count, page.is_capped]
                except QueryRefused as refused:
                    answer = str(refused.problem)
                times.setdefault(f"{name}: {order}", []).append(time.perf_counter() - began)
                if at == 0:
                    answers.append([name, text, order, answer])
    return times, answers


def across(options: argparse.Namespace) -> dict[str, Any]:
    """Return how long the nearest vectors take, and how many of the truly nearest ten are among them."""
    from benchmarks.nearest import measured

    return measured()


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Return median and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)] * 1000


def main() -> None:
    """Run each engine in a process of its own, and print both side by side."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--texts", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--postgresql", default="")
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.engine:
        print(json.dumps(one_engine(options)))
        return
    results = []
    with tempfile.TemporaryDirectory() as made:
        for url in filter(None, ["sqlite", options.postgresql]):
            folder = (options.keep or Path(made)) / ("sqlite" if url == "sqlite" else "postgresql")
            folder.mkdir(parents=True, exist_ok=True)
            environment = {**os.environ, "PLENARA_DATA": str(folder)}
            environment.pop("PLENARA_DATABASE_URL", None)
            if url != "sqlite":
                environment["PLENARA_DATABASE_URL"] = url
            command = [sys.executable, "-m", "benchmarks.search", "--engine"]
            command += ["--texts", str(options.texts), "--rounds", str(options.rounds)]
            run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            results.append(json.loads(run.stdout.splitlines()[-1]))
    print_table(results, options.texts)


def print_table(results: list[dict[str, Any]], texts: int) -> None:
    """Print the table."""
    for each in results:
        rate = texts / each["filled"]
        print(
            f"{each['engine']}: {texts:,} texts in {each['filled']:.0f} s ({rate:.0f} a second), "
            f"{each['size'] / 1e6:.0f} MB; {each['late']:.1f} questions a round past the deadline"
        )
    names = list(results[0]["times"])
    print(f"{'':34}" + "".join(f"{each['engine']:>22}" for each in results) + ("    ratio" if len(results) > 1 else ""))
    for name in names:
        pairs = [percentiles(each["times"][name]) for each in results]
        ratio = f"{pairs[1][0] / pairs[0][0]:9.1f}" if len(pairs) > 1 else ""
        print(f"{name:34}" + "".join(f"{half:11.1f} /{last:8.1f}" for half, last in pairs) + ratio)
    for order in ("newest", "relevance"):
        every = [[s for name in names if name.endswith(order) for s in each["times"][name]] for each in results]
        pairs = [percentiles(each) for each in every]
        print(f"{'all: ' + order:34}" + "".join(f"{half:11.1f} /{last:8.1f}" for half, last in pairs))
    for each in results:
        if each["meaning"]:
            print(f"{each['engine']}, across languages: {each['meaning']}")
    if len(results) > 1:
        pairs_of = list(zip(results[0]["answers"], results[1]["answers"], strict=True))
        different = [one for one, other in pairs_of if one != other]
        print(f"{len(pairs_of)} answers, {len(different)} different: {different[:5]}")


if __name__ == "__main__":
    main()
