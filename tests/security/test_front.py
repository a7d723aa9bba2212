"""A real `plenara serve`: what is doubtful is refused, one request is one, and nobody gets another's page."""

import contextlib
import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.conftest import databases, installation, migrated  # noqa: F401 - a data folder of a test's own
from tests.web.installations import free_port, get, kill, wait_until

pytestmark = pytest.mark.once

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /en/ HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Server:
    """A running server, and what a stranger sends to it."""

    def __init__(self, port, process):
        self.port, self.process = port, process

    def send(self, data, seconds=10.0, ends=False):
        """Send bytes as they are and return what comes back until the connection ends or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            got, connection_is_silent = b"", (TimeoutError, ConnectionError)
            connection.settimeout(seconds)
            with contextlib.suppress(*connection_is_silent):
                while piece := connection.recv(65_536):
                    got += piece
                    connection.settimeout(1.0)
            return got

    def ask(self, target="/en/", headers=b"", host=HOST, method=b"GET"):
        """Return (status, head, body) of one request."""
        line = method + b" " + target.encode() + b" HTTP/1.1\r\n" + host + headers + b"Connection: close\r\n\r\n"
        head, _end, body = self.send(line).partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]) if head else 0, head, body


@pytest.fixture
def server(installation):  # noqa: F811
    port = free_port()
    process = installation.start("serve", "--port", port)
    try:
        assert wait_until(lambda: get(port)[0] == 200)
        yield Server(port, process)
    finally:
        kill(process)


def statuses(answer):
    """Return the statuses of the answers that stand one after the other in what came back."""
    return [int(each) for each in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


#: What two readers of the same bytes could take for different requests. None is answered as if nothing were odd.
DOUBTFUL = [
    POST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n0\r\n\r\nGET /x HTTP/1.1\r\n",
    POST + CHUNKED + b"Content-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n",
    POST + CHUNKED + b"Transfer-encoding: cow\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    POST + b" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + b"X: X\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n",
    POST + b"Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"Content-Length: 0x10\r\n\r\n0123456789abcdef",
    POST + b"Content-Length: 1_0\r\n\r\n0123456789",
    POST + b"Content-Length: -1\r\n\r\n",
    POST + CHUNKED + b"\r\n-1\r\n\r\n",
    POST + CHUNKED + b"\r\n0x1\r\nx\r\n0\r\n\r\n",
    POST + CHUNKED + b"\r\nffffffffffffffffff\r\nx",
    POST + CHUNKED + b"\r\n1\r\nxx\r\n0\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    b"GET http://evil.example/en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\x00.evil\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\n" + HOST + b"X-A: a\r\n folded: b\r\n\r\n",
    b"GET /en/\tx HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /en/ HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /en/ HTTP/9.9\r\n" + HOST + b"\r\n",
    b"GET /en/\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
]


def test_what_could_be_two_requests_is_refused_and_ends_the_connection(server):
    following = b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"\r\n"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda each: server.send(each + following), DOUBTFUL))
    for data, answer in zip(DOUBTFUL, answers, strict=True):
        assert len(statuses(answer)) <= 1, data[:120]
        assert set(statuses(answer)) <= {400, 405, 408, 413, 414, 431, 501, 505}, (data[:120], answer[:60])
    assert get(server.port)[0] == 200


def test_what_is_one_request_is_one_and_what_follows_is_the_next(server):
    body = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"
    for framing in (b"Content-Length: %d\r\n\r\n%s" % (len(body), body),
                    b"Transfer-Encoding: chunked\r\n\r\n%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(body), body)):  # fmt: skip
        got = server.send(b"POST /en/ HTTP/1.1\r\n" + HOST + framing + b"GET /health/ HTTP/1.1\r\n" + HOST + b"\r\n")
        assert statuses(got) == [405, 200]
        assert got.endswith(b"ok\n")
    got = server.send((b"GET /health/ HTTP/1.1\r\n" + HOST + b"\r\n") * 10)
    assert statuses(got) == [200] * 10


def test_who_hangs_up_early_leaves_nothing_behind(server):
    begun = [b"", b"G", b"GET /en/ HTTP/1.1\r\n", b"POST /en/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nhalf",
             POST + CHUNKED + b"\r\n5\r\nha"]  # fmt: skip
    for each in begun:
        answer = server.send(each, ends=True)
        assert set(statuses(answer)) <= {400}
    assert get(server.port)[0] == 200


def test_no_odd_host_gets_into_a_page_of_others(server):
    """Whatever host is asked for first, the next reader gets a page with our own addresses."""
    odd = [b"Host: evil.example\r\n", b"Host: 127.0.0.1.evil.example\r\n", b"Host: 127.0.0.1:65535\r\n",
           b"Host: 127.0.0.1.\r\n", b"Host: LOCALHOST\r\n", b"Host: \r\n", b"", HOST + HOST]  # fmt: skip
    forged = [b"X-Forwarded-Host: evil.example\r\n", b"X-Forwarded-Proto: https\r\n", b"X-Original-URL: /en/my/\r\n",
              b"X-Rewrite-URL: /evil/\r\n", b"X-Forwarded-Port: 65535\r\n", b"Forwarded: host=evil.example\r\n",
              b"X-HTTP-Method-Override: POST\r\n", b"X-Host: evil.example\r\n", b"X-Plenara-Shelves: installation\r\n",
              b"X_Forwarded_Host: evil.example\r\n", b"X_Plenara_Peer: evil.example\r\n"]  # fmt: skip
    for number, host in enumerate(odd):
        target = f"/en/consultations/?odd={number}"
        status, _head, body = server.ask(target, host=host)
        assert b"evil.example" not in body
        assert status in {200, 400}
        assert b"evil" not in server.ask(target)[2]
    for number, header in enumerate(forged):
        target = f"/en/about/how/?forged={number}"
        for _twice in range(2):
            status, head, body = server.ask(target, header)
            assert status == 200
            assert b"evil" not in head + body and b"65535" not in head + body
        assert b"evil" not in b"".join(server.ask(target)[1:])
