"""How long it takes to find what is nearly the same as a text, among 100,000 contributions.

    python -m benchmarks.near_duplicates [--texts 100000] [--searches 500]

Run it from the root, with PLENARA_DATABASE_URL naming an empty database (or PLENARA_DATA an empty folder) that may be
filled: texts of 40 to 400 words with the frequencies of a natural language, one in ten of them an edited copy of an
earlier one. It prints median and 99th percentile of a whole search (signature, bands, comparing in full), and how many
times longer it takes to compare with every text.
"""

import argparse
import os
import random
import statistics
import time
from itertools import batched

SEED = 20_261_125


def words(rng: random.Random, how_many: int, vocabulary: list[str], weights: list[float]) -> str:
    """Return a text of words as frequent as in natural language (Zipf)."""
    return " ".join(rng.choices(vocabulary, cum_weights=weights, k=how_many))


def edited(rng: random.Random, text: str, vocabulary: list[str]) -> str:
    """Return a text with one word in twenty replaced, and a sentence added."""
    kept = [rng.choice(vocabulary) if rng.random() < 0.05 else word for word in text.split()]
    return " ".join([*kept, *rng.choices(vocabulary, k=max(2, len(kept) // 20))])


def main() -> None:
    """Fill the database, search, and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--texts", type=int, default=100_000)
    asked.add_argument("--searches", type=int, default=500)
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from plenara.consultations.models import Consultation
    from plenara.moderation.actions import suggestions
    from plenara.moderation.actions.suggestions import Likened
    from plenara.moderation.models import Likeness

    call_command("migrate", verbosity=0)
    rng = random.Random(SEED)
    vocabulary = [f"{rng.choice('bcdfghklmnprst')}{rng.choice('aeiou')}{number:x}" for number in range(20_000)]
    weights, total = [], 0.0
    for rank in range(1, len(vocabulary) + 1):
        total += 1 / rank
        weights.append(total)
    where = Consultation.objects.create(slug=f"benchmark-{SEED}-{time.time_ns()}", symbol=f"B/{time.time_ns()}")
    texts: list[str] = []
    began = time.perf_counter()
    for some in batched(range(options.texts), 2000):
        rows = []
        for number in some:
            copied = texts and rng.random() < 0.1
            base = rng.choice(texts) if copied else ""
            text = edited(rng, base, vocabulary) if copied else words(rng, rng.randint(40, 400), vocabulary, weights)
            texts.append(text)
            rows += [
                Likeness(kind="benchmark", object_id=number, consultation_id=where.pk, band=band)
                for band in Likened.of(text).bands
            ]
        with transaction.atomic():
            Likeness.objects.bulk_create(rows, batch_size=5000)
    built = time.perf_counter() - began
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE moderation_likeness")
    seconds, found, candidates = [], 0, []
    for number in rng.sample(range(options.texts), options.searches):
        query = edited(rng, texts[number], vocabulary)
        at = time.perf_counter()
        likened = Likened.of(query)
        near = suggestions.like_candidates("benchmark", where.pk, likened.bands, -1)
        same = [pk for pk in near if likened.shared_with(Likened.of(texts[pk])).is_same]
        seconds.append(time.perf_counter() - at)
        found += number in same
        candidates.append(len(near))
    query = Likened.of(edited(rng, texts[0], vocabulary))
    at = time.perf_counter()
    for text in texts[:2000]:
        query.shared_with(Likened.of(text))
    scan = (time.perf_counter() - at) * options.texts / 2000
    seconds.sort()
    median, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    print(f"{connection.vendor}: {options.texts:,} texts, built in {built:.0f} s")
    print(f"a search: median {median * 1000:.1f} ms, 99th percentile {p99 * 1000:.1f} ms")
    print(
        f"{statistics.mean(candidates):.1f} texts compared in full; {found / options.searches:.1%} of the copies found"
    )
    print(f"comparing with every text: {scan:.0f} s, {scan / median:,.0f} times as long")
    Likeness.objects.filter(consultation=where).delete()
    where.delete()


if __name__ == "__main__":
    main()
