"""`plenara check` holds the files of records against the records."""

import datetime

import pytest

from plenara.contributions.actions import withdraw
from plenara.core import clock, tasks
from plenara.exports import actions, integrity
from plenara.exports.queries import files
from plenara.operations import health
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(edition, consultation):
    return actions.make(consultation)


def later(**how):
    return clock.at(clock.now() + datetime.timedelta(**how))


def test_nothing_is_reported_of_files_of_the_present_record(made):
    with later(days=30):
        assert list(integrity.errors()) == []


def test_what_was_never_made_is_reported_once_it_should_have_been(edition):
    assert list(integrity.errors()) == []
    with later(minutes=20):
        [error] = integrity.errors()
    assert "internet-governance: the files have not been created, although the record changed (" in error


def test_a_damaged_and_a_missing_file_are_named(made, consultation):
    file = made.path("contributions.txt")
    content = file.read_bytes()
    file.write_bytes(bytes(len(content)))
    assert files.made(consultation) is not None  # its size is right: no request reads a whole file
    made.path("bundle.zip").unlink()
    damaged, missing = sorted(integrity.errors(), reverse=True)
    assert "contributions.txt is damaged. Delete the folder" in damaged
    assert "bundle.zip cannot be read" in missing


@pytest.mark.parametrize(("small", "in_time", "late"), [(10**9, 10, 20), (0, 70, 80)])
def test_files_that_are_behind_are_reported_with_the_moment(
    small, in_time, late, made, participant, moderator, thread, monkeypatch
):
    monkeypatch.setattr(actions, "SMALL", small)
    world.published(participant, moderator, thread, "One thing more.")
    with later(minutes=in_time):
        assert list(integrity.errors()) == []
    with later(minutes=late):
        [error] = integrity.errors()
    assert "and not again, although the record changed" in error


def test_files_that_are_withheld_too_long_are_reported_with_the_reason(made, edition, author, monkeypatch):
    withdraw(actor=author, contribution=edition.contribution)
    monkeypatch.setattr(actions, "export", lambda *_args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    actions.enqueue_exports()
    tasks.run_all(besides=[kind for kind in tasks._tasks if kind != "exports.make_export"])
    with later(minutes=20):
        [error] = integrity.errors()
        assert "withheld" in error
        assert "The last attempt failed: DiskFull." in error
        assert [each.sentence for each in health._exports()] == [error]
