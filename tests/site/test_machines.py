"""The sitemap is valid and lists what is public; robots are kept from what is of no use to them."""

import datetime
import urllib.robotparser

import pytest
from lxml import etree

from plenara.contributions.actions import revise, withdraw
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.documents.models import Document, DocumentEdition
from plenara.exports.presenters.sitemaps import MOST_ADDRESSES
from plenara.moderation.actions import remove
from plenara.site.queries import sitemap
from tests import world
from tests.answers import get, queries
from tests.events import making

pytestmark = pytest.mark.django_db
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SITE = "http://127.0.0.1:8000"


def listed(client, path="/sitemap.xml"):
    """Return path by path the alternates of all pages of a file; of the index, of all its files."""
    root = etree.fromstring(get(client, path))
    if root.tag == f"{{{NS['s']}}}sitemapindex":
        files = [each.text.removeprefix(SITE) for each in root.findall("s:sitemap/s:loc", NS)]
        assert len(files) == len(set(files))
        found = {}
        for file in files:
            some = listed(client, file)
            assert not set(some) & set(found)
            assert len(some) <= MOST_ADDRESSES
            found |= some
        return found
    return {
        url.findtext("s:loc", namespaces=NS).removeprefix(SITE): {
            link.get("hreflang"): link.get("href").removeprefix(SITE) for link in url.findall("x:link", NS)
        }
        for url in root.findall("s:url", NS)
    }


@pytest.mark.once
def test_every_public_page_stands_in_it_in_six_languages(client, edition, reply, consultation):
    document = Document.objects.create(
        kind="summary", consultation=consultation, source_language="en", number=1, symbol="X/SUM/1"
    )
    DocumentEdition.objects.create(
        document=document, consultation=consultation, kind="summary", number=1, symbol="X/SUM/1", source_language="en"
    )
    found = listed(client)
    here = "consultations/internet-governance/"
    pages = ["", "consultations/", here, f"{here}threads/1/", f"{here}threads/2/", f"{here}contributions/1/"]
    pages += [f"{here}decisions/", f"{here}decisions/turnaround/", f"{here}figures/"]
    pages += [f"{here}downloads/", f"{here}summaries/"]
    pages += [f"{here}contributions/2/", f"{here}summaries/1/", "about/how/", "about/privacy/"]
    for page in pages:
        alternates = {"zh-Hans" if code == "zh" else code: f"/{code}/{page}" for code in CODES}
        for code in CODES:
            assert found[f"/{code}/{page}"] == alternates, page


def test_every_address_in_it_answers(client, edition, reply):
    for path in listed(client):
        if path.startswith("/ar/"):
            assert client.get(path).status_code == 200, path


def test_what_is_gone_waits_or_is_a_draft_does_not_stand_in_it(
    client, edition, reply, elsewhere, author, participant, thread
):
    world.submitted(participant, thread, "It waits.")
    withdraw(actor=author, contribution=edition.contribution)
    elsewhere.stage = "draft"
    elsewhere.save()
    found = set(listed(client))
    assert "/en/consultations/internet-governance/contributions/1/" not in found
    assert "/en/consultations/internet-governance/contributions/2/" in found
    assert not [path for path in found if "digital-cooperation" in path]


def test_it_is_cut_into_files(client, thread, monkeypatch):
    monkeypatch.setattr(sitemap, "BLOCK", 7)
    world.many(thread, 30)
    root = etree.fromstring(get(client, "/sitemap.xml"))
    files = [each.text for each in root.findall("s:sitemap/s:loc", NS) if "contributions" in each.text]
    assert 5 <= len(files) <= 6
    assert sum("/en/" in path and "/contributions/" in path for path in listed(client)) == 30
    assert all(each.text.endswith("Z") for each in root.iter(f"{{{NS['s']}}}lastmod"))


def test_a_file_can_never_hold_more_addresses_than_the_protocol_allows():
    assert sitemap.BLOCK * len(CODES) <= MOST_ADDRESSES
    assert sitemap.CONSULTATIONS * (1 + len(sitemap.BELOW) + 80) * len(CODES) <= MOST_ADDRESSES


def test_files_that_are_none_are_not_there(client):
    for path in ("/sitemaps/x-1.xml", "/sitemaps/contributions.xml", "/sitemaps/contributions-x.xml"):
        assert client.get(path).status_code == 404
    assert client.get("/sitemaps/contributions-99999999999999999999.xml").status_code == 404


