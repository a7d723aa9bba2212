"""Embeddings: encoding texts for the search by meaning, and rearranging the vectors, piece by piece. Loads
numpy.
"""

import datetime
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import batched

import numpy

from plenara.core import clock
from plenara.core.resources import niced
from plenara.core.tasks import LEASE
from plenara.core.text import digest, plain
from plenara.core.transaction import writes
from plenara.search import encoder, vector_store
from plenara.search.actions import index
from plenara.search.actions.index import ENTRY
from plenara.search.engines import pgvector
from plenara.search.entries import Array, has_related, kinds, text_of_part
from plenara.search.models import Arrangement, Entry, Meaning, Related, Unread, Vector
from plenara.search.queries import similarity
from plenara.search.vector_store import DIMENSIONS, of_length, quantised

#: A good number of vectors for one cell, and the most cells.
MOST_ALONE, MOST_CELLS = 5_000, 1_024
#: Deleted vectors in pages from which on the pages are rearranged; or an eighth of all.
MOST_DELETED = 1_000
#: So few are rearranged as soon as one is deleted: it takes a second, and nothing of its text remains.
SMALL = 20_000
#: Vectors of the sample, for each cell and at most; steps in which the centres converge.
_SAMPLE_OF_CELL, _SAMPLE, _STEPS = 64, 32_768, 8
#: Vectors that are assigned to cells in one piece.
_PIECE = {Arrangement.Way.CELLS: 32_768, Arrangement.Way.PGVECTOR: 2_000}


