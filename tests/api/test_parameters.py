"""Filters and pages: those of the site, checked, found by number, never a scan."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.api import validation
from plenara.contributions.models import Edition
from tests import world
from tests.api.answers import HERE, ROOT, ask, walk

pytestmark = pytest.mark.django_db
LIST = f"{HERE}/contributions"


def numbers(client, query=""):
    return [row["number"] for row in walk(client, f"{LIST}{query}", "contributions")]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("thread=x", "thread"),
        ("thread=0", "thread"),
        ("thread=-1", "thread"),
        ("thread=1.0", "thread"),
        ("thread=%D9%A1", "thread"),  # 1 in Arabic digits
        ("thread=99999999999999999999", "thread"),
        ("group=nobody", "group"),
        ("group=", "group"),
        ("group=other&group=other", "group"),
        ("language=", "language"),
        ("language=x%00", "language"),
        ("language=" + "x" * 10_000, "language"),
        ("language=%ff%fe", "language"),
        ("channel=smoke", "channel"),
        ("country=ml", "country"),
        ("country=Mali", "country"),
        ("since=yesterday", "since"),
        ("since=2026-02-30", "since"),
        ("since=2026-02-03T00:00:00", "since"),
        ("since=2026-02-03T25:00:00Z", "since"),
        ("since=0001-01-01T00:00:00%2B23:00", "since"),
        ("until=0000-00-00", "until"),
        ("until=%00", "until"),
        ("order=oldest", "order"),
        ("after=x", "after"),
        ("after=-1", "after"),
        ("after=2147483648", "after"),
        ("after=" + "9" * 5000, "after"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e2", "limit"),
        ("limit=%3Cscript%3E", "limit"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_value_is_refused_in_a_sentence_that_does_not_repeat_it(query, parameter, client, edition):
    said = ask(client, f"{LIST}?{query}", 400)
    assert said["parameter"] == parameter
    assert parameter in said["detail"]
    assert "script" not in said["detail"]


@pytest.mark.parametrize("query", ["code=REMOVE", "appeal=x", "thread=x", "language=-"])
def test_the_register_refuses_too(query, client, edition):
    assert ask(client, f"{HERE}/decisions?{query}", 400)["parameter"] == query.partition("=")[0]


def test_the_list_of_consultations_refuses_too(client, edition):
    assert ask(client, f"{ROOT}consultations?after=%00", 400)["parameter"] == "after"


def test_what_an_address_does_not_know_is_ignored(client, edition, reply):
    for path in (LIST, HERE, f"{HERE}/contributions/1", ROOT, f"{HERE}/figures"):
        plain, odd = client.get(path), client.get(f"{path}?utm_source=x&page=2&%00=%00&x[]=%ff&q={'x' * 10_000}")
        assert odd["ETag"] == plain["ETag"]
        assert odd.content == plain.content


def test_filters_are_those_of_the_site(client, edition, reply, moderator, consultation):
    other = world.person("Other", stakeholder_group="government", country="FR")
    world.published(other, moderator, consultation.threads.get(number=2), "Oui.", "fr")
    assert numbers(client) == [1, 2, 3]
    assert numbers(client, "?thread=1") == [1, 2]
    assert numbers(client, "?thread=2&group=government") == [3]
    assert numbers(client, "?group=civil_society") == [1, 2]
    assert numbers(client, "?language=fr") == [2, 3]
    assert numbers(client, "?language=ru") == []
    assert numbers(client, "?country=FR&language=fr") == [3]
    assert numbers(client, "?channel=web") == [1, 2, 3]
    assert numbers(client, "?channel=letter") == []
    assert numbers(client, "?thread=77") == []
    assert numbers(client, "?order=newest") == [3, 2, 1]
    assert numbers(client, "?order=newest&limit=1&language=fr") == [3, 2]
    said = ask(client, f"{LIST}?language=fr&limit=1")
    assert said["filters"] == {"language": "fr"}


def test_since_and_until_are_by_publication_and_a_day_counts_whole(client, thread):
    world.many(thread, 3)
    for number, moment in enumerate(["2026-03-01T00:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"], 1):
        at = datetime.datetime.fromisoformat(f"{moment}+00:00")
        Edition.objects.filter(number=number).update(published_at=at)
    assert numbers(client, "?since=2026-03-01&until=2026-03-31") == [1, 2]
    assert numbers(client, "?since=2026-03-31") == [2, 3]
    assert numbers(client, "?since=2026-03-31T23:59:59Z&until=2026-04-01T02:00:00%2B02:00") == [2, 3]
    assert numbers(client, "?since=2026-03-31T23:59:59Z&until=2026-04-01T02:00:00+02:00") == [2, 3]
    assert numbers(client, "?until=9999-12-31&since=0001-01-01") == [1, 2, 3]
    Edition.objects.update(published_at=None)
    assert numbers(client) == [1, 2, 3]
    assert numbers(client, "?since=0001-01-01") == []


def test_pages_hang_together_while_others_publish_and_withdraw(client, thread, author, moderator):
    world.many(thread, 25)
    first = ask(client, f"{LIST}?limit=10")
    assert [row["number"] for row in first["contributions"]] == list(range(1, 11))
    world.many(thread, 3)
    Edition.objects.filter(number=10).delete()
    assert [row["number"] for row in ask(client, first["next"])["contributions"]] == list(range(11, 21))
    assert numbers(client, "?limit=7") == [*range(1, 10), *range(11, 29)]
    assert numbers(client, "?limit=7&order=newest") == [*range(28, 10, -1), *range(9, 0, -1)]
    assert len(ask(client, LIST)["contributions"]) == 27
    assert numbers(client, "?after=27") == [28]
    assert numbers(client, "?after=2147483647") == []


def test_consultations_are_paged_by_slug(client, consultation, elsewhere):
    for number in range(5):
        world.consultation(f"more-{number}", threads=0)
    slugs = [row["slug"] for row in walk(client, f"{ROOT}consultations?limit=2", "consultations")]
    assert slugs == ["digital-cooperation", "internet-governance", *(f"more-{number}" for number in range(5))]


def test_a_filtered_page_looks_at_so_many_rows_and_no_more(client, thread, monkeypatch):
    monkeypatch.setattr(validation, "LOOKED_AT", 20)
    world.many(thread, 90)
    rare = [7, 8, 61, 90]
    Edition.objects.filter(number__in=rare).update(language="ru")
    assert numbers(client, "?language=ru") == rare
    assert numbers(client, "?language=ru&limit=1") == rare
    assert numbers(client, "?language=ru&order=newest") == rare[::-1]
    pages, path = [], f"{LIST}?language=ru"
    while path:
        said = ask(client, path)
        pages.append([row["number"] for row in said["contributions"]])
        path = said.get("next")
    assert pages == [[7, 8], [], [], [61], [90]]


def test_a_list_is_read_by_its_index(client, thread):
    """Neither engine sorts, whatever is asked for: the rows come in the order of the numbers."""
    world.many(thread, 300)
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by statistics: so small a table it reads whole")
    for query in ("", "?group=government", "?thread=1&language=en", "?country=ML&since=2020-01-01&order=newest"):
        client.get(f"{LIST}{query}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{LIST}{query}")
        # The query that finds the rows; the one that reads them has a limit in what it asks of each alone.
        found = [each["sql"] for each in captured if re.search(r"LIMIT \d+$", each["sql"])]
        asked = [each for each in found if "contributions_edition" in each]
        assert asked
        for sql in asked:
            with connection.cursor() as cursor:
                plan = " ".join(str(row) for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
            assert "TEMP B-TREE FOR ORDER BY" not in plan, (query, plan)
