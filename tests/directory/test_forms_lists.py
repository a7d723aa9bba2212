"""The directory's lists as feed, table and data: their filters, every entry once, and 304 while nothing changes."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest

from plenara.core import clock
from plenara.directory.models import Verification
from plenara.directory.queries import lists
from tests.directory import listed

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FORMS = ("feed.atom", "data.csv", "data.json")


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def table(client, path):
    return list(csv.DictReader(io.StringIO(body(client.get(path)).removeprefix("\ufeff"))))


def test_the_table_has_every_entry_that_the_filters_leave_in_the_order_of_the_list(client, monkeypatch):
    monkeypatch.setattr(lists, "CHUNK", 3)
    for at in range(8):
        listed.organization(f"Number {at}", country="ML" if at % 2 else "FR", themes=["C2"])
    found = table(client, "/en/organizations/data.csv")
    assert [each["name"] for each in found] == [f"Number {at}" for at in range(8)]
    assert [each["name"] for each in table(client, "/en/organizations/data.csv?country=ML&letter=N")] == [
        f"Number {at}" for at in (1, 3, 5, 7)
    ]


def test_a_row_shows_what_the_page_shows(client, noon):
    made = listed.organization(
        {"en": "Sahel Networks", "fr": "Réseaux du Sahel"}, acronym="SN", country="ML", ror="05a28rw58",
        themes=["C2", "C3"], description={"fr": "Relier."},
    )  # fmt: skip
    Verification.objects.create(organization=made, method="mail", domain="sahel.example", note="Hush")
    row = table(client, "/fr/organizations/data.csv")[0]
    assert row["name"] == "Réseaux du Sahel" and row["name_en"] == "Sahel Networks" and row["name_ar"] == ""
    assert row["verified_by"] == "mail" and row["verified_at"] == "2026-10-14T12:00:00Z"
    assert (
        row["themes"] == "C2 C3" and row["description_fr"] == "Relier." and row["stakeholder_group"] == "civil_society"
    )
    entry = json.loads(body(client.get("/en/organizations/data.json")))["entries"][0]
    assert entry["name"] == {"en": "Sahel Networks", "fr": "Réseaux du Sahel"} and entry["number"] == made.number
    assert entry["address"].endswith(f"/en/organizations/{made.number}/")


def test_people_and_projects_have_their_own_columns(client):
    at = listed.organization()
    listed.person("=cmd|' /C calc'!A0", affiliation=at.number, languages=["fr", "bm"])
    listed.project({"ar": "إذاعة القرية"}, organizations=[at.number], countries=["ML", "SN"], progress="running")
    one = table(client, "/en/people/data.csv")[0]
    assert one["name"].startswith("'=") and one["organizations"] == str(at.number) and one["languages"] == "fr bm"
    other = table(client, "/en/projects/data.csv")[0]
    assert other["name_ar"] == "إذاعة القرية" and other["countries"] == "ML SN" and other["progress"] == "running"


def test_the_feed_has_the_newest_first_in_the_readers_language(client):
    listed.organization("Old", country="ML")
    listed.organization({"en": "New", "ru": "Новая"}, description={"en": "Words <b>"}, country="FR", themes=["C2"])
    root = ElementTree.fromstring(body(client.get("/ru/organizations/feed.atom")))
    assert [each.findtext(f"{ATOM}title") for each in root.iter(f"{ATOM}entry")] == ["Новая", "Old"]
    root = ElementTree.fromstring(body(client.get("/en/organizations/feed.atom?country=ML")))
    assert [each.findtext(f"{ATOM}title") for each in root.iter(f"{ATOM}entry")] == ["Old"]
    assert "country=ML" in root.findtext(f"{ATOM}id")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_an_empty_list_is_whole(client, form):
    assert body(client.get(f"/en/projects/{form}?theme=C2"))


@pytest.mark.parametrize("form", FORMS)
def test_a_client_that_has_it_gets_304_until_something_changes(client, form):
    made = listed.organization()
    path = f"/en/organizations/{form}?country=ML"
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    listed.revised(made, acronym="ON")
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and again["ETag"] != first["ETag"]
    assert client.get("/en/organizations/" + form)["ETag"] != again["ETag"]


def test_what_is_not_listed_is_in_no_form(client):
    kept = listed.organization("Kept")
    listed.taken_down(listed.organization("Gone"))
    listed.stands(listed.organization("Old"), archived_at=clock.now())
    listed.stands(listed.organization("Duplicate"), merged_into=kept)
    for form in FORMS:
        found = body(client.get(f"/en/organizations/{form}"))
        assert "Kept" in found and not any(each in found for each in ("Gone", "Old", "Duplicate")), form


def test_an_organization_has_a_calendar_of_its_own(client):
    made = listed.organization("Alpha")
    duplicate = listed.stands(listed.organization("Beta"), merged_into=made)
    found = body(client.get(f"/en/organizations/{made.number}/calendar.ics"))
    assert found.startswith("BEGIN:VCALENDAR") and "NAME:Alpha" in found
    assert "NAME:Alpha" in body(client.get(f"/en/organizations/{duplicate.number}/calendar.ics"))
    assert client.get("/en/organizations/99/calendar.ics").status_code == 404


def test_the_sitemap_has_what_is_listed_and_nothing_else(client):
    kept, one = listed.organization("Kept"), listed.person("Aminata Diallo")
    gone = listed.taken_down(listed.organization("Gone"))
    assert "/sitemaps/directory-1.xml" in body(client.get("/sitemap.xml"))
    found = body(client.get("/sitemaps/directory-1.xml"))
    assert f"/ru/organizations/{kept.number}/" in found and f"/zh/people/{one.number}/" in found
    assert f"/organizations/{gone.number}/" not in found
    assert "/en/projects/figures/" in body(client.get("/sitemaps/pages-1.xml"))
