"""A search as a feed, as data and as a table: the page's results under the names of every other form."""

import csv
import io
import json
import re

import feedparser
import pytest
from lxml import etree

from plenara.contributions.actions import withdraw
from plenara.core.languages import CODES
from plenara.exports.presenters import dictionary, search_results
from tests import world
from tests.answers import body, get, give_paper
from tests.hostile import EVERYTHING
from tests.site.search.finding import indexed

pytestmark = pytest.mark.django_db
HERE = "/en/search/"
SITE = "http://127.0.0.1:8000"
FORMS = [f"{HERE}{name}?q=documents" for name in ("feed.atom", "data.json", "data.csv")]


def data(client, query, status=200):
    answer = client.get(f"{HERE}data.json?{query}")
    assert answer.status_code == status
    return json.loads(answer.content)


def table(client, query):
    return list(csv.DictReader(io.StringIO(get(client, f"{HERE}data.csv?{query}").decode("utf-8-sig"))))


def test_a_contribution_has_the_row_that_it_has_everywhere(client, edition, reply):
    own = json.loads(get(client, "/en/consultations/internet-governance/data.json"))["contributions"]
    found = data(client, "q=documents")
    assert found["count"] == 1
    assert found["count_is_more"] is False
    (row,) = found["results"]
    assert {name: value for name, value in row.items() if name not in search_results.MORE} == own[0]
    assert row["kind"] == "contribution"
    assert row["consultation"] == "internet-governance"
    assert row["found_by"] == "words"
    assert row["snippet"].startswith("Documents should reach us")
    assert row["page"] == f"{SITE}/en/consultations/internet-governance/contributions/1/"


def test_the_table_has_the_same_rows_and_no_column_is_moved(client, edition, reply):
    reader = csv.reader(io.StringIO(get(client, f"{HERE}data.csv?kind=contribution").decode("utf-8-sig")))
    assert next(reader) == [*dictionary.NAMES, *search_results.MORE]
    found = data(client, "kind=contribution")["results"]
    assert [row["symbol"] for row in table(client, "kind=contribution")] == [row["symbol"] for row in found]
    assert len(found) == 2


def test_what_is_no_contribution_has_its_kind_its_address_and_a_snippet(client, edition):
    give_paper(edition)
    edition.paper.refresh_from_db() if edition.paper else edition.refresh_from_db()
    paper = edition.paper
    paper.text = "A long paper about ferries."
    paper.save()
    indexed()
    (row,) = data(client, "q=ferries")["results"]
    assert row["kind"] == "paper"
    assert row["address"] == row["page"] == f"{SITE}/en/consultations/internet-governance/contributions/1/"
    assert row["snippet"] == "A long paper about ferries."
    assert row["symbol"] == edition.symbol
    assert "text" not in row


def test_the_feed_has_the_entries_of_every_other_feed(client, edition, reply):
    found = feedparser.parse(get(client, f"{HERE}feed.atom?q=documents&order=relevance"))
    (entry,) = found.entries
    (same,) = [
        each
        for each in feedparser.parse(get(client, "/en/consultations/internet-governance/feed.atom")).entries
        if each.id == entry.id
    ]
    assert entry.title == same.title
    assert entry.content == same.content
    assert found.feed.id.endswith(":search/en?q=documents")
    links = {each.rel: each.href for each in found.feed.links}
    assert links["self"] == f"{SITE}{HERE}feed.atom?q=documents"
    assert links["alternate"] == f"{SITE}{HERE}?q=documents"


def test_a_second_page_follows_in_each(client, thread, monkeypatch):
    from plenara.site.views.public import search

    world.many(thread, 12)
    indexed()
    for form, key in ((search.SearchJson, "data.json"), (search.SearchFeed, "feed.atom")):
        monkeypatch.setattr(form, "limit", 5)
        address, symbols = f"{HERE}{key}?q=documents", []
        while address and len(symbols) < 20:
            answer = client.get(address)
            symbols += re.findall(r"WGIG/\d+/Q1/\d+(?=\"|<)", answer.content.decode()) or [""]
            following = re.search(r'<([^>]*)>; rel="next"', answer.get("Link", ""))
            address = following[1].removeprefix(SITE) if following else ""
        assert len(set(symbols)) == 12, key


