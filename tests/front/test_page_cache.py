"""The page cache: one request fills it, the others wait or get the old page; private pages are never cached."""

import asyncio
import datetime
import gzip
import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import time_machine

from plenara.core import clock
from plenara.front import server
from tests.front.backstage import PUBLIC, Answer, Asked, Backstage
from tests.installations import wait_until

pytestmark = pytest.mark.once


@pytest.fixture
def stage():
    with Backstage() as made:
        yield made


def counted(stage, may_answer=None):
    """Let every answer behind say which one it is."""
    stage.answer = lambda _asked: Answer(body=b"page %d" % len(stage.asked), may_answer=may_answer)


def is_waited_for_by(stage, readers):
    """Say whether so many connections wait for an answer."""
    return sum(each.is_answering for each in list(stage.front.connections)) == readers


def test_a_page_is_asked_for_once_and_answered_from_what_is_kept(stage):
    counted(stage)
    assert [stage.get().body for _ in range(5)] == [b"page 1"] * 5
    assert stage.get().cache_status == "plenara; hit"
    assert len(stage.asked) == 1


def test_fifty_readers_of_a_new_page_make_one_request_behind(stage):
    may_answer = threading.Event()
    counted(stage, may_answer)
    with ThreadPoolExecutor(50) as readers:
        got = readers.map(lambda _number: stage.get().body, range(50))
        assert wait_until(lambda: is_waited_for_by(stage, 50))
        may_answer.set()
    assert list(got) == [b"page 1"] * 50
    assert len(stage.asked) == 1


def test_when_a_cache_tag_moves_the_page_is_requested_again(stage):
    counted(stage)
    stage.get()
    stage.cache_tags.invalidate("consultation:2")
    assert stage.get().body == b"page 1"
    stage.cache_tags.invalidate()
    assert stage.get().body == b"page 2"


def test_when_the_site_itself_changes_every_page_is_requested_again(stage):
    counted(stage)
    stage.get()
    stage.cache_tags.invalidate("installation")
    assert stage.get().body == b"page 2"


def test_a_page_that_names_no_cache_tag_of_its_own_stands_on_all(stage):
    stage.answer = lambda _asked: Answer(body=b"%d" % len(stage.asked), headers={**PUBLIC, "X-Plenara-Cache-Tags": "*"})
    stage.get()
    stage.cache_tags.invalidate("consultation:2")
    assert stage.get().body == b"2"


def test_while_one_requests_it_again_the_others_take_the_old_page_which_is_marked(stage, monkeypatch):
    monkeypatch.setattr(server, "PATIENT", 600)
    counted(stage)
    stage.get()
    may_answer = threading.Event()
    counted(stage, may_answer)
    stage.cache_tags.invalidate()
    with ThreadPoolExecutor(9) as readers:
        first = readers.submit(stage.get)
        assert wait_until(lambda: len(stage.asked) == 2)
        others = list(readers.map(lambda _number: stage.get(), range(8)))
        may_answer.set()
    assert first.result().body == b"page 2"
    assert {each.body for each in others} == {b"page 1"}
    assert all("detail=being-made-anew" in each.cache_status and "ttl=-" in each.cache_status for each in others)
    assert len(stage.asked) == 2


def test_when_something_has_gone_nobody_is_shown_the_old_page(stage):
    counted(stage)
    stage.get()
    may_answer = threading.Event()
    counted(stage, may_answer)
    stage.cache_tags.invalidate(gone=True)
    with ThreadPoolExecutor(9) as readers:
        got = readers.map(lambda _number: stage.get().body, range(9))
        assert wait_until(lambda: is_waited_for_by(stage, 9))
        may_answer.set()
    assert set(got) == {b"page 2"}
    assert len(stage.asked) == 2


def test_the_clock_ends_a_page_at_the_time_that_it_names(stage):
    began = clock.now()
    until = began + datetime.timedelta(seconds=30)
    stage.answer = lambda _asked: Answer(
        body=b"%d" % len(stage.asked), headers={**PUBLIC, "X-Plenara-Until": f"{until.timestamp():.3f}"}
    )
    with time_machine.travel(began, tick=False):
        assert [stage.get().body for _ in range(2)] == [b"1"] * 2
    with time_machine.travel(until + datetime.timedelta(seconds=1)):
        assert wait_until(lambda: stage.get().body == b"2")


