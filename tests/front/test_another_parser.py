"""The front and another parser of HTTP (h11) read the same requests from the same bytes, or the front refuses them.

What one program takes for one request and the next for two lets a stranger put words into somebody else's request. So
bytes are made up that programs have read in two ways, and both readings are compared.
"""

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plenara.front.bodies import Rooms
from plenara.front.connection import Connection
from plenara.front.requests import plain_head

pytestmark = pytest.mark.once

ENDS = st.sampled_from([b"\r\n"] * 80 + [b"\n", b"\r", b"\r\r\n", b"\n\r\n", b" \r\n"])
TARGETS = [b"/", b"/en/?q=a", b"*", b"http://127.0.0.1/", b"/a b", b"/\xd0", b"/#x", b"//evil.example/", b""]
METHODS = [b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT", b"get", b"G\x00T", b"CONNECT"]
VERSIONS = [b"HTTP/1.1"] * 60 + [b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/01.1", b"http/1.1", b""]
LENGTHS = [b"0", b"3", b"5", b"05", b"+5", b"5, 5", b"0x5", b" 5", b"5 ", b"-1", b"", b"\xb2", b"99999999999999999999"]
CODINGS = [
    b"chunked",
    b"Chunked",
    b"chunked, chunked",
    b"gzip, chunked",
    b"chunked;q=1",
    b" chunked",
    b"\x0bchunked",
    b"x",
]
CHUNKS = [
    b"0\r\n\r\n", b"3\r\nabc\r\n0\r\n\r\n", b"3;name=value\r\nabc\r\n0\r\n\r\n", b"03\r\nabc\r\n0\r\n\r\n",
    b"3 \r\nabc\r\n0\r\n\r\n", b"+3\r\nabc\r\n0\r\n\r\n", b"0x3\r\nabc\r\n0\r\n\r\n", b"3\nabc\n0\n\n",
    b"3\r\nabcd\r\n0\r\n\r\n", b"3\r\nabc0\r\n\r\n", b"0\r\nX-Trailer: a\r\n\r\n", b"0\r\nContent-Length: 3\r\n\r\n",
    b"g\r\n", b"fffffffffffffffff\r\nabc",
]  # fmt: skip


@st.composite
def headers(draw):
    """Return one line of a head, sound or doubtful."""
    name = draw(
        st.sampled_from(
            [b"Host", b"Content-Length", b"Transfer-Encoding", b"Connection", b"Cookie", b"X-A", b"X_A", b"Expect"]
        )
    )
    values = {
        b"Host": [b"127.0.0.1"] * 6 + [b"evil example", b"a@b", b"", b"127.0.0.1:80"],
        b"Content-Length": LENGTHS,
        b"Transfer-Encoding": CODINGS,
        b"Connection": [b"close", b"keep-alive", b"Upgrade", b"Content-Length"],
        b"Expect": [b"100-continue", b"x"],
    }
    value = draw(st.sampled_from(values.get(name, [b"a", b"", b"a\x00b", b"a\rb", b"a\nb", b"\xff", b"a\r\n b"])))
    before = draw(st.sampled_from([b": "] * 20 + [b":", b" : ", b"\t: ", b":\t", b"\x00: ", b" "]))
    lead = draw(st.sampled_from([b""] * 20 + [b" ", b"\t"]))
    return lead + name + before + value + draw(ENDS)


@st.composite
def requests(draw):
    """Return the bytes of one request, or of what may pass for one."""
    line = b" ".join(
        (
            draw(st.sampled_from(METHODS[:5] * 12 + METHODS)),
            draw(st.sampled_from(TARGETS[:2] * 40 + TARGETS)),
            draw(st.sampled_from(VERSIONS)),
        )
    )
    framed = draw(st.sampled_from(["none", "length", "chunks", "any"]))
    lines = draw(st.lists(headers(), max_size=4 if framed == "any" else 1))
    lines += {"length": [b"Content-Length: 5\r\n"], "chunks": [b"Transfer-Encoding: chunked\r\n"]}.get(framed, [])
    host = [b"Host: 127.0.0.1\r\n"] * draw(st.sampled_from([1, 1, 1, 1, 0, 2]))
    bodies = {"none": [b""], "length": [b"hello"], "chunks": CHUNKS[:4] + CHUNKS}.get(framed, [b"", b"abc", *CHUNKS])
    return line + draw(ENDS) + b"".join([*host, *lines]) + draw(ENDS) + draw(st.sampled_from(bodies))


class Transport:
    """Takes what is written, and forgets it."""

    def get_extra_info(self, _name):
        return ("127.0.0.1", 1)

    def get_write_buffer_size(self):
        return 0

    def write(self, _data):
        pass

    close = abort = write_eof = pause_reading = resume_reading = lambda self: None


class Front:
    """Answers every request at once, and notes it. With a cache, it answers plain requests without the parser."""

    now, is_ending = 0.0, False

    most_connections = 8_192

    def __init__(self, *, has_cache):
        self.connections, self.rooms, self.read, self.has_cache = set(), Rooms(), [], has_cache

    def at_sight(self, data, _connection):
        head = plain_head(data)
        if not self.has_cache or head is None or head[0] not in TARGETS[:2] or head[1] != b"127.0.0.1":
            return False
        self.read.append((b"GET", head[0], b""))
        return True

    def at_once(self, request, _connection):
        body = b""
        if request.body is not None:
            request.body.seek(0)
            body = request.body.read()
        self.read.append((request.method, request.target, body))
        request.close()
        return True

    def refusal(self, _status, _request):
        return b""

    def network_of(self, _request, _connection):
        return "127.0.0.1"


def by_the_front(data, *, has_cache=True):
    """Return what the front reads, until it refuses something or the connection is to end."""
    front = Front(has_cache=has_cache)
    connection = Connection(front)
    connection.connection_made(Transport())
    connection.data_received(data)
    return front.read


def by_h11(data):
    """Return what h11 reads, until it finds an error or the connection is to end."""
    connection, read, method, target, body = h11.Connection(h11.SERVER), [], b"", b"", b""
    connection.receive_data(data)
    try:
        while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            if isinstance(event, h11.Request):
                method, target, body = event.method, event.target, b""
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                read.append((method, target, body))
                connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
                connection.send(h11.EndOfMessage())
                if connection.our_state is h11.MUST_CLOSE:
                    break
                connection.start_next_cycle()
            else:
                break
    except h11.RemoteProtocolError:
        pass
    return read


@settings(max_examples=1_000, deadline=None)
@given(st.lists(requests(), min_size=1, max_size=3))
def test_what_the_front_lets_in_another_parser_reads_alike(parts):
    data = b"".join(parts)
    ours, theirs = by_the_front(data), by_h11(data)
    assert ours == theirs[: len(ours)]
    assert ours == by_the_front(data, has_cache=False)


BROWSERS = b'Host: 127.0.0.1\r\nAccept-Encoding: gzip, BR\r\nIf-None-Match: W/"aB"\r\nConnection: keep-alive\r\n'


def test_the_head_of_a_browser_is_plain():
    data = b"GET /en/A HTTP/1.1\r\n" + BROWSERS + b"X-B: \xff\r\nX-Forwarded-Proto: HTTPS\r\n\r\n"
    assert plain_head(data) == (b"/en/A", b"127.0.0.1", b"https", b"gzip, br", b'W/"aB"')


@pytest.mark.parametrize(
    "data",
    [
        b"HEAD / HTTP/1.1\r\n" + BROWSERS + b"\r\n", b"GET / HTTP/1.0\r\n" + BROWSERS + b"\r\n",
        b"GET / http/1.1\r\n" + BROWSERS + b"\r\n", b"GET / HTTP/1.1\r\n" + BROWSERS,
        b"GET / HTTP/1.1\r\n\r\n", 2 * (b"GET / HTTP/1.1\r\n" + BROWSERS + b"\r\n"),
        *(
            b"GET / HTTP/1.1\r\n" + BROWSERS + line + b"\r\n\r\n"
            for line in (
                b"Content-Length: 0", b"transfer-ENCODING: chunked", b"Expect: 100-continue", b"Upgrade: h2c",
                b"CONNECTION: close", b"Host: 127.0.0.1", b"Accept-Encoding: br", b"X-A : b", b" folded", b"X-A: b\n",
                b"", b"X-A: \x00", b"X-A: \x7f", b"X-A", b": b", b"X-\xff: b", b"X_A: b", b"X-A: " + b"a" * 4_096,
                b"\r\n".join(b"X-%d: a" % number for number in range(100)),
            )
        ),
    ],
)  # fmt: skip
def test_no_other_head_is_plain(data):
    assert plain_head(data) is None


def test_both_read_sound_requests_one_after_the_other():
    data = (
        b"GET /en/?q=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        b"POST /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        b"POST /fr/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
    )
    expected = [(b"GET", b"/en/?q=a", b""), (b"POST", b"/en/", b"abc"), (b"POST", b"/fr/", b"hello")]
    assert by_the_front(data) == by_h11(data) == expected