def test_a_client_that_has_it_gets_304_until_the_record_changes(client, edition, author):
    for path in FORMS:
        first = client.get(path)
        assert first["Access-Control-Allow-Origin"] == "*"
        assert first["Cache-Control"].startswith("public, s-maxage=30")
        assert first["X-Robots-Tag"] == "noindex"
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
        head = client.head(path)
        assert head["ETag"] == first["ETag"]
    withdraw(actor=author, contribution=edition.contribution)
    for path in FORMS:
        assert b"three weeks" not in body(client.get(path))
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_parameters_that_it_does_not_know_change_nothing(client, edition):
    for path in FORMS:
        plain, more = client.get(path), client.get(f"{path}&utm_source=x&group=nobody&before=x")
        assert more["ETag"] == plain["ETag"]
        assert body(more) == body(plain)


@pytest.mark.parametrize("query", ["q=a*", "q=-x", "q=the+of", "q=" + "x" * 10_000, "", "q=%00", "order=relevance"])
def test_what_cannot_be_asked_is_a_problem_with_a_sentence(client, edition, query):
    for name in ("feed.atom", "data.json", "data.csv"):
        answer = client.get(f"{HERE}{name}?{query}")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Cache-Control"] == "no-store"
        said = json.loads(answer.content)
        assert said["parameter"] == "q"
        assert said["detail"]


def test_what_is_withheld_is_nowhere(client, moderator, thread):
    hidden = world.person("Zebulon Withheld", withholds_name=True, withholds_country=True, country="TV")
    world.published(hidden, moderator, thread, "A needle.")
    for name in ("", "feed.atom", "data.json", "data.csv"):
        said = body(client.get(f"{HERE}{name}?q=needle")).decode()
        assert "needle" in said
        assert "Zebulon" not in said
    assert data(client, "author=zebulon")["results"] == []


def test_hostile_questions_break_no_form(client, edition):
    for asked in EVERYTHING:
        asked = asked.encode(errors="replace").decode()
        for name in ("feed.atom", "data.json", "data.csv"):
            answer = client.get(f"{HERE}{name}", {"q": f"documents OR {asked}", "author": asked})
            assert answer.status_code in {200, 400}, asked
            if answer.status_code == 200 and name == "feed.atom":
                etree.fromstring(answer.content)
            elif answer.status_code == 200 and name == "data.csv":
                assert answer["Content-Disposition"] == 'attachment; filename="search.csv"'
            else:
                json.loads(answer.content)
            assert not any("\n" in value or "\r" in value for value in answer.headers.values())


def test_hostile_texts_pass_through_whole_and_begin_no_formula(client, hostile):
    indexed()
    kept = {edition.symbol: text for text, _name, edition in hostile}
    found = data(client, "q=word&kind=contribution")["results"]
    assert {row["symbol"]: row["text"] for row in found} == kept
    for row in table(client, "q=word&kind=contribution"):
        assert not any(cell.lstrip()[:1] in {"=", "+", "@"} for cell in row.values()), row
    etree.fromstring(get(client, f"{HERE}feed.atom?q=word&kind=contribution"))


def test_it_takes_the_same_queries_at_10_and_at_100(client, thread):
    from tests.answers import queries

    world.many(thread, 10)
    indexed()
    few = [queries(client, path) for path in FORMS]
    world.many(thread, 10)
    indexed()
    assert [queries(client, path) for path in FORMS] == few


def test_a_browser_learns_how_to_search_in_six_languages(client, edition):
    for code in CODES:
        answer = client.get(f"/{code}/search/opensearch.xml")
        assert answer["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
        tree = etree.fromstring(body(answer))
        names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
        assert len(tree.findtext("o:ShortName", namespaces=names)) <= 16
        templates = [each.get("template") for each in tree.findall("o:Url", names)]
        assert templates[0] == f"{SITE}/{code}/search/?q={{searchTerms}}"
        for each in templates:
            assert client.get(each.removeprefix(SITE).replace("{searchTerms}", "documents")).status_code == 200
        page = client.get(f"/{code}/").content.decode()
        assert f'rel="search" type="application/opensearchdescription+xml" href="/{code}/search/opensearch.xml"' in page


def test_a_long_name_is_shortened_for_the_browser(client, edition):
    from plenara.accounts.models import Installation

    Installation.objects.update_or_create(pk=1, defaults={"name": {"en": "A & B of the <Whole> World and Beyond"}})
    tree = etree.fromstring(get(client, "/en/search/opensearch.xml"))
    assert tree[0].text == "A & B of the <Wh"
