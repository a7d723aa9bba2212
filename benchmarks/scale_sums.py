"""The calculations behind `docs/scale.md`, for 22 million contributions and ten thousand readers a second.

    python -m benchmarks.scale_sums

Each figure is calculated from constants, of which the bytes of a contribution are measured and all others assumed, or
simulated with a seed: readers, by Zipf's law. Nothing is read and nothing is written.
"""

import random
from collections import Counter, OrderedDict

#: The docket of 2017.
CONTRIBUTIONS = 22_000_000
#: Readers a second.
READERS = 10_000
#: A page of a thread, compressed, in bytes; and how many pages 22 million contributions have in one language of six.
PAGE_BYTES, ON_PAGE, LANGUAGES = 12_000, 20, 6
#: Bytes that a contribution takes in the database, with its index: measured at 10,000 of them.
BYTES_EACH = {"sqlite": 4_500, "postgresql": 8_500}
#: Entries of one node of a B-tree of PostgreSQL (8 KB) for keys of three whole numbers.
FANOUT = 250
#: Assumed: cache hits of a front process in a second on one core; seconds of Django for a page.
HITS, FILL = 10_000, 0.060


def depth(rows: int, fanout: int = FANOUT) -> int:
    """Return how many pages of a B-tree are above a row."""
    levels, reach = 1, fanout
    while reach < rows:
        levels, reach = levels + 1, reach * fanout
    return levels


def simulated(pages: int, kept: int, asked: int, skew: float = 1.0, seed: int = 8) -> float:
    """Return which part of requests a cache of `kept` pages answers, when requests follow Zipf's law.

    A page's rank is drawn by inverting the law's continuous form, so that a million of pages need no table.
    """
    rng = random.Random(seed)
    cache: OrderedDict[int, None] = OrderedDict()
    hits = 0
    for _each in range(asked):
        drawn = rng.random()
        rank = int(pages**drawn) if skew == 1.0 else int((1 + drawn * (pages ** (1 - skew) - 1)) ** (1 / (1 - skew)))
        if rank in cache:
            hits += 1
            cache.move_to_end(rank)
            continue
        cache[rank] = None
        if len(cache) > kept:
            cache.popitem(last=False)
    return hits / asked


def collisions(rows: int, seconds: int, bits: int = 22) -> float:
    """Return how many pairs of entries would have the same number, if `rows` were spread evenly over so many seconds.

    An entry's number holds its second and the lowest bits of its thing's id: the same second, and ids that differ by a
    multiple of 2**bits.
    """
    each = rows / seconds
    return seconds * each * each / 2 / (1 << bits) if rows > 1 << bits else 0.0


def burst(arrivals: float, rate: float, hours: float) -> tuple[float, float]:
    """Return how many submissions wait at the end of a burst, and how many minutes later the last is written."""
    waiting = max(0.0, (arrivals - rate) * hours * 3600)
    return waiting, waiting / rate / 60


def main() -> None:
    """Print the sums."""
    print("Rows")
    for engine, each in BYTES_EACH.items():
        print(f"  {engine}: {CONTRIBUTIONS * each / 1e9:.0f} GB at {each:,} bytes a contribution")
    for rows in (10_000, 2_000_000, CONTRIBUTIONS):
        print(f"  pages of an index above a row, of {rows:,}: {depth(rows)}")
    share = Counter({f"thread {number}": 1 / number for number in range(1, 31)})
    largest = share["thread 1"] / share.total() * CONTRIBUTIONS
    print(
        f"  the largest of thirty threads: {largest / 1e6:.1f} million; by hash in 16 partitions: {largest / 16e6:.1f}"
    )
    print(f"  entries of the search with one number, over four months: {collisions(CONTRIBUTIONS, 120 * 86_400):.1f}")
    print(f"  the same within one day: {collisions(CONTRIBUTIONS, 86_400):.0f}")

    print("Readers")
    pages = CONTRIBUTIONS // ON_PAGE * LANGUAGES
    print(f"  pages of threads: {pages:,}, of {PAGE_BYTES:,} bytes: {pages * PAGE_BYTES / 1e9:.0f} GB")
    for megabytes in (64, 256, 1_024, 8_192):
        kept = megabytes * 1_000_000 // PAGE_BYTES
        found = simulated(pages, kept, 400_000)
        missed = READERS * (1 - found)
        print(
            f"  a cache of {megabytes:,} MB answers {found:.0%}; {missed:,.0f} a second are made anew:"
            f" {missed * FILL:.0f} cores of Django"
        )
    print(f"  sent: {READERS * PAGE_BYTES * 8 / 1e9:.2f} Gbit a second; cores of the front: {READERS / HITS:.0f}")

    print("Writers")
    for label, hours in (("in one day", 24), ("in one hour, a tenth of all", 1)):
        arrivals = (CONTRIBUTIONS if hours == 24 else CONTRIBUTIONS / 10) / hours / 3600
        for name, rate in (("one SQLite", 100), ("one PostgreSQL", 400)):
            waiting, minutes = burst(arrivals, rate, hours)
            print(
                f"  {label}: {arrivals:.0f} a second; {name} at {rate} a second leaves {waiting:,.0f} waiting,"
                f" written {minutes:,.0f} minutes later"
            )


if __name__ == "__main__":
    main()
