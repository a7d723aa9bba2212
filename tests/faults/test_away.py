"""A service is away for a while: the database, Redis, the mail server."""

import shutil
import signal
import subprocess
import time

import pytest

from tests.faults import record
from tests.faults.crowd import PAGES, Crowd, used
from tests.faults.postbox import Postbox
from tests.faults.served import BOUND, Served
from tests.installations import free_port, get, wait_until


@pytest.fixture
def postbox():
    """A mail server that is there."""
    made = Postbox()
    made.start()
    yield made
    made.stop()


def is_whole(installation, crowd):
    """Return what was found of the record, having seen that nobody was answered what they should not be."""
    found = record.look(installation, crowd.receipts)
    assert (found.lost, found.never, crowd.wrong) == (frozenset(), {}, [])
    return found


def test_the_database_is_away(on_postgresql, cluster, table, seconds_away):
    with Served(on_postgresql) as served:
        with Crowd(on_postgresql, served.port) as crowd:
            used(crowd)
            for page in PAGES:
                assert get(served.port, page)[0] == 200
            cluster.stop()
            try:
                time.sleep(seconds_away)
                assert [get(served.port, page)[0] for page in PAGES] == [200] * len(PAGES)
                assert get(served.port)[0] == 503
                during = len(crowd.receipts)
                time.sleep(1)
                assert len(crowd.receipts) == during
            finally:
                cluster.start()
            recovery = used(crowd)
        table.add(f"database away, {seconds_away} s", 1, crowd, record.look(on_postgresql, crowd.receipts), [recovery])
        is_whole(on_postgresql, crowd)
        assert crowd.refused > 0 and crowd.refused_with_text == crowd.refused
        assert crowd.stale > 0 and (crowd.not_shown, crowd.broken) == (0, 0)


def test_the_database_stops_ten_times_while_ten_clients_send_forms(on_postgresql, cluster, table):
    """Forms fail wherever they are at that moment: in a query, between two, or at a new connection."""
    recoveries = []
    with Served(on_postgresql) as served:
        with Crowd(on_postgresql, served.port, clients=10) as crowd:
            used(crowd)
            for turn in range(10):
                (cluster.kill if turn % 3 == 2 else cluster.stop)()
                time.sleep(turn % 4)
                cluster.start()
                recoveries.append(used(crowd))
        table.add("database stopped", 10, crowd, record.look(on_postgresql, crowd.receipts), recoveries)
        is_whole(on_postgresql, crowd)
        assert crowd.refused > 0 and crowd.refused_with_text == crowd.refused


def test_redis_is_away(on_postgresql, table, seconds_away):
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("neither Redis nor Valkey on this machine")
    port = free_port()

    def start():
        return subprocess.Popen(
            [program, "--port", str(port), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    redis = start()
    on_postgresql.names["PLENARA_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    try:
        with Served(on_postgresql) as served:
            with Crowd(on_postgresql, served.port) as crowd:
                used(crowd)
                redis.send_signal(signal.SIGKILL)
                redis.wait()
                began = time.monotonic()
                while time.monotonic() - began < seconds_away:
                    used(crowd, 1)  # whoever writes or reads notices nothing
                redis = start()
                used(crowd)
            found = is_whole(on_postgresql, crowd)
            table.add(f"Redis away, {seconds_away} s", 1, crowd, found, [])
            assert (crowd.refused, crowd.not_shown, crowd.broken) == (0, 0, 0)
    finally:
        redis.kill()
        redis.wait()


def test_the_mail_server_is_away(on_sqlite, postbox, table, seconds_away):
    on_sqlite.names |= postbox.names
    with Served(on_sqlite) as served:
        with Crowd(on_sqlite, served.port, persons=10) as crowd:
            used(crowd)
            postbox.stop()
            end = time.monotonic() + seconds_away
            used(crowd, 3)
        time.sleep(max(0, end - time.monotonic()))
        assert record.queued(on_sqlite) > 0
        postbox.start()
        began = time.monotonic()
        # Nobody is written to sooner than the back-off says, which grows with how long the server was away.
        assert wait_until(lambda: record.queued(on_sqlite) == 0, 3 * seconds_away + 2 * BOUND)
        recovery = time.monotonic() - began
        found = is_whole(on_sqlite, crowd)
        receipts = on_sqlite.ask("SELECT count(*) FROM core_backgroundtask WHERE key LIKE 'receipt-%'")[0][0]
        table.add(f"mail server away, {seconds_away} s", 1, crowd, found, [recovery])
        assert len(postbox.letters) >= receipts >= len(crowd.receipts)
        assert (crowd.refused, crowd.not_shown, crowd.broken) == (0, 0, 0)


def test_half_of_the_mails_are_bounced(on_sqlite, postbox, table):
    def refuses(address):
        return int(address.removeprefix("person").partition("@")[0]) % 2 == 0

    postbox.refuses = refuses
    on_sqlite.names |= postbox.names
    with Served(on_sqlite) as served:
        with Crowd(on_sqlite, served.port, persons=20) as crowd:
            used(crowd, 20)
        assert wait_until(lambda: record.queued(on_sqlite) == 0, 2 * BOUND)
        found = is_whole(on_sqlite, crowd)
        given_up = on_sqlite.ask("SELECT count(*) FROM core_backgroundtask WHERE failed_at IS NOT NULL")[0][0]
        written = on_sqlite.ask(
            "SELECT count(*) FROM core_backgroundtask WHERE key LIKE 'receipt-%' AND done_at IS NOT NULL"
        )
        table.add(f"{given_up} mails bounced of {given_up + written[0][0]}", 1, crowd, found, [])
        assert given_up > 0 and written[0][0] > 0
        # Everybody who is not refused has their e-mail; refused ones are tried once; and everything was accepted.
        assert not any(refuses(address) for _number, address in postbox.letters)
        assert on_sqlite.ask("SELECT max(attempts) FROM core_backgroundtask WHERE failed_at IS NOT NULL") == [(1,)]
        assert (crowd.refused, crowd.not_shown, crowd.broken) == (0, 0, 0)


def test_the_object_storage_is_away(on_sqlite, table, seconds_away):
    pytest.importorskip("moto.server", reason="moto, which stands for the storage, is not installed")
    from tests.faults.bucket import Storage

    storage = Storage()
    on_sqlite.names |= storage.names
    try:
        storage.start()
        with Served(on_sqlite) as served:
            with Crowd(on_sqlite, served.port, persons=40) as crowd:
                used(crowd)
                with_paper = crowd.form_with_paper()
                storage.stop()
                end = time.monotonic() + seconds_away
                answer = with_paper.send()
                crowd.note_refusal(answer, with_paper)
                while time.monotonic() < end:
                    used(crowd, 1)  # words need no storage
                storage.start()
                began = time.monotonic()
                assert wait_until(lambda: with_paper.send().status_code == 302, BOUND)
                recovery = time.monotonic() - began
            found = is_whole(on_sqlite, crowd)
            table.add(f"object storage away, {seconds_away} s", 1, crowd, found, [recovery])
            # The form with a file is refused with a sentence and keeps its text; then it is taken, with the file.
            assert answer.status_code in {422, 503}
            assert crowd.refused == crowd.refused_with_text == 1
            assert on_sqlite.ask("SELECT count(*) FROM contributions_version WHERE paper_id IS NOT NULL") == [(1,)]
            assert (crowd.not_shown, crowd.broken) == (0, 0)
    finally:
        storage.stop()
