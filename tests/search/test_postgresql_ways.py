"""PostgreSQL goes about a question in one of two ways; whichever it is, it finds the same."""

import json

import pytest
from django.db import connection

from plenara.search.engines import postgresql
from plenara.search.expressions import Expression, Run, expression_of
from plenara.search.finding import newest, relevant
from plenara.search.query import parse
from tests.search import corpus
from tests.search.test_queries import STORED, found_by

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="this is SQLite")


@pytest.fixture
def indexed(index_of):
    """The texts of the corpus, in an index of their own."""
    return index_of(corpus.contents())


@on_postgresql
@pytest.mark.parametrize("is_frequent", [True, False])
@pytest.mark.parametrize("few", [0, 10_000])
def test_whatever_it_takes_for_frequent_it_finds_what_is_stored(indexed, monkeypatch, is_frequent, few):
    monkeypatch.setattr(postgresql, "_is_frequent", lambda *_asked: is_frequent)
    monkeypatch.setattr(postgresql, "FEW", few)
    for text, stored in STORED.items():
        if "refused" not in stored:
            assert {"newest": found_by(newest, text), "relevant": found_by(relevant, text)} == stored, text


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


@on_postgresql
def test_before_the_table_was_looked_at_nothing_is_taken_for_frequent(indexed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'search_entry'::regclass")
        if cursor.fetchone()[0] > 0:
            pytest.skip("this database looked at it already")
    assert not postgresql._is_frequent(expression_of(parse("society")), 20, 0)
