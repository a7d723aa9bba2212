"""Clustering of sentences: from integers to groups, the same on every machine.

Sentences come in the order of their contributions and places, which also decides between equals; nothing is random.
All sums are of integers that the arithmetic represents exactly (`search.vectors`), so neither the processor nor the
number of threads changes a result. For the reasons, see decision 38.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy

from plenara.search.entries import Array
from plenara.search.vector_store import LENGTH, of_length, products

#: How many groups there may be, and how many contributions a group needs.
FEWEST, MOST, FEWEST_HOLDERS = 3, 40, 3
#: The most small groups from which the groups are merged; and the most steps of moving sentences.
_SEEDS, _STEPS = 240, 12
#: The cosine with its group that a sentence needs to be in one.
LEAST = 0.2
#: The number of a language's sentences at which half of its mean vector is subtracted.
_SHRINKAGE = 40
_ROWS = 4096


@dataclass
class Grouped:
    """The group of each sentence, and how typical it is there."""

    #: By sentence: the group from 0, given groups first, then those found, the largest first; -1 for none.
    groups: Array
    #: By sentence: its cosine with its group, or with the nearest.
    likeness: Array
    count: int  # of groups, including the given ones


@dataclass
class Material:
    """The input of the clustering: one entry for each sentence, in the order of contributions and places."""

    sentences: Array  # rows of signed bytes
    wholes: Array  # the vector of each one's contribution
    languages: Sequence[str]
    owners: Sequence[int]  # the contribution of each
    given: int = 0  # groups that people made
    #: By sentence: the group, from 0, in which a person put it; -1 for none.
    fixed: Sequence[int] = field(default_factory=list)


def group(material: Material, count: int | None = None) -> Grouped:
    """Return the groups of some sentences: `count` of them, or as many as suit the sentences."""
    size = len(material.owners)
    rows = features(material)
    fixed = numpy.array(material.fixed or [-1] * size, dtype=numpy.int64)
    owners = numpy.array(material.owners, dtype=numpy.int64)
    given = material.given
    groups = fixed.copy()
    centres = of_length(_sums(rows, fixed, given))
    if given:
        _join_given(rows, groups, centres)
    free = numpy.flatnonzero(groups < 0)
    found = _found(rows[free], owners[free], count, given)
    if len(found):
        label, cosine = _nearest(rows[free], found)
        label[cosine < LEAST] = -1
        groups[free] = numpy.where(label >= 0, label + given, -1)
    groups, total = _numbered(groups, given, owners)
    centres = of_length(_sums(rows, groups, total))
    likeness = numpy.zeros(size)
    if total:
        _near, nearest = _nearest(rows, centres)
        likeness = numpy.where(groups >= 0, _own(rows, centres, groups), nearest)
    return Grouped(groups, likeness, total)


def features(material: Material) -> Array:
    """Return the vectors to compare: each sentence with its contribution, without its language's mean.

    A sentence alone often lacks its subject ("This should be free of charge."), so half of the contribution's vector is
    added. Then the mean of its language is subtracted; for a language with few sentences, mostly the mean of all.
    """
    rows = 2 * material.sentences.astype(numpy.int16) + material.wholes.astype(numpy.int16)
    if not len(rows):
        return of_length(rows)
    mean = rows.sum(axis=0, dtype=numpy.int64) / len(rows)
    languages = numpy.array([each.split("-")[0].lower() for each in material.languages])
    for language in sorted(set(languages.tolist())):
        own = languages == language
        count = int(own.sum())
        shrunk = (rows[own].sum(axis=0, dtype=numpy.int64) + _SHRINKAGE * mean) / (count + _SHRINKAGE)
        rows[own] -= numpy.rint(shrunk).astype(numpy.int16)
    return numpy.concatenate([of_length(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS)])


def _join_given(rows: Array, groups: Array, centres: Array) -> None:
    """Add free sentences to the nearest given group, if they are as near as three quarters of its members."""
    label, cosine = _nearest(rows, centres)
    for at in range(len(centres)):
        bound = _near_enough(rows[groups == at].astype(numpy.int64))
        groups[(groups < 0) & (label == at) & (cosine >= bound)] = at


def _near_enough(members: Array) -> float:
    """Return the cosine that three quarters of the members have with the others in the group."""
    if len(members) < 2:
        return 2 * LEAST if len(members) else float("inf")
    whole = members.sum(axis=0)
    own = (members * members).sum(axis=1)
    with_all = (members * whole).sum(axis=1)
    others = (whole * whole).sum() - 2 * with_all + own
    cosines = numpy.sort((with_all - own) / numpy.sqrt(numpy.maximum(own * 1.0 * others, 1.0)))
    return max(LEAST, float(cosines[len(cosines) // 4]))


def _found(rows: Array, owners: Array, count: int | None, given: int) -> Array:
    """Return the centres of the groups of some sentences, besides the given ones; none if they are few."""
    fewest = max(FEWEST - given, 1)
    most = min(MOST - given, len(set(owners.tolist())) // FEWEST_HOLDERS, len(rows) // 4)
    if most < fewest:
        return rows[:0]
    seeds = min(_SEEDS, len(rows) // 2)
    centres = rows[[at * len(rows) // seeds for at in range(seeds)]]
    label, centres = _settled(rows, centres)
    sums, sizes = _sums(rows, label, seeds), numpy.bincount(label, minlength=seeds)
    merged = _merged(sums[sizes > 0], sizes[sizes > 0], most)
    # At the bend of the curve groups may be too large to read, so many contributions make more groups.
    readable = round(len(set(owners.tolist())) ** 0.5 / 2.5)
    wanted = count or max(_count(merged, len(rows), fewest), readable)
    wanted = min(max(wanted, 1), max(merged))
    return _settled(rows, of_length(merged[wanted]))[1]


def _settled(rows: Array, centres: Array) -> tuple[Array, Array]:
    """Assign sentences to their nearest centres and move the centres, until nothing changes."""
    label = None
    for _step in range(_STEPS):
        found, _cosine = _nearest(rows, centres)
        if label is not None and (found == label).all():
            break
        label = found
        sums = _sums(rows, label, len(centres))
        moved = sums.any(axis=1)
        centres = numpy.where(moved[:, None], of_length(sums), centres)
    assert label is not None
    return label, centres


def _nearest(rows: Array, centres: Array) -> tuple[Array, Array]:
    """Return the nearest centre of each row, the first of equals, and the cosine."""
    label, cosine = numpy.empty(len(rows), dtype=numpy.int64), numpy.empty(len(rows))
    for at in range(0, len(rows), _ROWS):
        near = products(rows[at : at + _ROWS], centres)
        label[at : at + _ROWS] = near.argmax(axis=1)
        cosine[at : at + _ROWS] = near.max(axis=1)
    return label, cosine / LENGTH**2


def _own(rows: Array, centres: Array, groups: Array) -> Array:
    """Return the cosine of each row with the centre of its group."""
    found = numpy.empty(len(rows))
    for at in range(0, len(rows), _ROWS):
        some = slice(at, at + _ROWS)
        found[some] = (rows[some].astype(numpy.int64) * centres[groups[some]]).sum(axis=1)
    return found / LENGTH**2


def _sums(rows: Array, label: Array, count: int) -> Array:
    """Return the sum of the rows of each label from 0, exactly."""
    sums = numpy.zeros((count, rows.shape[1]))
    order = numpy.argsort(label, kind="stable")
    bounds = numpy.searchsorted(label[order], numpy.arange(count + 1))
    for at in range(count):
        sums[at] = rows[order[bounds[at] : bounds[at + 1]]].sum(axis=0, dtype=numpy.int64)
    return sums


def _merged(sums: Array, sizes: Array, most: int) -> dict[int, Array]:
    """Merge the two groups with the most similar sentences on average, again and again.

    Returns the sums of each number of groups, from `most` down to one.
    """
    sums, sizes = sums.copy(), sizes.astype(numpy.float64)
    count = len(sums)
    alike = (sums @ sums.T) / numpy.outer(sizes, sizes)
    alive = numpy.ones(count, dtype=bool)
    numpy.fill_diagonal(alike, -numpy.inf)
    steps: dict[int, Array] = {}
    for left in range(count, 0, -1):
        if left <= most:
            steps[left] = sums[alive].copy()
        if left == 1:
            break
        one, other = sorted(divmod(int(alike.argmax()), count))
        sums[one] += sums[other]
        sizes[one] += sizes[other]
        alive[other] = False
        row = numpy.where(alive, (sums @ sums[one]) / (sizes * sizes[one]), -numpy.inf)
        row[one] = -numpy.inf
        alike[one], alike[:, one] = row, row
        alike[other], alike[:, other] = -numpy.inf, -numpy.inf
    return steps


def _count(merged: dict[int, Array], size: int, fewest: int) -> int:
    """Return the number of groups after which one more explains little, at the strongest bend of the curve."""
    counts = [each for each in sorted(merged) if each >= fewest]
    # The length of a group's sum measures how similar its sentences are.
    lengths = [float(numpy.sqrt((merged[each] ** 2).sum(axis=1)).sum()) / (size * LENGTH) for each in counts]
    if len(counts) < 3 or lengths[-1] <= lengths[0]:
        return counts[-1] if counts else max(merged)
    width, height = counts[-1] - counts[0], lengths[-1] - lengths[0]
    bend = [(y - lengths[0]) / height - (x - counts[0]) / width for x, y in zip(counts, lengths, strict=True)]
    return counts[bend.index(max(bend))]


def _numbered(groups: Array, given: int, owners: Array) -> tuple[Array, int]:
    """Number the groups found by their contributions, the most first; those with too few are dropped."""
    held = []
    for label in sorted(set(groups[groups >= given].tolist())):
        here = groups == label
        held.append((-len(set(owners[here].tolist())), -int(here.sum()), label))
    numbers = {label: number for number, label in enumerate(range(given))}
    for contributions, _sentences, label in sorted(held):
        if -contributions >= FEWEST_HOLDERS:
            numbers[label] = len(numbers)
    return numpy.array([numbers.get(each, -1) for each in groups.tolist()], dtype=numpy.int64), len(numbers)
