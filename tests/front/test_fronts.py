"""Several fronts on one port: a further one answers cached pages, and is otherwise as if there were only the first."""

import http.client
import socket
import threading
import time

import pytest

from plenara.front import revisions
from plenara.front.bodies import Room, Rooms
from plenara.front.channel import packed, unpacked
from plenara.front.connection import IDLE_SECONDS
from tests.front.backstage import PUBLIC, Answer, Backstage, Got
from tests.installations import wait_until

pytestmark = pytest.mark.once


@pytest.fixture
def stage():
    with Backstage(with_further=True) as made:
        made.answer = lambda _asked: Answer(body=b"page %d" % len(made.asked))
        yield made


def ask(connection: http.client.HTTPConnection, target: str = "/en/", method: str = "GET", body=None, **headers) -> Got:
    connection.request(method, target, body, headers)
    answer = connection.getresponse()
    return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


def is_with_further(stage, number=1):
    return wait_until(lambda: not stage.front.connections and len(staying(stage)) == number)


def staying(stage):
    """Return the connections of the further front, without those that go to the first one."""
    return [each for each in stage.further.front.connections if not each._leaves]


def learn(stage, connection, target="/en/"):
    """Ask for a page until the further front has it."""
    got = ask(connection, target)
    assert is_with_further(stage)
    return got


def test_a_further_front_has_a_page_from_the_first_and_answers_it_itself(stage):
    reader = stage.connect(further=True)
    assert learn(stage, reader).cache_status == "plenara; fwd=miss; stored"
    before = stage.front.counts.hits, stage.further.front.counts.hits
    got = [ask(reader) for _ in range(5)]
    assert {(each.body, each.cache_status) for each in got} == {(b"page 1", "plenara; hit")}
    assert len(stage.asked) == 1 and stage.front.counts.hits - before[0] <= 5
    assert len(stage.further.front.connections) == 1 and not stage.front.connections
    assert ask(stage.connect()).body == b"page 1"  # the first front has it too


def test_a_connection_that_came_back_may_be_idle_as_long_as_any(stage):
    reader = stage.connect(further=True)
    learn(stage, reader)
    assert wait_until(
        lambda: [each.deadline - stage.further.front.now > IDLE_SECONDS - 5 for each in staying(stage)] == [True]
    )


def test_a_page_is_the_same_from_each_front(stage):
    stage.answer = lambda _asked: Answer(body=b"words " * 200, headers={**PUBLIC, "X-Other": "\xe9", "ETag": '"e"'})
    near, far = stage.connect(), stage.connect(further=True)
    learn(stage, far)
    for headers in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}, {"If-None-Match": '"e"'}):
        one, other = ask(near, **headers), ask(far, **headers)
        assert (one.status, one.body, one.headers) == (
            other.status,
            other.body,
            other.headers | {"date": one.headers["date"]},
        )


def test_a_page_that_changed_is_answered_by_neither_front(stage):
    near, far = stage.connect(), stage.connect(further=True)
    learn(stage, far)
    for gone in (False, True):
        asked = len(stage.asked)
        stage.cache_tags.invalidate(gone=gone)
        bodies = {ask(far).body, ask(near).body}
        assert bodies == {b"page %d" % (asked + 1)}


def test_while_readings_stop_a_further_front_answers_nothing_itself(stage):
    reader = stage.connect(further=True)
    learn(stage, reader)
    stage.cache_tags.is_away = True
    time.sleep(revisions.MOST + 0.05)
    assert ask(reader).cache_status.endswith("detail=database-away")  # so says the first front


def test_a_further_front_that_hears_no_reading_answers_nothing_itself(stage):
    """As when the first front died or hangs."""
    reader = stage.connect(further=True)
    learn(stage, reader)
    stage.front._revisions.publish = lambda: None
    time.sleep(revisions.MOST + 0.05)
    stage.cache_tags.rows = {**stage.cache_tags.rows, "consultation:1": 9}
    time.sleep(revisions.MOST + 0.05)
    assert ask(reader).body == b"page 2"


