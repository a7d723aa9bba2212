"""PostgreSQL goes about a question in one of two ways; whichever it is, it finds the same."""

import json

import pytest
from django.db import connection

from plenara.search.engines import postgresql
from plenara.search.queries import results
from plenara.search.queries.results import Asked, newest, relevant
from plenara.search.query import Expression, Run, expression_of, parse
from tests.search import corpus
from tests.search.test_queries import STORED, found_by

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="this is SQLite")


#: By the key, by GIN among the newest, and by GIN.
WAYS = {"key": (0, 0), "newest": (1e12, 0), "GIN": (1e12, 1e12)}


def take(monkeypatch, way, more=1.5):
    """Let every match be found in the same way."""
    listed, fetched = WAYS[way]
    for name, rate in {"_LISTED": listed, "_LISTED_BEGUN": listed, "_FETCHED": fetched, "_MORE": more}.items():
        monkeypatch.setattr(postgresql, name, rate)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")


@on_postgresql
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sample", [3, 10_000])
def test_whatever_it_takes_for_frequent_it_finds_what_is_stored(indexed, monkeypatch, way, sample):
    take(monkeypatch, way)
    monkeypatch.setattr(postgresql, "SAMPLE", sample)
    for text, stored in STORED.items():
        if "refused" not in stored:
            assert {"newest": found_by(newest, text), "relevant": found_by(relevant, text)} == stored, text


@on_postgresql
@pytest.mark.parametrize(("way", "more"), [("key", 1), ("newest", 0.01), ("newest", 1.5), ("GIN", 1)])
@pytest.mark.parametrize("counted", [5, 1_000])
def test_pages_and_counts_are_the_same_whatever_it_takes_for_frequent(indexed, monkeypatch, way, more, counted):
    take(monkeypatch, way, more)
    monkeypatch.setattr(postgresql, "SAMPLE", 7)
    monkeypatch.setattr(results, "MOST_COUNTED", counted)
    asked = Asked(parse("publish OR publier OR publica"), {"kind": [corpus.KIND]})
    whole = newest(asked, limit=200)
    assert (whole.count, whole.is_capped) == ((5, True) if counted == 5 else (len(whole.hits), False))
    walked, before = [], None
    while True:
        page = newest(asked, before=before, limit=2)
        walked += page.hits
        assert (page.count, page.is_capped) == (whole.count, whole.is_capped)
        if (before := page.next) is None:
            break
    assert walked == whole.hits and len(walked) > 5


@on_postgresql
@pytest.mark.django_db
def test_a_token_is_looked_up_beside_a_short_list_of_new_entries_whatever_was_written():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE 'gin_pending_list_limit=64' = ANY (reloptions) ORDER BY relname"
        )
        assert [name for (name,) in cursor.fetchall()] == ["search_entry_pairs", "search_entry_tokens"]


@on_postgresql
def test_a_phrase_is_looked_for_in_entries_that_have_its_pairs_and_no_others(indexed):
    expression = expression_of(parse('"civil society"'))
    where, values = postgresql._gathered(expression, None, None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT id FROM {where}", values)
        plan = json.dumps(cursor.fetchone()[0])
    assert "search_entry_pairs" in plan
    assert "search_entry_tokens" not in plan


@pytest.mark.parametrize(
    ("runs", "has_pairs"),
    [
        ((Run(("civil", "societi")),), True),
        ((Run(("civil", "societi")), Run(("civil", "society"))), True),
        ((Run(("civil", "societi")), Run(("ong",))), False),  # a text with the one word alone is found too
        ((Run(("civil", "soc"), star=True),), False),  # a pair is known by both words in full
        ((Run(("the", "civil", "soc"), star=True),), True),
        ((Run(("civil",)),), False),
    ],
)
def test_pairs_are_asked_for_where_every_match_must_have_one(runs, has_pairs):
    assert bool(postgresql._pairs(Expression((runs,)))) is has_pairs


def test_before_the_database_looked_at_the_table_nothing_is_taken_for_frequent():
    assert not postgresql.Sample([1, 2], False, 1.0, -1.0).is_frequent(20, 0.7)
    assert postgresql.Sample([1, 2], False, 0.5, 1_000_000.0).is_frequent(1_001, 5.0)
    assert not postgresql.Sample([1, 2], False, 0.01, 1_000_000.0).is_frequent(1_001, 5.0)


def test_a_sample_below_a_number_has_what_is_older():
    sample = postgresql.Sample([9, 7, 4], True, 0.5, 6.0)
    assert sample.below(None) is sample
    assert sample.below(7).ids == [4]
