"""A real `plenara serve`: what is doubtful is refused, one request is one, and nobody gets another's page."""

import contextlib
import re
import socket

import pytest

from plenara.core.languages import CODES
from tests.installations import get

pytestmark = pytest.mark.once

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /en/ HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Server:
    """A running server, and what a stranger sends to it."""

    def __init__(self, port, process):
        self.port, self.process = port, process

    def send(self, data, ends=False):
        """Send bytes as they are and return what comes back until the connection ends, as it must."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=600) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            got = b""
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(65_536):
                    got += piece
            return got

    def ask(self, target="/en/", headers=b"", host=HOST, method=b"GET"):
        """Return (status, head, body) of one request."""
        line = method + b" " + target.encode() + b" HTTP/1.1\r\n" + host + headers + b"Connection: close\r\n\r\n"
        head, _end, body = self.send(line).partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]) if head else 0, head, body


def statuses(answer):
    """Return the statuses of the answers that stand one after the other in what came back."""
    return [int(each) for each in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def test_who_hangs_up_early_leaves_nothing_behind(serving):
    begun = [b"", b"G", b"GET /en/ HTTP/1.1\r\n", b"POST /en/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nhalf",
             POST + CHUNKED + b"\r\n5\r\nha"]  # fmt: skip
    for each in begun:
        answer = serving.send(each, ends=True)
        assert set(statuses(answer)) <= {400}
    assert get(serving.port)[0] == 200


def test_what_was_taken_is_answered_though_garbage_follows_it(serving):
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\nverb=Identify"
    answer = serving.send(b"POST /oai HTTP/1.1\r\n" + HOST + form + b"garbage\r\n\r\n")
    assert statuses(answer) == [200, 400] and b"<Identify>" in answer


def test_a_form_that_is_too_large_is_answered_on_a_page_with_its_words(serving):
    words = b"text=" + b"Three+weeks+are+too+short.%0A" * 100_000
    line = b"POST /fr/contribute/x/1/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
    answer = serving.send(line + b"Content-Length: %d\r\n\r\n" % len(words) + words)
    assert statuses(answer) == [413] and b'lang="fr"' in answer
    assert answer.count(b"Three weeks are too short.\n") > 60_000


def test_no_odd_host_gets_into_a_page_of_others(serving):
    """Whatever host is asked for first, the next reader gets a page with our own addresses."""
    odd = [b"Host: evil.example\r\n", b"Host: 127.0.0.1.evil.example\r\n", b"Host: 127.0.0.1:65535\r\n",
           b"Host: 127.0.0.1.\r\n", b"Host: LOCALHOST\r\n", b"Host: \r\n", b"", HOST + HOST]  # fmt: skip
    forged = [b"X-Forwarded-Host: evil.example\r\n", b"X-Forwarded-Proto: https\r\n", b"X-Original-URL: /en/my/\r\n",
              b"X-Rewrite-URL: /evil/\r\n", b"X-Forwarded-Port: 65535\r\n", b"Forwarded: host=evil.example\r\n",
              b"X-HTTP-Method-Override: POST\r\n", b"X-Host: evil.example\r\n",
              b"X-Plenara-Cache-Tags: installation\r\n",
              b"X_Forwarded_Host: evil.example\r\n", b"X_Plenara_Peer: evil.example\r\n"]  # fmt: skip
    for number, host in enumerate(odd):
        target = f"/en/consultations/?odd={number}"
        status, _head, body = serving.ask(target, host=host)
        assert b"evil.example" not in body
        assert status in {200, 400}
        assert b"evil" not in serving.ask(target)[2]
    for number, header in enumerate(forged):
        target = f"/en/about/how/?forged={number}"
        for _twice in range(2):
            status, head, body = serving.ask(target, header)
            assert status == 200
            assert b"evil" not in head + body and b"65535" not in head + body
        assert b"evil" not in b"".join(serving.ask(target)[1:])


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST", b"OPTIONS"])
def test_a_language_without_a_slash_leads_to_its_first_page(serving, method):
    for code in CODES:
        status, head, _body = serving.ask(f"/{code}?q=1", method=method)
        assert status == 301 and f"\r\nlocation: /{code}/?q=1\r\n".encode() in head
    assert serving.ask("/xx", method=method)[0] == 404
