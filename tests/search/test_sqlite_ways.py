"""SQLite goes about the beginning of a word in one of two ways; whichever it is, it finds the same."""

import pytest
from django.db import connection

from plenara.core import database
from plenara.search.engines import sqlite
from plenara.search.queries.results import Asked, newest, relevant
from plenara.search.query import expression_of, parse
from tests.search import corpus
from tests.search.test_queries import STORED, found_by

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="this is PostgreSQL")


@on_sqlite
def test_reading_words_finds_what_the_index_finds(indexed):
    for text, stored in STORED.items():
        if "refused" not in stored:
            expression = expression_of(parse(text), {"kind": [corpus.KIND]})
            where, values = sqlite._in_words(expression, None, None)
            read = [row[0] for row in sqlite._rows(f"SELECT rowid FROM {where} ORDER BY rowid DESC", values)]
            assert read == sqlite.Sqlite().match(expression, limit=1_000), text


@on_sqlite
@pytest.mark.parametrize("is_frequent", [True, False])
def test_whatever_it_takes_for_frequent_it_finds_what_is_stored(indexed, monkeypatch, is_frequent):
    monkeypatch.setattr(sqlite, "_is_frequent", lambda *_asked: is_frequent)
    asked = [text for text in STORED if "*" in text and "refused" not in STORED[text]]
    for text in asked:
        assert {"newest": found_by(newest, text), "relevant": found_by(relevant, text)} == STORED[text], text
    assert len(asked) > 3


@on_sqlite
@pytest.mark.parametrize("is_frequent", [True, False])
def test_pages_of_a_beginning_have_every_match_once(indexed, monkeypatch, is_frequent):
    monkeypatch.setattr(sqlite, "_is_frequent", lambda *_asked: is_frequent)
    asked = Asked(parse("pub* OR pri*"), {"kind": [corpus.KIND]})
    whole = newest(asked, limit=200)
    walked, before = [], None
    while True:
        page = newest(asked, before=before, limit=3)
        walked += page.hits
        assert page.count == whole.count
        if (before := page.next) is None:
            break
    assert walked == whole.hits and len(walked) > 5


@on_sqlite
def test_a_beginning_is_frequent_where_reading_words_is_sooner_than_merging(indexed, monkeypatch):
    expression = expression_of(parse("pub*"))
    assert not sqlite._is_frequent(expression, None, None, 1)  # it has not looked at the table yet
    database.analyze()
    assert sqlite._entries() == len(indexed)
    assert not sqlite._is_frequent(expression, None, None, 1_000)
    monkeypatch.setattr(sqlite, "_entries", lambda: 1_000_000_000)
    assert sqlite._is_frequent(expression, None, None, 1_000)
    assert not sqlite._is_frequent(expression_of(parse("zzz*")), None, None, 1_000)
