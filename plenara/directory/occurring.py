"""Which values occur in a column of an index, in as many steps as there are values, however many rows have them.

A database that is asked for the distinct values of a column reads every row. Here it leaps from one value to the next.
"""

from plenara.core.reading import reading
from plenara.directory.models import Mark, Place


def letters(kind: str, language: str) -> set[str]:
    """Return the letters under which listings of a kind stand, for readers of a language. One query."""
    return _occurring(Place._meta.db_table, "initial", {"of": kind, "language": language})


def values(kind: str, what: str) -> set[str]:
    """Return the values of a kind of mark that listings have. One query."""
    return _occurring(Mark._meta.db_table, "value", {"of": kind, "what": what})


def _occurring(table: str, column: str, fixed: dict[str, str]) -> set[str]:
    name = reading().ops.quote_name
    where = " AND ".join(f"{name(each)} = %s" for each in fixed)
    least = f"SELECT MIN({name(column)}) FROM {name(table)} WHERE {where}"  # noqa: S608 - names of ours alone
    statement = (
        f"WITH RECURSIVE found(value) AS ({least} UNION ALL"  # noqa: S608 - as above
        f" SELECT ({least} AND {name(column)} > found.value) FROM found WHERE found.value IS NOT NULL)"
        " SELECT value FROM found WHERE value IS NOT NULL"
    )
    with reading().cursor() as cursor:
        cursor.execute(statement, [*fixed.values(), *fixed.values()])
        return {row[0] for row in cursor.fetchall()}
