"""PostgreSQL is sent each statement that SQLite is sent, by the quickest test that sends it."""

import pytest
from django.contrib.contenttypes.models import ContentType

from tests import statements
from tests.statements import chosen, form_of

NOTES = {
    "slow": (3.0, ["a", "b"]),
    "quick": (1.0, ["a"]),
    "quicker": (0.5, ["a"]),
    "alone": (9.0, ["c"]),
    "silent": (0.1, []),
}


def test_each_statement_is_sent_by_its_quickest_test_unless_another_that_runs_sends_it_too():
    # "slow" alone sends "b", and so sends "a" too.
    assert chosen(NOTES, set(), NOTES) == {"slow", "alone"}
    assert chosen(["quick", "quicker"], set(), NOTES) == {"quicker"}


def test_what_commits_and_what_nobody_has_noted_is_run():
    assert chosen([*NOTES, "new"], {"silent"}, NOTES) == {"slow", "alone", "silent", "new"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 1 FROM a WHERE b IN (%s)", "SELECT 1 FROM a WHERE b IN (%s, %s, %s)"),
        ("INSERT INTO a VALUES (%s, %s)", "INSERT INTO a VALUES (%s, %s), (%s, %s)"),
        ("SELECT 1 FROM a LIMIT 20", "SELECT 1 FROM a LIMIT 21"),
    ],
)
def test_a_statement_is_the_same_with_other_values(one, other):
    assert form_of(one) == form_of(other) != ""
    assert form_of(one) != form_of("SELECT 1 FROM b")


def test_bounds_of_transactions_are_no_statements():
    assert form_of("SAVEPOINT s1") == form_of("PRAGMA foreign_keys") == ""


@pytest.mark.django_db
@pytest.mark.once
def test_what_is_sent_is_noted_with_the_error_that_it_raised(monkeypatch):
    from django.db import DatabaseError, connection, transaction
    from django.db.backends.sqlite3.base import DatabaseWrapper

    recorder = statements.Recorder()
    monkeypatch.setattr(DatabaseWrapper, "vendor", property(recorder._vendor))
    with connection.execute_wrapper(recorder._send):
        list(ContentType.objects.all()[:1])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")
    assert "OperationalError SELECT 1 FROM nowhere" in recorder._sent
    assert any("django_content_type" in each for each in recorder._sent)
