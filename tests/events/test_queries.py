"""The number of database queries of a calendar page: its address bounds it, whatever there is."""

from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.themes import actions as themes
from tests import world
from tests.directory import listed
from tests.events import entered

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = ("", "past/", "month/2026-12/")


def most(names):
    """Return the maximal number of queries of a page.

    Nine. A theme is looked up with its narrower ones, a consultation for being public; an
    organization with its name and what was merged into it or it into. Openings and closings belong in a
    calendar without filters other than the consultation: two queries more.
    """
    more = {"theme": 2, "consultation": 1, "organization": 3}
    return 9 + sum(more.get(name, 0) for name in names) + 2 * (not set(names) - {"consultation"})


#: The query that is left out where nothing matches: the rows of the dates.
LESS_WHERE_NOTHING_MATCHES = 2


@pytest.fixture
def count_queries(client):
    """A function that returns the number of queries of an address."""

    def count(page, names, values):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/en/events/{page}", {name: values[name] for name in names})
        assert answer.status_code == 200
        return len(queries)

    return count


def more_events(count, organizer):
    for number in range(count):
        entered.event(
            f"E{number}", themes=["C7-e-health"], country="ML", languages=["fr"], organizer=organizer.number,
            prepares="internet-governance", dates=entered.days("2026-12-01T09:00"),
        )  # fmt: skip


def test_no_address_asks_more_than_its_bound_however_many_there_are(count_queries, noon):
    themes.install_wsis()
    world.consultation("internet-governance")
    world.consultation("elsewhere")
    here, idle = listed.organization("Here"), listed.organization("Idle")
    values = {
        "theme": "C7", "country": "ML", "language": "fr", "consultation": "internet-governance",
        "organization": str(here.number),
    }  # fmt: skip
    nothing = {
        "theme": "C9", "country": "FJ", "language": "de", "consultation": "elsewhere", "organization": str(idle.number),
    }  # fmt: skip
    addresses = [(page, names) for page in PAGES for size in range(6) for names in combinations(values, size)]
    more_events(2, here)
    few = {each: count_queries(*each, values) for each in addresses}
    empty = {each: count_queries(*each, nothing) for each in addresses}
    for found in (few, empty):
        outside = {
            (page, names): count
            for (page, names), count in found.items()
            if not most(names) - LESS_WHERE_NOTHING_MATCHES <= count <= most(names)
        }
        assert outside == {}
    more_events(40, here)
    some = [addresses[at] for at in range(0, len(addresses), 7)]
    assert {each: count_queries(*each, values) for each in some} == {each: few[each] for each in some}
