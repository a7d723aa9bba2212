"""The worker gives way, for a moment, to those who send forms and write: they wait at a screen, a task does not."""

import contextlib
import fcntl
import threading

import pytest

from plenara.core import transaction
from plenara.operations import worker


@pytest.fixture
def write_lock(db, tmp_path, monkeypatch):
    """The write lock of a database in a file; taking it acts as another process."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL needs no write lock")
    path = tmp_path / "plenara.sqlite3.write-lock"
    monkeypatch.setattr(transaction, "_path", lambda: path)

    @contextlib.contextmanager
    def taken():
        with path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    return taken


class Stop(threading.Event):
    """What asks the worker to stop; it counts how often it was waited for."""

    waits = 0

    def wait(self, timeout=None):
        self.waits += 1
        return super().wait(timeout)


def test_the_write_lock_is_busy_while_another_process_has_its_turn_and_asking_takes_nobodys(write_lock):
    assert not transaction.is_busy()
    with write_lock():
        assert transaction.is_busy()
    with transaction.write_lock():
        pass
    assert not transaction.is_busy()


def test_where_nobody_writes_the_worker_does_not_wait(write_lock):
    stop = Stop()
    worker._give_way(stop)
    assert stop.waits == 0


def test_the_worker_goes_on_when_the_others_have_had_their_turns(write_lock, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 60)
    with write_lock():
        waiting = threading.Thread(target=worker._give_way, args=[threading.Event()])
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert not waiting.is_alive()


def test_the_worker_waits_for_a_moment_and_not_for_good(write_lock, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 0.1)
    stop = Stop()
    with write_lock():
        worker._give_way(stop)
    assert stop.waits > 0


def test_a_worker_that_is_asked_to_stop_waits_no_longer(write_lock, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 60)
    stop = threading.Event()
    stop.set()
    with write_lock():
        worker._give_way(stop)


def test_a_database_in_memory_has_no_write_lock_to_ask(db):
    assert not transaction.is_busy()
