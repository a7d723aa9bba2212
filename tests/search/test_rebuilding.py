"""The index can be compared with the record, repaired and rebuilt at any time."""

import datetime

import pytest
from django.db import connection

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Byline, Edition
from plenara.core import clock
from plenara.search import analyser
from plenara.search.actions import repair
from plenara.search.engines import engine
from plenara.search.models import Entry
from tests import world


def image():
    """Return the whole index."""
    fields = ("id", "kind", "object_id", "part", "language", "words", "filters", "size", "digest")
    return list(Entry.objects.order_by("id").values_list(*fields))


@pytest.fixture
def several(author, moderator, thread):
    """Three contributions, of which two are published."""
    editions = [
        world.published(author, moderator, thread, f"Text {n} asks for a longer time.", key=f"k{n}") for n in range(3)
    ]
    withdraw(actor=author, contribution=editions[1].contribution)
    return editions


def test_an_index_that_was_kept_is_right(several):
    assert repair.errors() == []
    assert all(each.is_right for each in repair.compare())


def test_rebuilt_it_is_the_same(several):
    before = image()
    repair.rebuild()

    assert image() == before
    assert repair.errors() == []


def test_missing_and_differing_entries_are_reported_and_repaired(several):
    before = image()
    Entry.objects.filter(object_id=several[0].pk).delete()
    Entry.objects.filter(object_id=several[2].pk).update(digest="of other words", words="other words")

    assert any("'contribution'" in sentence and " 2 of 2 " in sentence for sentence in repair.errors())
    assert sum(each.wrong for each in repair.repair_index()) == 2
    assert image() == before


def test_entries_of_withdrawn_texts_are_reported_and_removed(several):
    Edition.objects.filter(pk=several[0].pk).update(status=Edition.Status.REMOVED)

    assert any("not public" in sentence for sentence in repair.errors())
    assert sum(each.gone for each in repair.repair_index()) == 1
    assert list(Entry.objects.values_list("object_id", flat=True)) == [several[2].pk]


def test_what_refers_to_nothing_is_taken_out(several):
    for kind in ("contribution", "paper", "statement", "correction", "nobody's"):
        Entry.objects.create(id=len(kind), kind=kind, object_id=9_999_999, words="w", filters="", size=1, digest="d")

    assert len(repair.errors()) == 5
    repair.repair_index()
    assert repair.errors() == []
    assert not Entry.objects.filter(object_id=9_999_999).exists()


def test_a_name_that_was_blanked_beside_the_index_leaves_it_with_the_next_comparison(several):
    assert Entry.objects.filter(filters__contains="¤aaminata").count() == 2
    Byline.objects.update(name="")

    repair.repair_index()

    assert not Entry.objects.filter(filters__contains="¤aaminata").exists()


def test_another_way_of_reading_texts_makes_the_index_again(several, monkeypatch):
    monkeypatch.setattr(analyser, "VERSION", "of tomorrow")

    assert repair.errors()
    assert sum(each.wrong for each in repair.repair_index()) == 2
    assert repair.errors() == []


@pytest.mark.once
def test_an_index_of_sqlite_that_lost_a_text_is_reported_and_rebuilt(several):
    entry = Entry.objects.first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_words(search_words, rowid, words, filters) VALUES ('delete', %s, %s, %s)",
            [entry.pk, entry.words, entry.filters],
        )

    assert any("FTS5" in sentence for sentence in repair.errors())
    repair.rebuild()
    assert repair.errors() == []


def test_a_comparison_asks_the_same_number_of_times_for_ten_and_for_two_hundred(
    thread, django_assert_max_num_queries, django_assert_num_queries
):
    world.many(thread, 10)
    repair.repair_index()
    with django_assert_max_num_queries(25):
        repair.compare()
    world.many(thread, 190)
    repair.repair_index()
    with django_assert_max_num_queries(25):
        repair.compare()


def test_dates_that_no_key_has_room_for_are_the_last_or_the_first(edition):
    for year, place in ((1, "first"), (9999, "last")):
        Edition.objects.filter(pk=edition.pk).update(published_at=datetime.datetime(year, 6, 1, tzinfo=datetime.UTC))
        repair.repair_index()
        assert repair.errors() == [], place
    assert engine().errors() == []
    assert clock.now()
