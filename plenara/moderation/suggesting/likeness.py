"""The bands of the texts' signatures: kept as texts come in, and asked for what may be like a text.

Of a campaign only the first text has bands, and stands for all: ten thousand copies cost no more than one.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from plenara.moderation.models import Likeness
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting.same import Likened

#: Texts that are compared in full with one that comes in: those that share most bands with it.
MOST = 20
#: Rows that are read for it: hundreds share a band only where somebody writes to be found.
MOST_ROWS = 20_000
#: The number of our lock among those of the database.
_LOCK = 20_030


def alone(consultation_id: int) -> None:
    """Let one look at a time compare the texts of a consultation, until its transaction ends.

    Two copies that come at once must see each other. On SQLite the gate has seen to it already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, consultation_id])


def keep(kind: str, pk: int, consultation_id: int, bands: Iterable[int]) -> None:
    """Keep the bands of a text in the place of those that its thing had."""
    forget(kind, pk)
    Likeness.objects.bulk_create(
        Likeness(kind=kind, object_id=pk, consultation_id=consultation_id, band=band) for band in bands
    )


def forget(kind: str, pk: int) -> None:
    """Let nothing be found like a text any more: it was erased, withdrawn, or rejected long ago."""
    Likeness.objects.filter(kind=kind, object_id=pk).delete()


def candidates(kind: str, consultation_id: int, bands: list[int], but: int) -> list[int]:
    """Return what shares bands with a text, the most first. One query."""
    # Counted here: asked to count by thing, SQLite would walk through the index of all things.
    found = Likeness.objects.filter(consultation_id=consultation_id, band__in=bands).values_list("kind", "object_id")
    shared = Counter(pk for of, pk in found[:MOST_ROWS] if of == kind and pk != but)
    return sorted(shared, key=lambda pk: (-shared[pk], pk))[:MOST]


def rebuild(kind: str, consultation_id: int, pks: Iterable[int]) -> int:
    """Keep the bands of these things anew, as after an import; return how many have any."""
    count = 0
    for pk, version in KINDS[kind].standing(pks).items():
        bands = Likened.of(version.text.content).bands
        keep(kind, pk, consultation_id, bands)
        count += bool(bands)
    return count
