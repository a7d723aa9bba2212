"""An author who revises while the worker looks at their earlier words: neither is refused on account of the other."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from plenara.contributions.actions import revise
from plenara.core.transaction import writes
from plenara.moderation.actions.suggestions import notice
from plenara.moderation.models import Item, Likeness
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

#: Long enough that the bands of its signature are saved, each row with its consultation.
WORDS = " ".join(
    [world.WORDS, "Whoever lives beside the river is asked first, and hears within a month what was decided."]
)


@pytest.fixture
def consultation(db):
    """An open consultation that is moderated after publication."""
    return world.consultation(moderation="after")


def wait_until_somebody_waits():
    """Wait until another connection waits for a lock of ours; on SQLite the write lock is where they wait."""
    if connection.vendor != "postgresql":
        return
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            # Not pg_stat_activity: a transaction that looks twice sees the same of it.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_an_author_revises_while_a_worker_keeps_what_it_noticed(author, thread):
    contribution = world.submitted(author, thread, WORDS)
    version = contribution.versions.get()
    failed = []

    def send_again():
        try:
            revise(actor=author, contribution=contribution, text=f"{WORDS} Twice a year.", language="en")
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    with writes():
        assert notice(kind="contribution", version_id=version.pk, found={})
        assert Likeness.objects.filter(consultation=thread.consultation).exists()
        other = threading.Thread(target=send_again)
        other.start()
        wait_until_somebody_waits()
    other.join(60)
    assert (other.is_alive(), failed) == (False, [])
    assert Item.objects.get().version_id == contribution.versions.latest("number").pk
