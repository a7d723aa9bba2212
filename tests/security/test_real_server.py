"""A real `plenara serve` with readers, members and strangers at once: nobody gets another's page, no trick an entry.

The flood asks 2,000 times; with `PLENARA_FAULTS=full` it asks 100,000 times.
"""

import gzip
import http.client
import os
import re
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from tests.security.serving import HERE, asked, figures, memory_of_front

pytestmark = pytest.mark.once

QUESTIONS = 100_000 if os.environ.get("PLENARA_FAULTS") == "full" else 2_000
PUBLIC = [
    "/en/", "/en/consultations/", HERE, f"{HERE}threads/1/", f"{HERE}contributions/1/", "/en/about/how/", "/en/search/",
    "/en/feed.atom", f"{HERE}data.csv", f"{HERE}data.json", "/sitemap.xml", "/api/v1/consultations", "/themes.csv",
]  # fmt: skip


# --- whose page it is -------------------------------------------------------------------------------------------------


def test_a_members_page_is_kept_by_nobody_and_handed_to_nobody_else(serving):
    alice, boris = serving.cookies
    ways = [("Alice", {"Cookie": alice}), ("Boris", {"Cookie": boris}), ("", {})] * 14
    with ThreadPoolExecutor(6) as readers:
        got = list(readers.map(lambda way: (way[0], asked(serving, "/en/my/settings/", **way[1])), ways))
    for name, (status, headers, body) in got:
        assert status == (200 if name else 302)
        assert (b"Hushed Alice" in body, b"Hushed Boris" in body) == (name == "Alice", name == "Boris")
        assert "no-store" in headers["cache-control"] and "private" in headers["cache-control"]
        assert "hit" not in headers["cache-status"] and "stored" not in headers["cache-status"]


@pytest.mark.parametrize("path", PUBLIC)
def test_who_is_signed_in_reads_the_very_bytes_that_everybody_reads(serving, path):
    for cookie in (*serving.cookies, "sessionid=made-up", "csrftoken=x; a=b", ""):
        status, headers, body = asked(serving, path, Cookie=cookie)
        assert status == 200
        assert "set-cookie" not in headers
        assert body == asked(serving, path)[2]
        assert b"Hushed" not in body


def test_a_page_that_is_somebodys_by_its_address_is_not_kept_under_another(serving):
    """Endings and parameters that pass for a public file's make nothing public (web cache deception)."""
    ways = ("", "?x.css", "/x.css", "%2fx.css", ";x.css", "%00.css", "?format=atom", "%23.css", "../static/x.css")
    for each in ways:
        for prefix in ("/en/my/settings/", "/en/desk/", "/en/my/data"):
            asked(serving, prefix + each, Cookie=serving.cookies[0])
            _status, headers, body = asked(serving, prefix + each)
            assert b"Hushed Alice" not in body, prefix + each
            assert "hit" not in headers.get("cache-status", ""), prefix + each


# --- what is asked for oddly ------------------------------------------------------------------------------------------

ENCODINGS = [
    "", "identity", "gzip;q=nonsense", "br;q=2", "*", "identity;q=0", ", ,,", "GZIP", "gzip;q=0", "*;q=0", "br, gzip",
    "gzip" + ";a=b" * 1000, "x" * 5000, "deflate", "zstd", "gzip; q=0.001", "br;q=0, gzip;q=0, *",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda each: each[:20] or "none")
