"""A backup holds everything, restores into an empty place on either database, and never overwrites."""

import hashlib
import io
import json
import os
import sqlite3
import stat
import tarfile

import pytest

from plenara.accounts.models import Person
from plenara.operations.actions import backup
from tests.bundles.bundles import contents, row, write
from tests.installations import Installation


@pytest.fixture
def bundle(tmp_path):
    """A small bundle with a document and a reply."""
    rows = [row("a", document="documents/a.txt", keywords=["water", "wells"]), row("b", in_reply_to="a")]
    return write(tmp_path / "bundle", *rows, documents__a_txt="A paper.")


@pytest.fixture
def filled(installation, bundle):
    """An installation with a consultation and an organizer."""
    for ran in installation.run_all(["import", bundle], ["create-organizer", "lead@example.org"]):
        assert ran.code == 0, ran.errors
    return installation


def members(path):
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def rewritten(path, to, change):
    """Write a backup again with other members."""
    with tarfile.open(to, "w:gz") as archive:
        for name, data in change(members(path)).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return to


def test_a_restored_backup_exports_the_same_bytes_on_both_databases(filled, new_folder, databases, tmp_path):
    backup, out = tmp_path / "backup.tar.gz", tmp_path / "out"
    made, exported = filled.run_all(["backup", backup], ["export", "village-water", out])
    assert (made.code, made.errors) == (0, "")
    assert made.out.startswith(f"Backed up to {backup}: ")
    assert exported.code == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600

    # Where the run is about PostgreSQL, a backup of it restores into SQLite as well.
    places = [new_folder, Installation(tmp_path / "elsewhere" / "var")] if databases else [new_folder]
    for index, place in enumerate(places):
        copy, other = tmp_path / f"copy-{index}.tar.gz", tmp_path / f"again-{index}"
        restored, refused = place.run_all(["restore", backup], ["restore", backup])
        # In another process, which reads the key that was restored.
        exported, kept = place.run_all(["export", "village-water", other], ["backup", copy])
        assert (restored.code, restored.errors) == (0, "")
        assert restored.out.startswith(f"Restored {backup}: ")
        assert (refused.code, "a restore never overwrites it." in refused.errors) == (1, True)
        assert (exported.code, kept.code) == (0, 0)
        assert contents(other) == contents(out)
        assert (place.data / "secret-key").read_text() == (filled.data / "secret-key").read_text()
        assert stat.S_IMODE((place.data / "secret-key").stat().st_mode) == 0o600
        # Everything else is the same as well: who there is, what was done, in what order.
        first, second = members(backup), members(copy)
        differing = {name for name in {*first, *second} if first.get(name) != second.get(name)}
        assert differing <= {"backup.json", "manifest-sha256.txt"}
        tables = [json.loads(each["backup.json"])["tables"] for each in (first, second)]
        for each in tables:
            del each["core.BackgroundTask"]["last_key"]  # what is enqueued a second time may use up a key
        assert tables[0] == tables[1]


def test_a_backup_holds_what_it_says_and_nothing_is_lost_between(filled, tmp_path):
    backup = tmp_path / "backup.tar.gz"
    assert filled.run("backup", backup).returncode == 0
    found = members(backup)
    listed = dict(reversed(line.split("  ")) for line in found.pop("manifest-sha256.txt").decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert found["secret-key"].decode() == (filled.data / "secret-key").read_text()
    assert sum(name.startswith("documents/") for name in found) == 1
    assert b"lead@example.org" in found["rows/accounts.Person/000001.jsonl"]


def test_a_backup_never_replaces_a_file(installation, tmp_path):
    (tmp_path / "mine").write_text("mine")
    ran, lost = installation.run_all(["backup", tmp_path / "mine"], ["backup", tmp_path / "no" / "where"])
    assert (ran.code, "already exists. A backup never replaces a file" in ran.errors) == (1, True)
    assert (lost.code, "cannot be written" in lost.errors) == (1, True)
    assert (tmp_path / "mine").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_backup_that_is_damaged_cut_short_or_of_a_newer_version_is_refused_before_anything_is_written(
    filled, new_folder, tmp_path
):
    backup = tmp_path / "backup.tar.gz"
    assert filled.run("backup", backup).returncode == 0

    def other_text(found):
        return found | {
            "rows/accounts.Person/000001.jsonl": found["rows/accounts.Person/000001.jsonl"].replace(b"lead", b"mole")
        }

    def without_end(found):
        return {name: data for name, data in found.items() if name != "manifest-sha256.txt"}

    def with_more(found):
        return {"backup.json": found.pop("backup.json"), "../../evil": b"x", **found}

    def newer(found):
        head = json.loads(found["backup.json"])
        head["migrations"].append(["contributions", "9999_tomorrow"])
        found["backup.json"] = json.dumps(head).encode()
        listed = [line for line in found["manifest-sha256.txt"].decode().splitlines() if "backup.json" not in line]
        listed.append(f"{hashlib.sha256(found['backup.json']).hexdigest()}  backup.json")
        return found | {"manifest-sha256.txt": "\n".join([*listed, ""]).encode()}

    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(backup.read_bytes()[:-3000])
    wrong = {
        "is damaged: rows/accounts.Person/000001.jsonl": rewritten(backup, tmp_path / "1.tar.gz", other_text),
        "is incomplete: the end of the file is missing.": rewritten(backup, tmp_path / "2.tar.gz", without_end),
        "is not a Plenara backup: it contains '../../evil'": rewritten(backup, tmp_path / "3.tar.gz", with_more),
        "a newer version": rewritten(backup, tmp_path / "4.tar.gz", newer),
        "is damaged.": cut,
    }
    for words, ran in zip(wrong, new_folder.run_all(*(["restore", path] for path in wrong.values())), strict=True):
        assert (ran.code, ran.out) == (1, ""), words
        assert words in ran.errors
    assert not (new_folder.data / "documents").exists()


@pytest.mark.django_db
def test_a_key_that_was_given_out_does_not_come_again_after_a_restore():
    person = Person.objects.create_user("a@example.org")
    last = backup.last_key(Person)
    assert last == person.pk
    person.delete()
    assert backup.last_key(Person) == last
    backup.set_last_key(Person, last + 100)
    assert Person.objects.create_user("b@example.org").pk == last + 101


@pytest.mark.django_db
def test_every_table_of_ours_is_kept():
    labels = {model._meta.label for model in backup.tables()}
    assert {
        "accounts.Person",
        "core.AuditEntry",
        "contributions.Text",
        "sessions.Session",
        "documents.Document_writers",
    } <= labels
    assert not {"contenttypes.ContentType", "auth.Permission"} & labels


def test_a_backup_is_made_while_others_write(filled, tmp_path):
    if filled.database_url:
        pytest.skip("PostgreSQL reads one moment by itself; this is about the file of SQLite")
    writer = sqlite3.connect(filled.data / "plenara.sqlite3", isolation_level=None, timeout=5)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE accounts_person SET name = 'Half written'")
    ran = filled.run("backup", tmp_path / "backup.tar.gz")
    writer.execute("ROLLBACK")
    writer.close()
    assert ran.returncode == 0, ran.stderr
    assert b"Half written" not in members(tmp_path / "backup.tar.gz")["rows/accounts.Person/000001.jsonl"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_reported(installation, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    assert "cannot be written" in installation.run("backup", tmp_path / "locked" / "a").stderr
