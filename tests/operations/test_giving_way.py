"""The worker gives way, for a moment, to those who send forms and write: they wait at a screen, a task does not."""

import contextlib
import fcntl
import threading

import pytest
from django.db import connection

from plenara.core import transaction
from plenara.operations import worker


@pytest.fixture
def other(db, tmp_path, monkeypatch):
    """Acts, in a block, as another process that writes."""
    path = tmp_path / "plenara.sqlite3.write-lock"
    if connection.vendor == "sqlite":
        monkeypatch.setattr(transaction, "_path", lambda: path)

    @contextlib.contextmanager
    def writes():
        if connection.vendor == "postgresql":
            with another_session() as session:
                session.execute("SELECT pg_current_xact_id()")
                see_others()
                yield
            see_others()
            return
        with path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    return writes


def see_others():
    """Let the transaction of this test, unlike the worker, see other sessions as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")


@contextlib.contextmanager
def another_session():
    """Another session of this PostgreSQL database, whose transaction begins with its first statement."""
    session = connection.get_new_connection({**connection.get_connection_params(), "autocommit": False})
    with contextlib.closing(session):
        yield session
        session.rollback()  # a session that is closed may write for a moment more


class Stop(threading.Event):
    """What asks the worker to stop; it counts how often it was waited for."""

    waits = 0

    def wait(self, timeout=None):
        self.waits += 1
        return super().wait(timeout)


def test_it_is_busy_while_another_process_writes_and_asking_takes_nobodys_turn(other):
    assert not transaction.is_busy()
    with other():
        assert transaction.is_busy()
    with transaction.write_lock():
        pass
    assert not transaction.is_busy()


def test_where_nobody_writes_the_worker_does_not_wait(other):
    stop = Stop()
    worker._give_way(stop)
    assert stop.waits == 0


def give_way():
    """What the worker does in a thread, and with a connection of its own."""
    try:
        worker._give_way(threading.Event())
    finally:
        connection.close()


def test_the_worker_goes_on_when_the_others_have_had_their_turns(other, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 60)
    with other():
        waiting = threading.Thread(target=give_way)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert not waiting.is_alive()


def test_the_worker_waits_for_a_moment_and_not_for_good(other, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 0.1)
    stop = Stop()
    with other():
        worker._give_way(stop)
    assert stop.waits > 0


def test_a_worker_that_is_asked_to_stop_waits_no_longer(other, monkeypatch):
    monkeypatch.setattr(worker, "GIVES_WAY", 60)
    stop = threading.Event()
    stop.set()
    with other():
        worker._give_way(stop)


@pytest.mark.parametrize(("statement", "longest"), [("SELECT 1", 1), ("SELECT pg_current_xact_id()", 0)])
def test_on_postgresql_neither_readers_nor_long_transactions_are_waited_for(db, monkeypatch, statement, longest):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and its readers have no lock")
    monkeypatch.setattr(transaction, "_LONG", longest)
    with another_session() as session:
        session.execute(statement)
        see_others()
        assert not transaction.is_busy()


def test_a_database_in_memory_has_no_write_lock_to_ask(db):
    assert not transaction.is_busy()
