"""A statement that cites an author is new on their page, once."""

import datetime

import pytest

from plenara.site.queries import overviews

pytestmark = pytest.mark.django_db


def test_a_published_statement_that_cites_an_author_is_new_since_a_visit_before_it(published, edition):
    author = edition.contribution.author
    before = published.minted_at - datetime.timedelta(minutes=1)
    (new,) = overviews.news_after(author, before)
    assert new.words == f"Cited in Summary 1, statement 1: your contribution {edition.number}"
    assert new.url.endswith("/summaries/1/#s1")
    assert overviews.news_after(author, published.minted_at) == []


def test_what_is_new_for_one_author_is_not_for_another(published, rapporteur):
    assert overviews.news_after(rapporteur, published.minted_at - datetime.timedelta(days=1)) == []


def test_what_is_new_takes_a_fixed_number_of_queries(published, edition, django_assert_max_num_queries):
    author = edition.contribution.author
    with django_assert_max_num_queries(4):
        overviews.news_after(author, published.minted_at - datetime.timedelta(days=1))
