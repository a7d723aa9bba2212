"""Queries in six languages: both databases find the same texts, in the same orders, and those that they should."""

import json

import pytest

from plenara.search.queries import results
from plenara.search.queries.results import Asked, newest, relevant
from plenara.search.query import QueryRefused, parse
from tests.search import corpus, queries
from tests.search.write_results import RESULTS

STORED = json.loads(RESULTS.read_text(encoding="utf-8"))


def found_by(order, text):
    """Return the names of what a query finds, on one page."""
    try:
        page = order(Asked(parse(text), {"kind": [corpus.KIND]}), limit=200)
    except QueryRefused as refused:
        return {"refused": refused.problem.value}
    return " ".join(corpus.names([hit.object_id for hit in page.hits]))


def test_every_query_finds_what_is_stored_in_both_orders_on_whatever_database(indexed):
    for text, _expected in queries.QUERIES:
        stored = STORED[text]
        if "refused" in stored:
            assert found_by(newest, text) == found_by(relevant, text) == stored, text
        else:
            assert {"newest": found_by(newest, text), "relevant": found_by(relevant, text)} == stored, text


@pytest.mark.once
def test_every_query_finds_exactly_the_texts_that_it_should():
    for text, expected in queries.QUERIES:
        if expected is not None:
            assert set(STORED[text]["newest"].split()) == set(expected.split()), text


@pytest.mark.once
def test_the_list_is_as_long_as_was_promised_and_says_of_most_what_they_find():
    assert len(corpus.TEXTS) >= 120
    assert len({text for text, _expected in queries.QUERIES}) == len(queries.QUERIES) == len(STORED) >= 150
    assert sum(expected is not None for _text, expected in queries.QUERIES) >= 140
    assert STORED.keys() == {text for text, _expected in queries.QUERIES}


def test_pages_one_after_the_other_have_every_match_once(indexed):
    asked = Asked(parse("publish OR publier OR publica OR публикует"), {"kind": [corpus.KIND]})
    whole = [hit.object_id for hit in newest(asked, limit=200).hits]
    walked, before = [], None
    while True:
        page = newest(asked, before=before, limit=3)
        walked += [hit.object_id for hit in page.hits]
        assert page.count == len(whole)
        if (before := page.next) is None:
            break
    assert walked == whole
    assert len(whole) > 9


def test_pages_by_relevance_have_every_match_once(indexed):
    asked = Asked(parse("publish OR publier OR publica OR публикует"), {"kind": [corpus.KIND]})
    whole = [hit.object_id for hit in relevant(asked, limit=200).hits]
    walked, number = [], 1
    while number:
        page = relevant(asked, page=number, limit=4)
        walked += [hit.object_id for hit in page.hits]
        number = page.next
    assert walked == whole


def test_a_count_says_when_there_are_more_than_are_counted(indexed, monkeypatch):
    monkeypatch.setattr(results, "MOST_COUNTED", 5)
    page = newest(Asked(parse("publish OR publier OR publica"), {"kind": [corpus.KIND]}), limit=3)

    assert (page.count, page.is_capped) == (5, True)


def test_filters_leave_only_what_has_one_of_their_values(indexed):
    asked = {"kind": [corpus.KIND], "language": ["fr", "es"], "thread": ["1", "2"]}
    found = newest(Asked(parse(""), asked), limit=200).hits
    of = dict(enumerate(corpus.ORDER, 1))

    assert {of[hit.object_id].language for hit in found} == {"fr", "es"}
    assert {hit.object_id % 5 for hit in found} == {1, 2}
    assert len(found) > 10


def test_a_period_has_what_was_published_in_it(indexed):
    from plenara.search.entries import bounds

    low, high = bounds(corpus.contents()[10].at, corpus.contents()[20].at)
    found = newest(Asked(parse(""), {"kind": [corpus.KIND]}, low=low, high=high), limit=200).hits

    assert [hit.object_id for hit in found] == list(range(20, 10, -1))


@pytest.mark.once
def test_words_joined_by_a_sign_are_searched_though_one_of_them_is_common():
    for text, words in (("on-line", ("on", "line")), ("and/or", ("and", "or")), ("ICT/IG", ("ict", "ig"))):
        assert [term.words for term in parse(text).terms] == [words]
    assert parse("WGIG/2004/Q4").symbols == ("WGIG/2004/Q4",)