@pytest.mark.once
def test_the_sitemap_takes_the_same_queries_at_10_and_at_100_contributions(client, thread):
    paths = [
        "/sitemap.xml",
        "/sitemaps/contributions-1.xml",
        "/sitemaps/consultations-1.xml",
        "/sitemaps/summaries-1.xml",
        "/sitemaps/directory-1.xml",
        "/sitemaps/events-1.xml",
        "/sitemaps/themes-1.xml",
    ]
    world.many(thread, 10)
    few = [queries(client, path) for path in paths]
    world.many(thread, 90)
    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 10


def test_robots_may_read_what_is_public_and_know_the_sitemap(client):
    text = get(client, "/robots.txt").decode()
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(text.splitlines())
    for code in CODES:
        for private in ("desk/", "my/", "account/login/", "contribute/internet-governance/1/"):
            assert not robots.can_fetch("*", f"/{code}/{private}")
        for public in ("", "consultations/internet-governance/", "about/how/"):
            assert robots.can_fetch("*", f"/{code}/{public}")
    assert robots.can_fetch("*", "/c/abc")
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]


# --- the dates by which a crawler reads only what has changed ---


def dates(client):
    """Return the date of each file in the index, by its path."""
    root = etree.fromstring(get(client, "/sitemap.xml"))
    return {
        each.findtext("s:loc", namespaces=NS).removeprefix(SITE): each.findtext("s:lastmod", namespaces=NS)
        for each in root.findall("s:sitemap", NS)
    }


def changed_by(client, action, noon, hours=1):
    """Return the paths of the files whose dates an action changes, some hours later."""
    before = dates(client)
    with clock.at(noon + datetime.timedelta(hours=hours)):
        action()
        after = dates(client)
    assert before.keys() <= after.keys()
    assert all(after[path] >= (date or "") for path, date in before.items())
    return {path for path in after if after[path] != before.get(path)}


@pytest.fixture
def in_small_files(client, noon, thread, author, moderator, monkeypatch):
    """Six published contributions in files of two, and their keys."""
    monkeypatch.setattr(sitemap, "BLOCK", 2)
    return [world.published(author, moderator, thread, f"Text {i}.") for i in range(6)]


def file_of(edition):
    return f"/sitemaps/contributions-{(edition.contribution_id - 1) // 2 + 1}.xml"


#: Files that change with anything in a consultation: its own pages, and the first page of the site.
WITH_IT = {"/sitemaps/consultations-1.xml", "/sitemaps/pages-1.xml"}


def test_a_contribution_that_goes_changes_the_date_of_its_own_file_alone(client, noon, in_small_files, author):
    gone = in_small_files[2]
    changed = changed_by(client, lambda: withdraw(actor=author, contribution=gone.contribution), noon)
    assert changed == {file_of(gone), *WITH_IT}


def test_a_new_edition_stays_in_the_file_of_its_contribution(client, noon, in_small_files, author, moderator):
    first = in_small_files[0]

    def again():
        revise(actor=author, contribution=first.contribution, text="Other words.", language="en")
        world.decided(first.contribution, moderator)

    assert changed_by(client, again, noon) == {file_of(first), *WITH_IT}
    assert sum("/en/" in path for path in listed(client, file_of(first))) in {1, 2}


def test_a_file_that_has_not_changed_is_answered_with_304(client, noon, in_small_files, author):
    first, last = file_of(in_small_files[0]), file_of(in_small_files[4])
    tags = {path: client.get(path)["ETag"] for path in (first, last)}
    with clock.at(noon + datetime.timedelta(hours=1)):
        withdraw(actor=author, contribution=in_small_files[4].contribution)
        assert client.get(first, headers={"if-none-match": tags[first]}).status_code == 304
        assert client.get(last, headers={"if-none-match": tags[last]}).status_code == 200


def test_an_event_that_is_cancelled_or_removed_changes_the_date_of_its_file(client, noon, author):
    curator = making.curator()
    event = making.published(author, curator)
    assert "/sitemaps/events-1.xml" in changed_by(
        client, lambda: making.published(author, curator, making.details(title={"en": "Another"})), noon
    )
    removing = changed_by(client, lambda: remove(actor=curator, kind="event", pk=event.pk, reason="E6"), noon, 2)
    assert "/sitemaps/events-1.xml" in removing
    assert "/en/events/1/" not in listed(client, "/sitemaps/events-1.xml")


def test_every_file_and_every_address_has_a_date(client, edition, reply, consultation):
    for path, date in dates(client).items():
        assert date, path
        root = etree.fromstring(get(client, path))
        if "pages" not in path:  # nothing has ever changed in the calendar or the directory
            assert all(each.findtext("s:lastmod", namespaces=NS) for each in root.findall("s:url", NS)), path
        assert max(each.text for each in root.iter(f"{{{NS['s']}}}lastmod")) <= date, path
