"""Vectors at hand: fetched once by all processes of a machine, never another page's, and nothing without them."""

import multiprocessing
import os
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core import tasks
from plenara.search import vector_cache, vector_store
from plenara.search.actions import embeddings, index
from plenara.search.models import Arrangement
from plenara.search.queries.similarity import nearest_to
from tests.search.reading import asked


@pytest.fixture
def file(tmp_path):
    vector_cache.open_in(tmp_path)
    yield
    vector_cache.close()


def page(number, count=vector_cache.IN_PAGE):
    """Return ids and numbers of a page, all of one byte."""
    return bytes([number]) * 16 * count, bytes([number]) * 512 * count


def test_what_was_put_is_there_as_far_as_it_goes(file):
    assert vector_cache.get(7, 1) is None
    vector_cache.put(7, 20, *page(7, 20))
    assert vector_cache.get(7, 20) == page(7, 20) and vector_cache.get(7, 3) == page(7, 3)
    assert vector_cache.get(7, 21) is None and vector_cache.get(8, 1) is None
    vector_cache.put(7, 256, *page(7))
    assert vector_cache.get(7, 256) == page(7) and vector_cache.get(7, 20) == page(7, 20)


def test_a_page_that_comes_to_anothers_place_takes_it(file):
    vector_cache.put(7, 256, *page(7))
    vector_cache.put(7 + vector_cache.PLACES, 256, *page(9))
    assert vector_cache.get(7, 256) is None and vector_cache.get(7 + vector_cache.PLACES, 256) == page(9)


def test_the_file_has_no_name_and_goes_with_its_processes(file, tmp_path):
    vector_cache.put(7, 20, *page(7, 20))
    assert os.listdir(tmp_path) == []
    vector_cache.close()
    assert vector_cache.get(7, 20) is None
    vector_cache.put(7, 20, *page(7, 20))  # and no harm


def test_a_full_disk_leaves_nothing_at_hand_and_breaks_nothing(file, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    vector_cache.put(7, 20, *page(7, 20))
    assert vector_cache.get(7, 20) is None


def test_processes_and_threads_that_want_one_place_never_read_anothers_page(file):
    """Three pages share a place; a reader at the same time gets a whole one or none."""

    def put_in_turn(seed):
        for each in range(300):
            number = (seed + each) % 3
            vector_cache.put(number * vector_cache.PLACES, 256, *page(number + 1))
            time.sleep(0.001 * (each % 2))

    fork = multiprocessing.get_context("fork")
    others = [fork.Process(target=put_in_turn, args=(seed,)) for seed in range(2)]
    others.append(threading.Thread(target=put_in_turn, args=(2,)))
    for each in others:
        each.start()
    seen = {None: 0, True: 0, False: 0}
    while any(each.is_alive() for each in others):
        for number in range(3):
            found = vector_cache.get(number * vector_cache.PLACES, 256)
            seen[found == page(number + 1) if found else None] += 1
    for each in others:
        each.join()
    assert seen[True] and not seen[False]


@pytest.fixture
def cells(things, monkeypatch):
    """Texts in cells."""
    monkeypatch.setattr(embeddings, "MOST_ALONE", 10)
    monkeypatch.setattr(embeddings, "AT_ONCE", 300)
    monkeypatch.setattr(embeddings, "arrangement_way", lambda: Arrangement.Way.CELLS)
    monkeypatch.setattr(vector_store, "PROBED", (9, 9))
    monkeypatch.setattr(vector_cache, "LEAST", 0)
    things.words = {pk: ("en", f"The cost of a connection in rural villages, number {pk}.") for pk in range(30)}
    index.put(things.everything())
    tasks.run_all()


def fetched(question):
    """Return what was found, and how often numbers of vectors were fetched for it."""
    with CaptureQueriesContext(connection) as queries:
        answer = nearest_to(asked(question))
    return answer.hits, sum('"numbers"' in each["sql"] and "search_page" in each["sql"] for each in queries)


@pytest.mark.django_db
def test_a_question_fetches_what_no_question_has_fetched_before(cells, things, file):
    vector_cache.close()
    without, once = fetched("connection costs rural villages")
    assert without and once == 1 == fetched("connection costs rural villages")[1]


@pytest.mark.django_db
def test_a_second_question_fetches_nothing_and_finds_the_same_and_what_is_added(cells, things, file):
    first, once = fetched("connection costs rural villages")
    second, again = fetched("connection costs rural villages")
    assert first and first == second and (once, again) == (1, 0)
    things.publish(77, "The cost of a connection in rural villages, once more.")
    tasks.run_all()
    third, _fetched = fetched("connection costs rural villages")
    assert {hit.object_id for hit, _ in third} == {hit.object_id for hit, _ in first} | {77}


@pytest.mark.django_db
def test_of_few_texts_nothing_is_at_hand_so_that_nothing_is_left_of_one_that_goes(cells, file, monkeypatch):
    monkeypatch.setattr(vector_cache, "LEAST", 20_000)
    assert fetched("connection costs rural villages")[1] == 1 == fetched("connection costs rural villages")[1]
