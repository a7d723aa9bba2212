"""The names of the directory that an organization's field suggests."""

import pytest

from plenara.contributions.forms import SignForm
from plenara.directory.queries import lookup
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
    monkeypatch.setattr(lookup, "MOST_OFFERED", 3)
    listed.organization("Old of Mali", country="ML")
    for number in range(5):
        listed.organization(f"Forum {number}", country="NG")
    with django_assert_num_queries(2):
        assert lookup.offered_names("ML") == ["Forum 3", "Forum 4", "Old of Mali"]
    assert lookup.offered_names() == ["Forum 2", "Forum 3", "Forum 4"]


def test_a_country_that_is_none_breaks_nothing(sign_in):
    listed.organization("Open Networks Forum")
    answer = sign_in(world.person()).post("/en/my/byline/", {"country": "'\x00"})
    assert "Open Networks Forum" in answer.content.decode()


BYLINE = {"stakeholder_group": "civil_society", "capacity": "organization", "country": "ML"}


def test_a_name_that_is_nearly_that_of_an_organization_is_asked_about_once(sign_in):
    listed.organization({"en": "Open Networks Forum", "fr": "Forum des réseaux ouverts"})
    person = world.person()
    client = sign_in(person)
    asked = client.post("/en/my/byline/", {**BYLINE, "organization": "Open Netwroks Forum"})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "The directory has organizations with similar names." in page
    assert 'type="radio" name="meant" value="Open Networks Forum"' in page
    assert 'type="hidden" name="asked" value="Open Netwroks Forum"' in page
    assert 'value="Open Netwroks Forum"' in page.partition('name="organization"')[2][:200]
    answer = {**BYLINE, "organization": "Open Netwroks Forum", "asked": "Open Netwroks Forum"}
    assert client.post("/en/my/byline/", {**answer, "meant": "Open Networks Forum"}).status_code == 302
    person.refresh_from_db()
    assert person.organization == "Open Networks Forum"
    assert client.post("/en/my/byline/", {**answer, "meant": "-"}).status_code == 302
    person.refresh_from_db()
    assert person.organization == "Open Netwroks Forum"


def test_what_is_typed_after_it_was_asked_is_asked_about_again_and_an_invented_answer_too(sign_in):
    listed.organization("Open Networks Forum")
    client = sign_in(world.person())
    for more in ({"asked": "Another", "meant": "-"}, {"asked": "Open Network Forum", "meant": "Invented"}, {}):
        answer = client.post("/en/my/byline/", {**BYLINE, "organization": "Open Network Forum", **more})
        assert answer.status_code == 422
        assert "Which organization do you mean?" in answer.content.decode()


@pytest.mark.parametrize("name", ["open networks  forum", "ONF", "Forum des réseaux ouverts", "Kestrel Observatory"])
def test_a_name_that_is_known_or_like_no_other_is_taken(name, sign_in):
    listed.organization({"en": "Open Networks Forum", "fr": "Forum des réseaux ouverts"}, acronym="ONF")
    assert sign_in(world.person()).post("/en/my/byline/", {**BYLINE, "organization": name}).status_code == 302


def test_an_individual_is_not_asked_and_one_who_signs_a_text_is(sign_in):
    listed.organization("Open Networks Forum")
    sent = {**BYLINE, "capacity": "individual", "organization": "Open Netwroks Forum"}
    assert sign_in(world.person()).post("/en/my/byline/", sent).status_code == 302
    form = SignForm({**BYLINE, "name": "Ana", "organization": "Open Netwroks Forum"})
    assert not form.is_valid()
    assert list(form.fields)[:5] == ["name", "stakeholder_group", "capacity", "organization", "meant"]
