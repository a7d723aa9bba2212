"""`kill -9` of the front, of Django, of the worker, of what keeps them and of the database, under load."""

import random
import time

import pytest

from tests.faults import record
from tests.faults.crowd import Crowd
from tests.faults.served import BOUND, Served
from tests.installations import wait_until

#: How often each is killed among twenty.
SHARES = {"front": 8, "django": 8, "worker": 3, "supervisor": 1}
SHARES_WITH_DATABASE = {"front": 6, "django": 6, "worker": 2, "supervisor": 1, "database": 5}


def victims(shares, kills):
    """Return who is killed, in an order that is the same in every run."""
    found = [role for role, share in shares.items() for _each in range(share)]
    found = [found[at % len(found)] for at in range(kills)]
    random.Random(kills).shuffle(found)
    return found


def kill_database(cluster, served):
    """Kill the database and start it again; return after how many seconds everything answered."""
    began = time.monotonic()
    cluster.kill()
    cluster.start()
    assert wait_until(served.is_well, BOUND)
    return time.monotonic() - began


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_half_done(request, database, table, kills):
    is_sqlite = database == "SQLite"
    installation = request.getfixturevalue("on_sqlite" if is_sqlite else "on_postgresql")
    cluster = None if is_sqlite else request.getfixturevalue("cluster")
    recovery = []
    with Served(installation) as served, Crowd(installation, served.port) as crowd:
        try:
            for number, role in enumerate(victims(SHARES if is_sqlite else SHARES_WITH_DATABASE, kills)):
                before = len(crowd.receipts)
                assert wait_until(lambda before=before: crowd.has_receipts(2, before), BOUND), (role, crowd.wrong)
                time.sleep(random.Random(number).random() / 5)
                recovery.append(kill_database(cluster, served) if role == "database" else served.kill(role))
            before = len(crowd.receipts)
            assert wait_until(lambda: crowd.has_receipts(5, before), BOUND)
        finally:
            crowd.__exit__()
            found = record.look(installation, crowd.receipts)
            table.add(f"kill -9 under load, {database}", len(recovery), crowd, found, recovery)
    assert (found.lost, found.never) == (frozenset(), {})
    assert crowd.wrong == []
    # A front that was killed keeps nothing yet: where the database goes too, it can only say so (503, nothing else).
    assert not is_sqlite or crowd.not_shown == 0, crowd.odd
    assert len(recovery) == kills and max(recovery) < BOUND
