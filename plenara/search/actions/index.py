"""Adding to the index, removing from it, and marking entries as unread for the search by meaning. Loads no
vectors.
"""

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet

from plenara.core import clock
from plenara.core.database import BulkTable
from plenara.core.prepared import prepared
from plenara.core.text import digest
from plenara.core.transaction import writes, writing
from plenara.search import tasks
from plenara.search.entries import Array, Content, entries_of, has_related, kind_of, text_of_part
from plenara.search.models import Entry, Meaning, Related, Unread, Vector

#: The `Vector.kind` of entries; its id is `Entry.id`.
ENTRY = "entry"
_AT_ONCE = 900
_ADD = f"INSERT INTO {Unread._meta.db_table} (entry_id) VALUES (%s) ON CONFLICT DO NOTHING"  # noqa: S608
#: One of the others in `Related`: the thing's id, and the product.
OTHER = struct.Struct("<qq")


def already_read(found: Sequence[tuple[Content, Sequence[Entry]]]) -> set[int]:
    """Return the entries whose vectors are stored and match their present text. One query."""
    wanted = {
        entry.pk: digest(text_of_part(content.title, content.text, entry.part, len(parts)))
        for content, parts in found
        for entry in parts
    }
    return {entry_id for entry_id, sha256 in _read(list(wanted)) if wanted[entry_id] == sha256}


@prepared
def _read(entries: list[int]) -> QuerySet[Vector, tuple[int, str]]:
    return Vector.objects.filter(kind=ENTRY, object_id__in=entries).values_list("object_id", "sha256")


def add_unread(entry_ids: Iterable[int]) -> None:
    """Mark entries as unread."""
    for some in batched(sorted(entry_ids), _AT_ONCE):  # in one order: two writers of the same rows cannot deadlock
        with connection.cursor() as cursor:
            # Not `bulk_create`: an import adds millions.
            cursor.executemany(_ADD, [[each] for each in some])


def forget_entries(kind: str, entries: Mapping[int, int]) -> None:
    """Delete the vectors of entries, given with the ids of their things. Their related entries are compared again."""
    if not entries:
        return
    ids = list(entries)
    Unread.objects.filter(entry_id__in=ids).delete()
    if not Vector.objects.filter(kind=ENTRY, object_id__in=ids).delete()[0] or not has_related(kind):
        return
    outdated = Related.objects.filter(kind=kind, object_id__in=set(entries.values()))
    near = {object_id for row in outdated for object_id, _product in related_things(row)} - set(entries.values())
    outdated.delete()
    if there := list(Entry.objects.filter(kind=kind, object_id__in=near, part=0).values_list("id", flat=True)):
        add_unread(there)
        enqueue_reading()


def related_things(row: Related) -> list[tuple[int, int]]:
    """Return the things in a row, the nearest first, with their products."""
    return list(OTHER.iter_unpack(bytes(row.others)))


def enqueue_reading(*, at_once: bool = False) -> None:
    """Enqueue the task that continues reading, unless it is enqueued. Three queries.

    A failed task is retried by itself, and no other is enqueued: without an encoder, they would pile up.
    With `at_once`, when an operator may have fixed the cause, it is retried now.
    """
    if not settings.MEANING:
        return
    failing = tasks.read.pending().filter(lease_until=None, attempts__gt=0)
    if at_once and failing.update(due_at=clock.now()):
        return
    if at_once or not failing.exists():
        number = next(iter(_meanings()), 1)
        tasks.read.using(key=f"search-{number}").enqueue(number=number)


@prepared
def _meanings() -> QuerySet[Meaning, int]:
    return Meaning.objects.order_by("pk").values_list("number", flat=True)


def enqueue_pending() -> None:
    """Enqueue the task if something is unread: a task may have missed what was committed while it ended."""
    if not settings.MEANING or Meaning.objects.exclude(paused_at=None).exists():
        return
    if Unread.objects.exists() or (Entry.objects.exists() and not Meaning.objects.exclude(used=None).exists()):
        with writes():
            enqueue_reading()


def count_lost() -> tuple[int, int]:
    """Return how many entries are neither read nor marked as unread, and how many deleted ones have vectors."""
    return sum(map(len, _unknown())), sum(map(len, _orphaned()))


def repair_unread() -> None:
    """Mark entries that are neither read nor unread, and delete the vectors of deleted entries."""
    for some in _unknown():
        with writes():
            add_unread(some)
            enqueue_reading()
    for some in _orphaned():
        with writes():
            deleted = set(some) - set(Entry.objects.filter(id__in=some).values_list("id", flat=True))
            Vector.objects.filter(kind=ENTRY, object_id__in=deleted).delete()


def _unknown() -> Iterator[list[int]]:
    """Yield entries that have no vector and are not marked as unread."""
    for some in _ranges(Entry.objects.all(), "id"):
        known = set(Vector.objects.filter(kind=ENTRY, object_id__in=some).values_list("object_id", flat=True))
        known |= set(Unread.objects.filter(entry_id__in=some).values_list("entry_id", flat=True))
        if missing := [each for each in some if each not in known]:
            yield missing


def _orphaned() -> Iterator[list[int]]:
    """Yield deleted entries that still have vectors."""
    for some in _ranges(Vector.objects.filter(kind=ENTRY), "object_id"):
        there = set(Entry.objects.filter(id__in=some).values_list("id", flat=True))
        if deleted := [each for each in some if each not in there]:
            yield deleted


def _ranges(rows: QuerySet[Model], name: str) -> Iterator[list[int]]:
    """Yield the ids of rows in their order, some hundred at a time."""
    last = -1
    while some := list(rows.filter(**{f"{name}__gt": last}).order_by(name).values_list(name, flat=True)[:_AT_ONCE]):
        yield some
        last = some[-1]


