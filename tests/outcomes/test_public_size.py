"""Pages of an outcome stay light and need a fixed number of queries, whatever the number of paragraphs and
citations.
"""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.outcomes.large import large

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; test_odd_requests.py runs their queries on both

BASE = "/en/outcomes/wgig/report/"
PAGES = [
    "", "rev/0/", "paragraphs/1/", "matrix/", "matrix/?treatment=noted&group=government&thread=internet-governance/2",
    "matrix/?paragraph=2", "coverage/", "answers/", "unanswered/", "cite.bib", "paragraphs/1/cite.ris",
]  # fmt: skip
LIMIT = 14 * 1024


def asked(client, path):
    """Return the response's body and the number of queries."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(BASE + path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, path
    return content, len(queries)


def test_pages_ask_the_same_number_of_queries_for_three_paragraphs_and_for_three_hundred(client):
    few = large(world.consultation(), contributions=8, paragraphs=3, citations=4, sections=3)
    before = {path: asked(client, path)[1] for path in PAGES}
    few.edition.consultation.delete()
    large(world.consultation(), contributions=2_000, paragraphs=300, citations=1_200, sections=3)
    for path in PAGES:
        content, queries = asked(client, path)
        assert queries <= before[path] + 1, path
        assert len(gzip.compress(content, 6)) <= LIMIT, path
    assert max(before.values()) <= 25


def test_a_long_outcome_is_read_by_section_with_its_contents_on_top(client):
    large(world.consultation(), contributions=320, paragraphs=160, citations=1_600)
    whole = asked(client, "")[0].decode()
    assert '<li class="statement' not in whole
    assert {f"s{mark}" for mark in range(1, 161)} <= set(re.findall(r'id="(s\d+)"', whole))
    path, seen, pages = "sections/part-1/", [], 0
    while path:
        pages += 1
        content, _queries = asked(client, path)
        assert len(gzip.compress(content, 6)) <= LIMIT, path
        html = content.decode()
        seen += [int(each) for each in re.findall(r'<li class="statement[^"]*" id="s(\d+)"', html)]
        onward = re.search(rf'href="{BASE}([^"]+)" rel="next"', html)
        path = onward[1] if onward else ""
    assert seen == list(range(1, 161))
    assert pages > 4, "a section takes several pages"
    for mark in (1, 77, 160):
        place = re.search(rf'id="s{mark}" href="{BASE}([^"#]+)#s{mark}"', whole)[1]
        assert f'id="s{mark}"' in asked(client, place)[0].decode()


@pytest.mark.parametrize("path", ["sections/none/", "sections/part-1/from/2/", "sections/part-1/from/999999999999/"])
def test_a_page_that_does_not_begin_there_is_not_there(client, path):
    large(world.consultation(), contributions=40, paragraphs=60, citations=400)
    assert client.get(BASE + path).status_code == 404


@pytest.mark.both
def test_the_pages_of_the_matrix_have_every_link_once(client):
    large(world.consultation(), contributions=120, paragraphs=30, citations=120)
    path, links = "matrix/", 0
    while path:
        html = asked(client, path)[0].decode()
        links += html.count(f'<li><a href="{BASE}paragraphs/')
        onward = re.search(rf'href="{BASE}([^"]+)" rel="next"', html)
        path = onward[1] if onward else ""
    assert links == 120


@pytest.mark.both
def test_the_table_has_every_link_and_those_who_are_left(client):
    large(world.consultation(), contributions=100, paragraphs=30, citations=60)
    rows = asked(client, "matrix.csv")[0].decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 60 + 40
    numbers = [int(row.split(",")[3]) for row in rows[1:]]
    assert numbers == sorted(numbers)
