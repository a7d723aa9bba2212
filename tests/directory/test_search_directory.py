"""Entries of the directory are found by their names in every language, and by the filters of the lists."""

import re

import pytest

from plenara.search.entries import kinds
from plenara.search.models import Entry
from tests.directory import listed

pytestmark = pytest.mark.django_db


def found(client, query):
    page = client.get(f"/en/search/?{query}").content.decode()
    return re.findall(r'<h3><a href="([^"]+)"', page)


def test_an_organization_is_found_by_its_name_in_every_language_and_by_its_acronym(client):
    made = listed.organization({"en": "Sahel Networks", "ru": "Сети Сахеля", "zh": "萨赫勒网络"}, acronym="SNX")
    here = [f"/en/organizations/{made.number}/"]
    for words in ("networks", "сеть", "萨赫勒", "snx"):
        assert found(client, f"q={words}") == here, words


def test_filters_of_the_search_hold_for_entries(client):
    one = listed.organization("Alpha networks", country="ML", themes=["C2"], group="government")
    listed.organization("Beta networks", country="FR", themes=["C3"])
    here = [f"/en/organizations/{one.number}/"]
    for query in ("country=ML", "theme=C2", "group=government", "kind=organization&country=ML"):
        assert found(client, f"q=networks&{query}") == here, query


def test_each_kind_is_found_by_itself(client):
    at = listed.organization("Radio Sahel")
    one, other = listed.person("Radio Diallo", languages=["bm"]), listed.project("Radio online", progress="running")
    assert found(client, "q=radio&kind=person") == [f"/en/people/{one.number}/"]
    assert found(client, "q=radio&kind=project") == [f"/en/projects/{other.number}/"]
    assert found(client, "q=radio&kind=organization") == [f"/en/organizations/{at.number}/"]
    assert found(client, "q=radio&language=bm") == [f"/en/people/{one.number}/"]
    assert len(found(client, "q=radio")) == 3


def test_of_a_person_only_what_they_show_is_in_the_index(client):
    made = listed.person("Aminata Diallo")
    entry = Entry.objects.get(kind="person", object_id=made.pk)
    assert set(entry.filters.split()) == {"¤kperson", f"¤l{entry.language}"} or entry.filters.split() == ["¤kperson"]


def test_everything_gives_what_the_index_has():
    for at in range(3):
        listed.organization(f"Number {at}")
    listed.person("Aminata Diallo", about={"fr": "Bonjour"})
    listed.project({"ar": "إذاعة"}, results={"ar": "نتائج"})
    listed.taken_down(listed.organization("Gone"))
    for kind in kinds():
        if kind.code in {"organization", "person", "project"}:
            kept = dict(Entry.objects.filter(kind=kind.code).values_list("object_id", "digest"))
            assert {each.object_id: each.digest for each in kind.everything()} == kept and kept


def test_the_search_shows_an_entry_in_the_readers_language(client):
    listed.organization({"en": "Sahel Networks", "ar": "شبكات الساحل"}, description={"ar": "نحن نربط القرى"})
    page = client.get("/ar/search/?q=networks").content.decode()
    assert "شبكات الساحل" in page and "نحن نربط" in page
