"""When the files of a record are made: soon after a publication, hourly once large; at once if something went."""

import csv
import datetime
import io

import pytest
from django.conf import settings

from plenara.contributions.actions import withdraw
from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.exports import actions
from plenara.exports.queries import files
from plenara.operations import worker
from tests import world
from tests.answers import get

pytestmark = pytest.mark.django_db
BUNDLE, TABLE = "/exports/internet-governance/bundle.zip", "/exports/internet-governance/contributions.csv"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def large(monkeypatch):
    """Whatever files there are, they count as large."""
    monkeypatch.setattr(actions, "SMALL", 0)


def round_of_the_worker(at):
    """Let the worker come round at a moment: it enqueues what is to be made, and makes what is due."""
    with clock.at(at):
        queued = actions.enqueue_exports()
        tasks.run_all(besides=[kind for kind in tasks._tasks if kind != "exports.make_export"])
        return queued


def table(client):
    """Return the texts of the table that can be downloaded."""
    rows = csv.DictReader(io.StringIO(get(client, TABLE).decode("utf-8-sig"), newline=""))
    return [row["text"] for row in rows]


def waiting():
    return BackgroundTask.objects.filter(task="exports.make_export", done_at=None, failed_at=None)


def test_the_first_files_are_made_in_the_workers_next_round(client, edition, now):
    assert client.get(BUNDLE).status_code == 503
    assert round_of_the_worker(now) == 1
    assert client.get(BUNDLE).status_code == 200
    assert round_of_the_worker(now) == 0  # nothing has changed since


def test_first_publications_are_in_the_files_after_the_workers_next_round(
    client, consultation, participant, moderator, thread, now
):
    """The files of a record are made once it is announced, with nothing in them; no hour is waited for after that."""
    round_of_the_worker(now)
    assert table(client) == []
    for minutes in (1, 2, 30):
        world.published(participant, moderator, thread, f"After {minutes} minutes.")
        round_of_the_worker(now + datetime.timedelta(minutes=minutes, seconds=59))
        assert table(client)[-1] == f"After {minutes} minutes."
    assert not waiting().exists()


def test_between_its_rounds_the_worker_looks_for_changed_records_every_fifteen_seconds(
    edition, participant, moderator, thread, monkeypatch
):
    queued = []
    monkeypatch.setattr(worker, "_enqueue_what_is_due", lambda *what: queued.append(what))
    seconds = iter((0, 5, 16, 32, 70))
    monkeypatch.setattr(worker.time, "monotonic", lambda: next(seconds))
    rounds = worker.Rounds()
    rounds.come()  # a whole round
    rounds.come()  # too early to look
    rounds.come()  # nothing has changed
    world.published(participant, moderator, thread, "One thing more.")
    rounds.come()
    rounds.come()
    assert queued == [(), ((actions.enqueue_exports,),), ()]


def test_a_record_is_large_by_the_bytes_of_its_files(edition, consultation, now, monkeypatch):
    made = actions.make(consultation)
    for small, then in ((made.size, made.made_at), (made.size - 1, made.made_at + actions.PAUSE)):
        monkeypatch.setattr(actions, "SMALL", small)
        assert actions.next_at(made) == then


def test_it_is_queued_once_however_many_workers_come_round(edition, now):
    assert actions.enqueue_exports() == 1
    assert actions.enqueue_exports() == 0


def test_a_large_record_that_grows_all_the_time_is_made_once_an_hour(
    client, edition, participant, moderator, thread, now, large
):
    round_of_the_worker(now)
    first = get(client, BUNDLE)
    for minutes in (1, 30, 59):
        at = now + datetime.timedelta(minutes=minutes)
        world.published(participant, moderator, thread, f"After {minutes} minutes.")
        round_of_the_worker(at)
        assert get(client, BUNDLE) == first
    assert waiting().count() == 1
    round_of_the_worker(now + datetime.timedelta(minutes=61))
    assert get(client, BUNDLE) != first
    assert not waiting().exists()


def test_what_went_is_not_waited_for_though_an_hourly_one_is_pending(
    client, edition, participant, author, moderator, thread, now, large
):
    round_of_the_worker(now)
    world.published(participant, moderator, thread, "One thing more.")
    round_of_the_worker(now + datetime.timedelta(minutes=1))
    assert waiting().count() == 1
    withdraw(actor=author, contribution=edition.contribution)
    assert client.get(BUNDLE).status_code == 503
    assert round_of_the_worker(now + datetime.timedelta(minutes=2)) == 1
    assert client.get(BUNDLE).status_code == 200


def test_the_hourly_one_that_waited_makes_nothing_too_early(
    edition, reply, participant, author, moderator, thread, consultation, now, large
):
    round_of_the_worker(now)
    world.published(participant, moderator, thread, "One thing more.")
    round_of_the_worker(now + datetime.timedelta(minutes=1))
    withdraw(actor=author, contribution=edition.contribution)
    round_of_the_worker(now + datetime.timedelta(minutes=30))
    world.published(participant, moderator, thread, "And another.")
    for minutes in (31, 61, 89):
        round_of_the_worker(now + datetime.timedelta(minutes=minutes))
        made_at = files.made(consultation).made_at
        assert made_at == now + datetime.timedelta(minutes=30)
    round_of_the_worker(now + datetime.timedelta(minutes=91))
    assert files.made(consultation).made_at == now + datetime.timedelta(minutes=91)


def test_files_that_were_deleted_are_made_again(client, edition, now):
    round_of_the_worker(now)
    folder = settings.DATA / "exports" / "internet-governance"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert round_of_the_worker(now + datetime.timedelta(minutes=1)) == 1
    assert client.get(BUNDLE).status_code == 200


def test_one_that_fails_is_not_queued_beside_itself_and_comes_back(client, edition, now, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "export", full)
        assert round_of_the_worker(now) == 1
        assert round_of_the_worker(now + datetime.timedelta(minutes=1)) == 0
    [failed] = waiting()
    assert failed.last_error == "DiskFull"
    assert client.get(BUNDLE).status_code == 503
    round_of_the_worker(now + datetime.timedelta(minutes=5))
    assert client.get(BUNDLE).status_code == 200


def test_a_task_queued_by_an_earlier_program_is_done(edition, consultation):
    named = {"consultation_id": consultation.pk}
    BackgroundTask.objects.create(task="exports.make_export", key="export-1-1", arguments=named)
    tasks.run_all(besides=[kind for kind in tasks._tasks if kind != "exports.make_export"])
    assert files.made(consultation)


def test_a_draft_has_no_files(consultation):
    consultation.stage = "draft"
    consultation.save()
    assert actions.enqueue_exports() == 0


@pytest.mark.once
def test_a_round_takes_the_same_queries_for_one_record_and_for_many(edition, django_assert_num_queries):
    round_of_the_worker(clock.now())
    with django_assert_num_queries(6):
        actions.enqueue_exports()
    for number in range(5):
        actions.make(world.consultation(f"another-{number}"))
    with django_assert_num_queries(6):
        actions.enqueue_exports()
