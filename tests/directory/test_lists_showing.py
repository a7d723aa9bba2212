"""The effects of a publication: positions in six alphabets, marks, words in the index; and the names of others."""

import pytest

from plenara.core import clock
from plenara.directory.models import Mark, Place
from plenara.directory.queries import lookup
from plenara.search.models import Entry
from tests.directory import listed

pytestmark = pytest.mark.django_db


def test_what_is_published_has_a_place_in_each_alphabet_and_its_marks():
    made = listed.organization(
        {"en": "Sahel Networks", "ar": "شبكات الساحل"}, country="ML", themes=["C2", "C7-e-health"]
    )
    assert {each.language: each.initial for each in Place.objects.filter(listing=made)} == {
        "ar": "ش", "en": "S", "es": "S", "fr": "S", "ru": "S", "zh": "S",
    }  # fmt: skip
    marks = {(each.what, each.value) for each in Mark.objects.filter(listing=made)}
    assert marks == {
        ("theme", "C2"), ("theme", "C7-e-health"), ("country", "ML"), ("region", "002"), ("region", "202"),
        ("region", "011"), ("group", "civil_society"), ("language", "en"), ("language", "ar"),
    }  # fmt: skip
    assert Entry.objects.filter(kind="organization", object_id=made.pk).count() == 1


def test_a_person_is_found_by_where_they_belong_and_a_project_by_all_that_take_part():
    at = listed.organization()
    one = listed.person(affiliation=at.number, languages=["fr", "bm"])
    other = listed.project(organizations=[at.number], countries=["ML", "SN"], progress="running")
    assert set(one.marks.values_list("what", "value")) == {
        ("organization", str(at.number)), ("language", "fr"), ("language", "bm"),
    }  # fmt: skip
    assert {("organization", str(at.number)), ("country", "ML"), ("country", "SN"), ("state", "running")} <= set(
        other.marks.values_list("what", "value")
    )


def test_a_revision_takes_the_place_of_what_was_there():
    made = listed.organization("Alpha", country="ML")
    listed.revised(made, name={"en": "Omega"}, country=None)
    assert set(Place.objects.filter(listing=made).values_list("initial", flat=True)) == {"O"}
    assert not Mark.objects.filter(listing=made, what="country").exists()
    assert Place.objects.filter(listing=made).count() == 6


@pytest.mark.parametrize("how", ["removed", "archived", "merged"])
def test_what_is_no_longer_listed_is_no_longer_found(how):
    made, other = listed.organization("Alpha"), listed.organization("Beta")
    if how == "removed":
        listed.taken_down(made)
    else:
        listed.stands(made, **{"archived": {"archived_at": clock.now()}, "merged": {"merged_into": other}}[how])
    assert not made.places.exists() and not made.marks.exists()
    assert not Entry.objects.filter(kind="organization", object_id=made.pk).exists()
    assert other.places.count() == 6


def test_organizations_are_named_in_the_readers_language_and_as_what_they_went_into():
    first, second = listed.organization("Alpha"), listed.organization({"en": "Beta", "ru": "Бета"}, acronym="BT")
    third, gone = listed.organization("Gamma"), listed.taken_down(listed.organization("Gone"))
    listed.stands(first, merged_into=second)
    listed.stands(third, merged_into=second)
    names = lookup.named([first.number, second.number, third.number, gone.number, 99], "ru")
    assert set(names) == {first.number, second.number, third.number}
    assert {(each.name, each.language, each.url, each.acronym) for each in names.values()} == {
        ("Бета", "ru", f"/ru/organizations/{second.number}/", "BT")
    }
    assert lookup.organization(first.number) == second
    assert lookup.organization(gone.number) is None
    assert set(lookup.numbers_of(second)) == {first.number, second.number, third.number}


def test_what_went_into_something_that_has_gone_itself_is_no_longer_named():
    first, second = listed.organization("Alpha"), listed.organization("Beta")
    listed.stands(first, merged_into=second)
    listed.taken_down(second)
    assert lookup.named([first.number, second.number]) == {}


@pytest.mark.once
@pytest.mark.parametrize("merged", [0, 4])
def test_names_cost_one_query_however_many_were_merged(merged, django_assert_num_queries):
    made = [listed.organization(f"Number {each}") for each in range(5)]
    for each in made[:merged]:
        listed.stands(each, merged_into=made[4])
    with django_assert_num_queries(1):
        assert len(lookup.named([each.number for each in made])) == 5
    with django_assert_num_queries(1):
        assert lookup.organization(made[0].number) == (made[4] if merged else made[0])
    with django_assert_num_queries(1):
        assert len(lookup.numbers_of(made[4])) == merged + 1
    with django_assert_num_queries(0):
        lookup.named([])
