"""What the front lets in: one request is one request behind, and what could be taken for two is refused."""

import pytest

from tests.front.backstage import Answer, Backstage
from tests.installations import wait_until

pytestmark = pytest.mark.once
HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture
def stage():
    with Backstage() as made:
        made.answer = lambda asked: Answer(headers={"Content-Type": "text/plain"}, body=asked.body or b"ok")
        yield made


REFUSED = {
    "a length and chunks": (POST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\nX", 400),
    "chunks and a length": (POST + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\nX", 400),
    "two lengths": (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400),
    "two lengths that are alike": (POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
    "a list of lengths": (POST + b"Content-Length: 5, 5\r\n\r\nhello", 400),
    "a length with a sign": (POST + b"Content-Length: +5\r\n\r\nhello", 400),
    "a coding nobody knows": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    "two codings": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "chunked twice": (POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length : 5\r\n\r\nhello", 400),
    "a folded header": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c\r\n\r\n", 400),
    "a zero byte": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\0c\r\n\r\n", 400),
    "a bare line feed in a value": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\nX-B: c\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n", 400),
    "an odd host": (b"GET / HTTP/1.1\r\nHost: evil example\r\n\r\n", 400),
    "a host with a user": (b"GET / HTTP/1.1\r\nHost: a@127.0.0.1\r\n\r\n", 400),
    "a whole address": (b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a fragment": (b"GET /en/#x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "raw bytes in the target": (b"GET /en/\xd0\xb0 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a long target": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "large headers": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    "many headers": (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 200 + b"\r\n", 431),
    "a body too large": (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
    "a tunnel": (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "an echo": (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "another protocol": (b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 501),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 505),
    "noise": (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_be_taken_for_another_request_is_refused_and_nobody_behind_hears_of_it(stage, name):
    data, status = REFUSED[name]
    got = stage.send(data)
    assert got.startswith(b"HTTP/1.1 "), got
    assert int(got[9:12]) == status
    assert got.count(b"HTTP/1.1 ") == 1
    assert stage.asked == []


def test_it_is_refused_as_well_where_the_page_is_in_the_cache():
    with Backstage() as stage:
        assert stage.get("/").body == stage.get("/").body
        for data, status in REFUSED.values():
            assert int(stage.send(data)[9:12]) == status, data
        assert len(stage.asked) == 1


def test_a_refusal_ends_the_connection_whatever_follows(stage):
    got = stage.send(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert got.count(b"HTTP/1.1 ") == 1
    assert stage.asked == []


GARBAGE = {
    "words": b"garbage\r\n\r\n",
    "a field more than was announced": b"&more=1",
    "noise": b"\x16\x03\x01\x02",
    "a request with an odd host": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("framing", ["a length", "chunks"])
def test_a_form_that_was_taken_is_answered_as_one_though_garbage_follows_it(stage, garbage, framing):
    stage.answer = lambda asked: Answer(302, {"Location": "/en/done/"}, b"taken " + asked.body, seconds=0.1)
    form = b"Content-Length: 6\r\n\r\ntext=a" if framing == "a length" else CHUNKED + b"\r\n6\r\ntext=a\r\n0\r\n\r\n"
    got = stage.send(POST + form + GARBAGE[garbage])
    assert [asked.body for asked in stage.asked] == [b"text=a"]
    assert got.startswith(b"HTTP/1.1 302 ") and b"taken text=a" in got
    refused = got.partition(b"taken text=a")[2]
    assert refused.startswith(b"HTTP/1.1 400 ") and refused.count(b"HTTP/1.1 ") == 1


def test_garbage_after_a_form_that_is_the_last_one_ends_the_connection(stage):
    got = stage.send(POST + b"Connection: close\r\nContent-Length: 6\r\n\r\ntext=agarbage")
    assert got.startswith(b"HTTP/1.1 200 ") and got.endswith(b"text=a")
    assert [asked.body for asked in stage.asked] == [b"text=a"]


def test_all_that_was_asked_before_garbage_is_answered_in_turn(stage):
    stage.answer = lambda asked: Answer(headers={"Content-Type": "text/plain"}, body=asked.target.encode())
    asked = b"".join(b"GET /%d HTTP/1.1\r\n" % number + HOST + b"\r\n" for number in (1, 2, 3))
    got = stage.send(asked + b"\0")
    assert got.index(b"/1") < got.index(b"/2") < got.index(b"/3") < got.index(b"HTTP/1.1 400 ")


def test_a_body_in_chunks_arrives_as_one_with_a_length(stage):
    data = (
        b"POST /en/ HTTP/1.1\r\nConnection: close\r\n"
        + HOST
        + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n there\r\n0\r\nX-Late: a\r\n\r\n"
    )
    assert stage.send(data).endswith(b"hello there")
    [asked] = stage.asked
    assert asked.body == b"hello there"
    assert asked.headers["content-length"] == "11"
    assert not asked.headers.keys() & {"transfer-encoding", "x-late"}


def test_requests_in_one_piece_are_answered_in_their_order(stage):
    stage.answer = lambda asked: Answer(
        headers={"Content-Type": "text/plain"}, body=asked.target.encode(), seconds=0.2 if asked.target == "/1" else 0
    )
    last = b"GET /3 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    got = stage.send(b"".join(b"GET /%d HTTP/1.1\r\n" % number + HOST + b"\r\n" for number in (1, 2)) + last)
    assert got.index(b"/1") < got.index(b"/2") < got.index(b"/3")
    assert [each.target for each in stage.asked] == ["/1", "/2", "/3"]


def test_names_with_underscores_pass_for_no_other(stage):
    stage.send(
        b"GET / HTTP/1.1\r\n"
        + HOST
        + b"X_Plenara_Peer: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nConnection: close\r\n\r\n"
    )
    [asked] = stage.asked
    assert "6.6.6.6" not in asked.headers.values()


def test_headers_of_one_connection_are_not_passed_on(stage):
    stage.send(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close, X-Secret\r\nKeep-Alive: 5\r\nTE: trailers\r\n\r\n")
    [asked] = stage.asked
    assert not asked.headers.keys() & {"connection", "keep-alive", "te"}


def test_an_unknown_host_is_answered_by_django_and_never_kept(stage):
    stage.answer = lambda _asked: Answer(body=b"%d" % len(stage.asked))
    assert [stage.get(Host="evil.example").body for _ in range(2)] == [b"1", b"2"]
    assert [stage.get(Host=f"consult.example:{port}").body for port in (1, 2, 3)] == [b"3", b"3", b"3"]


def test_a_client_that_waits_for_leave_to_send_gets_it(stage):
    got = stage.send(POST + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi")
    assert got.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_an_old_client_is_answered_and_let_go(stage):
    got = stage.send(b"GET / HTTP/1.0\r\n" + HOST + b"\r\n")
    assert got.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in got


def test_where_django_is_being_started_a_request_waits_for_it_and_is_asked_once(stage):
    answers = iter([Answer(status=0), Answer(headers={"Content-Type": "text/plain"}, body=b"later")])
    stage.answer = lambda _asked: next(answers)
    assert stage.get("/en/my/", Cookie="sessionid=1").body == b"later"


def test_what_may_have_been_taken_is_not_taken_twice(stage):
    """Django died with a form: it is notified, and shows the form again instead of processing it."""
    answers = iter([Answer(status=0), Answer(status=503, headers={"Content-Type": "text/html"}, body=b"your words")])
    stage.answer = lambda _asked: next(answers)
    got = stage.get("/en/contribute/", "POST", b"text=words", Content_Type="application/x-www-form-urlencoded")
    assert (got.status, got.body) == (503, b"your words")
    assert [each.headers.get("x-plenara-unsure") for each in stage.asked] == [None, "1"]
    assert [each.body for each in stage.asked] == [b"text=words", b"text=words"]


def test_with_django_gone_for_good_it_says_sorry_in_the_addresss_language(stage):
    stage.answer = lambda _asked: Answer(status=0)
    got = stage.get("/fr/")
    assert (got.status, got.body) == (503, b"pardon")
    assert got.headers["retry-after"]
    assert got.headers["cache-control"] == "no-store"


def test_with_django_gone_for_good_a_form_is_given_back_with_all_that_was_in_it(stage):
    stage.answer = lambda _asked: Answer(status=0)
    body = b"text=Two+words+%3Cb%3E&stance=for&password1=secret"
    got = stage.get("/en/contribute/", "POST", body, Content_Type="application/x-www-form-urlencoded")
    page = got.body.decode()
    assert (got.status, page.partition("<")[0]) == (503, "sorry unsure")
    assert 'name="text" readonly dir="auto">\nTwo words &lt;b&gt;</textarea>' in page
    assert '<input type="hidden" name="stance" value="for">' in page
    assert 'name="password1"' in page
    assert "secret" not in page
    got = stage.get("/fr/contribute/", "POST", b"--x--", Content_Type="multipart/form-data; boundary=x")
    assert got.body == b"pardon unsure empty"


def test_a_slow_reader_gets_all_of_a_long_answer_and_django_is_free_in_the_meantime(stage):
    import socket

    long = bytes(range(256)) * 40_000
    stage.answer = lambda _asked: Answer(headers={"Content-Type": "application/zip"}, body=long)
    with socket.create_connection(("127.0.0.1", stage.port)) as connection:
        connection.sendall(b"GET /exports/a.zip HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert wait_until(lambda: stage.asked)
        # Though we have not read:
        assert wait_until(lambda: b"plenara_asking_django 0" in stage.get("/metrics").body, 60)
        got = b""
        while piece := connection.recv(1_000_000):
            got += piece
    assert got.partition(b"\r\n\r\n")[2] == long


def test_the_figures_are_for_this_machine_alone(stage):
    stage.get()
    assert b'plenara_requests_total{how="filled"}' in stage.get("/metrics").body
    stage.answer = lambda _asked: Answer(status=404, headers={"Content-Type": "text/html"}, body=b"no")
    assert stage.get("/metrics", X_Forwarded_For="6.6.6.6").body == b"no"
