"""The page of the files of a record: what there is, of when, how to check and to cite it, or when there will be."""

import gzip
import html
import json
import re

import pytest

from plenara.contributions.actions import withdraw
from plenara.core.languages import CODES
from plenara.exports.presenters import dictionary
from plenara.exports.queries import files
from plenara.exports.queries.files import FILES
from tests import world
from tests.answers import get, queries

pytestmark = pytest.mark.django_db
PAGE = "/en/consultations/internet-governance/downloads/"


def shown(client, path=PAGE):
    return html.unescape(get(client, path).decode())


def test_it_has_each_file_with_its_size_and_checksum_and_the_moment_of_the_record(client, edition, exported):
    page, made = shown(client), files.made(edition.consultation)
    for name in FILES:
        assert f'href="/exports/internet-governance/{name}"' in page
        assert f'href="/exports/internet-governance/{name}.sha256"' in page
        assert made.files[name].sha256 in page
    assert "The record as of" in page
    assert f"sha256sum --check {made.download_name('bundle.zip')}.sha256" in page
    assert "The record has changed since these files were created." not in page


def test_each_of_its_links_leads_somewhere(client, edition, exported):
    page = shown(client)
    main = page[page.index("<main") : page.index("</aside>")]
    for address in re.findall(r'href="(/[^"]*)"', main):
        assert client.get(address).status_code == 200, address


def test_it_says_what_every_column_means_in_the_readers_language(client, edition, exported):
    for language in CODES:
        page = shown(client, PAGE.replace("/en/", f"/{language}/"))
        for column in dictionary.NAMES:
            assert f'<code dir="ltr">{column}</code>' in page


def test_before_the_first_files_are_made_it_says_when(client, edition):
    page = shown(client)
    assert "The files have not been created yet. They are expected at" in page
    assert "/exports/" not in page[page.index('id="files"') : page.index('id="check"')]


def test_when_the_record_has_grown_it_says_when_the_next_are_made(
    client, edition, participant, moderator, thread, exported
):
    world.published(participant, moderator, thread, "One thing more.")
    page = shown(client)
    assert "The record has changed since these files were created. New files will be created after" in page
    assert 'href="/exports/internet-governance/bundle.zip"' in page


def test_when_something_went_it_says_why_there_are_none(client, edition, author, exported):
    withdraw(actor=author, contribution=edition.contribution)
    page = shown(client)
    assert (
        "The earlier files are no longer available, because something may have been withdrawn or removed from the "
        "record." in page
    )
    assert 'href="/exports/internet-governance/bundle.zip"' not in page


def test_programs_find_the_set_of_data_with_each_file(client, edition, exported):
    answer = client.get(PAGE)
    dataset = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode())[1])
    made = files.made(edition.consultation)
    assert dataset["@type"] == "Dataset"
    assert {each["sha256"] for each in dataset["distribution"]} == {file.sha256 for file in made.files.values()}
    assert 'rel="cite-as"' in answer["Link"]
    for name in FILES:
        assert f'/exports/internet-governance/{name}>; rel="item"' in answer["Link"]


@pytest.mark.once
def test_it_is_light_in_every_language(client, edition, exported):
    for language in CODES:
        assert len(gzip.compress(client.get(PAGE.replace("/en/", f"/{language}/")).content)) <= 14_336, language


@pytest.mark.once
def test_it_takes_the_same_queries_at_10_and_at_400_contributions(client, thread, exported):
    world.many(thread, 10)
    few = queries(client, PAGE)
    world.many(thread, 400)
    assert queries(client, PAGE) == few <= 8


def test_the_consultation_and_its_questions_lead_to_it(client, edition):
    for path in ("/en/consultations/internet-governance/", "/en/consultations/internet-governance/threads/1/"):
        assert re.search(r'href="(/en/consultations/internet-governance/)?downloads/"', get(client, path).decode())


def test_a_draft_has_none(client, consultation):
    consultation.stage = "draft"
    consultation.save()
    assert client.get(PAGE).status_code == 404
