"""A real `plenara serve` that is sent what two readers could read differently, and paths that lead elsewhere."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.security.test_front import HOST, statuses

pytestmark = pytest.mark.once

GET, POST = b"GET /en/ HTTP/1.1\r\n" + HOST, b"POST /en/ HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"
#: Framings that `test_front.py` does not have: whatever follows is part of none of them.
DOUBTFUL = {
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


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_doubtful_request_is_answered_once_at_most_and_nothing_after_it_is_heard(serving, name):
    got = serving.send(DOUBTFUL[name] + b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"\r\n", seconds=5)
    assert len(statuses(got)) <= 1
    assert set(statuses(got)) <= {400, 413, 501, 505}, got[:60]
    assert b"User-agent" not in got


#: What is one request by every reading: the next is the next.
ONE = {
    "a page with a body": (GET + b"Content-Length: 5\r\n\r\nhello", 200),
    "a page with a body in chunks": (GET + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n", 200),
    "a head with a body": (b"HEAD /en/ HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nhello", 200),
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


@pytest.mark.parametrize("name", ONE)
def test_what_is_one_request_is_one_for_the_front_and_for_django(serving, name):
    data, status = ONE[name]
    got = serving.send(data + b"GET /health/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", seconds=10)
    assert [each for each in statuses(got) if each != 100] == [status, 200]
    assert got.endswith(b"ok\n")


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

    def fault(line):
        got = serving.send(b"GET " + line + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        if len(statuses(got)) != 1 or statuses(got)[0] not in {200, 301, 302, 400, 404, 414}:
            return line, got[:60]
        leads_away = re.search(rb"\r\nlocation: *(?:https?:|//|/\\)", got, re.IGNORECASE)
        return (line, got) if leads_away or key in got or b"root:x:0" in got or b"SQLite format" in got else None

    with ThreadPoolExecutor(6) as threads:
        assert [each for each in threads.map(fault, lines) if each] == []


# --- forms after forms that nobody read -------------------------------------------------------------------------------


def test_who_sends_what_no_door_reads_keeps_no_form_of_others_from_being_taken(serving):
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
        b"OPTIONS /en/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello": 200,
        long: 404,
    }
    for _k in range(30):
        for data, status in unread.items():
            assert statuses(serving.send(data)) == [status]
