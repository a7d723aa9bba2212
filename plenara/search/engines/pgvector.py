"""pgvector: an index of vectors in PostgreSQL itself, if the extension is installed and may be enabled.

No migration needs it, so that it is optional for each installation. The column is beside our own
integers, which remain the source; integers up to 127 and their products are exact in it.
"""

from collections.abc import Collection, Sequence

from django.db import DatabaseError, connection, transaction

from plenara.core.database import read_alias, read_connection
from plenara.search.entries import KIND_SHIFT, KINDS, Array

#: Since this version it has half-precision numbers, and iterative scans for filters.
_NEEDED = (0, 8)
#: Candidates of a query: more of them find more, and take longer.
_LOOKED_AT = 400

_PREPARED = """
    SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('search_vector') AND attname = 'near'
    AND NOT attisdropped
"""


def is_possible() -> bool:
    """Return whether this database has the extension, or lets us enable it; enable it then."""
    if connection.vendor != "postgresql":
        return False
    if (version := _version("SELECT extversion FROM pg_extension WHERE extname = 'vector'")) is None:
        version = _version("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
        if version is None or version < _NEEDED:
            return False
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except DatabaseError:
            return False  # no permission to enable it
    return version >= _NEEDED


def _version(statement: str) -> tuple[int, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return tuple(int(part) for part in row[0].split(".")[:2]) if row else None


def is_prepared() -> bool:
    """Return whether the column exists."""
    if connection.vendor != "postgresql":
        return False
    with read_connection().cursor() as cursor:
        cursor.execute(_PREPARED)
        return bool(cursor.fetchone()[0])


def prepare() -> None:
    """Create the column and its index, if they do not exist."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_vector ADD COLUMN IF NOT EXISTS near halfvec(512)")
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS search_vector_near ON search_vector USING hnsw (near halfvec_ip_ops)"
        )


def put(vector_ids: Sequence[int], numbers: Array) -> None:
    """Add these vectors."""
    rows = [(_written(row), pk) for pk, row in zip(vector_ids, numbers, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE search_vector SET near = %s::halfvec WHERE id = %s", rows)


def nearest(
    row: Array, *, limit: int, among: Collection[int] | None = None, kind: int | None = None
) -> list[tuple[int, int, int]]:
    """Return (vector, entry, product) of the nearest, the nearest first."""
    where, values = "near IS NOT NULL", []
    if among is not None:
        where += " AND object_id = ANY(%s)"
        values.append(list(among))
    if kind is not None:
        where += f" AND (object_id >> {KIND_SHIFT}) %% {KINDS} = {int(kind)}"
    statement = (
        f"SELECT id, object_id, -(near <#> %s::halfvec) FROM search_vector WHERE {where} "  # noqa: S608 - numbers
        "ORDER BY near <#> %s::halfvec LIMIT %s"
    )
    written = _written(row)
    with transaction.atomic(using=read_alias()), read_connection().cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.ef_search', %s, true)", [str(min(max(limit, _LOOKED_AT), 1000))])
        cursor.execute("SELECT set_config('hnsw.iterative_scan', 'strict_order', true)")
        cursor.execute(statement, [written, *values, written, limit])
        found = [(pk, object_id, int(product)) for pk, object_id, product in cursor.fetchall()]
    return sorted(found, key=lambda each: (-each[2], -each[1]))


def _written(row: Array) -> str:
    return f"[{','.join(map(str, row.tolist()))}]"
