"""`plenara serve` with several fronts on one port: whichever dies is started again, and no answer is wrong."""

import http.client
import os
import signal
from pathlib import Path

import pytest

from plenara.operations import front_process
from tests.installations import children, free_port, kill, wait_until

pytestmark = pytest.mark.once

FRONTS = {"plenara-front", "plenara-front-2"}


@pytest.fixture
def server(installation):
    installation.port = free_port()
    started = installation.start("serve", "--port", installation.port, "--fronts", "2")
    try:
        assert wait_until(lambda: set(fronts(started)) == FRONTS and ask(connect(installation)) == 200)
        yield started
    finally:
        kill(started)


def fronts(server):
    named = {Path(f"/proc/{pid}/comm").read_text().strip(): pid for pid in children(server.pid)}
    return {name: pid for name, pid in named.items() if name.startswith("plenara-front")}


def connect(installation):
    return http.client.HTTPConnection("127.0.0.1", int(installation.port), timeout=600)


def ask(connection, path="/en/"):
    """Return the status of an answer with all its bytes; None if the connection has ended before it began."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):
        connection.close()
        return None
    body = answer.read()
    assert b"</html>" in body
    return answer.status


@pytest.mark.parametrize("name", sorted(FRONTS))
def test_a_front_that_dies_is_started_again_and_the_others_clients_notice_nothing(installation, server, name):
    readers = [connect(installation) for _ in range(40)]
    assert [ask(reader) for reader in readers] == [200] * 40
    victim = fronts(server)[name]
    os.kill(victim, signal.SIGKILL)
    # The connections of the dead front have ended; all others are answered, if need be by the next first front.
    answers = [ask(reader) for reader in readers]
    assert set(answers) <= {200, None}
    assert wait_until(lambda: set(fronts(server)) == FRONTS and victim not in fronts(server).values())
    assert [ask(reader) for reader in readers] == [200] * 40


def test_both_take_connections_and_their_process_ends_in_order(installation, server):
    readers = []

    def another_one_has_come_to_each():
        readers.append(connect(installation))
        assert ask(readers[-1]) == 200
        files = [Path(f"/proc/{pid}/fd") for pid in fronts(server).values()]
        return min(sum("socket:" in os.readlink(each) for each in folder.iterdir()) for folder in files) > 12

    assert wait_until(another_one_has_come_to_each)
    server.send_signal(signal.SIGTERM)
    assert {ask(reader) for reader in readers} <= {200, None}  # some had their last request already
    assert server.wait(600) == 0


@pytest.mark.parametrize(("processors", "number"), [(1, 1), (2, 1), (3, 2), (4, 2), (6, 3), (64, 4)])
def test_the_number_of_fronts_follows_that_of_the_processors(monkeypatch, processors, number):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(processors)))
    assert front_process.number_of_fronts() == number
