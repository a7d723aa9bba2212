"""The database looks at what its tables hold, so that it takes the index that leads to few rows."""

import pytest
from django.db import connection

from plenara.contributions.models import Edition
from plenara.ledger import statistics
from plenara.web.errands import sweep
from tests import world

pytestmark = pytest.mark.django_db


def test_after_many_rows_sqlite_goes_by_the_number_and_not_through_the_thread():
    thread = world.consultation().threads.first()
    world.many(thread, 300)
    statistics.look()
    asked = Edition.objects.filter(consultation=thread.consultation, thread=thread, number=7, in_force=True)
    assert asked.count() == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'contributions_edition'")
            assert cursor.fetchone()[0] > 3
        assert "number=?" in asked.explain()


def test_the_days_sweep_looks_again_and_may_do_so_on_an_empty_installation():
    sweep()
    sweep()
