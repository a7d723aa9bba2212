"""The database looks at what its tables hold, so that it takes the index that leads to few rows."""

import pytest
from django.db import connection

from plenara.accounts import actions, queries
from plenara.contributions.models import Edition
from plenara.core import database
from plenara.moderation.queries import decisions
from plenara.operations.actions.tasks import sweep
from tests import world

pytestmark = pytest.mark.django_db


def test_after_many_rows_sqlite_goes_by_the_number_and_not_through_the_thread():
    thread = world.consultation().threads.first()
    world.many(thread, 300)
    database.analyze()
    asked = Edition.objects.filter(consultation=thread.consultation, thread=thread, number=7, in_force=True)
    assert asked.count() == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'contributions_edition'")
            assert cursor.fetchone()[0] > 3
        assert "number=?" in asked.explain()


def plans(act):
    """Return how SQLite goes about what an act asks of it."""
    asked = []

    def notice(execute, statement, values, many, context):
        asked.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(notice):
        act()
    with connection.cursor() as cursor:
        return [str(cursor.execute(f"EXPLAIN QUERY PLAN {each}", values).fetchall()) for each, values in asked]


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_sqlite_goes_by_the_index_of_those_that_have_a_place_or_a_link():
    ama = actions.sign_up(name="Ama", email="ama@people.example", language="en", joined_from="a" * 64)
    for plan in [*plans(lambda: queries.came_in_bulk(ama)), *plans(lambda: queries.most_sign_ups_within_an_hour(ama))]:
        assert "person_joined" in plan
    assert "report_token" in plans(lambda: decisions.report_of_token("a link that was never sent"))[0]


def test_the_days_sweep_looks_again_and_may_do_so_on_an_empty_installation():
    sweep()
    sweep()
