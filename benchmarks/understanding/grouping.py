"""Whether groups of sentences follow the topic, and not the language; whether they are stable; and what they cost.

    python -m benchmarks.understanding.grouping [--only netmundial-2014] [--draws 5]

Run it from the root. It reads public consultations in `../shared/data` and leaves out those that are not there. No
measure asks the encoder that made the groups:

- threads, language: agreement of the groups with the questions that the contributions answer, and with their languages,
  as adjusted mutual information (AMI, by permutation) and adjusted Rand index (ARI): 0 is chance, 1 the same.
- alike: the mean cosine, by runs of four letters, of two sentences of one group that two contributions said, over that
  of any two such sentences: 1 is chance. Across languages it says little, since letters differ.
- held: four fifths of the contributions are drawn twice, and grouped; ARI of the two on the sentences of both.
- translations: of 1,000 sentences in six languages, how often a sentence and its translation are in one group.

For comparison: groups of the same sizes drawn at random, the languages as groups, and k-means on runs of four
letters with as many groups.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy

from benchmarks.understanding import agreement
from benchmarks.understanding.drafts import DATA, set_up

SEED = 20_261_125
BUNDLES = ("netmundial-2014", "republique-numerique-2015")
PARALLEL = "pud6"
#: The size of a large consultation: contributions, and key sentences of each.
LARGE, KEYS = 5_000, 5


@dataclass
class Sentences:
    """The key sentences of a consultation, with the data of each."""

    name: str
    words: list[str]
    vectors: Any
    wholes: Any
    languages: list[str]
    threads: list[str]
    owners: Any

    def material(self, rows: Any = None) -> Any:
        """Return the input of grouping, or some rows of it."""
        from plenara.summaries.groups.clustering import Material

        rows = numpy.arange(len(self.words)) if rows is None else rows
        return Material(
            self.vectors[rows],
            self.wholes[rows],
            [self.languages[at] for at in rows],
            self.owners[rows].tolist(),
        )


def encoded(name: str, texts: Sequence[tuple[str, str, str]]) -> Sentences:
    """Return the key sentences of (text, language, thread)."""
    from plenara.documents.validation.words import sentences
    from plenara.summaries.groups.embedding import embedded

    found: list[tuple[str, Any, Any, str, str, int]] = []
    for owner, (text, language, thread) in enumerate(texts):
        rows, every = embedded(text), sentences(text)
        found += [
            (every[place - 1], row.numbers, rows[0].numbers, language, thread, owner)
            for place, row in sorted(rows.items())
            if place
        ]
    words, vectors, wholes, languages, threads, owners = zip(*found, strict=True)
    return Sentences(
        name,
        list(words),
        numpy.array(vectors),
        numpy.array(wholes),
        list(languages),
        list(threads),
        numpy.array(owners),
    )


def consultation(name: str) -> Sentences:
    """Return a consultation's key sentences."""
    lines = (DATA / name / "contributions.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row.get("status") == "published" and row.get("text")]
    return encoded(name, [(row["text"], row["language"], str(row["thread"])) for row in rows])


def parallel() -> tuple[Sentences, Sentences]:
    """Return 1,000 sentences, each in one of six languages by turns; and each in all six. A thread is an article."""
    corpus = json.loads((DATA / PARALLEL / "pud6.json").read_text("utf-8"))
    codes = ("en", "fr", "ar", "zh", "ru", "es")
    articles = [each[:6] for each in corpus["ids"]]
    mixed = encoded(
        "six languages, mixed",
        [(corpus[codes[at % 6]][at], codes[at % 6], articles[at]) for at in range(len(articles))],
    )
    every = encoded(
        "six languages, each in all",
        [(corpus[code][at], code, str(at)) for code in codes for at in range(len(articles))],
    )
    return mixed, every


def grouped(it: Sentences, rows: Any = None, count: int | None = None) -> Any:
    """Return the group of each sentence, -1 for none."""
    from plenara.summaries.groups.clustering import group

    return group(it.material(rows), count).groups


def figures(it: Sentences, label: str, groups: Any, rows: Any, held: float | None) -> dict[str, Any]:
    """Return one line of figures."""
    inside = groups >= 0
    whole = agreement.coherence(numpy.zeros(len(groups), dtype=int), it.owners, rows)
    threads = [each for each, there in zip(it.threads, inside, strict=True) if there]
    languages = [each for each, there in zip(it.languages, inside, strict=True) if there]
    return {
        "of": it.name,
        "groups": label,
        "count": len(set(groups[inside].tolist())),
        "in none": 1 - float(inside.mean()),
        "threads AMI": agreement.adjusted_information(groups[inside].tolist(), threads),
        "threads ARI": agreement.adjusted_rand(groups[inside].tolist(), threads),
        "language AMI": agreement.adjusted_information(groups[inside].tolist(), languages),
        "alike": agreement.coherence(numpy.where(inside, groups, -1), it.owners, rows) / whole if whole else 0.0,
        "held": held,
    }


def stability(it: Sentences, make: Callable[[Any], Any], draws: int) -> float:
    """Return how far two draws of four fifths of the contributions agree on the sentences of both."""
    rng, contributions = random.Random(SEED), sorted(set(it.owners.tolist()))
    found = []
    for _draw in range(draws):
        halves = []
        for _half in range(2):
            drawn = set(rng.sample(contributions, len(contributions) * 4 // 5))
            rows = numpy.array([at for at, owner in enumerate(it.owners.tolist()) if owner in drawn])
            halves.append(dict(zip(rows.tolist(), make(rows).tolist(), strict=True)))
        both = sorted(halves[0].keys() & halves[1].keys())
        found.append(agreement.adjusted_rand([halves[0][at] for at in both], [halves[1][at] for at in both]))
    return sum(found) / len(found)


def compare(it: Sentences, draws: int) -> list[dict[str, Any]]:
    """Return the figures of a consultation: the groups, and the comparisons."""
    rows = agreement.letters(it.words)
    groups = grouped(it)
    count = len(set(groups.tolist()) - {-1})
    mixed = groups.tolist()
    random.Random(SEED).shuffle(mixed)
    plain = agreement.k_means(rows, count)
    lines = [
        figures(it, "by meaning", groups, rows, stability(it, lambda part: grouped(it, part), draws)),
        figures(it, "at random", numpy.array(mixed), rows, None),
        figures(
            it,
            "by letters",
            plain,
            rows,
            stability(it, lambda part: agreement.k_means(rows[part], count), draws),
        ),
    ]
    if len(set(it.languages)) > 2:
        lines.append(figures(it, "by language", agreement.codes(it.languages), rows, None))
    return lines


def translations(it: Sentences) -> dict[str, Any]:
    """Return how often a sentence and its translation share a group; with the languages' own means left in, too."""
    found: dict[str, Any] = {"of": it.name}
    order = sorted(set(it.languages), key=it.languages.index)
    for label, languages in (("with", it.languages), ("without", ["en"] * len(it.words))):
        groups = grouped(replace(it, languages=languages), count=20)
        by = {
            code: {it.threads[at]: groups[at] for at in range(len(groups)) if it.languages[at] == code}
            for code in order
        }
        same: dict[tuple[str, str], float] = {}
        for at, one in enumerate(order):
            for other in order[:at]:
                both = [key for key in by[one].keys() & by[other].keys() if by[one][key] >= 0 and by[other][key] >= 0]
                same[one, other] = sum(by[one][key] == by[other][key] for key in both) / len(both)
        sizes = numpy.bincount(groups[groups >= 0]) / (groups >= 0).sum()
        found[label] = {
            "same": sum(same.values()) / len(same),
            "chance": float((sizes**2).sum()),
            "least": min(same.items(), key=lambda pair: pair[1]),
            "language AMI": agreement.adjusted_information(
                groups[groups >= 0].tolist(), [it.languages[at] for at in numpy.flatnonzero(groups >= 0)]
            ),
        }
    return found


def large(it: Sentences) -> Sentences:
    """Return as many sentences as a large consultation has: these, and the same with their numbers in another order."""
    wanted, parts, at = LARGE * KEYS, [it.vectors], 1
    wholes = [it.wholes]
    while sum(map(len, parts)) < wanted:
        parts.append(numpy.roll(it.vectors, 37 * at, axis=1))
        wholes.append(numpy.roll(it.wholes, 37 * at, axis=1))
        at += 1
    rows = numpy.arange(wanted) % len(it.words)
    return Sentences(
        "large",
        [it.words[each] for each in rows],
        numpy.vstack(parts)[:wanted],
        numpy.vstack(wholes)[:wanted],
        [("en", "fr", "ar", "zh", "ru", "es")[each % 6] for each in range(wanted)],
        [it.threads[each] for each in rows],
        numpy.arange(wanted) // KEYS,
    )


def costs(it: Sentences) -> dict[str, float]:
    """Return the seconds that a large consultation takes, and the most memory, in a process of its own."""
    large_one = large(it)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        import resource

        began, cpu = time.perf_counter(), time.process_time()
        groups = grouped(large_one)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        line = [time.perf_counter() - began, time.process_time() - cpu, peak, float(groups.max() + 1)]
        os.write(writer, json.dumps(line).encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds, cpu, peak, count = json.loads(os.read(reader, 1000))
    return {"sentences": len(large_one.words), "seconds": seconds, "cpu": cpu, "MB": peak, "groups": count}


def digests(it: Sentences) -> list[str]:
    """Return digests of the groups, calculated in separate processes with one thread and with two."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sentences.npz"
        numpy.savez(file, vectors=it.vectors, wholes=it.wholes, owners=it.owners, languages=it.languages)
        for threads in ("1", "2"):
            known = os.environ | {"OPENBLAS_NUM_THREADS": threads}
            command = [sys.executable, "-m", "benchmarks.understanding.grouping", "--digest", str(file)]
            done = subprocess.run(command, env=known, capture_output=True, text=True, check=True)
            found.append(done.stdout.strip())
    return found


def digest(file: str) -> str:
    """Return the digest of the groups of sentences in a file."""
    set_up()
    kept = numpy.load(file)
    languages = kept["languages"].tolist()
    words = [""] * len(languages)
    it = Sentences("", words, kept["vectors"], kept["wholes"], languages, words, kept["owners"])
    return hashlib.sha256(grouped(it).tobytes()).hexdigest()


def _row(line: dict[str, Any]) -> str:
    cells = [
        f"{value:.3f}" if isinstance(value, float) else "–" if value is None else str(value) for value in line.values()
    ]
    return f"| {' | '.join(cells)} |"


def run(only: Sequence[str] = (), draws: int = 5) -> None:
    """Measure, and print tables in Markdown."""
    set_up()
    known = [name for name in (*BUNDLES, PARALLEL) if (DATA / name).is_dir() and (not only or name in only)]
    if left_out := [name for name in (*BUNDLES, PARALLEL) if name not in known]:
        print(f"left out, not in {Path('../shared/data')} or not asked for: {', '.join(left_out)}")
    lines: list[dict[str, Any]] = []
    last = None
    for name in known:
        began = time.perf_counter()
        if name == PARALLEL:
            mixed, every = parallel()
            lines += compare(mixed, draws)
            shares = translations(every)
        else:
            last = consultation(name)
            print(f"{name}: {len(last.words):,} sentences, embedded in {time.perf_counter() - began:.0f} s", flush=True)
            lines += compare(last, draws)
    if lines:
        print("\n| " + " | ".join(lines[0]) + " |\n|" + "---|" * len(lines[0]))
        print("\n".join(map(_row, lines)))
    if PARALLEL in known:
        for label in ("with", "without"):
            each = shares[label]
            print(
                f"\ntranslations, {label} the languages' own means taken out: {each['same']:.3f} in one group"
                f" (chance {each['chance']:.3f}; least {each['least'][0]} {each['least'][1]:.3f});"
                f" language AMI {each['language AMI']:.3f}"
            )
    if last is not None:
        print("\ncosts:", {key: round(value, 1) for key, value in costs(last).items()})
        same = digests(last)
        print("the same bytes with one thread and with two:", len(set(same)) == 1, same[0][:16])


def main() -> None:
    """Read the options, and run."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--only", action="append", default=[], choices=[*BUNDLES, PARALLEL])
    asked.add_argument("--draws", type=int, default=5)
    asked.add_argument("--digest", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.digest:
        print(digest(options.digest))
        return
    run(options.only, options.draws)


if __name__ == "__main__":
    main()
