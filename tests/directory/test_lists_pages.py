"""The lists as readers open them: order, letters, filters, further pages, nothing that is not listed."""

import re

import pytest
from django.utils import translation

from plenara.core import clock
from plenara.directory.queries import lists
from tests.directory import listed

pytestmark = pytest.mark.django_db

NAME = re.compile(r'class="question"><a href="[^"]+"><bdi[^>]*>([^<]+)</bdi>')


def names(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return NAME.findall(answer.content.decode())


@pytest.fixture
def few(monkeypatch):
    """Pages of four, and few is three: stands for thousands of entries."""
    monkeypatch.setattr(lists, "PAGE", 4)
    monkeypatch.setattr(lists, "FEW", 3)
    monkeypatch.setattr(lists, "CHUNK", 3)


def test_organizations_are_in_the_order_of_the_readers_alphabet(client):
    listed.organization({"en": "Ocean Data", "ru": "Берег"})
    listed.organization({"es": "Ñandú Digital"})
    listed.organization({"es": "Nube Abierta", "zh": "北京开放网络"})
    listed.organization({"ar": "شبكات الساحل", "en": "Zinder Networks"})
    assert names(client, "/en/organizations/") == ["Ñandú Digital", "Nube Abierta", "Ocean Data", "Zinder Networks"]
    assert names(client, "/es/organizations/") == ["Nube Abierta", "Ñandú Digital", "Ocean Data", "Zinder Networks"]
    assert names(client, "/ru/organizations/")[0] == "Берег"
    assert names(client, "/zh/organizations/")[0] == "北京开放网络"
    assert names(client, "/ar/organizations/")[0] == "شبكات الساحل"


def test_a_name_in_another_language_says_so(client):
    listed.organization({"ar": "شبكات الساحل"})
    page = client.get("/en/organizations/").content.decode()
    assert '<bdi lang="ar" dir="rtl">شبكات الساحل</bdi>' in page


def test_each_list_has_its_own(client):
    listed.organization("Alpha")
    listed.person("Beta Diallo")
    listed.project("Gamma")
    assert names(client, "/en/organizations/") == ["Alpha"]
    assert names(client, "/en/people/") == ["Beta Diallo"]
    assert names(client, "/en/projects/") == ["Gamma"]


@pytest.mark.parametrize("broad", [True, False])
def test_filters_leave_what_has_all_of_them(client, monkeypatch, broad):
    monkeypatch.setattr(lists, "FEW", 0 if broad else 1_000)
    listed.organization("Alpha", country="ML", themes=["C2"], group="government")
    listed.organization("Beta", country="ML", themes=["C3"])
    listed.organization("Gamma", country="FR", themes=["C2"])
    listed.organization({"ru": "Дельта"}, country="SN")
    at = "/en/organizations/"
    assert names(client, f"{at}?country=ML") == ["Alpha", "Beta"]
    assert names(client, f"{at}?country=ML&theme=C2") == ["Alpha"]
    assert names(client, f"{at}?region=011") == ["Alpha", "Beta", "Дельта"]
    assert names(client, f"{at}?region=002&group=civil_society") == ["Beta", "Дельта"]
    assert names(client, f"{at}?language=ru") == ["Дельта"]
    assert names(client, f"{at}?country=ML&theme=C99") == []
    assert names(client, f"{at}?letter=B") == ["Beta"]
    assert names(client, f"{at}?letter=B&country=FR") == []


def test_what_is_no_value_of_a_filter_is_ignored(client):
    listed.organization("Alpha", country="ML")
    for query in ("country=XX", "region=999", "group=x", "letter=ß", "from=x", "from=99999999999999999999", "page=2"):
        assert names(client, f"/en/organizations/?{query}") == ["Alpha"], query
    assert names(client, "/en/people/?organization=99999999999") == []
    assert client.get("/en/people/?organization=abc").status_code == 200


def test_people_and_projects_are_found_by_organization_state_and_language(client):
    at, other = listed.organization("Alpha"), listed.organization("Beta")
    listed.stands(other, merged_into=at)
    listed.person("Aminata Diallo", affiliation=at.number, languages=["fr"])
    listed.person("Oumar Ba", affiliation=other.number, languages=["bm"])
    listed.project("Radio", organizations=[other.number], progress="running")
    listed.project("School", progress="completed")
    assert names(client, f"/en/people/?organization={at.number}") == ["Aminata Diallo", "Oumar Ba"]
    assert names(client, f"/en/people/?organization={other.number}") == ["Aminata Diallo", "Oumar Ba"]
    assert names(client, "/en/people/?language=bm") == ["Oumar Ba"]
    assert names(client, "/en/projects/?state=completed") == ["School"]
    page = client.get(f"/en/people/?organization={at.number}").content.decode()
    assert "Organization: <b>Alpha</b>" in page


def test_pages_go_forth_and_back_without_losing_or_repeating_anybody(client, few):
    for at in range(10):
        listed.organization(f"Number {at:02}", country="ML")
        listed.organization("The same name", country="ML")
    for query in ("", "country=ML"):
        seen, forth = [], f"/en/organizations/?{query}"
        while forth:
            page = client.get(forth).content.decode()
            seen += re.findall(r'class="question"><a href="([^"]+)"', page)
            last, found = forth, re.search(r'<a href="([^"]+)" rel="next"', page)
            forth = f"/en/organizations/{found[1]}".replace("&amp;", "&") if found else ""
        assert len(seen) == len(set(seen)) == 20
        back = [last]
        while found := re.search(r'<a href="([^"]+)" rel="prev"', client.get(back[-1]).content.decode()):
            back.append(f"/en/organizations/{found[1]}".replace("&amp;", "&"))
        assert len(back) == 5
        assert names(client, back[-1])[0] == "Number 00"


def test_a_page_that_began_with_somebody_who_left_begins_again(client, few):
    made = [listed.organization(f"Number {at}") for at in range(8)]
    listed.taken_down(made[4])
    assert names(client, f"/en/organizations/?from={made[4].number}") == [f"Number {at}" for at in range(4)]


def test_what_is_not_listed_is_in_no_list(client):
    listed.taken_down(listed.organization("Gone"))
    listed.stands(listed.organization("Old"), archived_at=clock.now())
    kept = listed.organization("Kept")
    listed.stands(listed.organization("Duplicate"), merged_into=kept)
    assert names(client, "/en/organizations/") == ["Kept"]
    assert client.get("/en/organizations/?letter=T").content.decode().count("No entries in the directory") == 1


def test_an_empty_directory_says_how_to_be_listed(client):
    for folder in ("organizations", "people", "projects"):
        page = client.get(f"/en/{folder}/").content.decode()
        assert f"/en/{folder}/propose/" in page and 'class="empty"' in page and '<form class="filters' not in page


@pytest.mark.once
@pytest.mark.parametrize("folder", ["organizations", "people", "projects"])
@pytest.mark.parametrize("query", ["", "?theme=C2&country=ML", "?letter=N"])
def test_a_list_takes_the_same_number_of_queries_whatever_its_size(
    client, few, folder, query, django_assert_num_queries, django_assert_max_num_queries
):
    make = {"organizations": listed.organization, "people": listed.person, "projects": listed.project}[folder]
    at = listed.organization("An organization", country="ML")
    belongs = {"people": {"affiliation": at.number}, "projects": {"organizations": [at.number]}}.get(folder, {})
    where = {"countries": ["ML"]} if folder == "projects" else {"country": "ML"}

    def more(count):
        for each in range(count):
            make(f"Number {each}", themes=["C2"], **where, **belongs)

    more(5)
    with django_assert_max_num_queries(16) as few_entries:
        client.get(f"/en/{folder}/{query}")
    more(55)
    with django_assert_num_queries(len(few_entries)):
        client.get(f"/en/{folder}/{query}")


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_every_list_is_answered_in_six_languages(client, language):
    listed.organization({"en": "Alpha <b>", "ar": "ألفا"}, description={"en": "<script>alert(1)</script> words"})
    listed.person("مريم", about={"ar": "نص"}, languages=["ar"])
    listed.project("Radio", progress="planned", starts="2026-03", ends="2027", countries=["ML"])
    for folder in ("organizations", "people", "projects"):
        answer = client.get(f"/{language}/{folder}/")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert not answer.cookies and answer["Content-Language"]
    with translation.override(language):
        assert lists.list_page("organization", lists.ListFilters(), language).total == 1
