"""Vectors at hand: fetched once by all processes of a machine, never another page's, and nothing without them."""

import multiprocessing
import os
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core import tasks
from plenara.search import actions, arranging, at_hand, places, reading_on
from plenara.search.meaning import nearest_to
from plenara.search.models import Arrangement
from tests.search.reading import asked


@pytest.fixture
def file(tmp_path):
    at_hand.open_in(tmp_path)
    yield
    at_hand.close()


def page(number, count=at_hand.IN_PAGE):
    """Return ids and numbers of a page, all of one byte."""
    return bytes([number]) * 16 * count, bytes([number]) * 512 * count


def test_what_was_put_is_there_as_far_as_it_goes(file):
    assert at_hand.get(7, 1) is None
    at_hand.put(7, 20, *page(7, 20))
    assert at_hand.get(7, 20) == page(7, 20) and at_hand.get(7, 3) == page(7, 3)
    assert at_hand.get(7, 21) is None and at_hand.get(8, 1) is None
    at_hand.put(7, 256, *page(7))
    assert at_hand.get(7, 256) == page(7) and at_hand.get(7, 20) == page(7, 20)


def test_a_page_that_comes_to_anothers_place_takes_it(file):
    at_hand.put(7, 256, *page(7))
    at_hand.put(7 + at_hand.PLACES, 256, *page(9))
    assert at_hand.get(7, 256) is None and at_hand.get(7 + at_hand.PLACES, 256) == page(9)


def test_the_file_has_no_name_and_goes_with_its_processes(file, tmp_path):
    at_hand.put(7, 20, *page(7, 20))
    assert os.listdir(tmp_path) == []
    at_hand.close()
    assert at_hand.get(7, 20) is None
    at_hand.put(7, 20, *page(7, 20))  # and no harm


def test_a_full_disk_leaves_nothing_at_hand_and_breaks_nothing(file, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    at_hand.put(7, 20, *page(7, 20))
    assert at_hand.get(7, 20) is None


def test_processes_and_threads_that_want_one_place_never_read_anothers_page(file):
    """Three pages share a place; whoever reads meanwhile gets a whole one or none."""

    def put_in_turn(seed):
        for each in range(300):
            number = (seed + each) % 3
            at_hand.put(number * at_hand.PLACES, 256, *page(number + 1))
            time.sleep(0.001 * (each % 2))

    fork = multiprocessing.get_context("fork")
    others = [fork.Process(target=put_in_turn, args=(seed,)) for seed in range(2)]
    others.append(threading.Thread(target=put_in_turn, args=(2,)))
    for each in others:
        each.start()
    seen = {None: 0, True: 0, False: 0}
    while any(each.is_alive() for each in others):
        for number in range(3):
            found = at_hand.get(number * at_hand.PLACES, 256)
            seen[found == page(number + 1) if found else None] += 1
    for each in others:
        each.join()
    assert seen[True] and not seen[False]


@pytest.fixture
def cells(things, monkeypatch):
    """Texts in cells."""
    monkeypatch.setattr(arranging, "MOST_ALONE", 10)
    monkeypatch.setattr(reading_on, "AT_ONCE", 300)
    monkeypatch.setattr(arranging, "way", lambda: Arrangement.Way.CELLS)
    monkeypatch.setattr(places, "PROBED", (9, 9))
    monkeypatch.setattr(at_hand, "LEAST", 0)
    things.words = {pk: ("en", f"The cost of a connection in rural villages, number {pk}.") for pk in range(30)}
    actions.put(things.everything())
    tasks.run_all()


def fetched(question):
    """Return what was found, and how often numbers of vectors were fetched for it."""
    with CaptureQueriesContext(connection) as queries:
        answer = nearest_to(asked(question))
    return answer.hits, sum('"numbers"' in each["sql"] and "search_page" in each["sql"] for each in queries)


@pytest.mark.django_db
def test_a_question_fetches_what_no_question_has_fetched_before(cells, things, file):
    at_hand.close()
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
    monkeypatch.setattr(at_hand, "LEAST", 20_000)
    assert fetched("connection costs rural villages")[1] == 1 == fetched("connection costs rural villages")[1]