#: The most things that are written at a time, and characters of them.
_THINGS_AT_ONCE, _MOST_CHARACTERS = 200, 2_000_000


class Row(NamedTuple):
    """A vector to save, and the SHA-256 of its text."""

    sha256: str
    numbers: Array


@writing
def put(contents: Iterable[Content], *, are_new: bool = False) -> int:
    """Index things as they are now; return how many entries were missing or different.

    Call it in the publishing transaction. `are_new` skips the query for earlier entries.
    """
    count = 0
    for some in _in_batches(contents):
        changed = some if are_new else _changed(some)
        found = [(each, list(entries_of(each, kind_of(each.kind).number))) for each in changed]
        read = set() if are_new else already_read(found)
        for kind in {each.kind for each in changed} if not are_new else ():
            _take_out(kind, [each.object_id for each in changed if each.kind == kind], read)
        entries = [entry for _content, parts in found for entry in parts]
        names = ("id", "kind", "object_id", "part", "language", "words", "filters", "size", "digest")
        BulkTable(Entry).put({name: getattr(entry, name) for name in names} for entry in entries)
        add_unread(entry.pk for entry in entries if entry.pk not in read)
        count += len(changed)
    if count:
        enqueue_reading()
    return count


def _in_batches(contents: Iterable[Content]) -> Iterator[list[Content]]:
    """Yield things some hundred at a time, or fewer if they are long, to limit memory."""
    batch: list[Content] = []
    characters = 0
    for each in contents:
        batch.append(each)
        characters += len(each.text)
        if len(batch) == _THINGS_AT_ONCE or characters > _MOST_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _changed(contents: Sequence[Content]) -> list[Content]:
    """Return those that the index lacks, or has with another digest. One query for each kind."""
    current: set[tuple[str, int, str]] = set()
    for kind in {each.kind for each in contents}:
        ids = [each.object_id for each in contents if each.kind == kind]
        current |= {(kind, object_id, digest) for _entry, object_id, digest in _entries(kind, ids)}
    return [each for each in contents if (each.kind, each.object_id, each.digest) not in current]


@prepared
def _entries(kind: str, object_ids: list[int]) -> QuerySet[Entry, tuple[int, int, str]]:
    return Entry.objects.filter(kind=kind, object_id__in=object_ids).values_list("id", "object_id", "digest")


@writing
def take_out(kind: str, object_ids: Iterable[int]) -> int:
    """Remove things from the index, with everything made from their text; return the number of entries."""
    return _take_out(kind, object_ids)


def lock_rows(model: type[Model], ids: Iterable[int]) -> None:
    """Lock rows until the transaction ends, before they are read for the index.

    Otherwise one of two concurrent writers could restore the words that the other has just erased.
    """
    if connection.features.has_select_for_update:
        rows = model._default_manager.select_for_update().filter(pk__in=list(ids)).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _take_out(kind: str, object_ids: Iterable[int], read: Collection[int] = ()) -> int:
    """Delete the entries of things, and everything made from their text; entries in `read` keep their vectors."""
    deleted = 0
    for some in batched(object_ids, 900):
        entries = list(_entries(kind, list(some)))
        if entries:
            deleted += Entry.objects.filter(kind=kind, object_id__in=some).delete()[0]
            forget_entries(kind, {entry: object_id for entry, object_id, _digest in entries if entry not in read})
    return deleted


@writing
def save_vectors(kind: str, things: Mapping[int, Mapping[int, Row]], *, encoder: str) -> list[Vector]:
    """Replace the vectors of things, by place: all of a thing's, or none. Return them."""
    _forget_vectors(kind, things)
    return Vector.objects.bulk_create(
        (
            Vector(
                kind=kind,
                object_id=object_id,
                place=place,
                encoder=encoder,
                sha256=row.sha256,
                numbers=row.numbers.tobytes(),
            )
            for object_id, places in things.items()
            for place, row in places.items()
        ),
        batch_size=500,
    )


@writing
def forget_vectors(kind: str, object_ids: Iterable[int]) -> int:
    """Delete the vectors of things whose text was deleted, and return how many there were."""
    return _forget_vectors(kind, object_ids)


def _forget_vectors(kind: str, object_ids: Iterable[int]) -> int:
    deleted = 0
    for some in batched(object_ids, 900):
        deleted += Vector.objects.filter(kind=kind, object_id__in=some).delete()[0]
    return deleted


@writing
def pause_reading() -> Meaning | None:
    """Pause reading by meaning, and return its row; None if it is paused already. Vectors stay."""
    meaning = _meaning()
    if meaning.paused_at:
        return None
    meaning.paused_at = clock.now()
    meaning.save(update_fields=["paused_at"])
    return meaning


@writing
def resume_reading() -> Meaning | None:
    """Resume reading, and return its row; None if it is not paused."""
    meaning = _meaning()
    if not meaning.paused_at:
        return None
    meaning.paused_at = None
    meaning.save(update_fields=["paused_at"])
    enqueue_reading(at_once=True)
    return meaning


@writing
def reread() -> Meaning | None:
    """Request that everything is read again, and return the row; None if that is enqueued already."""
    meaning = _meaning()
    if meaning.is_anew:
        return None
    meaning.is_anew = True
    meaning.save(update_fields=["is_anew"])
    enqueue_reading(at_once=True)
    return meaning


def _meaning() -> Meaning:
    """Lock the row until the transaction ends, and return it."""
    return Meaning.objects.select_for_update().order_by("pk").first() or Meaning.objects.create(pk=1)
