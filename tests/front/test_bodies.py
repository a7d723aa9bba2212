"""What people send: bounded by connection, by address and by time; forms have room of their own and are given back."""

import asyncio
import contextlib
import errno
import html
import re
import socket
import tempfile
from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from plenara.core.languages import CODES, html_code
from plenara.front import bodies, connection
from plenara.front.bodies import Room, Rooms
from plenara.front.connection import Connection
from plenara.front.resubmission import MARK
from plenara.operations.front_process import _sorry
from tests.front.backstage import Answer, Backstage, run_apart
from tests.installations import wait_until

pytestmark = pytest.mark.once

WORDS = "Été: three weeks are <too> short.\n写道。"
TAKEN = b"HTTP/1.1 204 \r\n\r\n"
LARGE = bodies.FORM_LIMIT + 1
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def head(length, *, address="", kind="application/octet-stream", target="/en/contribute/"):
    """Return the head of a form that announces a length."""
    lines = [f"POST {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", f"Content-Type: {kind}"]
    return "\r\n".join([*lines, *([f"X-Forwarded-For: {address}"] if address else []), "", ""]).encode()


def with_files(fields, *, file=b""):
    """Return a form as a browser sends one that may hold files: its media type and its bytes."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    text = "".join(f"--edge\r\n{part}\r\n" for part in parts).encode()
    name = 'filename="my paper.txt"' if file else 'filename=""'
    text += f'--edge\r\nContent-Disposition: form-data; name="paper"; {name}\r\n\r\n'.encode() + file
    return "multipart/form-data; boundary=edge", text + b"\r\n--edge--\r\n"


def words_in(page):
    """Return what a page gives back in sight, by name, as a browser reads it."""
    found = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in found}


def answered(sock):
    """Return status and page of what comes back on a connection that the other side ends."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(65_536):
            got += piece
    said, _end, body = got.partition(b"\r\n\r\n")
    return int(said.split(b" ", 2)[1]), body.decode()


@pytest.fixture
def staged():
    """A function that returns a front with rooms of a size, behind which every form is taken."""
    with contextlib.ExitStack() as opened:

        def made(**how):
            stage = opened.enter_context(Backstage(**how))
            stage.answer = lambda asked: Answer(headers={"Content-Type": "text/plain"}, body=b"%d" % len(asked.body))
            return stage

        yield made


@pytest.fixture
def begin():
    """A function that sends something and leaves the connection open."""
    with contextlib.ExitStack() as opened:

        def sent(stage, data):
            sock = opened.enter_context(socket.create_connection(("127.0.0.1", stage.port), timeout=600))
            sock.sendall(data)
            return sock

        yield sent


# --- by kind, by address, by connection -------------------------------------------------------------------------------


def test_slow_large_bodies_take_no_room_from_forms(staged, begin):
    """Seventeen that announce large bodies and send most of them: nobody's form waits for any."""
    rooms = Rooms(files=Room(17 * LARGE, 17 * LARGE))
    stage = staged(rooms=rooms)
    for _each in range(17):
        begin(stage, head(LARGE + 1) + b"x" * LARGE)
    assert wait_until(lambda: rooms.files.reserved == 17 * LARGE)
    assert stage.get(method="POST", body=b"text=words", **FORM).body == b"10"
    kind, form = with_files({"text": WORDS}, file=b"A short paper.")
    assert stage.get(method="POST", body=form, Content_Type=kind).status == 200
    assert stage.get(method="POST", body=b"x" * LARGE).status == 503
    assert wait_until(lambda: rooms.forms.reserved == 0)


