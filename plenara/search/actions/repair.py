"""Compares the index with the record and repairs or rebuilds it. May run at any time, while others publish.

The comparison reads all of the record, and the digests of the index; the package of a kind indexes differences
again, in a separate transaction. If a process is killed, the next one does the rest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from plenara.core.transaction import writes
from plenara.search.actions import index
from plenara.search.engines import engine
from plenara.search.entries import Kind, kinds
from plenara.search.models import Entry

#: Things that are compared at a time, and repaired in one transaction, for which other writers wait.
COMPARED, AT_ONCE = 1000, 100

type Progress = Callable[[int], None]


@dataclass
class Difference:
    """Of some things of a kind: those that the index lacks or has differently, and those that no longer exist."""

    compared: int
    wrong: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


@dataclass
class Repaired:
    """The result of a comparison and repair, for one kind."""

    kind: str
    compared: int = 0
    wrong: int = 0
    gone: int = 0

    @property
    def is_right(self) -> bool:
        return not self.wrong and not self.gone


def total() -> int:
    """Return about how many things a comparison reads, for a progress bar."""
    return Entry.objects.count()


def is_missing() -> bool:
    """Return whether the index is empty though the record is not. A query or two if there is an index."""
    return not Entry.objects.exists() and any(next(kind.everything(), None) for kind in kinds())


def compare(progress: Progress = lambda _count: None) -> list[Repaired]:
    """Return the differences between index and record, by kind. Changes nothing."""
    return [_compare_kind(kind, progress, repairs=False) for kind in kinds()] + _foreign(repairs=False)


def repair_index(progress: Progress = lambda _count: None) -> list[Repaired]:
    """Repair the differences between index and record; return them by kind."""
    found = [_compare_kind(kind, progress, repairs=True) for kind in kinds()] + _foreign(repairs=True)
    index.repair_unread()
    return found


def rebuild(progress: Progress = lambda _count: None) -> list[Repaired]:
    """Empty the index, and rebuild it. Until then less is found."""
    if engine().errors():
        engine().rebuild()  # a damaged index cannot be emptied row by row
    while ids := list(Entry.objects.order_by("pk").values_list("pk", flat=True)[:COMPARED]):
        with writes():
            Entry.objects.filter(pk__in=ids).delete()
    return repair_index(progress)


def errors() -> list[str]:
    """Return the errors of the index, as sentences for an operator. Reads everything that is public."""
    found = []
    for each in compare():
        if each.wrong:
            found.append(f"lacks or differs in {each.wrong:,} of {each.compared:,} entries of the kind {each.kind!r}.")
        if each.gone:
            found.append(f"has {each.gone:,} entries of the kind {each.kind!r} that are not public.")
    return found + engine().errors()


def _compare_kind(kind: Kind, progress: Progress, *, repairs: bool) -> Repaired:
    found = Repaired(kind.code)
    for some in _differences(kind):
        found.compared += some.compared
        if repairs:
            for ids in batched([*some.wrong, *some.gone], AT_ONCE):
                with writes():
                    kind.keep(ids)
        found.wrong += len(some.wrong)
        found.gone += len(some.gone)
        progress(some.compared)
    return found


def _differences(kind: Kind) -> Iterator[Difference]:
    """Yield the differences in one range of ids after the other. Two queries each, besides those of the kind."""
    low = 0
    for some in batched(_digests(kind), COMPARED):
        there = dict(some)
        high = max(there)
        yield _difference(kind, there, low, high)
        low = high
    yield _difference(kind, {}, low, None)


def _digests(kind: Kind) -> Iterator[tuple[int, str]]:
    """Yield the things of a kind with their digests, without keeping the texts in memory."""
    for content in kind.everything():
        yield content.object_id, content.digest


def _difference(kind: Kind, there: dict[int, str], low: int, high: int | None) -> Difference:
    entries = Entry.objects.filter(kind=kind.code, object_id__gt=low)
    if high is not None:
        entries = entries.filter(object_id__lte=high)
    # Of a long text all parts have the digest of the whole.
    indexed: dict[int, set[str]] = {}
    for object_id, digest in entries.values_list("object_id", "digest").iterator(COMPARED):
        indexed.setdefault(object_id, set()).add(digest)
    return Difference(
        compared=len(there),
        wrong=[key for key, digest in there.items() if indexed.get(key) != {digest}],
        gone=sorted(indexed.keys() - there.keys()),
    )


def _foreign(*, repairs: bool) -> list[Repaired]:
    """Return the entries of kinds that are no longer registered."""
    others = Entry.objects.exclude(kind__in=[kind.code for kind in kinds()])
    known = sorted(set(others.values_list("kind", flat=True)))
    found = [Repaired(kind, gone=others.filter(kind=kind).count()) for kind in known]
    if repairs and found:
        with writes():
            others.delete()
    return found
