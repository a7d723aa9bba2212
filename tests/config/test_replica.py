"""Public pages are read from a replica, everything else from the primary, and never older than was said."""

import json

import pytest
from django.db import models

from plenara.config.replica import Router
from plenara.core import database
from tests import clusters
from tests.installations import Installation, wait_until

_LINES = """
import json, sys, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.core.management import call_command
from django.db import connections
from django.test import Client
from plenara.core.cache_tags import invalidate
from plenara.core.models import Revision
from plenara.core.transaction import writes
from django.db.models import Sum
from plenara.config import replica as module

seen = []
def note(execute, sql, params, many, context):
    seen.append(context["connection"].alias)
    return execute(sql, params, many, context)
for each in connections.all():
    each.execute_wrappers.append(note)

def asked(path, **headers):
    seen.clear()
    answer = Client(SERVER_NAME="127.0.0.1").get(path, headers=headers)
    list(getattr(answer, "streaming_content", ()))
    return [answer.status_code, sorted(set(seen))]

def total(alias):
    return Revision.objects.using(alias).aggregate(all=Sum("number"))["all"] or 0

def invalidated():
    with writes():
        invalidate("consultations")
"""
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    if clusters.programs() is None:
        pytest.skip("LEFT OUT: this machine has no PostgreSQL of its own to start")
    with clusters.replicated() as (primary, replica):
        names = {"PLENARA_READ_DATABASE_URL": replica.url(), "DJANGO_SETTINGS_MODULE": "plenara.config.settings"}
        it = Installation(tmp_path_factory.mktemp("replica") / "var", primary.url(), names)
        ran = it.run("migrate")
        assert ran.returncode == 0, ran.stderr
        yield it, primary, replica


def did(it, code):
    ran = it.run(code=_LINES + code)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def caught_up(primary, replica):
    (lsn,) = primary.ask("SELECT pg_current_wal_lsn()")[0]
    assert wait_until(lambda: replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'")[0][0])


def test_public_views_read_the_replica_and_others_the_primary(pair):
    it, primary, replica = pair
    caught_up(primary, replica)
    answers = did(
        it,
        """
print(json.dumps({path: asked(path) for path in (
    "/en/", "/en/consultations/", "/en/search/?q=water", "/en/events/", "/api/v1/consultations", "/feed.atom",
    "/en/accounts/login/", "/health/")}))
""",
    )
    for path in ("/en/", "/en/consultations/", "/en/events/", "/en/search/?q=water"):
        assert answers[path] == [200, ["replica"]], (path, answers[path])
    assert "replica" not in answers["/en/accounts/login/"][1]
    assert "replica" not in answers["/health/"][1]


def test_a_replica_that_has_not_come_so_far_is_not_read(pair):
    it, primary, replica = pair
    caught_up(primary, replica)
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        answers = did(
            it,
            """
before = total("default")
invalidated()
now = total("default")
print(json.dumps([total("replica") == before < now,
    asked("/en/", x_plenara_known=str(now)), asked("/en/", x_plenara_known=str(before))]))
""",
        )
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")
    is_behind, for_new, for_old = answers
    assert is_behind
    # The question itself goes to the replica; the page does not.
    assert for_new == [200, ["default", "replica"]]
    assert for_old == [200, ["replica"]]


def test_a_writer_reads_what_they_have_written(pair):
    answers = did(
        pair[0],
        """
from plenara.core import database
database.is_public.set(True)
inside = []
outside = database.read_alias()
with writes():
    inside = database.read_alias()
print(json.dumps([outside, inside]))
""",
    )
    assert answers == ["replica", "default"]


def test_a_replica_that_goes_away_is_noticed_by_no_reader(pair):
    it, primary, replica = pair
    caught_up(primary, replica)
    replica.stop()
    try:
        answers = did(it, 'print(json.dumps([asked("/en/"), asked("/en/"), asked("/en/", x_plenara_known="0")]))')
    finally:
        replica.start()
    assert [each[0] for each in answers] == [200, 200, 200]
    assert answers[1] == [200, ["default"]]


def test_the_check_knows_a_replica_from_another_database(pair):
    it, primary, replica = pair
    caught_up(primary, replica)
    code = """
from plenara.operations.health.shared_machines import replica
print(json.dumps([[each.sentence, each.is_wrong] for each in replica()]))
"""
    level = [["answers, and is in step with the primary.", False]]
    assert wait_until(lambda: did(it, code) == level)  # a primary that vacuums writes on
    mistaken = Installation(it.data, it.database_url, {**it.names, "PLENARA_READ_DATABASE_URL": primary.url()})
    assert "names the primary database itself" in did(mistaken, code)[0][0]


def test_writes_and_migrations_never_go_to_the_replica():
    router = Router()
    token = database.is_public.set(True)
    try:
        assert router.db_for_write(models.Model) == "default"
        assert router.allow_migrate("default", "core")
        assert not router.allow_migrate("replica", "core")
    finally:
        database.is_public.reset(token)
