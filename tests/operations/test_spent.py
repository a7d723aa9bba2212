"""What pages and tasks spend in the database: sent to the front, and logged, without values, where it takes long."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.config.logs import JsonLines
from plenara.core import tasks
from plenara.core.models import AuditEntry
from plenara.operations import middleware
from tests.background import enqueue, make_known

pytestmark = pytest.mark.django_db

FRONT = {"X-Plenara-Front": "1"}


@pytest.fixture
def slow(settings, caplog):
    """Every query counts as slow; what is logged of it."""
    settings.SLOW_MS = 0
    caplog.set_level(logging.WARNING, "plenara.slow")
    return lambda: [record for record in caplog.records if record.name == "plenara.slow"]


def test_the_front_gets_time_queries_and_route(client, consultation):
    path = f"/fr/consultations/{consultation.slug}/"
    with CaptureQueriesContext(connection) as asked:
        header = client.get(path, headers=FRONT)[middleware.HEADER]
    seconds, queries, route = header.split(";")
    assert 0 < float(seconds.removeprefix("db=")) < 60
    assert queries == f"queries={len(asked)}"
    assert route == "route=*/consultations/<slug:slug>/"


def test_without_the_front_there_is_no_header(client):
    assert middleware.HEADER not in client.get("/health/")


def test_of_a_page_that_is_none_there_is_no_route(client):
    answer = client.get("/en/nowhere/at/all/", headers=FRONT)
    assert answer.status_code == 404
    assert answer[middleware.HEADER].endswith(";route=")


def test_a_slow_query_is_logged_with_its_page_and_without_words(client, slow):
    client.get("/en/search/?q=wells+secretword", headers=FRONT)
    records = slow()
    assert {record.page for record in records} >= {"*/search/"}
    assert all(record.ms >= 0 for record in records)
    lines = [JsonLines().format(record) for record in records]
    assert any("SELECT" in line for line in lines)
    assert not [line for line in lines if "secretword" in line or "wells" in line]


def test_a_quick_query_is_not_logged(client, settings, slow):
    settings.SLOW_MS = 60_000
    client.get("/en/search/?q=wells")
    assert slow() == []


def test_a_query_that_fails_counts_and_is_logged(slow):
    with middleware.watched(lambda: {"page": "x"}) as found, pytest.raises(Exception, match="nowhere"):
        connection.cursor().execute("SELECT * FROM nowhere WHERE a = 'secretword'")
    assert found.queries == 1
    assert [record.sql for record in slow()] == ["SELECT * FROM nowhere WHERE a = ?"]


def test_the_worker_logs_the_kind_of_the_task(slow):
    make_known(tasks._tasks, "test.reads", lambda word: AuditEntry.objects.filter(verb=word).count())
    try:
        enqueue("test.reads", key="secretword", word="secretword")
        (one,) = tasks.take()
        with CaptureQueriesContext(connection):
            assert middleware.run_task(one)
    finally:
        tasks._tasks.pop("test.reads")
    lines = [JsonLines().format(record) for record in slow()]
    assert any('"task": "test.reads"' in line and "COUNT" in line for line in lines)
    assert not any("secretword" in line for line in lines)


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("SELECT 'it''s hers', \"a\".\"b1\" FROM t2 WHERE x = 17.5", 'SELECT ?, "a"."b1" FROM t2 WHERE x = ?'),
        ("SELECT $$a 'b' c$$, $x$words$x$", "SELECT ?, ?"),
        ("SELECT 1\n  FROM t  WHERE a IN (%s, %s, %s, %s)", "SELECT ? FROM t WHERE a IN (%s, ...)"),
        ("SELECT a FROM t WHERE b = %s LIMIT 21", "SELECT a FROM t WHERE b = %s LIMIT ?"),
    ],
)
def test_no_value_that_is_written_out_is_kept(sql, kept):
    assert middleware.without_values(sql) == kept


def test_a_long_statement_is_cut():
    assert len(middleware.without_values("SELECT a, " * 5000)) == middleware.MOST