def test_a_body_in_chunks_leaves_the_room_of_forms_once_it_outgrows_it(staged, begin):
    rooms = Rooms()
    stage = staged(rooms=rooms)
    sock = begin(stage, b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    sock.sendall(b"%x\r\n" % LARGE + b"x" * (LARGE - 1))
    assert wait_until(lambda: rooms.forms.reserved == LARGE - 1 and rooms.files.reserved == 0)
    sock.sendall(b"x\r\n")
    assert wait_until(lambda: rooms.forms.reserved == 0 and rooms.files.reserved == LARGE)
    sock.sendall(b"0\r\n\r\n")
    assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
    assert wait_until(lambda: rooms.reserved == 0)


def test_one_address_takes_no_more_than_its_part(staged, begin):
    rooms = Rooms(forms=Room(10_000, 1_000))
    stage = staged(rooms=rooms, trusted_proxies=1)
    begin(stage, head(1_000, address="192.0.2.1") + b"x" * 999)
    assert wait_until(lambda: rooms.forms.reserved == 999)
    form = head(500, address="192.0.2.1") + b"y" * 500
    assert answered(begin(stage, form))[0] == 503
    assert stage.get(method="POST", body=b"y" * 500, X_Forwarded_For="192.0.2.1, 192.0.2.2").body == b"500"
    assert stage.get(method="POST", body=b"y" * 500, X_Forwarded_For="2001:db8::1").body == b"500"


def test_the_networks_of_ipv6_are_one_address_each(staged, begin):
    rooms = Rooms(forms=Room(10_000, 1_000))
    stage = staged(rooms=rooms, trusted_proxies=1)
    begin(stage, head(1_000, address="2001:db8::1") + b"x" * 999)
    assert wait_until(lambda: rooms.forms.reserved == 999)
    assert stage.get(method="POST", body=b"y" * 500, X_Forwarded_For="2001:db8::2").status == 503
    assert stage.get(method="POST", body=b"y" * 500, X_Forwarded_For="2001:db8:0:1::2").status == 200


class FakeFront:
    """A front that a test directs: its clock, and when it answers. What it is asked it notes."""

    def __init__(self, rooms=None):
        self.now, self.rooms, self.connections, self.is_ending = 0.0, rooms or Rooms(), set(), False
        self.most_connections = 8_192
        self.asked = []
        self.may_answer = asyncio.Event()

    def at_sight(self, _data, _connection):
        return False

    def at_once(self, _request, _connection):
        return False

    async def answer(self, request, connection):
        self.asked.append(request.body_size)
        await self.may_answer.wait()
        await connection.write(TAKEN)
        connection.after(request)

    def refusal(self, status, _request):
        return b"HTTP/1.1 %d \r\n\r\n" % status

    def network_of(self, _request, connection):
        return connection.peer

    def pass_by(self, seconds):
        """Let time pass, as the front does: half a second and half a second."""
        for _half in range(int(seconds * 2)):
            self.now += 0.5
            for each in list(self.connections):
                if each.deadline < self.now:
                    each.expire()


def played(play):
    """Play a scene: a function of a front, and of a reader and a writer that are connected to it."""

    async def scene():
        front = FakeFront()
        server = await asyncio.get_running_loop().create_server(lambda: Connection(front), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            await asyncio.wait_for(play(front, reader, writer), 60)
        finally:
            writer.close()
            server.close()

    run_apart(scene())


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


def test_one_connection_holds_one_body_however_many_it_sends():
    async def play(front, reader, writer):
        writer.write((head(LARGE) + b"x" * LARGE) * 3)
        await until(lambda: front.asked)
        for _moment in range(100):  # whatever can be read is read in the meantime
            await asyncio.sleep(0)
        assert front.rooms.reserved < LARGE + 1_000_000
        front.may_answer.set()
        assert await reader.readexactly(3 * len(TAKEN)) == TAKEN * 3
        assert front.asked == [LARGE] * 3
        await until(lambda: front.rooms.reserved == 0)

    played(play)


# --- by time ----------------------------------------------------------------------------------------------------------


async def arrive(front, writer, size):
    """Send some bytes of a body and wait until they are stored."""
    held = front.rooms.reserved
    writer.write(b"x" * size)
    await until(lambda: front.rooms.reserved == held + size)


async def is_refused(front, reader):
    """Say whether it is said that a body came too slowly, the connection ended and the body let go of."""
    got = await reader.read()
    return got == b"HTTP/1.1 408 \r\n\r\n" and front.rooms.reserved == 0


def test_a_body_that_stops_is_not_waited_for_however_much_of_it_came_at_once():
    async def play(front, reader, writer):
        writer.write(head(10_000_000))
        await arrive(front, writer, 9_000_000)
        front.pass_by(connection.BODY_SECONDS)
        assert front.rooms.reserved == 9_000_000
        front.pass_by(1)
        assert await is_refused(front, reader)

    played(play)


def test_a_body_that_comes_slower_than_the_least_rate_is_not_waited_for():
    async def play(front, reader, writer):
        writer.write(head(10_000_000))
        rounds = 0
        while front.rooms.reserved or not rounds:
            await arrive(front, writer, connection.SLOWEST_BODY * 5)
            front.pass_by(10)
            rounds += 1
        assert rounds < 10
        assert await is_refused(front, reader)

    played(play)


def test_a_body_that_keeps_up_is_waited_for_but_no_longer_than_for_any():
    async def play(front, reader, writer):
        writer.write(head(10_000_000))
        for _round in range(int(connection.WHOLE_BODY_SECONDS / 10)):
            await arrive(front, writer, connection.SLOWEST_BODY * 10)
            front.pass_by(10)
        assert front.rooms.reserved == connection.SLOWEST_BODY * connection.WHOLE_BODY_SECONDS
        front.pass_by(1)
        assert await is_refused(front, reader)

    played(play)


def test_nobody_is_late_with_what_is_not_read_since_an_earlier_form_waits():
    async def play(front, reader, writer):
        writer.write(head(4) + b"text" + head(9) + b"half")
        await until(lambda: front.asked == [4] and front.rooms.reserved == 8)
        front.pass_by(2 * connection.WHOLE_BODY_SECONDS)
        front.may_answer.set()
        assert await reader.readexactly(len(TAKEN)) == TAKEN
        front.pass_by(2 * connection.IDLE_SECONDS)
        assert await is_refused(front, reader)
        assert front.asked == [4]

    played(play)


# --- what was typed is given back -------------------------------------------------------------------------------------


def test_where_there_is_no_room_a_form_is_given_back_whole(staged):
    stage = staged(rooms=Rooms(forms=Room(10, 10)))
    body = urlencode({"text": WORDS, "stance": "for", "password": "secret"}).encode()
    got = stage.get("/en/contribute/", "POST", body, **FORM)
    page = got.body.decode()
    assert got.status == 503 and got.headers["retry-after"] and page.startswith("sorry form<")
    assert words_in(page) == {"text": WORDS}
    assert '<input type="hidden" name="stance" value="for">' in page
    assert 'name="password"' in page and "secret" not in page
    assert stage.asked == [] and wait_until(lambda: stage.rooms.reserved == 0)


def test_so_is_one_that_may_hold_files_with_the_files_to_be_chosen_again(staged):
    stage = staged(rooms=Rooms(forms=Room(10, 10)))
    kind, body = with_files({"text": WORDS, "seal": "a:b"}, file=b"Words of the paper.")
    page = stage.get("/fr/contribute/", "POST", body, Content_Type=kind).body.decode()
    assert page.startswith("pardon form<") and words_in(page) == {"text": WORDS}
    assert '<input type="hidden" name="seal" value="a:b">' in page
    assert '<input type="file" name="paper">' in page and "Words of the paper" not in page
    kind, body = with_files({"text": WORDS})
    assert 'type="file"' not in stage.get("/en/contribute/", "POST", body, Content_Type=kind).body.decode()


def test_of_a_form_that_came_in_part_the_words_are_given_back_and_it_cannot_be_sent(staged, begin):
    stage = staged(rooms=Rooms(forms=Room(10, 10)))
    body = urlencode({"seal": "a:b", "title": "写道", "text": WORDS}).encode()
    for cut in (1, 2, 3, 5, 8):  # within a character, and within its spelling
        sock = begin(stage, head(len(body), kind=FORM["Content-Type"]) + body[:-cut])
        status, page = answered(sock)
        assert (status, page.partition("<")[0]) == (503, "sorry full")
        given = words_in(page)
        assert given["title"] == "写道" and WORDS.startswith(given["text"]) and len(given["text"]) >= len(WORDS) - 3
        assert "seal" not in page


def test_a_form_that_came_too_slowly_is_given_back(staged, begin, monkeypatch):
    monkeypatch.setattr(connection, "BODY_SECONDS", 0.1)
    stage = staged()
    kind, body = with_files({"text": WORDS, "title": "On names"})
    for data in (head(1_000, kind=FORM["Content-Type"]) + urlencode({"text": WORDS}).encode(),
                 head(1_000, kind=kind) + body[: body.index(b"--edge--") - 20]):  # fmt: skip
        status, page = answered(begin(stage, data))
        assert (status, page.partition("<")[0]) == (408, "sorry slow")
        assert words_in(page)["text"] == WORDS
    assert stage.asked == []


def test_a_form_that_is_too_large_is_given_back_as_far_as_any_form_goes(staged):
    stage = staged()
    words = "Three weeks. " * 300_000
    got = stage.get("/fr/contribute/", "POST", urlencode({"title": WORDS, "text": words}).encode(), **FORM)
    given = words_in(got.body.decode())
    assert got.status == 413 and got.body.startswith(b"pardon large<")
    assert given["title"] == WORDS and words.startswith(given["text"]) and len(given["text"]) > 1_900_000
    assert stage.asked == [] and wait_until(lambda: stage.rooms.reserved == 0)


def test_of_a_form_of_which_nothing_came_it_is_said_that_the_browser_may_have_it(staged, begin):
    stage = staged()
    status, page = answered(begin(stage, head(10**12, kind=FORM["Content-Type"])))
    assert (status, page) == (413, "sorry large empty")


class SmallDisk:
    """A file on a disk on which there is room for some bytes."""

    def __init__(self, room):
        self._file, self._room = tempfile.TemporaryFile(buffering=0), room  # noqa: SIM115 - closed by who has it

    def write(self, data):
        taken = min(len(data), self._room - self._file.tell())
        if taken <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data[:taken])

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.fixture(params=[None, 0, 70_000, 300_000])
def full_disk(request, monkeypatch):
    """A disk on which no file can be made, or only so many bytes of one."""

    def made(**_how):
        if request.param is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return SmallDisk(request.param)

    monkeypatch.setattr(bodies, "TemporaryFile", made)


def test_a_long_form_is_taken_where_the_disk_is_full(staged, full_disk):
    body = urlencode({"text": WORDS * 20_000}).encode()
    assert bodies.FORM_LIMIT > len(body) > 500_000
    stage = staged()
    assert stage.get("/en/contribute/", "POST", body, **FORM).status == 200
    assert [each.body for each in stage.asked] == [body] and stage.rooms.reserved == 0


def test_a_large_file_finds_no_room_on_a_full_disk_and_the_words_beside_it_are_given_back(staged, begin, full_disk):
    stage = staged()
    kind, body = with_files({"text": WORDS, "seal": "a:b"}, file=b"p" * 3_000_000)
    sock = begin(stage, head(len(body), kind=kind))
    with contextlib.suppress(ConnectionError):
        sock.sendall(body)
    status, page = answered(sock)
    assert (status, page.partition("<")[0]) == (507, "sorry no room")
    assert words_in(page) == {"text": WORDS} and "ppp" not in page
    assert stage.asked == [] and stage.rooms.reserved == 0
    assert stage.get("/en/").status == 200


def test_bytes_are_the_same_wherever_they_lie(full_disk):
    body = bodies.Body(64 * 1024)
    pieces = [bytes([each]) * 50_000 for each in range(12)]
    assert all(body.write(each) for each in pieces)
    assert not body.write(b"x" * bodies.FORM_LIMIT)
    body.seek(0)
    assert body.read() == b"".join(pieces)


def test_a_program_gets_the_error_in_one_line(staged, begin):
    status, page = answered(begin(staged(), head(10**12)))
    assert (status, page) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "413 Content Too Large\n")


def test_the_largest_form_is_the_largest_that_django_takes(settings):
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == bodies.FORM_LIMIT


def test_the_pages_that_say_so_are_in_the_language_of_the_address():
    pages = {language: _sorry(language) for language in CODES}
    for language, said in pages.items():
        for kind, status in (("slow", 408), ("large", 413), ("full", 503), ("no room", 507)):
            page, empty = said[kind], said[f"{kind} empty"]
            assert f'lang="{html_code(language)}"' in page and f">{status}<" in page
            assert MARK in page and MARK not in empty and "<form" not in page + empty
            assert [each[kind] for each in pages.values()].count(page) == 1
    assert "arrived too slowly" in pages["en"]["slow"] and "may still have what you wrote" in pages["en"]["slow empty"]
    assert "What you sent is too large." in pages["en"]["large"]
    assert "This site is receiving too many requests at the moment." in pages["en"]["full"]
