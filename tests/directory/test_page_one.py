"""The page of one entry: all its details, in all its languages, and nothing about its owner."""

import json
import re

import pytest

from plenara.core import clock
from plenara.directory.models import Verification
from tests import world
from tests.directory import listed

pytestmark = pytest.mark.django_db


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


def test_an_organizations_page_shows_its_texts_in_every_language(client):
    made = listed.organization(
        {"en": "Sahel Networks", "fr": "Réseaux du Sahel", "ar": "شبكات الساحل"},
        acronym="SN",
        country="ML",
        ror="05a28rw58",
        site="https://sahel.example/about",
        description={"en": "We connect *villages*.", "fr": "Nous relions des villages."},
    )
    page = client.get(f"/fr/organizations/{made.number}/").content.decode()
    assert "<bdi>Réseaux du Sahel</bdi>" in page and '<bdi lang="ar" dir="rtl">شبكات الساحل</bdi>' in page
    assert '<div class="words" lang="en" dir="ltr"><p>We connect <em>villages</em>.</p>' in page
    assert page.index("Nous relions") < page.index("We connect")
    assert 'href="https://ror.org/05a28rw58"' in page and ">sahel.example/about</bdi>" in page
    data = data_of(page)
    assert data["@type"] == "Organization" and data["name"] == "Réseaux du Sahel"
    assert set(data["alternateName"]) == {"Sahel Networks", "شبكات الساحل", "SN"}
    assert data["sameAs"] == "https://ror.org/05a28rw58" and data["url"] == "https://sahel.example/about"


def test_it_says_whether_it_is_verified_how_and_when(client, noon):
    made = listed.organization()
    at = f"/en/organizations/{made.number}/"
    assert "Not verified: this is what the organization says about itself." in client.get(at).content.decode()
    proof = Verification.objects.create(organization=made, method="mail", domain="forum.example", note="Hush")
    page = client.get(at).content.decode()
    assert "Verified on 14 October 2026 by e-mail to an address at its own domain, forum.example." in page
    assert "Hush" not in page
    assert "verified</b>" in client.get("/en/organizations/").content.decode()
    proof.ended_at = clock.now()
    proof.save()
    Verification.objects.create(organization=made, method="secretariat")
    assert "Verified on 14 October 2026 by the moderators of the directory." in client.get(at).content.decode()


def test_a_persons_page_shows_what_they_chose_and_nothing_else(client):
    owner = world.person("Hushname Owner")
    at = listed.organization({"en": "Sahel Networks"})
    made = listed.person(
        "Aminata Diallo", owner=owner, affiliation=at.number, languages=["fr", "bm"], orcid="0000-0002-1825-0097",
        about={"fr": "Ingénieure."},
    )  # fmt: skip
    page = client.get(f"/en/people/{made.number}/").content.decode()
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page and "Sahel Networks" in page
    assert "Hushname" not in page and owner.email not in page
    data = data_of(page)
    assert data["@type"] == "Person" and data["sameAs"] == "https://orcid.org/0000-0002-1825-0097"
    assert data["affiliation"][0]["name"] == "Sahel Networks" and "address" not in data
    bare = client.get(f"/en/people/{listed.person('Oumar Ba').number}/").content.decode()
    assert set(data_of(bare)) == {"@context", "@type", "@id", "name", "mainEntityOfPage"}


def test_a_projects_page_shows_dates_organizations_and_results(client):
    at = listed.organization()
    made = listed.project(
        {"en": "Village radio"}, organizations=[at.number], countries=["ML", "SN"], starts="2025-03", ends="2027",
        progress="running", results={"en": "Twelve villages are connected."}, results_link="https://radio.example/r",
    )  # fmt: skip
    page = client.get(f"/en/projects/{made.number}/").content.decode()
    for words in ("March 2025 to 2027", "Running", "Open Networks Forum", "Mali", "Senegal", "Twelve villages"):
        assert words in page
    data = data_of(page)
    assert data["@type"] == "Project" and data["member"][0]["name"] == "Open Networks Forum"


def test_what_somebody_wrote_is_never_markup(client):
    hostile = '<script>alert(1)</script>"\u202e</script>'
    made = [
        listed.organization({"en": hostile}, acronym=hostile[:30], description={"en": hostile}),
        listed.person(hostile, affiliation_name=hostile, about={"en": hostile}),
        listed.project({"en": hostile}, description={"en": hostile}, results={"en": hostile}),
    ]
    for folder, each in zip(("organizations", "people", "projects"), made, strict=True):
        for path in (f"/en/{folder}/{each.number}/", f"/en/{folder}/"):
            assert "<script>alert" not in client.get(path).content.decode()


@pytest.mark.parametrize(("make", "folder"), [
    (listed.organization, "organizations"), (listed.person, "people"), (listed.project, "projects"),
])  # fmt: skip
def test_every_address_says_what_became_of_its_entry(client, make, folder):
    one, other = make("Alpha"), make("Beta")
    at = f"/en/{folder}/{one.number}/"
    listed.stands(one, confirmed_at=clock.now(), doubted_at=clock.now())
    assert "It may be out of date." in client.get(at).content.decode()
    listed.stands(one, archived_at=clock.now())
    answer = client.get(at)
    assert answer.status_code == 200 and "This entry is archived" in answer.content.decode()
    listed.stands(one, archived_at=None, merged_into=other)
    moved = client.get(f"/fr/{folder}/{one.number}/")
    assert moved.status_code == 301 and moved["Location"] == f"/fr/{folder}/{other.number}/"
    listed.taken_down(other)
    gone = client.get(f"/en/{folder}/{other.number}/")
    assert gone.status_code == 410 and "removed on" in gone.content.decode() and "Beta" not in gone.content.decode()
    assert client.get(f"/en/{folder}/999/").status_code == 404
    assert client.get(f"/en/{folder}/99999999999999999999/").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_every_page_is_answered_in_six_languages(client, language):
    made = listed.organization({"en": "Alpha"}, themes=["C2"], country="ML")
    one = listed.person("Aminata Diallo", affiliation=made.number, themes=["C2"])
    other = listed.project("Radio", organizations=[made.number], starts="2025-03-02", progress="planned")
    for path in (f"organizations/{made.number}", f"people/{one.number}", f"projects/{other.number}"):
        answer = client.get(f"/{language}/{path}/")
        assert answer.status_code == 200 and not answer.cookies
        assert 'rel="collection"' in answer["Link"]
