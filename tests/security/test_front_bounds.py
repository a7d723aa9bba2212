"""What one stranger can take of the front: memory, disk, connections and the place of others' pages are bounded."""

import contextlib
import resource
import socket
import time

import pytest

from plenara.front import connection as connections
from tests.front.backstage import PUBLIC, Answer, Backstage
from tests.installations import wait_until

pytestmark = pytest.mark.once

HOST = b"Host: 127.0.0.1\r\n"
CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture
def stage():
    with Backstage() as made:
        made.answer = lambda asked: Answer(headers=PLAIN, body=asked.body or b"ok")
        yield made


def connected(stage, seconds=10.0):
    """Return a connection to the front."""
    return socket.create_connection(("127.0.0.1", stage.port), timeout=seconds)


#: Seconds within which a busy machine does what is to be done in half a one: fewer than a front waits by itself.
SOON = 15


def is_ended(sock):
    """Say whether the other side ends a connection soon, whatever it says before."""
    sock.settimeout(SOON)
    try:
        while sock.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def test_what_follows_the_chunks_is_no_place_for_a_gigabyte(stage):
    """Trailer fields (RFC 9112, 7.1.2): a value that never ends is not kept in memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = 0
    with connected(stage) as sock, contextlib.suppress(ConnectionError, TimeoutError):
        sock.sendall(CHUNKED + b"1\r\nx\r\n0\r\nX-Trailer: ")
        for _piece in range(640):
            sock.sendall(b"a" * 100_000)
            sent += 100_000
    assert sent < 64_000_000, "all of it was taken"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32_000  # kilobytes
    assert stage.asked == []


def test_trailers_are_none_of_the_requests_headers(stage):
    got = stage.send(CHUNKED + b"1\r\nx\r\n0\r\nAuthorization: x\r\nX-Plenara-Peer: 1.2.3.4\r\nCookie: a=b\r\n\r\n")
    assert got.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
    for each in stage.asked:
        assert each.headers["x-plenara-peer"] == "127.0.0.1"
        assert not {"authorization", "cookie"} & each.headers.keys()


def test_extensions_of_chunks_are_passed_over_and_bounded(stage):
    got = stage.send(CHUNKED + b"1;a=b;c\r\nx\r\n0\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200")
    assert [each.body for each in stage.asked] == [b"x"]


@pytest.mark.parametrize(
    "begun", [b"GET /en/ HTTP/1.1\r\nHost: 127", b"GET /en/ HTTP/1.1\r\n" + HOST + b"X-A: a", b"G"]
)
def test_a_head_that_never_ends_is_not_waited_for(stage, monkeypatch, begun):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.4)
    with connected(stage) as sock:
        sock.sendall(begun)
        assert is_ended(sock)
    assert stage.asked == []


def test_a_head_that_drips_is_not_waited_for(stage, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    with connected(stage) as sock, contextlib.suppress(ConnectionError):
        sock.sendall(b"GET /en/ HTTP/1.1\r\n" + HOST)
        for _line in range(10 * SOON):
            sock.sendall(b"X-A: b\r\n")
            time.sleep(0.1)
        pytest.fail("all lines were waited for")
    assert stage.asked == []


def test_a_body_that_stops_is_not_waited_for(stage, monkeypatch):
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.4)
    with connected(stage) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\nhalf")
        assert is_ended(sock)
    assert stage.asked == []


def test_who_does_not_read_keeps_no_connection_for_ever(stage, monkeypatch):
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.5)
    page = b"x" * 1_500_000
    stage.answer = lambda _asked: Answer(headers=PUBLIC, body=page)
    stage.get("/en/")
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        sock.connect(("127.0.0.1", stage.port))
        assert wait_until(lambda: stage.front.connections)
        for _k in range(20):
            sock.sendall(b"GET /en/ HTTP/1.1\r\n" + HOST + b"\r\n")
        assert wait_until(lambda: not stage.front.connections), "a reader who reads nothing is let go"


def test_a_long_body_in_small_chunks_is_taken(stage):
    with connected(stage, 30) as sock:
        sock.sendall(CHUNKED + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 200")
    assert [len(each.body) for each in stage.asked] == [100_000]


def test_idle_connections_make_room_for_new_ones(stage, monkeypatch):
    monkeypatch.setattr(stage.front, "most_connections", 20)
    with contextlib.ExitStack() as opened:
        for _k in range(40):
            with contextlib.suppress(OSError):
                opened.enter_context(connected(stage))
        assert stage.get("/en/").status == 200


def test_spellings_of_one_path_push_out_no_page():
    """RFC 3986, 6.2.2: `%65` is an `e`. What holds made-up queries off must hold made-up spellings off too."""
    with Backstage(room=400_000) as stage:
        stage.answer = lambda asked: Answer(headers=PUBLIC, body=b"x" * 3_000)
        stage.get("/en/hot/")
        for number in range(300):
            bits = "".join(f"%{ord(each):02x}" if number >> k & 1 else each for k, each in enumerate("otherpage"))
            stage.get(f"/en/{bits}/")
        asked = len(stage.asked)
        assert "hit" in stage.get("/en/hot/").cache_status
        assert len(stage.asked) == asked


def test_made_up_queries_push_out_no_page_and_memory_stays_bounded():
    with Backstage(room=400_000) as stage:
        stage.answer = lambda asked: Answer(headers={**PUBLIC, "X-Plenara-Parameters": "*"}, body=b"x" * 3_000)
        stage.get("/en/hot/")
        for number in range(500):
            stage.get(f"/en/other/?q={number}")
        assert "hit" in stage.get("/en/hot/").cache_status
        assert stage.front.cache.used <= 400_000


def test_a_page_for_a_signed_in_reader_is_never_kept(stage):
    stage.answer = lambda asked: Answer(
        headers={"Content-Type": "text/html", "Cache-Control": "private, no-store"},
        body=asked.headers.get("cookie", "nobody").encode(),
    )
    assert stage.get("/en/my/", Cookie="sessionid=alice").body == b"sessionid=alice"
    assert stage.get("/en/my/").body == b"nobody"
    assert stage.get("/en/my/", Cookie="sessionid=bob").body == b"sessionid=bob"
    assert len(stage.front.cache) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "sessionid=x"},
        {"Vary": "Cookie"},
        {"Vary": "Accept-Encoding, Accept-Language"},
        {"Content-Encoding": "gzip"},
    ],
)
def test_what_says_that_it_is_somebodys_is_not_kept_even_if_it_names_cache_tags(stage, headers):
    stage.answer = lambda _asked: Answer(headers={**PUBLIC, **headers})
    stage.get("/en/")
    stage.get("/en/")
    assert len(stage.asked) == 2
    assert len(stage.front.cache) == 0


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 410, 429, 500, 503])
def test_only_a_whole_page_is_kept(stage, status):
    stage.answer = lambda _asked: Answer(status=status, headers=dict(PUBLIC))
    stage.get("/en/")
    stage.get("/en/")
    assert len(stage.asked) == 2


@pytest.mark.parametrize(
    "name",
    [
        "X-Plenara-Cache-Tags",
        "X-Plenara-Front",
        "X-Plenara-Peer",
        "x-plenara-unsure",
        "X_Plenara_Peer",
        "X-PLENARA-UNTIL",
    ],
)
def test_nobody_outside_speaks_for_the_front(stage, name):
    line = f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{name}: evil\r\nConnection: close\r\n\r\n"
    stage.send(line.encode())
    (asked,) = stage.asked
    assert "evil" not in asked.headers.values()
    assert asked.headers["x-plenara-peer"] == "127.0.0.1"


def test_headers_for_the_front_alone_reach_no_reader(stage):
    stage.answer = lambda _asked: Answer(headers={**PUBLIC, "X-Plenara-Spent": "5", "X-Plenara-Until": "9999999999"})
    for _k in range(2):
        assert not [name for name in stage.get("/en/").headers if name.startswith("x-plenara")]
