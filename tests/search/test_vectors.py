"""Vectors as whole numbers: kept, read in order, forgotten, and multiplied without an error."""

import numpy
import pytest

from plenara.search import encoder, vector_store
from plenara.search.actions import index
from plenara.search.actions.index import Row
from plenara.search.models import Vector


def row(first, sha="a" * 64):
    numbers = numpy.zeros(512, dtype=numpy.int8)
    numbers[0] = first
    return Row(sha, numbers)


@pytest.mark.django_db
def test_vectors_come_back_in_the_order_of_their_things_and_places():
    index.save_vectors("edition", {9: {1: row(3), 0: row(2)}, 4: {0: row(1)}}, encoder="e")
    found = vector_store.stored_vectors("edition", [9, 4, 77], "e")
    assert (found.object_ids, found.places) == ([4, 9, 9], [0, 0, 1])
    assert found.numbers[:, 0].tolist() == [1, 2, 3]
    assert found.numbers.dtype == numpy.int8


@pytest.mark.django_db
def test_what_is_kept_again_replaces_all_of_a_thing():
    index.save_vectors("edition", {9: {0: row(1), 1: row(2), 2: row(3)}}, encoder="e")
    index.save_vectors("edition", {9: {0: row(-5)}}, encoder="f")
    assert [(each.place, each.encoder) for each in Vector.objects.all()] == [(0, "f")]
    assert vector_store.stored_vectors("edition", [9], "e").places == []


@pytest.mark.django_db
def test_forgetting_takes_one_kind_of_things_alone():
    index.save_vectors("edition", {9: {0: row(1), 1: row(2)}}, encoder="e")
    index.save_vectors("document", {9: {0: row(1)}}, encoder="e")
    assert index.forget_vectors("edition", [9, 10]) == 2
    assert [each.kind for each in Vector.objects.all()] == ["document"]


@pytest.mark.django_db
def test_the_digests_of_stored_vectors_belong_to_their_encoder():
    index.save_vectors("edition", {9: {0: row(1, "b" * 64), 1: row(2)}}, encoder="e")
    assert vector_store.digests("edition", [9, 10], "e") == {9: "b" * 64}
    assert vector_store.digests("edition", [9], "another") == {}


@pytest.mark.django_db
def test_nothing_kept_is_an_array_without_rows():
    assert vector_store.stored_vectors("edition", [], "e").numbers.shape == (0, 512)


def test_products_of_the_largest_numbers_are_exact_in_any_order():
    numbers = numpy.full((2, 512), 127, dtype=numpy.int8)
    numbers[1, ::2] = -127
    exact = numbers.astype(object) @ numbers.astype(object).T
    assert vector_store.products(numbers, numbers).astype(int).tolist() == exact.tolist()
    shuffled = numbers[:, ::-1]
    assert vector_store.products(shuffled, shuffled).tolist() == vector_store.products(numbers, numbers).tolist()


def test_rows_of_one_length_stay_close_to_it_and_nothing_stays_nothing():
    rows = numpy.zeros((2, 512))
    rows[0, :100] = range(100)
    made = vector_store.of_length(rows)
    assert abs(numpy.linalg.norm(made[0].astype(float)) - vector_store.LENGTH) < 5
    assert not made[1].any()


def test_a_unit_vector_survives_rounding():
    rows = numpy.array([[(-1) ** at * (at % 7) for at in range(512)]], dtype=float)
    rows /= numpy.linalg.norm(rows)
    made = vector_store.quantised(rows)[0].astype(float)
    assert made @ rows[0] / numpy.linalg.norm(made) > 0.999


def test_the_name_of_the_encoder_fits_where_it_is_kept():
    assert len(f"{encoder.name()}/1") <= Vector._meta.get_field("encoder").max_length
