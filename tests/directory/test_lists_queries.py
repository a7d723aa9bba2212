"""The number of database queries of a list's page: its address bounds it, whatever there is."""

from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.directory.queries import lists
from plenara.themes import actions as themes
from tests.directory import listed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: A theme whose narrower ones count too, and values that entries have; for each another that none has.
ASKED = {"theme": "C7", "country": "ML", "region": "202", "group": "civil_society", "language": "en", "letter": "N"}
NOBODY = {"theme": "C9", "country": "FJ", "region": "019", "group": "government", "language": "zh", "letter": "X"}


def most(names):
    """Return how many questions a page asks at most.

    Ten where nothing is asked for. Then, for each filter, one that finds out whether it leaves few entries; it takes
    the place of the one that counts them, so the first is for nothing. A theme is asked for its narrower ones. A letter
    among what was filtered is counted by a question of its own: without one, few are counted already.
    """
    filters = [name for name in names if name != "letter"]
    return 10 + max(len(filters) - 1, 0) + ("theme" in names) + (bool(filters) and "letter" in names)


#: Queries that are left out where nothing matches: for the entries, their letters, and the columns beside them.
LESS_WHERE_NOTHING_MATCHES = 4


@pytest.fixture
def count_queries(client):
    """A function that returns how many questions the page of an address asks."""

    def count(names, values):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/en/organizations/", {name: values[name] for name in names})
        assert answer.status_code == 200
        return len(queries)

    return count


def every_address():
    return [names for size in range(len(ASKED) + 1) for names in combinations(ASKED, size)]


@pytest.mark.parametrize("few", [1000, 3], ids=["filters leave few", "filters leave many"])
def test_no_address_asks_more_than_its_bound(few, count_queries, monkeypatch):
    monkeypatch.setattr(lists, "FEW", few)
    themes.install_wsis()
    for number in range(5):
        listed.organization(f"Number {number}", themes=["C7-e-health"], country="ML")
    found = {names: count_queries(names, ASKED) for names in every_address()}
    # Where filters leave many, what passes them with a letter is not counted.
    assert {names: count for names, count in found.items() if not most(names) - 1 <= count <= most(names)} == {}
    nothing = {names: count_queries(names, NOBODY) for names in every_address()}
    outside = {
        names: count
        for names, count in nothing.items()
        if not most(names) - LESS_WHERE_NOTHING_MATCHES <= count <= most(names)
    }
    assert outside == {}


def test_an_address_asks_as_often_however_many_there_are(count_queries):
    themes.install_wsis()
    addresses = [(), ("theme", "country", "group"), ("country", "letter"), tuple(ASKED)]
    for number in range(5):
        listed.organization(f"Number {number}", themes=["C7-e-health"], country="ML")
    few = [count_queries(names, ASKED) for names in addresses]
    for number in range(55):
        listed.organization(f"Number {number}", themes=["C7-e-health"], country="ML")
    assert [count_queries(names, ASKED) for names in addresses] == few