def test_whatever_encoding_is_asked_for_the_page_is_the_page(serving, encoding):
    for path in PUBLIC[:4]:
        plain = asked(serving, path)[2]
        status, headers, body = asked(serving, path, Accept_Encoding=encoding)
        packed = headers.get("content-encoding")
        assert status == 200
        assert packed is None or packed in encoding.lower() or "*" in encoding
        assert {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[packed](body) == plain
        assert asked(serving, path)[2] == plain


LANGUAGES = ["", "xx", "fr;q=nonsense", "*", "fr," * 2000, "ar-" + "x" * 3000, "zh-Hans-CN, fr;q=0.9", "\xff\xfe", "-"]


def test_whatever_language_is_asked_for_the_answer_is_of_that_reader_alone(serving):
    assert asked(serving, "/", Accept_Language="fr")[1]["location"] == "/fr/"
    for language in LANGUAGES:
        status, headers, _body = asked(serving, "/", Accept_Language=language)
        assert (status, headers["location"] in {f"/{code}/" for code in ("ar", "en", "es", "fr", "ru", "zh")}) == (
            302,
            True,
        )
        assert asked(serving, "/", Accept_Language="ru")[1]["location"] == "/ru/"
        assert b'lang="en"' in asked(serving, "/en/", Accept_Language=language)[2]


RANGES = ["bytes=0-10", "bytes=0-0,5-9,1-2", "bytes=99999999-", "bytes=-0", "bytes=-5", "bytes=5-2", "lines=1-2",
          "bytes=" + ",".join(f"{k}-" for k in range(1000)), "bytes=" + "9" * 500 + "-", "bytes=0-18446744073709551616",
          "bytes=--1", "bytes=\xa0-1", "bytes=0-10,"]  # fmt: skip


@pytest.mark.parametrize("wanted", RANGES, ids=lambda each: each[:20])
def test_a_part_that_is_asked_for_is_that_part_or_the_whole_and_takes_nobodys_place(serving, wanted):
    for path in (*PUBLIC[:4], f"{HERE}data.csv", "/exports/village-water/bundle.zip"):
        whole = asked(serving, path)
        status, headers, body = asked(serving, path, Range=wanted)
        assert status in ({200, 206, 416} if whole[0] == 200 else {whole[0]}), path
        assert status != 200 or body == whole[2]
        assert status != 206 or body in whole[2]
        assert "multipart" not in headers.get("content-type", "")
        assert asked(serving, path)[0] == whole[0] and asked(serving, path)[2] == whole[2]


SPELLINGS = [
    "/en/%63onsultations/", "/%65n/consultations/", "/en%2fconsultations/", "/en/consultations%2f",
    "//en/consultations/",
    "/en//consultations/", "/en/./consultations/", "/en/../en/consultations/", "/en/consultations/%3forder=x",
    "/en/consultations/;a=b", "/en/consultations/%00", "/en/consultations/%20", "/en/consultations/.",
    "/EN/consultations/", "/en/consultations/%0d%0aX:y", "/en/consultations/%c0%af", "/en/%e4%bd%a0/",
    "/en/consultations/%", "/en/consultations/%zz", "/en/consultations/%252e%252e/", "/fr/%63onsultations/",
    "/en/consultations?",
]  # fmt: skip


def test_one_page_spelled_otherwise_is_the_same_page_or_none_and_never_another(serving):
    """RFC 3986, 6.2.2: `%63` is a `c`, `%2f` is no separator. No spelling changes what a right one is answered with."""
    right = {path: asked(serving, path)[2] for path in ("/en/consultations/", "/fr/consultations/", "/en/about/how/")}
    for _twice in range(2):
        for spelling in SPELLINGS:
            status, headers, body = asked(serving, spelling)
            assert status in {200, 301, 302, 400, 404}, spelling
            assert not re.match(r"https?:|//|/\\", headers.get("location", "")), spelling
            if status == 200:
                assert body == right[f"/{'fr' if spelling.startswith('/fr') else 'en'}/consultations/"], spelling
        for path, body in right.items():
            assert asked(serving, path)[2] == body, path


# --- how much of it ---------------------------------------------------------------------------------------------------


def test_made_up_questions_make_no_entries_take_no_memory_and_push_out_no_page(serving):
    hot = [f"{HERE}threads/1/", "/en/consultations/", "/en/search/", "/en/about/how/"]
    for path in hot:
        asked(serving, path)
    before, memory = figures(serving), memory_of_front(serving)

    def ask_many(first):
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=600)
        got = set()
        for number in range(first, QUESTIONS, 4):
            connection.request("GET", f"{hot[number % 4]}?made-up-{number}={number * 7}&utm_source={number}")
            answer = connection.getresponse()
            answer.read()
            got.add(answer.status)
        connection.close()
        return got

    with ThreadPoolExecutor(4) as threads:
        assert set().union(*threads.map(ask_many, range(4))) == {200}
    after = figures(serving)
    assert after["plenara_cache_pages"] <= before["plenara_cache_pages"]
    assert after["plenara_cache_bytes"] <= before["plenara_cache_bytes"]
    assert memory_of_front(serving) - memory < 8
    for path in hot:
        asked(serving, path)  # a minute may have passed, after which it is made again
        assert "plenara; hit" in asked(serving, path)[1]["cache-status"]


def test_made_up_values_of_what_a_page_knows_stay_within_their_part_of_the_room(serving):
    path = f"{HERE}threads/1/"
    asked(serving, path)
    for number in range(min(QUESTIONS // 10, 2_000)):
        assert asked(serving, f"{path}?group=made-up-{number}&order=x{number}")[0] == 200
    found = figures(serving)
    assert found["plenara_cache_bytes"] <= found["plenara_cache_room_bytes"] == 8_000_000
    asked(serving, path)
    assert "plenara; hit" in asked(serving, path)[1]["cache-status"]
