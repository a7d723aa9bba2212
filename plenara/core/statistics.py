"""What the database knows of its tables, by which it chooses among indexes.

PostgreSQL looks by itself, though not at once after many rows. SQLite looks when it is told: without, it takes an
index that leads to a whole consultation for as good as one that leads to one row of it.
"""

from django.db import connection

from plenara.core.transaction import gate

#: Rows of each index that SQLite looks at: enough to tell one from many, and seconds at any size.
_ROWS = 1_000


def look() -> None:
    """Look at every table: after many rows came in at once."""
    _run("ANALYZE")


def look_again() -> None:
    """Look at the tables that have changed much; PostgreSQL needs nobody to say so."""
    if connection.vendor == "sqlite":
        _run("PRAGMA optimize=0x10002")


def _run(statement: str) -> None:
    with gate(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_ROWS}")
        cursor.execute(statement)
