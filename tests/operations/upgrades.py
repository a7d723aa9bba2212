"""What the tests of `plenara upgrade` share: a step that misbehaves, and a digest of everything a database has."""

import contextlib
import hashlib
import sqlite3

#: Runs the command line with a further step, and with whatever the test spoils.
_FURTHER = """
import os, signal, sys
from plenara.operations import startup
startup.start()
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from plenara import cli

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def act(apps, schema_editor):
    schema_editor.execute("CREATE TABLE half_done (id integer)")
    apps.get_model("core", "AuditEntry").objects.create(verb="half.done", about_kind="test", about_id="1")
    IN_STEP

class Step(migrations.Migration):
    operations = [migrations.RunPython(act)]

load = MigrationLoader.load_disk

def load_disk(self):
    load(self)
    last = max(name for app, name in self.disk_migrations if app == "core")
    step = Step("9999_further", "core")
    step.dependencies = [("core", last)]
    self.disk_migrations["core", "9999_further"] = step

MigrationLoader.load_disk = load_disk
from plenara.operations.actions import upgrade as doing
doing.collect = lambda: None  # seconds that have nothing to do with it
BEFORE
sys.exit(cli.main(sys.argv[1:]))
"""


def further(in_step="pass", before=""):
    """Return a program whose database is one step behind; the step does `in_step`, and `before` is run first."""
    return _FURTHER.replace("IN_STEP", in_step).replace("BEFORE", before)


def everything(installation):
    """Return a digest of every table and row that an installation's database has."""
    digest = hashlib.sha256()
    if not installation.database_url:
        with contextlib.closing(sqlite3.connect(installation.data / "plenara.sqlite3", timeout=20)) as connection:
            for line in connection.iterdump():
                digest.update(line.encode())
        return digest.hexdigest()
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    for (table,) in installation.ask(listed):
        row = installation.ask(f"SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM \"{table}\" t")
        digest.update(repr((table, row)).encode())
    return digest.hexdigest()


def steps(installation):
    """Return the last step of core that a database has taken."""
    return installation.ask("SELECT max(name) FROM django_migrations WHERE app = 'core'")[0][0]
