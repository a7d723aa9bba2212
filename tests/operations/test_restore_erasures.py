"""A backup holds accounts that were erased since; the list beside it sees that a restore erases them again."""

import json
import stat

import pytest

from tests.installations import Installation, kill, wait_until
from tests.operations.conftest import another

#: Makes two persons with a published contribution each, and prints their ids.
PREPARE = """
import json
from plenara.operations import startup
startup.start()
from tests import world
consultation = world.consultation(threads=1)
thread = consultation.threads.get()
moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
people = [world.person(name, language="fr") for name in ("Perpetua Quixley", "Quentin Umber")]
for person in people:
    world.published(person, moderator, thread, f"Words of {person.name.split()[0]}.")
print(json.dumps([person.pk for person in people]))
"""

#: Erases an account as its page does, then does what is enqueued unless told not to.
ERASE = """
import sys
from plenara.operations import startup
startup.start()
from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.tasks import run_all
actions.erase(actor=Person.objects.get(pk=sys.argv[1]), choice=sys.argv[2])
"""

#: The same, but killed between the commit and the writing of the list.
ERASE_AND_DIE = ERASE.replace(
    "actions.erase",
    """import os, signal
from plenara.accounts.personal_data import erasure
erasure.add_erasures = lambda entries: os.kill(os.getpid(), signal.SIGKILL)
actions.erase""",
)

#: The same, but killed before the commit.
DIE_BEFORE = ERASE.replace(
    "actions.erase",
    """import os, signal
from plenara.core.tasks import DatabaseBackend
last = DatabaseBackend.enqueue
def enqueue(self, task, args, kwargs):
    return os.kill(os.getpid(), 9) if task.label == "accounts.list_erasures" else last(self, task, args, kwargs)
DatabaseBackend.enqueue = enqueue
actions.erase""",
)

RUN_ALL = """
from plenara.operations import startup
startup.start()
from plenara.core.tasks import run_all
run_all()
"""

NAMES = "SELECT name FROM accounts_person ORDER BY id"
BYLINES = "SELECT name FROM contributions_byline ORDER BY id"
STATES = "SELECT status FROM contributions_edition ORDER BY id"
TEXTS = "SELECT content FROM contributions_text ORDER BY id"


def column(installation, statement):
    return [row[0] for row in installation.ask(statement)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, migrated, databases):
    """An installation with two authors, a backup of it, and their ids. Tests take copies."""
    folder = tmp_path_factory.mktemp("prepared")
    made = another(migrated, folder / "var", databases)
    ran = made.run(code=PREPARE)
    assert ran.returncode == 0, ran.stderr
    assert made.run("backup", folder / "backup.tar.gz").returncode == 0
    return made, folder / "backup.tar.gz", json.loads(ran.stdout)


@pytest.fixture
def lived_in(prepared, databases, tmp_path):
    """A copy of that installation, the backup of it, and the ids of two persons who are in both."""
    made, backup, people = prepared
    return another(made, tmp_path / "var", databases), backup, people


@pytest.fixture
def empty(tmp_path, migrated, databases):
    """Where the backup is restored to: migrated already, which is the longest part of it."""
    return another(migrated, tmp_path / "empty", databases)


def erase(installation, person, choice, code=ERASE):
    return installation.run(str(person), choice, code=code)


def test_who_was_erased_after_the_backup_is_erased_again_as_they_chose(lived_in, empty, databases, tmp_path):
    installation, backup, (perpetua, quentin) = lived_in
    for person, choice in ((perpetua, "participant"), (quentin, "tombstones")):
        ran = erase(installation, person, choice)
        assert ran.returncode == 0, ran.stderr
    written = installation.data / "erasures.jsonl"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    text = written.read_text()
    assert [set(json.loads(line)) for line in text.splitlines()] == [
        {"person", "joined_at", "at", "choice", "mark"}
    ] * 2
    assert "Perpetua" not in text
    assert "@" not in text
    before = {statement: column(installation, statement) for statement in (NAMES, BYLINES, STATES, TEXTS)}

    # Where the run is about PostgreSQL, into SQLite too.
    elsewhere = [Installation(tmp_path / "elsewhere" / "var")] if databases else []
    for place in (empty, *elsewhere):
        restored, checked = place.run_all(["restore", backup, "--erasures", written], ["check"])
        assert restored.code == 0, restored.errors
        assert f"Erased again: 2 accounts, listed in {place.data / 'erasures.jsonl'}.\n" in restored.out
        assert column(place, NAMES) == ["Ana Prieto"]
        assert {statement: column(place, statement) for statement in before} == before
        assert column(place, "SELECT CAST(gone_at AS text) FROM contributions_edition ORDER BY id")[1]
        assert (place.data / "erasures.jsonl").read_text() == text
        assert f"erasures are recorded in {place.data / 'erasures.jsonl'}: 2." in checked.out


