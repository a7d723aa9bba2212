"""Requests for correction are found while they are published."""

import pytest

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.moderation.actions import remove, restore
from plenara.search.actions import repair
from plenara.search.entries import kind_of
from plenara.search.queries.results import Asked, newest
from plenara.search.query import parse

pytestmark = pytest.mark.django_db


def found(text):
    """Return the ids of the requests that are found."""
    assert repair.errors() == []
    return [hit.object_id for hit in newest(Asked(parse(text), {"kind": ["correction"]})).hits]


def test_one_that_waits_is_not_found_and_a_published_one_is(asked):
    assert found("weeks") == []


def test_it_is_found_by_its_words_and_who_asked_and_shown_where_it_stands(correction):
    assert found("weeks") == found("author:Okafor") == found(correction.edition.symbol) == [correction.pk]
    shown = kind_of("correction").found([correction.pk])[correction.pk]
    assert shown.url.endswith("/summaries/1/corrections/#r1")
    assert shown.label == "Summary 1, request 1"


def test_removed_it_is_not_found_until_it_is_restored(correction, moderator):
    remove(actor=moderator, kind="correction", pk=correction.pk, reason="C3")
    assert found("weeks") == []

    restore(actor=moderator, kind="correction", pk=correction.pk)
    assert found("weeks") == [correction.pk]


def test_an_erased_name_is_not_found_though_the_words_are(correction, participant):
    erase(actor=participant, choice=ErasureChoice.PARTICIPANT)

    assert found("weeks") == [correction.pk]
    assert found("author:Okafor") == []
