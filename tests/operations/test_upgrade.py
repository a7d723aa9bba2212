"""`plenara upgrade` backs up, migrates and checks; whatever fails or kills it, everything is as it was before."""

import contextlib
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from plenara.core import clock
from plenara.operations.actions.upgrade import default_backup
from tests.installations import kill, wait_until
from tests.operations.upgrades import everything, further, steps

AS_BEFORE = "Nothing was changed."


#: What a version that knows no lock of ours does: it looks at the database, then writes. It waits a second, not twenty.
OLDER = """
from plenara.operations import startup
startup.start()
from django.db import connection
connection.settings_dict["OPTIONS"]["{name}"] = {wait!r}
startup.require_migrated()
from plenara.core.models import AuditEntry
AuditEntry.objects.create(verb="older.wrote", about_kind="test", about_id="1")
"""


def left_over(installation):
    """Return what an upgrade has left in the data folder."""
    names = {file.name for file in installation.data.iterdir()}
    return {name for name in names if "upgrading" in name or name.startswith("upgrade.json")}


def backups(installation):
    folder = installation.data / "backups"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_a_database_of_this_version_is_left_alone(installation):
    before = everything(installation)
    ran = installation.run("upgrade", forks=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Nothing to do: the database is already at version ")
    assert everything(installation) == before
    assert backups(installation) == []


def test_a_step_is_taken_and_the_backup_before_it_can_be_restored(installation, new_folder, tmp_path):
    backup = tmp_path / "elsewhere" / "before.tar.gz"
    ran = installation.run("upgrade", "--backup", backup, code=further())
    assert (ran.returncode, ran.stderr) == (0, "")
    said = ran.stdout.splitlines()
    assert said[0].startswith(f"Backed up to {backup}: ")
    assert said[2:4] == ["Migrating core.9999_further ...", "The checks found no errors."]
    assert "1 step, in " in said[4]
    assert steps(installation) == "9999_further"
    assert installation.ask("SELECT verb FROM core_auditentry WHERE verb = 'half.done'") == [("half.done",)]
    assert (left_over(installation), backups(installation)) == (set(), [])
    restored = new_folder.run("restore", backup)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert steps(new_folder) != "9999_further"


@pytest.mark.parametrize(
    ("in_step", "before", "why"),
    [
        ("raise ValueError('No good.')", "", "core.9999_further failed (ValueError: No good). "),
        ("schema_editor.execute('SELECT * FROM nowhere')", "", "core.9999_further failed ("),
        (
            "apps.get_model('consultations', 'Role').objects.create(consultation_id=10**9, person_id=10**9)",
            "",
            "core.9999_further failed (IntegrityError: ",
        ),
        (
            "apps.get_model('contributions', 'Paper').objects.create(sha256='0' * 64, name='x', size=1)",
            "",
            "The checks after the upgrade found: documents are missing: 1, such as 000000",
        ),
        (
            "pass",
            "from plenara.operations.actions import upgrade as doing; doing.collect = lambda: open('/nowhere/at/all')",
            "FileNotFoundError: [Errno 2] No such file or directory",
        ),
    ],
    ids=["step", "statement", "constraint", "check", "files"],
)
def test_whatever_fails_is_said_in_a_sentence_and_nothing_has_changed(installation, in_step, before, why):
    known = everything(installation)
    ran = installation.run("upgrade", code=further(in_step, before))
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"plenara upgrade: {why}"), ran.stderr
    assert AS_BEFORE in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert everything(installation) == known
    assert left_over(installation) == set()
    assert [name.endswith(".tar.gz") for name in backups(installation)] == [True]
    # This version finds its database in order.
    assert installation.run("upgrade").stdout.startswith("Nothing to do")


@pytest.mark.parametrize(
    ("in_step", "before"),
    [
        ("kill()", ""),
        ("pass", "from plenara.operations.actions import backup; backup.Members.end = lambda self: kill()"),
        ("pass", "from plenara.operations.actions import upgrade; upgrade.errors = kill"),
    ],
    ids=["in a step", "in the backup", "in the checks"],
)
def test_killed_halfway_nothing_has_changed_and_the_next_upgrade_clears_up(installation, in_step, before):
    known = everything(installation)
    ran = installation.run("upgrade", code=further(in_step, before))
    assert ran.returncode == -signal.SIGKILL
    assert "upgrade.json" in left_over(installation)
    assert everything(installation) == known
    ran = installation.run("upgrade", code=further())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert steps(installation) == "9999_further"
    assert left_over(installation) == set()
    assert not [name for name in backups(installation) if name.endswith(".part")]


def test_two_upgrades_in_one_second_have_a_backup_each(settings, tmp_path):
    settings.DATA = tmp_path
    with clock.at(clock.now()):
        names = []
        for _each in range(3):
            path = default_backup()
            path.parent.mkdir(exist_ok=True)
            path.touch(exist_ok=False)
            names.append(path.name.removesuffix(".tar.gz"))
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]