def test_with_the_database_away_pages_stay_and_say_that_they_may_be_old(stage):
    counted(stage)
    stage.get()
    stage.cache_tags.is_away = True
    assert wait_until(lambda: "detail=database-away" in stage.get().cache_status)
    got = stage.get()
    assert (got.status, got.body) == (200, b"page 1")
    stage.cache_tags.is_away = False
    stage.cache_tags.invalidate()
    assert wait_until(lambda: stage.get().body == b"page 2")


def test_where_django_fails_the_old_page_stays_and_says_so(stage):
    counted(stage)
    stage.get()
    stage.answer = lambda _asked: Answer(status=500, headers={"Content-Type": "text/html"}, body=b"broken")
    stage.cache_tags.invalidate()
    got = stage.get()
    assert (got.status, got.body) == (200, b"page 1")
    assert "detail=cannot-be-made-anew" in got.cache_status
    assert stage.get("/en/other/").status == 500


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"Content-Type": "text/html"}),
        (200, {**PUBLIC, "Set-Cookie": "sessionid=1"}),
        (200, {**PUBLIC, "Vary": "Cookie"}),
        (200, {**PUBLIC, "Vary": "Accept-Language, Accept-Encoding"}),
        (200, {**PUBLIC, "Content-Encoding": "gzip"}),
        (200, {**PUBLIC, "Cache-Control": "no-store"}),
        (302, {**PUBLIC, "Location": "/fr/"}),
        (404, PUBLIC),
        (410, PUBLIC),
    ],
)
def test_what_is_not_everybodys_is_never_kept(stage, status, headers):
    stage.answer = lambda _asked: Answer(status, headers, b"%d" % len(stage.asked))
    assert [stage.get().body for _ in range(3)] == [b"1", b"2", b"3"]


def test_somebodys_page_is_never_given_to_another(stage):
    def answer(asked: Asked) -> Answer:
        return Answer(headers={"Content-Type": "text/html"}, body=asked.headers.get("cookie", "nobody").encode())

    stage.answer = answer
    with ThreadPoolExecutor(20) as readers:
        names = [f"sessionid={number}" for number in range(20)]
        got = list(readers.map(lambda name: stage.get("/en/my/", Cookie=name).body.decode(), names))
    assert got == names
    assert stage.get("/en/my/").body == b"nobody"


def test_who_is_signed_in_gets_the_page_that_everybody_gets(stage):
    counted(stage)
    stage.get(Cookie="sessionid=1")
    assert stage.get().body == b"page 1"
    assert stage.get(Cookie="sessionid=2").body == b"page 1"


def test_unknown_parameters_key_nothing_and_are_not_passed_on(stage):
    stage.answer = lambda asked: Answer(
        headers={**PUBLIC, "X-Plenara-Parameters": "group order"}, body=asked.target.encode()
    )
    stage.get("/en/?utm=0")
    assert stage.get("/en/?utm=1").body == b"/en/"
    assert stage.get("/en/?utm=2&fbclid=3").body == b"/en/"
    assert stage.get("/en/?utm=2&order=newest&group=other").body == b"/en/?group=other&order=newest"
    assert stage.get("/en/?group=other&order=newest&x").body == b"/en/?group=other&order=newest"
    assert [each.target for each in stage.asked] == ["/en/?utm=0", "/en/", "/en/?group=other&order=newest"]


def test_a_hundred_thousand_addresses_do_not_push_out_a_page_and_stay_within_the_room():
    with Backstage(room=2_000_000) as stage:
        stage.answer = lambda _asked: Answer(headers={**PUBLIC, "X-Plenara-Parameters": "*"}, body=b"x" * 3000)
        stage.get("/en/thread/")
        for number in range(1500):
            stage.get(f"/en/thread/?q={number}")
        assert stage.front.cache.used <= 2_000_000
        asked = len(stage.asked)
        assert stage.get("/en/thread/").cache_status == "plenara; hit"
        assert len(stage.asked) == asked


