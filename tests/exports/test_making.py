"""Making the files of a record: of one moment, once for each state of it, whole or not at all."""

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import zipfile

import pytest
from django.conf import settings
from django.db import connection

from plenara.bundles.targets import Unwritable
from plenara.consultations.models import Consultation
from plenara.contributions.queries.papers import file_of
from plenara.core.cache_tags import invalidate
from plenara.core.snapshots import snapshot
from plenara.exports import actions
from plenara.exports.queries import files
from plenara.exports.queries.files import FILES
from tests import world
from tests.answers import give_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder():
    return settings.DATA / "exports" / "internet-governance"


def content(made, name):
    return made.path(name).read_bytes()


def test_table_and_lines_have_every_contribution_by_number_with_the_same_values(edition, reply, consultation):
    give_paper(edition)
    made = actions.make(consultation)
    rows = list(csv.DictReader(io.StringIO(content(made, "contributions.csv").decode("utf-8-sig"), newline="")))
    lines = [json.loads(line) for line in content(made, "contributions.jsonl").splitlines()]
    assert [row["symbol"] for row in rows] == [line["symbol"] for line in lines] == [edition.symbol, reply.symbol]
    assert rows[0]["text"] == lines[0]["text"] == world.WORDS
    assert "/en/" in rows[0]["document"]


def test_the_text_has_every_question_with_its_contributions_set_in(edition, reply, consultation, moderator, author):
    second = consultation.threads.get(number=2)
    there = world.published(author, moderator, second, "Words on the second question.")
    text = content(actions.make(consultation), "contributions.txt").decode()
    assert text.index("Question 1:") < text.index(edition.symbol) < text.index(reply.symbol) < text.index("Question 2:")
    assert text.index("Question 2:") < text.index(there.symbol)
    assert "\n    Words on the second question.\n" in text


def test_hostile_words_stay_within_their_line_and_their_cell(hostile, consultation):
    made = actions.make(consultation)
    rows = list(csv.reader(io.StringIO(content(made, "contributions.csv").decode("utf-8-sig"), newline="")))
    lines = content(made, "contributions.jsonl").split(b"\n")[:-1]
    assert len(rows) - 1 == len(lines) == len(hostile)
    assert {json.loads(line)["text"] for line in lines} == {text for text, _name, _edition in hostile}
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_same_record_gives_the_same_bytes_whenever_it_is_made(edition, reply, consultation, folder):
    first = actions.make(consultation).files
    for path in folder.iterdir():
        path.unlink()
    assert actions.make(consultation).files == first


def test_files_are_made_once_for_each_state_of_the_record(edition, consultation, monkeypatch, folder):
    made = []
    monkeypatch.setattr(actions, "export", lambda *args, real=actions.export: (made.append(1), real(*args)))
    actions.make(consultation)
    actions.make(consultation)
    assert len(made) == 1
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    actions.make(consultation)
    assert len(made) == 2
    assert {path.name for path in folder.iterdir()} == {
        "lock", "made.json", *(file.sha256 for file in files.made(consultation).files.values())
    }  # fmt: skip


def test_they_are_made_again_under_another_address_of_the_site(edition, consultation, settings):
    first = actions.make(consultation)
    settings.SITE_URL = "https://elsewhere.example"
    second = actions.make(consultation)
    assert b"https://elsewhere.example/c/" in content(second, "contributions.csv")
    assert second.files["bundle.zip"] == first.files["bundle.zip"]


@pytest.mark.django_db(transaction=True)
def test_all_files_are_of_one_moment_though_others_write_in_the_meantime(
    consultation, author, moderator, thread, monkeypatch
):
    world.published(author, moderator, thread)
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("LEFT OUT: a database in memory has one moment only")

    def meanwhile():
        world.published(author, moderator, thread, "Published while the files were made.")
        connection.close()

    def export(*args, real=actions.export):
        real(*args)
        thread_ = threading.Thread(target=meanwhile)
        thread_.start()
        thread_.join()

    monkeypatch.setattr(actions, "export", export)
    made = actions.make(consultation)
    assert made.record.revision < files.record_of(consultation).revision
    assert len(content(made, "contributions.jsonl").splitlines()) == 1
    assert b"Published while" not in content(made, "contributions.txt")


@pytest.mark.django_db(transaction=True)
def test_a_reading_within_a_reading_is_of_the_same_moment(consultation):
    with snapshot(), snapshot():
        consultation.refresh_from_db()
    with snapshot():
        consultation.refresh_from_db()


@pytest.mark.parametrize("place", ["export", "_write", "save_made"])
def test_a_full_disk_keeps_the_earlier_files_and_says_so(place, edition, consultation, monkeypatch, folder):
    before = actions.make(consultation)
    invalidate(consultation.cache_tag, nothing_withdrawn=True)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(actions, place, full)
    with pytest.raises(actions.DiskFull):
        actions.make(consultation)
    assert files.made(consultation) == before
    assert not [path for path in folder.iterdir() if path.name.startswith("part.")]


def test_a_damaged_paper_keeps_the_earlier_files(edition, consultation):
    before = actions.make(consultation)
    file_of(give_paper(edition)).write_bytes(b"other bytes")
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    with pytest.raises(Unwritable):
        actions.make(consultation)
    assert files.made(consultation) == before


def test_what_a_kill_left_is_taken_away(edition, consultation, folder):
    (folder / "part.killed").mkdir(parents=True)
    (folder / "part.killed" / "bundle.zip").write_bytes(b"half")
    (folder / ("0" * 64)).write_bytes(b"put in place, and then killed")
    actions.make(consultation)
    assert sorted(path.name for path in folder.iterdir() if path.name[:4] in {"part", "0000"}) == []


@pytest.mark.once
@pytest.mark.parametrize("place", ["_write_from_the_record", "bagit.write", "save_made", "delete_older"])
def test_a_kill_at_any_point_leaves_the_earlier_files_or_all_new_ones(
    place, edition, consultation, folder, monkeypatch
):
    before = actions.make(consultation)
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    owner, name = (actions.bagit, "write") if place == "bagit.write" else (actions, place)

    def killed(*_args):
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        setattr(owner, name, killed)
        try:
            actions.make(consultation)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    found = files.made(consultation)
    assert found is not None
    assert (found.record == before.record) == (place != "delete_older")
    assert actions.make(consultation).record.revision == before.record.revision + 1


def test_whoever_makes_them_holds_the_folder_alone(folder):
    with actions.lock_folder(files.folder_of(Consultation(slug=folder.name))):
        script = (
            "import fcntl, sys\n"
            f"file = open({str(folder / 'lock')!r}, 'w')\n"
            "try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
            "except BlockingIOError: sys.exit(7)\n"
        )
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 7


def test_a_record_without_contributions_has_files_too(consultation):
    made = actions.make(consultation)
    assert set(made.files) == set(FILES)
    assert content(made, "contributions.jsonl") == b""
    assert zipfile.ZipFile(made.path("bundle.zip")).testzip() is None