def is_arrangement_due(meaning: Meaning) -> bool:
    """Return whether an arrangement is missing, is of another kind than this database's, or is outdated."""
    used = meaning.used
    if used is None or used.way != arrangement_way():
        return True
    if used.way == Arrangement.Way.PGVECTOR:
        return not pgvector.is_prepared()
    vectors = Vector.objects.filter(kind=ENTRY).count()
    has_grown = vectors > MOST_ALONE and vectors >= 2 * max(used.of, MOST_ALONE // 2)
    deleted = used.packed - vectors
    return has_grown or deleted > (max(MOST_DELETED, vectors // 8) if vectors > SMALL else 0)


def arrangement_way() -> Arrangement.Way:
    """Return the kind of vector search of this database."""
    return Arrangement.Way.PGVECTOR if pgvector.is_possible() else Arrangement.Way.CELLS


def begin_arrangement(of: int) -> Arrangement:
    """Return an unfinished arrangement. In the caller's transaction."""
    chosen = arrangement_way()
    if chosen == Arrangement.Way.PGVECTOR:
        pgvector.prepare()
        return Arrangement.objects.create(way=chosen, of=of)
    cells = min(int(of**0.5), MOST_CELLS) if of > MOST_ALONE else 1
    return Arrangement.objects.create(way=chosen, of=of, cells=cells, steps_left=_STEPS if cells > 1 else 0)


def continue_arrangement(making: Arrangement, locked: Callable[[], Meaning]) -> None:
    """Do a piece of an unfinished arrangement; the last one puts it into use. `locked` locks what is written to."""
    if making.steps_left:
        sample = _sample(making.cells)
        centres = niced(lambda: _step(making, sample))
        with writes():
            locked()
            making.centres, making.steps_left = centres.tobytes(), making.steps_left - 1
            making.save(update_fields=["centres", "steps_left"])
        return
    size = _PIECE[Arrangement.Way(making.way)]
    rows = Vector.objects.filter(kind=ENTRY, pk__gt=making.cursor).order_by("pk")
    found = list(rows.values_list("pk", "object_id", "numbers")[:size])
    with writes():
        meaning = locked()
        if found:
            numbers = numpy.frombuffer(b"".join(bytes(each[2]) for each in found), dtype=numpy.int8)
            vector_store.put(making, [each[:2] for each in found], numbers.reshape(-1, DIMENSIONS))
            making.cursor = found[-1][0]
        if len(found) < size:
            before, meaning.used, meaning.making = meaning.used, making, None
            making.used_since = clock.now()
            meaning.save(update_fields=["used", "making"])
            if before:
                before.delete()
        making.save(update_fields=["cursor", "used_since"])


def _sample(cells: int) -> Array:
    """Return vectors at even steps through all of them."""
    every = list(Vector.objects.filter(kind=ENTRY).order_by("pk").values_list("pk", flat=True))
    size = min(len(every), cells * _SAMPLE_OF_CELL, _SAMPLE)
    chosen = [every[at * len(every) // size] for at in range(size)]
    rows = []
    for some in batched(chosen, 900):
        rows += [
            bytes(each) for each in Vector.objects.filter(pk__in=some).order_by("pk").values_list("numbers", flat=True)
        ]
    return numpy.frombuffer(b"".join(rows), dtype=numpy.int8).reshape(-1, DIMENSIONS)


def _step(making: Arrangement, sample: Array) -> Array:
    """Return the centres after one more step: each moves to the mean of the vectors nearest to it."""
    if not making.centres:
        return sample[[at * len(sample) // making.cells for at in range(making.cells)]]
    label = vector_store.cells_of(making, sample)
    sums = numpy.zeros((making.cells, DIMENSIONS), dtype=numpy.int64)
    numpy.add.at(sums, label, sample)
    before = numpy.frombuffer(bytes(making.centres), dtype=numpy.int8).reshape(-1, DIMENSIONS)
    return numpy.where(sums.any(axis=1)[:, None], of_length(sums), before)


def read_piece(number: int) -> None:
    """Read a piece, and enqueue the next if something is left."""

    meaning = begin_reading(number)
    if meaning is None:
        return
    read_on(meaning)
    end_reading(number)


log = logging.getLogger("plenara.search")

#: The most texts of one piece, and seconds after which its vectors are saved.
AT_ONCE, AT_ONCE_SECONDS = 40, 4.0
_BATCH = 2_000


class Lost(Exception):
    """Another task has taken over."""


def begin_reading(number: int) -> Meaning | None:
    """Let this task take over, and return the state; None if another task is reading, or reading is paused."""
    with writes():
        meaning = Meaning.objects.select_for_update().order_by("pk").first() or Meaning.objects.create(pk=1)
        # A task that is enqueued from now on is another one, which is not missed when this one ends.
        meaning.number = max(meaning.number, number + 1)
        now = clock.now()
        is_another = bool(meaning.lease_until and meaning.lease_until > now and meaning.lease_holder != number)
        if not is_another and not meaning.paused_at:
            meaning.lease_holder, meaning.lease_until = number, now + datetime.timedelta(seconds=LEASE)
        meaning.save(update_fields=["number", "lease_holder", "lease_until"])
    if is_another or meaning.paused_at:
        return None
    return Meaning.objects.select_related("used", "making").get(pk=meaning.pk)


def end_reading(number: int) -> None:
    """Release the lease, and enqueue the next task if something is left."""
    with writes():
        meaning = lock_meaning(number)
        meaning.lease_holder, meaning.lease_until = 0, None
        meaning.save(update_fields=["lease_holder", "lease_until"])
        is_left = meaning.is_anew or meaning.making_id or Unread.objects.exists() or is_arrangement_due(meaning)
        if is_left and not meaning.paused_at:
            index.enqueue_reading()


def lock_meaning(number: int) -> Meaning:
    """Lock the row until the transaction ends, and return it. Raises `Lost` if another task has taken over."""
    meaning = Meaning.objects.select_for_update(of=("self",)).select_related("used", "making").get()
    if meaning.lease_holder != number:
        raise Lost
    return meaning


def read_on(meaning: Meaning) -> None:
    """Do one piece of the work."""
    lock = partial(lock_meaning, meaning.lease_holder)
    if meaning.is_anew or meaning.encoder != encoder.name():
        _forget_all(lock, meaning.is_anew)
    elif meaning.making:
        continue_arrangement(meaning.making, lock)
    elif is_arrangement_due(meaning):
        with writes():
            locked = lock()
            locked.making = begin_arrangement(Vector.objects.filter(kind=ENTRY).count())
            locked.save(update_fields=["making"])
    elif meaning.used:
        _read_piece(meaning.used, lock)


def _forget_all(lock: Callable[[], Meaning], is_anew: bool) -> None:
    """Delete all vectors, or those of another encoder; enqueue what is not read."""
    with writes():
        lock()
        Related.objects.all().delete()
        Arrangement.objects.all().delete()
    vectors = Vector.objects.filter(kind=ENTRY)
    if not is_anew:
        vectors = vectors.exclude(encoder=encoder.name())
    while some := list(vectors.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with writes():
            lock()
            Vector.objects.filter(pk__in=some).delete()
    # Entries that have a vector are unread too: their related entries are missing.
    last = -1
    while some := list(Entry.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_BATCH]):
        with writes():
            index.add_unread(some)
        last = some[-1]
    with writes():
        meaning = lock()
        meaning.is_anew, meaning.encoder, meaning.unreadable = False, encoder.name(), 0
        meaning.save(update_fields=["is_anew", "encoder", "unreadable"])
        _count(meaning)


def _read_piece(used: Arrangement, lock: Callable[[], Meaning]) -> None:
    """Read the newest unread texts: first their vectors, then their related entries."""
    unread = list(Unread.objects.order_by("-entry_id").values_list("entry_id", flat=True)[:AT_ONCE])
    entries = Entry.objects.filter(id__in=unread).defer("words", "filters").in_bulk()
    texts = _texts(entries)
    known = dict(Vector.objects.filter(kind=ENTRY, object_id__in=unread).values_list("object_id", "sha256"))
    unknown = {pk: text for pk, text in texts.items() if known.get(pk) != digest(text)}
    read = niced(partial(_encoded, unknown))
    done = [pk for pk in unread if pk in read or pk not in unknown]
    with writes():
        lock()
        _store_vectors(used, entries, texts, read)
    with_vectors = _numbers([pk for pk in done if pk in texts])
    near = similarity.near_each(
        used,
        {pk: entries[pk] for pk in with_vectors if has_related(entries[pk].kind) and entries[pk].part == 0},
        with_vectors,
    )
    with writes():
        meaning = lock()
        still = _still(entries)
        for kind in {entries[pk].kind for pk in near}:
            some = {
                entries[pk].object_id: found for pk, found in near.items() if entries[pk].kind == kind and pk in still
            }
            similarity.save_related(kind, some)
        Unread.objects.filter(entry_id__in=[pk for pk in done if pk in still or pk not in entries]).delete()
        meaning.unreadable += sum(1 for numbers in read.values() if not numbers.any())
        meaning.at = clock.now()
        meaning.save(update_fields=["unreadable", "at"])
        _count(meaning)


def _texts(entries: Mapping[int, Entry]) -> dict[int, str]:
    """Return the texts of entries that are public now."""
    parts: dict[tuple[str, int], int] = {}
    texts = {}
    for kind in kinds():
        ids = {each.object_id for each in entries.values() if each.kind == kind.code}
        for object_id, part in Entry.objects.filter(kind=kind.code, object_id__in=ids, part__gt=0).values_list(
            "object_id", "part"
        ):
            parts[kind.code, object_id] = max(parts.get((kind.code, object_id), 0), part)
        found = kind.found(ids) if ids else {}
        for entry_id, entry in entries.items():
            if entry.kind == kind.code and (thing := found.get(entry.object_id)):
                count = parts.get((kind.code, entry.object_id), 0) + 1
                texts[entry_id] = text_of_part(thing.title, thing.text, entry.part, count)
    return texts


def _encoded(texts: Mapping[int, str]) -> dict[int, Array]:
    """Return the vectors of as many of these texts as some seconds allow, at least the first.

    Each is encoded in its own call, so that its vector does not depend on other texts. One that the
    encoder fails at has a vector of zeros, which is near to nothing; if all fail, that is an error.
    """
    until, rows, failed = time.monotonic() + AT_ONCE_SECONDS, dict[int, Array](), list[Exception]()
    for entry_id, text in texts.items():
        try:
            rows[entry_id] = quantised(encoder.vectors([plain(text)]))[0]
        except Exception as error:
            failed.append(error)
            rows[entry_id] = numpy.zeros(DIMENSIONS, dtype=numpy.int8)
        if time.monotonic() > until:
            break
    if failed and len(failed) == len(rows):
        raise failed[0]
    if failed:
        log.warning("not read", extra={"count": len(failed), "error": type(failed[0]).__name__})
    return rows


def _store_vectors(
    used: Arrangement, entries: Mapping[int, Entry], texts: Mapping[int, str], read: Mapping[int, Array]
) -> None:
    """Save vectors of texts that have not changed since, and add them to the arrangements."""
    still = _still(entries)
    things = {pk: {0: index.Row(digest(texts[pk]), numbers)} for pk, numbers in read.items() if pk in still}
    saved = index.save_vectors(ENTRY, things, encoder=encoder.name())
    if saved:
        used.refresh_from_db()
        ids = [(each.pk, each.object_id) for each in saved]
        vector_store.put(used, ids, numpy.stack([read[entry_id] for _vector_id, entry_id in ids]))


def _still(entries: Mapping[int, Entry]) -> set[int]:
    """Lock the entries that have not changed until the transaction ends, and return them."""
    now = dict(Entry.objects.select_for_update().filter(id__in=entries).order_by("id").values_list("id", "digest"))
    return {pk for pk, entry in entries.items() if now.get(pk) == entry.digest}


def _numbers(entry_ids: list[int]) -> dict[int, Array]:
    """Return the vectors of the entries that have one."""
    rows = Vector.objects.filter(kind=ENTRY, object_id__in=entry_ids, place=0).values_list("object_id", "numbers")
    return {entry_id: numpy.frombuffer(bytes(numbers), dtype=numpy.int8) for entry_id, numbers in rows}


def _count(meaning: Meaning) -> None:
    """Store how many entries there are, and how many were read."""
    total = Entry.objects.count()
    meaning.total, meaning.done = total, max(total - Unread.objects.count(), 0)
    meaning.save(update_fields=["total", "done"])