def test_each_encoding_has_its_own_bytes_and_tag(stage):
    page = "Ünïcode слова 词 ".encode() * 200
    stage.answer = lambda _asked: Answer(body=page, headers={**PUBLIC, "ETag": '"abc"'})
    plain = stage.get()
    packed = stage.get(Accept_Encoding="gzip")
    small = stage.get(Accept_Encoding="gzip, deflate, br;q=0.9")
    assert plain.body == gzip.decompress(packed.body) == brotli.decompress(small.body) == page
    assert [each.headers["etag"] for each in (plain, packed, small)] == ['"abc"', '"abc-gzip"', '"abc-br"']
    assert [each.headers.get("content-encoding") for each in (plain, packed, small)] == [None, "gzip", "br"]
    assert stage.get(Accept_Encoding="br;q=0, gzip").headers["content-encoding"] == "gzip"
    assert all(each.headers["vary"] == "Accept-Encoding" for each in (plain, packed, small))


def test_a_cached_page_has_the_keys_by_which_a_cdn_can_purge_it(stage):
    stage.answer = lambda _asked: Answer(headers={**PUBLIC, "Surrogate-Key": "consultation:1 themes"})
    assert [stage.get().headers["surrogate-key"] for _ in range(2)] == ["consultation:1 themes"] * 2


@pytest.mark.parametrize("tag", ['"abc"', '"abc-gzip"', 'W/"abc-br"', '"other", "abc"', "*"])
def test_who_has_the_page_gets_304(stage, tag):
    stage.answer = lambda _asked: Answer(headers={**PUBLIC, "ETag": '"abc"'})
    stage.get()
    got = stage.get(If_None_Match=tag)
    assert (got.status, got.body) == (304, b"")
    assert stage.get(If_None_Match='"old"').status == 200


def test_head_has_the_head_alone(stage):
    stage.answer = lambda _asked: Answer(body=b"x" * 1000)
    stage.get()
    got = stage.get(method="HEAD")
    assert (got.status, got.body, got.headers["content-length"]) == (200, b"", "1000")


def test_no_header_between_front_and_django_reaches_a_reader_or_comes_from_one(stage):
    got = stage.get(X_Plenara_Peer="6.6.6.6", X_Plenara_Front="0", X_Plenara_Unsure="1")
    assert not [name for name in got.headers if name.startswith("x-plenara")]
    headers = {name: value for name, value in stage.asked[0].headers.items() if name.startswith("x-plenara")}
    assert headers.pop("x-plenara-known").isdigit()
    assert headers == {"x-plenara-front": "1", "x-plenara-peer": "127.0.0.1"}


@pytest.mark.parametrize("is_the_same", [True, False])
def test_at_its_end_an_open_connection_has_time_for_one_more_request_and_is_then_closed(
    stage, monkeypatch, is_the_same
):
    monkeypatch.setattr(server, "PATIENCE", 600.0)
    monkeypatch.setattr(server, "LAST_REQUEST", 600.0)
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=600)
    connection.request("GET", "/en/")
    assert connection.getresponse().read() == b"page"
    ending = asyncio.run_coroutine_threadsafe(stage.front.end(), stage.loop)
    assert wait_until(lambda: stage.front.is_ending)
    connection.request("GET", "/en/" if is_the_same else "/en/other/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Connection"], answer.read()) == (200, "close", b"page")
    ending.result(600)
    assert not stage.front.connections
    connection.close()


def test_at_its_end_an_idle_connection_is_closed(stage, monkeypatch):
    monkeypatch.setattr(server, "LAST_REQUEST", 0.0)
    with socket.create_connection(("127.0.0.1", stage.port), timeout=600) as connection:
        assert wait_until(lambda: stage.front.connections)
        asyncio.run_coroutine_threadsafe(stage.front.end(), stage.loop).result(600)
        assert connection.recv(1) == b""
