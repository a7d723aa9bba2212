"""Measures of groups without an encoder: agreement, and similarity of sentences by runs of letters. Uses only numpy."""

import random
import zlib
from collections.abc import Sequence
from typing import Any

import numpy

SEED = 20_261_125
#: Columns into which runs of four letters are hashed.
_COLUMNS = 4096


def codes(labels: Sequence[Any]) -> Any:
    """Return labels as numbers from 0."""
    return numpy.unique(numpy.array(labels), return_inverse=True)[1]


def _table(one: Any, other: Any) -> Any:
    table = numpy.zeros((one.max() + 1, other.max() + 1))
    numpy.add.at(table, (one, other), 1)
    return table


def _shared(one: Any, other: Any) -> float:
    """Return the mutual information over the mean entropy."""
    share = _table(one, other) / len(one)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    there = share > 0
    mutual = (share[there] * numpy.log(share[there] / numpy.outer(rows, columns)[there])).sum()
    entropy = sum(-(part[part > 0] * numpy.log(part[part > 0])).sum() for part in (rows, columns)) / 2
    return float(mutual / entropy) if entropy else 0.0


def adjusted_information(one: Sequence[Any], other: Sequence[Any], draws: int = 5) -> float:
    """Return the normalized mutual information, less what chance gives groups of the same sizes: 0 is chance, 1 all."""
    a, b = codes(one), codes(other)
    rng = random.Random(SEED)
    chance = 0.0
    for _draw in range(draws):
        mixed = a.tolist()
        rng.shuffle(mixed)
        chance += _shared(numpy.array(mixed), b) / draws
    return (_shared(a, b) - chance) / (1 - chance) if chance < 1 else 0.0


def adjusted_rand(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Return the adjusted Rand index: 0 is chance, 1 the same groups."""
    table = _table(codes(one), codes(other))

    def pairs(counts: Any) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(table.sum().reshape(1))
    most = (rows + columns) / 2
    return (both - expected) / (most - expected) if most > expected else 0.0


def letters(sentences: Sequence[str]) -> Any:
    """Return one unit vector for each sentence: its runs of four letters, rare ones weighing more."""
    rows = numpy.zeros((len(sentences), _COLUMNS), dtype=numpy.float32)
    for at, sentence in enumerate(sentences):
        text = " ".join(sentence.lower().split())
        for begin in range(len(text) - 3):
            rows[at, zlib.crc32(text[begin : begin + 4].encode()) % _COLUMNS] += 1
    known = (rows > 0).sum(axis=0) + 1
    rows = numpy.log1p(rows) * numpy.log((len(sentences) + 1) / known).astype(numpy.float32)
    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def coherence(groups: Any, owners: Any, rows: Any) -> float:
    """Return the mean cosine of two sentences of a group that are not of the same contribution."""
    alike = pairs = 0.0
    for label in range(int(groups.max(initial=-1)) + 1):
        here = rows[groups == label].astype(numpy.float64)
        whose = codes(owners[groups == label]) if len(here) else numpy.zeros(0, dtype=int)
        if len(here) < 2:
            continue
        sums = numpy.zeros((whose.max() + 1, rows.shape[1]))
        numpy.add.at(sums, whose, here)
        whole = here.sum(axis=0)
        alike += float(whole @ whole) - float((sums * sums).sum())
        pairs += len(here) ** 2 - float((numpy.bincount(whose) ** 2).sum())
    return alike / pairs if pairs else 0.0


def k_means(rows: Any, count: int, steps: int = 12) -> Any:
    """Return groups of rows by plain k-means from evenly spread seeds: the baseline without an encoder."""
    centres = rows[[at * len(rows) // count for at in range(count)]]
    label = numpy.zeros(len(rows), dtype=int)
    for _step in range(steps):
        label = (rows @ centres.T).argmax(axis=1)
        for at in range(count):
            if (label == at).any():
                centres[at] = rows[label == at].mean(axis=0)
        centres /= numpy.maximum(numpy.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return label