def test_without_the_list_a_restore_says_so_and_the_next_start_reads_it(lived_in, empty):
    installation, backup, (perpetua, _quentin) = lived_in
    erase(installation, perpetua, "participant")
    restored = empty.run("restore", backup, forks=False)
    assert "There is no list of erasures" in restored.stdout
    assert "Perpetua Quixley" in column(empty, NAMES)
    (empty.data / "erasures.jsonl").write_text((installation.data / "erasures.jsonl").read_text())
    assert "WRONG  erasures must be carried out again: 1" in empty.run("check").stdout
    started = empty.run(code="from plenara.operations import startup; startup.start(); print(startup.erase_again())")
    assert started.stdout == "1\n", started.stderr
    assert column(empty, NAMES) == ["Ana Prieto", "Quentin Umber"]


def test_a_process_killed_before_the_list_was_written_leaves_a_task_that_writes_it(lived_in, empty):
    installation, backup, (perpetua, _quentin) = lived_in
    assert erase(installation, perpetua, "participant", ERASE_AND_DIE).returncode == -9
    assert column(installation, NAMES) == ["Ana Prieto", "Quentin Umber"]
    assert not (installation.data / "erasures.jsonl").exists()
    assert "erasures are not recorded yet: 1." in installation.run("check").stdout
    assert installation.run(code=RUN_ALL).returncode == 0
    restored = empty.run("restore", backup, "--erasures", installation.data / "erasures.jsonl")
    assert "Erased again: 1 account," in restored.stdout
    assert column(empty, NAMES) == ["Ana Prieto", "Quentin Umber"]


def test_a_process_killed_before_the_commit_leaves_the_account_and_no_line(lived_in):
    installation, _backup, (perpetua, _quentin) = lived_in
    before = [column(installation, statement) for statement in (NAMES, BYLINES, STATES, TEXTS)]
    assert erase(installation, perpetua, "tombstones", DIE_BEFORE).returncode == -9
    assert [column(installation, statement) for statement in (NAMES, BYLINES, STATES, TEXTS)] == before
    assert not (installation.data / "erasures.jsonl").exists()


@pytest.mark.once
def test_a_line_of_another_database_or_another_key_erases_nobody(lived_in, empty, tmp_path):
    installation, backup, (perpetua, quentin) = lived_in
    erase(installation, perpetua, "participant")
    line = json.loads((installation.data / "erasures.jsonl").read_text())
    other = line | {"person": quentin, "mark": "0" * 64}  # joined at another moment
    forged = line | {"mark": "0" * 64}
    kept = tmp_path / "kept.jsonl"
    # The last line was cut short by a power failure.
    kept.write_text("".join(json.dumps(each) + "\n" for each in (other, forged)) + json.dumps(line)[:40])
    restored = empty.run("restore", backup, "--erasures", kept)
    assert restored.returncode == 0
    assert "1 line of" in restored.stderr
    assert "cannot be verified" in restored.stderr
    assert column(empty, NAMES) == ["Ana Prieto", "Perpetua Quixley", "Quentin Umber"]


@pytest.mark.once
def test_a_list_that_cannot_be_read_stops_the_restore_before_anything_is_written(lived_in, empty, tmp_path):
    _installation, backup, _people = lived_in
    kept = tmp_path / "kept.jsonl"
    kept.write_text("nonsense\n")
    ran = empty.run_all(["restore", backup, "--erasures", kept], ["restore", backup, "--erasures", tmp_path / "none"])
    assert [each.code for each in ran] == [1, 1]
    assert "line 1 cannot be read" in ran[0].errors
    assert "does not exist" in ran[1].errors
    assert column(empty, NAMES) == []


def test_a_restore_killed_before_it_erased_again_is_ended_by_the_next_start(lived_in, empty):
    installation, backup, (perpetua, _quentin) = lived_in
    erase(installation, perpetua, "tombstones")
    dying = """
import os, signal, sys
from plenara.operations import startup
startup.start()
from pathlib import Path
from plenara.operations.actions import restore as restoring
restoring.erase_again = lambda entry: os.kill(os.getpid(), signal.SIGKILL)
restoring.restore(Path(sys.argv[1]), erasures=Path(sys.argv[2]))
"""
    ran = empty.run(backup, installation.data / "erasures.jsonl", code=dying)
    assert ran.returncode == -9
    assert "Perpetua Quixley" in column(empty, NAMES)
    worker = empty.start("work")
    try:
        assert wait_until(lambda: "Perpetua Quixley" not in column(empty, NAMES))
    finally:
        kill(worker)
    assert column(empty, STATES) == ["withdrawn", "published"]