def test_killed_after_its_last_step_the_next_upgrade_says_that_it_is_complete(installation):
    ran = installation.run(
        "upgrade", code=further(before="from plenara.operations.actions import upgrade; upgrade.remove_mark = kill")
    )
    assert ran.returncode == -signal.SIGKILL
    assert steps(installation) == "9999_further"
    ran = installation.run("upgrade", code=further())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "It is complete; there is nothing left to do." in ran.stdout
    assert left_over(installation) == set()


def test_it_refuses_while_a_worker_runs_and_a_worker_does_not_start_while_it_runs(installation):
    worker = installation.start("work", forks=False)
    try:
        lock = installation.data / "in-use.lock"
        assert wait_until(lambda: lock.exists() and f":{lock.stat().st_ino} " in Path("/proc/locks").read_text())
        ran = installation.run("upgrade", code=further())
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "Plenara is running on this data. Stop it first" in ran.stderr
    finally:
        kill(worker)
    code = (
        "from plenara.operations import startup; startup.start()\n"
        "with startup.alone_on_machine(): print(1, flush=True); input()"
    )
    upgrade = installation.start(code=code)
    try:
        assert upgrade.stdout.readline() == "1\n"
        ran = installation.run("work")
        assert ran.returncode == 1
        assert "`plenara upgrade` is running on this data. Start again when it has finished." in ran.stderr
    finally:
        kill(upgrade)


def test_it_refuses_while_anybody_has_the_database_open_such_as_an_older_version(installation):
    if installation.database_url:
        import psycopg

        other = psycopg.connect(installation.database_url)
    else:
        other = sqlite3.connect(installation.data / "plenara.sqlite3")
        other.execute("PRAGMA journal_mode=WAL")
    with contextlib.closing(other):
        other.execute("SELECT count(*) FROM core_auditentry").fetchall()
        ran = installation.run("upgrade", code=further())
        assert (ran.returncode, ran.stdout) == (1, "")
        who = "Stop Plenara on every server" if installation.database_url else "Another program is using the database"
        assert who in ran.stderr
    assert steps(installation) != "9999_further"
    assert left_over(installation) == set()


def test_an_older_version_that_starts_in_the_meantime_can_write_nothing(installation):
    code = further("print('there', flush=True); sys.stdin.readline()")
    upgrade = installation.start("upgrade", code=code)
    try:
        for line in upgrade.stdout:
            if line == "there\n":
                break
        wait = "-c statement_timeout=1000" if installation.database_url else 1
        name = "options" if installation.database_url else "timeout"
        older = installation.start(code=OLDER.format(name=name, wait=wait))
        assert older.wait(600) == 1
        upgrade.stdin.write("\n")
        upgrade.stdin.flush()
        assert upgrade.wait(600) == 0, upgrade.stderr.read()
    finally:
        kill(upgrade)
    assert steps(installation) == "9999_further"
    assert installation.ask("SELECT verb FROM core_auditentry WHERE verb = 'older.wrote'") == []


def test_without_room_for_backup_and_copy_it_does_not_begin(installation):
    before = (
        "import shutil, types\nfrom plenara.operations.actions import upgrade as doing\n"
        "doing.shutil.disk_usage = lambda folder: types.SimpleNamespace(free=1_000_000)"
    )
    ran = installation.run("upgrade", code=further(before=before))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert " has 1 MB free. The upgrade needs " in ran.stderr
    assert (left_over(installation), backups(installation)) == (set(), [])


def test_it_refuses_an_empty_database_and_that_of_a_newer_version(new, installation):
    assert "Run `plenara migrate` first" in new.run("upgrade").stderr
    assert installation.run("upgrade", code=further()).returncode == 0
    ran = installation.run("upgrade")
    assert ran.returncode == 1
    assert "newer version of Plenara. Run that version" in ran.stderr


def test_an_interrupted_upgrade_goes_back(installation):
    known = everything(installation)
    ran = installation.run(
        "upgrade",
        code=further("signal.signal(signal.SIGINT, signal.default_int_handler); os.kill(os.getpid(), signal.SIGINT)"),
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("plenara upgrade: Interrupted. Nothing was changed.")
    assert everything(installation) == known


def test_called_wrongly_it_ends_with_two(installation):
    assert installation.run("upgrade", "--bakcup", "x").returncode == 2


def test_the_files_that_it_leaves_are_their_owners_alone(installation):
    assert installation.run("upgrade", code=further()).returncode == 0
    folder = installation.data / "backups"
    (backup,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, backup.stat().st_mode & 0o777) == (0o700, 0o600)
    assert os.access(backup, os.R_OK)
