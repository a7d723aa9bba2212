"""A real `plenara serve` that is sent what two readers could read differently, and paths that lead elsewhere."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.installations import get
from tests.security.test_front import HOST, statuses

pytestmark = pytest.mark.once

GET, POST = b"GET /en/ HTTP/1.1\r\n" + HOST, b"POST /en/ HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"
#: What two readers of the same bytes could take for different requests. Whatever follows is part of none of them.
DOUBTFUL = {
    "a length and chunks": POST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n0\r\n\r\nGET /x HTTP/1.1\r\n",
    "chunks and a length": POST + CHUNKED + b"Content-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n",
    "chunked, and a coding that nobody knows": POST + CHUNKED + b"Transfer-encoding: cow\r\n\r\n0\r\n\r\n",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a coding that is nearly chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a header that is folded": POST + b" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding after a bare line feed": POST + b"X: X\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a vertical tab before the coding": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "a colon on the next line": POST + b"Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a length in hexadecimal": POST + b"Content-Length: 0x10\r\n\r\n0123456789abcdef",
    "a length with a low line": POST + b"Content-Length: 1_0\r\n\r\n0123456789",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a chunk of negative size": POST + CHUNKED + b"\r\n-1\r\n\r\n",
    "a chunk's size in hexadecimal": POST + CHUNKED + b"\r\n0x1\r\nx\r\n0\r\n\r\n",
    "a chunk without end": POST + CHUNKED + b"\r\nffffffffffffffffff\r\nx",
    "a chunk that is too long": POST + CHUNKED + b"\r\n1\r\nxx\r\n0\r\n\r\n",
    "two hosts": b"GET /en/ HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "a whole address of another host": b"GET http://evil.example/en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a host with a zero": b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\x00.evil\r\n\r\n",
    "a folded header": b"GET /en/ HTTP/1.1\r\n" + HOST + b"X-A: a\r\n folded: b\r\n\r\n",
    "a tab in the target": b"GET /en/\tx HTTP/1.1\r\n" + HOST + b"\r\n",
    "the version twice": b"GET /en/ HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a version that is none": b"GET /en/ HTTP/9.9\r\n" + HOST + b"\r\n",
    "no version": b"GET /en/\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade to HTTP/2": (
        GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n\r\n"
    ),
    "a header that is too long": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 100000 + b"\r\n\r\n",
    "a target that is too long": b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    "chunked twice": POST + CHUNKED * 2 + b"\r\n0\r\n\r\n",
    "chunked and no coding": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "no coding and chunked": POST + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "chunked with a parameter": POST + b"Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
    "chunked in quotes": POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "chunked of HTTP/1.0": b"POST /en/ HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n",
    "a coding without a name": POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n",
    "a length that is none": POST + b"Content-Length:\r\n\r\n",
    "a length and words": POST + b"Content-Length: 5 x\r\n\r\nhello",
    "a length of twenty digits": POST + b"Content-Length: 00000000000000000005\r\n\r\nhello",
    "a chunk's size and a space": POST + CHUNKED + b"\r\n5 \r\nhello\r\n0\r\n\r\n",
    "a chunk that ends with a line feed": POST + CHUNKED + b"\r\n5\r\nhello\n0\r\n\r\n",
    "a chunk's size that ends with a line feed": POST + CHUNKED + b"\r\n5\nhello\r\n0\r\n\r\n",
    "an extension with a line feed": POST + CHUNKED + b"\r\n5;\nhello\r\n0\r\n\r\n",
    "a chunk's size with a sign": POST + CHUNKED + b"\r\n+5\r\nhello\r\n0\r\n\r\n",
    "lines that end with line feeds": b"GET /en/ HTTP/1.1\nHost: 127.0.0.1\n\n",
    "lines that end with carriage returns": b"GET /en/ HTTP/1.1\rHost: 127.0.0.1\r\r",
    "a line without a colon": GET + b"Content-Length 5\r\n\r\nhello",
    "a header without a name": GET + b": 5\r\n\r\n",
    "a header with a zero in its name": GET + b"Content\x00Length: 5\r\n\r\n",
    "a header with a space in its name": GET + b"Content Length: 5\r\n\r\n",
    "a first header that is folded": b"GET /en/ HTTP/1.1\r\n Host: evil.example\r\n" + HOST + b"\r\n",
    "trailers that frame": POST + CHUNKED + b"\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
    "a host with a path": b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1/evil\r\n\r\n",
    "a list of hosts": b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1, evil.example\r\n\r\n",
    "a host with a mark": b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1#@evil.example\r\n\r\n",
    "a whole address of our own": b"GET http://127.0.0.1/en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a star": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "no slash": b"GET en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method in small letters": b"get /en/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/2 in words": b"GET /en/ HTTP/2\r\n" + HOST + b"\r\n",
    "another protocol": GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
}  # fmt: skip


def test_a_doubtful_request_is_answered_once_and_nothing_after_it_is_heard(serving):
    """All at once: each is waited for until the connection ends."""
    following = b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    with ThreadPoolExecutor(len(DOUBTFUL)) as threads:
        answers = list(threads.map(lambda each: serving.send(each + following), DOUBTFUL.values()))
    wrong = {
        name: got[:60]
        for name, got in zip(DOUBTFUL, answers, strict=True)
        if statuses(got)[1:]
        or not set(statuses(got)) <= {400, 405, 408, 413, 414, 431, 501, 505}
        or b"User-agent" in got
    }
    assert wrong == {}
    assert get(serving.port)[0] == 200


WITHIN_A_BODY = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"
#: What is one request by every reading: the next is the next.
ONE = {
    "a page with a body": (GET + b"Content-Length: 5\r\n\r\nhello", 200),
    "a page with a body in chunks": (GET + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n", 200),
    "a head with a body": (b"HEAD /en/ HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello", 200),
    "a body that looks like a request": (
        POST + b"Content-Length: %d\r\n\r\n%s" % (len(WITHIN_A_BODY), WITHIN_A_BODY), 405,
    ),
    "chunks that look like a request": (
        POST + CHUNKED + b"\r\n%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(WITHIN_A_BODY), WITHIN_A_BODY), 405,
    ),
    "extensions": (POST + CHUNKED + b"\r\n5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n", 405),
    "trailers": (POST + CHUNKED + b"\r\n5\r\nhello\r\n0\r\nHost: evil.example\r\nCookie: a=b\r\n\r\n", 405),
    "a length that is named as one connection's own": (
        POST + b"Connection: Content-Length\r\nContent-Length: 5\r\n\r\nhello", 405,
    ),
    "a coding that is named as one connection's own": (
        POST + b"Connection: Transfer-Encoding\r\n" + CHUNKED + b"\r\n0\r\n\r\n", 405,
    ),
    "a cookie that is named as one connection's own": (GET + b"Connection: Cookie, Host\r\nCookie: a=b\r\n\r\n", 200),
    "lines before it": (b"\r\n\r\n" + GET + b"\r\n", 200),
    "two spaces": (b"GET  /en/ HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    "leave that nobody needs": (GET + b"Expect: 100-continue\r\n\r\n", 200),
}  # fmt: skip


def test_what_is_one_request_is_one_for_the_front_and_for_django(serving):
    def answered(data):
        got = serving.send(data + b"GET /health/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert got.endswith(b"ok\n")
        return [each for each in statuses(got) if each != 100]

    with ThreadPoolExecutor(len(ONE)) as threads:
        found = dict(zip(ONE, threads.map(lambda each: answered(each[0]), ONE.values()), strict=True))
    assert found == {name: [status, 200] for name, (_data, status) in ONE.items()}


def test_ten_requests_in_a_row_have_ten_answers(serving):
    one = b"GET /health/ HTTP/1.1\r\n" + HOST
    got = serving.send((one + b"\r\n") * 9 + one + b"Connection: close\r\n\r\n")
    assert statuses(got) == [200] * 10


# --- files that are nobody's ------------------------------------------------------------------------------------------

UP = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "%c0%ae%c0%ae/",
    "..;/",
    "%252e%252e%252f",
    "....//",
    "%00/../",
    "..%00/",
]
WITHIN = [
    "/static/", "/exports/", "/exports/village-water/", "/mark/", "/s/", "/c/", "/en/about/", "/themes/", "/sitemaps/",
    "/", "/en/", "/api/v1/themes/", "//", "/static//", "/static/admin/",
]  # fmt: skip
WANTED = ["secret-key", "var/secret-key", "plenara.sqlite3", "etc/passwd"]


def test_no_path_leads_to_a_file_outside_nor_to_another_host(serving):
    key = (serving.data / "secret-key").read_bytes()
    lines = [
        (f"{within}{up * depth}{name}").encode()
        for within in WITHIN for up in UP for name in WANTED for depth in (1, 4)
    ]  # fmt: skip
    lines += [str(serving.data / "secret-key").encode(), b"/static/" + str(serving.data / "secret-key").encode(),
              b"//evil.example/en/", b"/\\evil.example", b"/%2f%2fevil.example/", b"/%5cevil.example/..",
              b"/" + b"../" * 2000 + b"etc/passwd", b"/en/" + b"a/" * 3900, b"/static/staticfiles.json"]  # fmt: skip

    def error(line):
        got = serving.send(b"GET " + line + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        if len(statuses(got)) != 1 or statuses(got)[0] not in {200, 301, 302, 400, 404, 414}:
            return line, got[:60]
        leads_away = re.search(rb"\r\nlocation: *(?:https?:|//|/\\)", got, re.IGNORECASE)
        return (line, got) if leads_away or key in got or b"root:x:0" in got or b"SQLite format" in got else None

    with ThreadPoolExecutor(6) as threads:
        assert [each for each in threads.map(error, lines) if each] == []


# --- forms after forms that nobody read -------------------------------------------------------------------------------


def test_who_sends_what_no_view_reads_keeps_no_form_of_others_from_being_taken(serving):
    """A body that was not read would end Django's side of a connection, before the answer or after it."""
    long = (
        b"POST /en/nowhere/ HTTP/1.1\r\n"
        + HOST
        + b"Connection: close\r\nContent-Length: 3000000\r\n\r\n"
        + b"x" * 3_000_000
    )
    unread = {
        POST + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello": 405,
        POST + b"Connection: close\r\n" + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n": 405,
        b"OPTIONS /en/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello": 204,
        long: 404,
    }
    for _k in range(30):
        for data, status in unread.items():
            assert statuses(serving.send(data)) == [status]
