"""The list of themes for programs: SKOS, a table, and an address of each theme that stays."""

import json
import re

import pytest
import rdflib
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rdflib import RDF, SKOS

from plenara.core.cache_tags import invalidate
from plenara.themes import actions
from plenara.themes.models import Theme
from tests import world
from tests.answers import body

pytestmark = pytest.mark.django_db

FORMS = {
    "/themes.ttl": "text/turtle; charset=utf-8",
    "/themes.jsonld": "application/ld+json; charset=utf-8",
    "/themes.csv": "text/csv; charset=utf-8; header=present",
    "/themes/C7-e-health.ttl": "text/turtle; charset=utf-8",
    "/themes/C7-e-health.jsonld": "application/ld+json; charset=utf-8",
}


@pytest.fixture(autouse=True)
def themes(db):
    actions.install_wsis()


@pytest.fixture
def curator(db):
    return world.person("Wei Zhang", is_organizer=True)


@pytest.mark.parametrize(("path", "kind"), FORMS.items())
def test_each_form_says_what_it_is_and_is_answered_304_until_the_list_changes(client, curator, path, kind):
    first = client.get(path)
    said = body(first)
    assert (first.status_code, first["Content-Type"]) == (200, kind)
    assert first["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in first
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    invalidate("directory")
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert body(client.get(path)) == said
    actions.edit(actor=curator, theme=Theme.objects.get(code="C7-e-health"), labels={"en": "Health online"})
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert b"Health online" in body(client.get(path))


def test_the_same_bytes_whatever_language_is_asked_for(client):
    for path in FORMS:
        assert body(client.get(path, headers={"Accept-Language": "ar"})) == body(client.get(path)), path


def test_the_turtle_is_read_by_others(client):
    graph = rdflib.Graph().parse(data=body(client.get("/themes.ttl")), format="turtle")
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 19
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert len(set(graph.objects(scheme, SKOS.hasTopConcept))) == 11
    one = rdflib.Graph().parse(data=body(client.get("/themes/C7.ttl")), format="turtle")
    assert len(set(one.subjects(RDF.type, SKOS.Concept))) == 1 and set(one) <= set(graph)
    assert len(json.loads(body(client.get("/themes.jsonld")))["@graph"]) == 20


@pytest.mark.once
def test_it_takes_the_same_queries_however_long_the_list_is(client, curator):
    def asked():
        with CaptureQueriesContext(connection) as found:
            body(client.get("/themes.ttl"))
        return len(found)

    few = asked()
    for n in range(30):
        actions.add(actor=curator, code=f"X{n}", labels={"en": f"Space {n}"}, related=["C2"])
    assert asked() == few <= 6


@pytest.mark.parametrize(
    ("accept", "language", "target"),
    [
        ("text/html", "fr", "/fr/themes/C7/"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "ar,en;q=0.5", "/ar/themes/C7/"),
        ("*/*", "zh-CN", "/zh/themes/C7/"),
        ("text/turtle", "fr", "/themes/C7.ttl"),
        ("application/ld+json, text/turtle;q=0.5", "fr", "/themes/C7.jsonld"),
        ("image/png", "es", "/es/themes/C7/"),
    ],
)
def test_a_themes_address_leads_to_what_is_asked_for(client, accept, language, target):
    answer = client.get("/themes/C7", headers={"Accept": accept, "Accept-Language": language})
    assert (answer.status_code, answer["Location"]) == (303, target)
    assert {"Accept", "Accept-Language"} <= {each.strip() for each in answer["Vary"].split(",")}
    whole = client.get("/themes", headers={"Accept": accept, "Accept-Language": language})
    assert whole["Location"] == target.replace("/C7", "")


def test_a_retired_theme_keeps_its_address_and_says_what_took_its_place(client, curator):
    one, other = Theme.objects.get(code="C9"), Theme.objects.get(code="C8")
    actions.retire(actor=curator, theme=one, replaced_by=other)
    assert client.get("/themes/C9", headers={"Accept": "text/turtle"}).status_code == 303
    assert b"isReplacedBy" in body(client.get("/themes/C9.ttl"))


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_the_list_has_every_theme_in_the_readers_language(client, curator, language):
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"))
    answer = client.get(f"/{language}/themes/")
    page = body(answer).decode()
    for theme in Theme.objects.exclude(code="C9"):
        assert f'<a href="/{language}/themes/{theme.code}/">{theme.labels[language]}</a>' in page, theme.code
    assert f"/{language}/themes/C9/" not in page
    assert "/themes.ttl" in answer["Link"] and 'type="text/turtle"' in page


def test_the_list_and_each_theme_that_is_offered_are_in_the_sitemap(client, curator):
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"))
    assert "/en/themes/</loc>" in body(client.get("/sitemaps/pages-1.xml")).decode()
    files = re.findall(r"/sitemaps/themes-\d+\.xml", body(client.get("/sitemap.xml")).decode())
    said = "".join(body(client.get(each)).decode() for each in files)
    assert "/ru/themes/C7-e-health/</loc>" in said
    assert "/en/themes/C9/" not in said


def test_the_search_offers_themes_by_their_labels_and_includes_narrower_ones(client):
    page = body(client.get("/en/search/?theme=C7")).decode()
    assert '<option value="C7" selected>ICT applications: benefits in all aspects of life</option>' in page
    assert '<option value="C7-e-health">\u2003E-health</option>' in page
    assert "Theme: <b>ICT applications" in page


def test_programs_and_libraries_get_the_label(client, edition):
    thread = edition.thread
    thread.themes = ["C5", "strange"]
    thread.save()
    slug = edition.consultation.slug
    rows = json.loads(body(client.get(f"/api/v1/consultations/{slug}/themes")))["themes"]
    assert [each["code"] for each in rows] == ["C5", "strange"]
    assert rows[0]["label"]["en"] == "Building confidence and security in the use of ICTs"
    record = body(client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")).decode()
    assert ">C5</dc:subject>" in record and "Building confidence and security" in record
    assert "C5: Building confidence" in body(client.get("/oai?verb=ListSets")).decode()
