"""What waits to be read by its meaning: kept with the index, in the transactions that change it. Loads no vectors.

Whoever writes here is an action of this package, or what the actions call.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from plenara.core import clock
from plenara.core.text import digest
from plenara.core.transaction import writes
from plenara.search import tasks
from plenara.search.entries import Content, said
from plenara.search.kinds import has_related
from plenara.search.models import Entry, Meaning, Related, Unread, Vector

#: What the vectors of entries are kept as: `Vector.kind`; its id is `Entry.id`.
ENTRY = "entry"
_AT_ONCE = 900
_ADD = f"INSERT INTO {Unread._meta.db_table} (entry_id) VALUES (%s) ON CONFLICT DO NOTHING"  # noqa: S608
#: One of the others in `Related`: the thing's id, and the product.
OTHER = struct.Struct("<qq")


def read_already(found: Sequence[tuple[Content, Sequence[Entry]]]) -> set[int]:
    """Return the entries whose vectors are kept, and of the very words that they have now. One query."""
    wanted = {
        entry.pk: digest(said(content.title, content.text, entry.part, len(parts)))
        for content, parts in found
        for entry in parts
    }
    known = Vector.objects.filter(kind=ENTRY, object_id__in=list(wanted)).values_list("object_id", "sha256")
    return {entry_id for entry_id, sha256 in known if wanted[entry_id] == sha256}


def add(entry_ids: Iterable[int]) -> None:
    """Let entries be read."""
    for some in batched(sorted(entry_ids), _AT_ONCE):  # in one order: two who add the same wait for each other once
        with connection.cursor() as cursor:
            # Not `bulk_create`: an import adds millions.
            cursor.executemany(_ADD, [[each] for each in some])


def forget(kind: str, entries: Mapping[int, int]) -> None:
    """Forget what was read of entries, given with the ids of their things. What they were near to is compared anew."""
    if not entries:
        return
    ids = list(entries)
    Unread.objects.filter(entry_id__in=ids).delete()
    if not Vector.objects.filter(kind=ENTRY, object_id__in=ids).delete()[0] or not has_related(kind):
        return
    gone = Related.objects.filter(kind=kind, object_id__in=set(entries.values()))
    near = {object_id for row in gone for object_id, _product in others(row)} - set(entries.values())
    gone.delete()
    if there := list(Entry.objects.filter(kind=kind, object_id__in=near, part=0).values_list("id", flat=True)):
        add(there)
        enqueue_reading()


def others(row: Related) -> list[tuple[int, int]]:
    """Return the things that a row names, the nearest first, with their products."""
    return list(OTHER.iter_unpack(bytes(row.others)))


def enqueue_reading(*, at_once: bool = False) -> None:
    """Enqueue the task that reads on, where it is not enqueued yet. Three queries.

    One that failed comes back by itself, and no other is enqueued beside it: without an encoder, they would pile up.
    With `at_once`, for whoever may have mended what was wrong, it comes back now.
    """
    if not settings.MEANING:
        return
    failing = tasks.read.pending().filter(lease_until=None, attempts__gt=0)
    if at_once and failing.update(due_at=clock.now()):
        return
    if at_once or not failing.exists():
        number = Meaning.objects.values_list("number", flat=True).first()
        tasks.read.using(key=f"search-{number or 1}").enqueue(number=number or 1)


def enqueue_what_waits() -> None:
    """Enqueue the task where something waits: a task may have missed what was committed while it ended."""
    if not settings.MEANING or Meaning.objects.exclude(paused_at=None).exists():
        return
    if Unread.objects.exists() or (Entry.objects.exists() and not Meaning.objects.exclude(used=None).exists()):
        with writes():
            enqueue_reading()


def lost() -> tuple[int, int]:
    """Return how many entries are neither read nor wait for it, and of how many that are gone vectors are kept."""
    return sum(map(len, _unknown())), sum(map(len, _orphaned()))


def mend() -> None:
    """Let be read what is neither read nor waits for it, and forget what was read of entries that are gone."""
    for some in _unknown():
        with writes():
            add(some)
            enqueue_reading()
    for some in _orphaned():
        with writes():
            gone = set(some) - set(Entry.objects.filter(id__in=some).values_list("id", flat=True))
            Vector.objects.filter(kind=ENTRY, object_id__in=gone).delete()


def _unknown() -> Iterator[list[int]]:
    """Yield entries that have no vector and do not wait for one."""
    for some in _ranges(Entry.objects.all(), "id"):
        known = set(Vector.objects.filter(kind=ENTRY, object_id__in=some).values_list("object_id", flat=True))
        known |= set(Unread.objects.filter(entry_id__in=some).values_list("entry_id", flat=True))
        if missing := [each for each in some if each not in known]:
            yield missing


def _orphaned() -> Iterator[list[int]]:
    """Yield entries that are gone, though there are vectors of them."""
    for some in _ranges(Vector.objects.filter(kind=ENTRY), "object_id"):
        there = set(Entry.objects.filter(id__in=some).values_list("id", flat=True))
        if gone := [each for each in some if each not in there]:
            yield gone


def _ranges(rows: QuerySet[Any], name: str) -> Iterator[list[int]]:
    """Yield the ids of rows in their order, some hundred at a time."""
    last = -1
    while some := list(rows.filter(**{f"{name}__gt": last}).order_by(name).values_list(name, flat=True)[:_AT_ONCE]):
        yield some
        last = some[-1]
