"""The tables of a demo are those that the migrations make, though it makes them at once."""

import re

import pytest
from django.db import connection, connections

from plenara.web.demo import tables

pytestmark = pytest.mark.once


def schema(of):
    """Return every column, key, index and constraint of a SQLite database, and how many migrations it has had."""
    found = set()
    with of.cursor() as cursor:

        def rows(sql):
            return cursor.execute(sql).fetchall()

        for (table,) in rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
            found |= {(table, "column", *row[1:]) for row in rows(f"PRAGMA table_info('{table}')")}
            found |= {(table, "key", *row[2:]) for row in rows(f"PRAGMA foreign_key_list('{table}')")}
            for _place, name, unique, _origin, partial in rows(f"PRAGMA index_list('{table}')"):
                columns = tuple(row[2] for row in rows(f"PRAGMA index_info('{name}')"))
                found.add((table, "index", "" if name.startswith("sqlite_") else name, unique, partial, columns))
        for table, sql in rows("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            found |= {(table, "trigger", sql)} if sql.startswith("CREATE TRIGGER") else set()
            found |= {(table, "constraint", name) for name in re.findall(r'CONSTRAINT "([^"]+)"', sql)}
        return found, rows("SELECT app, name FROM django_migrations ORDER BY app, name")


@pytest.fixture
def fresh(tmp_path, django_db_setup, django_db_blocker):
    """Another database, empty."""
    connections.databases["fresh"] = {**connection.settings_dict, "NAME": str(tmp_path / "fresh.sqlite3")}
    with django_db_blocker.unblock():
        yield connections["fresh"]
        connections["fresh"].close()
    del connections["fresh"]
    del connections.databases["fresh"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a demo is on SQLite")
def test_they_are_those_that_the_migrations_make(fresh):
    tables.lay("fresh")
    laid, migrated = schema(fresh), schema(connection)
    assert laid[0] == migrated[0]
    assert laid[1] == migrated[1]
