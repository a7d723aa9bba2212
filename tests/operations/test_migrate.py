"""A new database is made from the models at once: its tables are those that the migrations make, step by step."""

import re

import pytest

#: What Django does where it finds tables already.
STEP_BY_STEP = """
from plenara.operations import startup
startup.start()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
#: Kills itself at a moment of `migrate`.
KILLED = """
import os, signal, sys
from plenara import cli
from plenara.operations import startup
startup.start()
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.recorder import MigrationRecorder

owner, name, times = {"table": (BaseDatabaseSchemaEditor, "create_model", 40),
                      "record": (MigrationRecorder, "record_applied", int(sys.argv[2]))}[sys.argv[1]]
called, original = 0, getattr(owner, name)

def counted(*args, **kwargs):
    global called
    called += 1
    if called == times:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*args, **kwargs)

setattr(owner, name, counted)
cli.main(["migrate"])
"""
POSTGRESQL = [
    "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, "
    "is_identity, generation_expression FROM information_schema.columns WHERE table_schema = 'public' "
    # Django's own model of this table, which we do not use, numbers its rows in four bytes, its migration in eight.
    "AND (table_name, column_name) <> ('auth_group_permissions', 'id')",
    "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "SELECT tablename, regexp_replace(indexdef, '_[0-9a-f]{8}', '', 'g') FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT relname, reloptions::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "SELECT attrelid::regclass::text, attname, attstorage::text, attstattarget FROM pg_attribute "
    "WHERE attnum > 0 AND NOT attisdropped "
    "AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    "SELECT proname, prosrc, procost FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
]
_TABLES = "FROM (SELECT name AS of FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%')"
SQLITE = [
    f"SELECT of, 'column', name, type, \"notnull\", dflt_value, pk {_TABLES}, pragma_table_info(of)",
    f'SELECT of, \'key\', "table", "from", "to", on_update, on_delete {_TABLES}, pragma_foreign_key_list(of)',
    "SELECT of, 'index', CASE WHEN name LIKE 'sqlite_%' THEN '' ELSE name END, \"unique\", partial, "
    "(SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(its.name) ORDER BY seqno)) "
    f"{_TABLES}, pragma_index_list(of) AS its",
]
STEPS = "SELECT app, name FROM django_migrations ORDER BY app, name"
ROWS = (
    "SELECT app_label, model FROM django_content_type ORDER BY 1, 2",
    "SELECT codename FROM auth_permission ORDER BY 1",
)


def schema(installation):
    """Return every column, key, index, constraint, trigger and function of a database."""
    if installation.database_url:
        return {(sql, *row) for sql in POSTGRESQL for row in installation.ask(sql)}
    found = {row for sql in SQLITE for row in installation.ask(sql)}
    for table, sql in installation.ask("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        found |= {(table, "trigger", sql)} if sql.startswith("CREATE TRIGGER") else set()
        found |= {(table, "constraint", name) for name in re.findall(r'CONSTRAINT "([^"]+)"', sql)}
    return found


def is_whole(installation, migrated):
    """See that an installation has all that a new one has."""
    assert schema(installation) == schema(migrated)
    for each in (STEPS, *ROWS):
        assert installation.ask(each) == migrated.ask(each)


def test_its_tables_are_those_that_the_migrations_make(migrated, new_folder):
    ran = new_folder.run(code=STEP_BY_STEP)
    assert ran.returncode == 0, ran.stderr
    is_whole(new_folder, migrated)


@pytest.mark.parametrize("moment", [("table", 0), ("record", 20)])
def test_killed_while_it_is_made_the_next_migrate_goes_on(migrated, new_folder, moment):
    assert new_folder.run(*moment, code=KILLED).returncode == -9
    ran = new_folder.run("migrate")
    assert (ran.returncode, ran.stderr) == (0, "")
    is_whole(new_folder, migrated)
    assert new_folder.run("migrate").stdout == "Nothing to migrate: the database is up to date.\n"