def test_forms_and_pages_of_a_person_go_on_one_connection(stage):
    stage.answer = lambda asked: Answer(body=asked.body or b"none", headers={"Content-Type": "text/plain"})
    reader = stage.connect(further=True)
    for number in range(3):
        words = b"text=%d&more=" % number + b"x" * 300_000
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert ask(reader, "/en/contribute/", "POST", words, **form).body == words
        assert ask(reader, "/en/my/", Cookie="sessionid=1").body == b"none"
    assert {each.headers["x-plenara-peer"] for each in stage.asked} == {"127.0.0.1"}
    assert [each.method for each in stage.asked] == ["POST", "GET"] * 3
    assert is_with_further(stage)


def test_a_request_in_pieces_and_several_at_once_are_answered_in_turn(stage):
    stage.answer = lambda asked: Answer(body=asked.target.encode())
    with socket.create_connection(("127.0.0.1", stage.further.port), timeout=600) as reader:
        line = b"GET /en/%s/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        reader.sendall(line % b"a")
        assert wait_until(lambda: stage.front.connections)
        reader.sendall(b"\r\n" + line % b"b" + b"\r\n" + line % b"c" + b"Connection: close\r\n\r\n")
        got = b""
        while piece := reader.recv(65_536):
            got += piece
    assert [part.rpartition(b"\r\n\r\n")[2] for part in got.split(b"HTTP/1.1")[1:]] == [b"/en/a/", b"/en/b/", b"/en/c/"]


def test_a_refused_request_is_refused_alike(stage):
    head = b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
    for data in (head % b"a b", head % b"127.0.0.1\r\nA : b", b"nonsense\r\n\r\n"):
        first = stage.send(data)
        with socket.create_connection(("127.0.0.1", stage.further.port), timeout=600) as reader:
            reader.sendall(data)
            got = b""
            while piece := reader.recv(65_536):
                got += piece
        assert got.startswith(b"HTTP/1.1 400 ") and got.splitlines()[0] == first.splitlines()[0]


def test_the_space_for_forms_is_one_for_all_fronts():
    may_answer = threading.Event()
    with Backstage(with_further=True, rooms=Rooms(forms=Room(300_000, 150_000))) as stage:
        stage.answer = lambda _asked: Answer(may_answer=may_answer)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        first = stage.connect(further=True)
        first.request("POST", "/en/", b"text=" + b"x" * 100_000, form)
        assert wait_until(lambda: stage.asked)
        assert ask(stage.connect(), "/en/", "POST", b"text=" + b"x" * 100_000, **form).status == 503
        may_answer.set()
        assert first.getresponse().status == 200


def test_at_its_end_a_further_front_leaves_its_connections_to_the_first(stage):
    readers = [stage.connect(further=True) for _ in range(4)]
    for reader in readers:
        ask(reader)
    assert is_with_further(stage, 4)
    stage.further.stop()
    assert wait_until(lambda: len(stage.front.connections) == 4)
    assert [ask(reader).body for reader in readers] == [b"page 1"] * 4
    assert len(stage.front.connections) == 4  # there is nobody to return them to


def test_metrics_are_of_all_fronts(stage):
    reader = stage.connect(further=True)
    learn(stage, reader)
    for _ in range(10):
        ask(reader)

    def metrics():
        return stage.get("/metrics").body.decode()

    assert wait_until(lambda: stage.further.front.counts.hits == 0)  # they were sent
    assert 'plenara_requests_total{how="hit"} 11' in metrics()
    assert "plenara_fronts 2" in metrics() and "plenara_cache_pages 2" in metrics()


def test_a_page_has_the_same_bytes_in_another_front(stage):
    learn(stage, stage.connect(further=True))
    (key, entry), *_rest = stage.front.cache._plain.entries.items()
    found, names, other = unpacked(packed(key, (b"consult.example", b"https"), entry))
    assert (found, names) == (key, (b"consult.example", b"https"))
    assert (other.stamp, other.cache_tags, other.until, other.etag, other.variants) == (
        entry.stamp, entry.cache_tags, entry.until, entry.etag, entry.variants,
    )  # fmt: skip
