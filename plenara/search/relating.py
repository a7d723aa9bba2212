"""What is near in meaning to a thing, of its own kind: reckoned when it is read, kept, and shown without reckoning."""

from collections.abc import Mapping
from typing import Any

from plenara.search.models import Arrangement, Entry, Related
from plenara.search.queue import OTHER, others

#: The cosine from which on two texts are said to be related. Measured: docs/search.md.
LEAST = 0.45
#: Others that are kept of each: a page shows fewer, for some may be gone, and some it shows already.
KEPT = 10


def related_to(kind: str, object_id: int) -> list[tuple[int, int]]:
    """Return (object id, product) of what is near to a thing, the nearest first. One query.

    What is gone by now is among them: whoever shows them asks the record.
    """
    row = Related.objects.filter(kind=kind, object_id=object_id).first()
    return others(row) if row else []


def near_each(arrangement: Arrangement, entries: Mapping[int, Entry], numbers: Mapping[int, Any]) -> dict[int, Any]:
    """Return, by entry, what is near to it of its kind: (object id, product), the nearest first; what stands alone."""
    import numpy

    from plenara.search import places
    from plenara.search.entries import KIND_SHIFT, KINDS
    from plenara.search.vectors import LENGTH

    found: dict[int, list[tuple[int, int]]] = {}
    for number in {(each >> KIND_SHIFT) % KINDS for each in entries}:
        ids = [each for each in entries if (each >> KIND_SHIFT) % KINDS == number]
        rows = numpy.stack([numbers[each] for each in ids])
        # One more than is kept is the thing itself; the others make room for what is gone.
        near = list(places.nearest(arrangement, rows, limit=2 * KEPT, least=round(LEAST * LENGTH**2), kind=number))
        there = {each.vector_id for each in places.standing([one for some in near for one in some])}
        objects = _objects({one.entry_id for some in near for one in some})
        for entry_id, some in zip(ids, near, strict=True):
            own = entries[entry_id].object_id
            kept = [
                (objects[each.entry_id], each.product)
                for each in some
                if each.vector_id in there and objects.get(each.entry_id, own) != own
            ]
            found[entry_id] = kept[:KEPT]
    return found


def _objects(entry_ids: set[int]) -> dict[int, int]:
    """Return the things of entries that are the first of their things. One query."""
    return dict(Entry.objects.filter(id__in=entry_ids, part=0).values_list("id", "object_id"))


def keep(kind: str, found: Mapping[int, list[tuple[int, int]]]) -> None:
    """Keep what is near to things, and put these into the lists of what they are near to. In a transaction."""
    lists = dict(found)
    near = {other for some in found.values() for other, _product in some} - set(found)
    lists |= {row.object_id: others(row) for row in Related.objects.filter(kind=kind, object_id__in=near)}
    for object_id, some in found.items():
        for other, product in some:
            if other in lists:
                rest = [each for each in lists[other] if each[0] != object_id]
                lists[other] = sorted([*rest, (object_id, product)], key=lambda each: (-each[1], -each[0]))[:KEPT]
    Related.objects.bulk_create(
        (
            Related(kind=kind, object_id=object_id, others=b"".join(OTHER.pack(*each) for each in some))
            for object_id, some in lists.items()
        ),
        batch_size=200,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["others"],
    )
