"""Keeping what can be found, and forgetting it. Nobody's act: it follows from what is published, and goes with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from plenara.core import clock
from plenara.core.in_bulk import Table
from plenara.core.transaction import writing
from plenara.search import queue
from plenara.search.entries import Content, entries_of
from plenara.search.kinds import kind_of
from plenara.search.models import Entry, Meaning, Vector

#: Things that are written at a time, and characters of them.
_AT_ONCE, _MOST_CHARACTERS = 200, 2_000_000


class Row(NamedTuple):
    """A vector to keep, and the SHA-256 of the text that it is of."""

    sha256: str
    numbers: Any


@writing
def put(contents: Iterable[Content], *, are_new: bool = False) -> int:
    """Let things be found as they are now, instead of as they were; return how many were not kept so already.

    In the publishing transaction. `are_new` spares the look for earlier entries where there can be none.
    """
    count = 0
    for some in _in_batches(contents):
        changed = some if are_new else _changed(some)
        found = [(each, list(entries_of(each, kind_of(each.kind).number))) for each in changed]
        read = set() if are_new else queue.read_already(found)
        for kind in {each.kind for each in changed} if not are_new else ():
            _take_out(kind, [each.object_id for each in changed if each.kind == kind], read)
        entries = [entry for _content, parts in found for entry in parts]
        _entries().put(
            (
                each.pk,
                each.kind,
                each.object_id,
                each.part,
                each.language,
                each.words,
                each.filters,
                each.size,
                each.digest,
            )
            for each in entries
        )
        queue.add(entry.pk for entry in entries if entry.pk not in read)
        count += len(changed)
    if count:
        queue.enqueue_reading()
    return count


def _entries() -> Table:
    return Table(Entry, "kind", "object_id", "part", "language", "words", "filters", "size", "digest")


def _in_batches(contents: Iterable[Content]) -> Iterator[list[Content]]:
    """Yield things some hundred at a time, or fewer where they are long: no more is held in memory."""
    held: list[Content] = []
    characters = 0
    for each in contents:
        held.append(each)
        characters += len(each.text)
        if len(held) == _AT_ONCE or characters > _MOST_CHARACTERS:
            yield held
            held, characters = [], 0
    if held:
        yield held


def _changed(contents: Sequence[Content]) -> list[Content]:
    """Return those that the index does not have, or has otherwise. One query a kind."""
    kept: set[tuple[str, int, str]] = set()
    for kind in {each.kind for each in contents}:
        ids = [each.object_id for each in contents if each.kind == kind]
        kept |= set(Entry.objects.filter(kind=kind, object_id__in=ids).values_list("kind", "object_id", "digest"))
    return [each for each in contents if (each.kind, each.object_id, each.digest) not in kept]


@writing
def take_out(kind: str, object_ids: Iterable[int]) -> int:
    """Let things be found no more, and forget what was made of their words; return how many entries went."""
    return _take_out(kind, object_ids)


def hold(model: type[Model], ids: Iterable[int]) -> None:
    """Let nobody else change rows until this transaction has ended, before they are read for the index.

    Where two may write at a time, one could otherwise put back the words that the other has just erased.
    """
    if connection.features.has_select_for_update:
        rows = model._default_manager.select_for_update().filter(pk__in=list(ids)).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _take_out(kind: str, object_ids: Iterable[int], read: Collection[int] = ()) -> int:
    """Delete the entries of things, and all that was made of their words; of entries in `read` the words stay."""
    gone = 0
    for some in batched(object_ids, 900):
        entries = list(Entry.objects.filter(kind=kind, object_id__in=some).values_list("id", "object_id"))
        gone += Entry.objects.filter(kind=kind, object_id__in=some).delete()[0]
        queue.forget(kind, {entry: object_id for entry, object_id in entries if entry not in read})
    return gone


@writing
def keep(kind: str, things: Mapping[int, Mapping[int, Row]], *, encoder: str) -> list[Vector]:
    """Keep the vectors of things, by place, instead of those that they had: all of a thing's, or none. Return them."""
    _forget(kind, things)
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
def forget(kind: str, object_ids: Iterable[int]) -> int:
    """Forget the vectors of things whose words are gone, and return how many they were."""
    return _forget(kind, object_ids)


def _forget(kind: str, object_ids: Iterable[int]) -> int:
    gone = 0
    for some in batched(object_ids, 900):
        gone += Vector.objects.filter(kind=kind, object_id__in=some).delete()[0]
    return gone


@writing
def pause_reading() -> Meaning | None:
    """Let the reading by meaning rest, and return its row; nothing where it rests already. What was read stays."""
    meaning = _meaning()
    if meaning.paused_at:
        return None
    meaning.paused_at = clock.now()
    meaning.save(update_fields=["paused_at"])
    return meaning


@writing
def resume_reading() -> Meaning | None:
    """Let it go on where it was paused, and return its row; nothing where it does not rest."""
    meaning = _meaning()
    if not meaning.paused_at:
        return None
    meaning.paused_at = None
    meaning.save(update_fields=["paused_at"])
    queue.enqueue_reading(at_once=True)
    return meaning


@writing
def read_anew() -> Meaning | None:
    """Let all that was read be forgotten and read again, and return its row; nothing where that is enqueued already."""
    meaning = _meaning()
    if meaning.is_anew:
        return None
    meaning.is_anew = True
    meaning.save(update_fields=["is_anew"])
    queue.enqueue_reading(at_once=True)
    return meaning


def _meaning() -> Meaning:
    """Return the row, locked until the transaction ends."""
    return Meaning.objects.select_for_update().order_by("pk").first() or Meaning.objects.create(pk=1)
