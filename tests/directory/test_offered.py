"""Names of the directory that the field of an organization offers."""

import pytest

from plenara.directory import reading
from tests import world
from tests.directory import listed

pytestmark = pytest.mark.django_db


def test_a_byline_offers_the_organizations_that_are_listed_by_their_names(sign_in):
    listed.organization({"en": "Open Networks Forum", "fr": "Forum des réseaux ouverts"})
    gone = listed.organization("Gone & Co")
    listed.taken_down(gone)
    client = sign_in(world.person())
    page = client.get("/en/my/byline/").content.decode()
    assert 'list="organizations"' in page
    assert '<datalist id="organizations"><option value="Open Networks Forum"></option></datalist>' in page
    assert "Forum des réseaux ouverts" in client.get("/fr/my/byline/").content.decode()


def test_of_many_those_of_the_country_and_the_newest_are_offered(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(reading, "MOST_OFFERED", 3)
    listed.organization("Old of Mali", country="ML")
    for number in range(5):
        listed.organization(f"Forum {number}", country="NG")
    with django_assert_num_queries(2):
        assert reading.offered_names("ML") == ["Forum 3", "Forum 4", "Old of Mali"]
    assert reading.offered_names() == ["Forum 2", "Forum 3", "Forum 4"]


def test_a_country_that_is_none_breaks_nothing(sign_in):
    listed.organization("Open Networks Forum")
    answer = sign_in(world.person()).post("/en/my/byline/", {"country": "'\x00"})
    assert "Open Networks Forum" in answer.content.decode()
