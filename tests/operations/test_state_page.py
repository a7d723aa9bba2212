"""The state of the installation at the desk: errors in words, with the page or command that fixes each."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.accounts.models import Installation
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.operations import heartbeat, startup
from plenara.operations.health import Finding
from plenara.operations.presenters import state
from tests import world
from tests.background import enqueue
from tests.consultations.pages import text

# The page compares the clock of PostgreSQL, which is the machine's, with its own.
pytestmark = [pytest.mark.django_db, pytest.mark.real_clock]

PAGE = "/en/desk/state/"
FINE = "There are no problems."


@pytest.fixture(autouse=True)
def all_is_fine(db, settings, tmp_path, monkeypatch):
    """An installation with nothing to say against it."""
    settings.DATA = tmp_path
    monkeypatch.setattr(heartbeat, "_last_sign", float("-inf"))
    heartbeat.worker_lives()
    heartbeat.backup_made()
    monkeypatch.setattr(state, "LEAST_FREE", 0)
    Installation.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    monkeypatch.setattr(state.repair, "is_missing", lambda: False)


@pytest.fixture
def read_troubles(sign_in, operator):
    """What the page says of troubles, with the addresses that it links to."""

    def read():
        page = sign_in(operator).get(PAGE)
        assert page.status_code == 200
        return text(page).partition("What is wrong ")[2].partition("What works")[0], page.content.decode()

    return read


def ago(**span):
    return clock.now() - datetime.timedelta(**span)


def test_where_all_is_fine_it_says_so_and_names_what_it_looked_at(read_troubles):
    troubles, page = read_troubles()
    assert FINE in troubles
    assert page.count("<dt>") == 11


def test_no_mail_server_leads_to_the_e_mails_that_wait(read_troubles, settings):
    settings.MAILERS = {}
    enqueue("moderation.notify_author", key="a", run_after=ago(hours=1))
    troubles, page = read_troubles()
    assert "No mail server is set up." in troubles and FINE not in troubles
    assert '<a href="/en/desk/background-tasks/">E-mails and background tasks</a>' in page
    assert "due for more than 10 minutes" not in troubles


def test_e_mails_that_are_tried_again_are_shown_with_their_cause(read_troubles):
    enqueue("moderation.notify_author", key="a")
    BackgroundTask.objects.filter(key="a").update(attempts=2, last_error="ConnectionRefusedError", due_at=clock.now())
    troubles, _page = read_troubles()
    assert "1 e-mail could not be sent yet (ConnectionRefusedError)." in troubles


def test_what_was_given_up_or_is_late_is_shown(read_troubles, tmp_path):
    for key in "abc":
        enqueue("operations.sweep", key=key, run_after=ago(minutes=30))
    BackgroundTask.objects.filter(key="a").update(failed_at=clock.now())
    troubles, _page = read_troubles()
    assert "1 e-mail or other task has failed after many attempts. See the failed tasks, and try again" in troubles
    assert "2 tasks have been due for more than 10 minutes. The worker is behind schedule." in troubles
    (tmp_path / heartbeat.WORKER).unlink()
    troubles, _page = read_troubles()
    assert "2 tasks have been due for more than 10 minutes. Ask the operator whether a worker is running." in troubles
    assert "No worker has been active on this server yet." in troubles


def test_a_worker_that_is_silent_is_shown_with_the_command(read_troubles, monkeypatch):
    monkeypatch.setattr(heartbeat, "_last_sign", float("-inf"))
    with clock.at(ago(minutes=6)):
        heartbeat.worker_lives()
    troubles, page = read_troubles()
    assert "The worker on this server was last active on" in troubles
    assert '<code dir="ltr">plenara serve</code>' in page


def test_a_disk_nearly_full_is_shown(read_troubles, monkeypatch):
    monkeypatch.setattr(state, "LEAST_FREE", 10**18)
    assert "MB free. Free up space" in read_troubles()[0]


def test_a_backup_that_is_old_or_was_never_made_is_shown(read_troubles, tmp_path):
    with clock.at(ago(days=3)):
        heartbeat.backup_made()
    assert "The last backup was made" in read_troubles()[0]
    (tmp_path / heartbeat.BACKUP).unlink()
    AuditEntry.objects.create(verb="x", about_kind="x", about_id="1")
    assert FINE in read_troubles()[0]  # of an installation of today
    AuditEntry.objects.update(at=ago(days=3))
    assert "No backup has been made" in read_troubles()[0]


def test_a_database_of_another_version_is_shown_with_the_command(read_troubles, monkeypatch):
    monkeypatch.setattr(startup, "fitness", lambda: startup.Fitness.BEHIND)
    assert "Run this command on the server: plenara upgrade" in read_troubles()[0]


def test_a_clock_behind_what_was_done_is_shown(read_troubles):
    AuditEntry.objects.create(verb="x", about_kind="x", about_id="1", at=clock.now() + datetime.timedelta(hours=1))
    assert "This server’s clock differs by 3," in read_troubles()[0]


def test_an_index_that_is_empty_is_shown(read_troubles, monkeypatch):
    monkeypatch.setattr(state.repair, "is_missing", lambda: True)
    assert "The search finds nothing because its index is empty." in read_troubles()[0]


def test_files_of_the_record_that_are_overdue_are_shown(read_troubles):
    enqueue("exports.make_export", key="a", run_after=ago(minutes=20), consultation_id=1)
    BackgroundTask.objects.filter(key="a").update(attempts=3, lease_until=clock.now())
    assert "Some downloadable files of the record are out of date or withheld" in read_troubles()[0]


def test_a_replica_that_is_behind_is_shown(read_troubles, monkeypatch):
    monkeypatch.setattr(state, "connections", {"default": connection, "replica": connection})
    monkeypatch.setattr(state.shared_machines, "replica", lambda: [Finding("PLENARA_READ_DATABASE_URL", "is behind")])
    assert "Pages are read from a copy of the database. This copy is out of date" in read_troubles()[0]


def test_a_queue_older_than_promised_is_shown_with_a_link_for_moderators(
    read_troubles, sign_in, organizer, author, thread
):
    with clock.at(ago(hours=1)):
        world.submitted(author, thread)
    BackgroundTask.objects.all().delete()
    assert FINE in read_troubles()[0]
    with clock.at(ago(days=9)):
        world.submitted(author, thread, "Another text, from long ago.")
    BackgroundTask.objects.all().delete()
    troubles, page = read_troubles()
    late = "a text has waited longer than promised for a decision."
    assert f"Governing the Internet (en)\u2069: {late}" in troubles
    assert "Open the queue" not in page
    assert '<a href="/en/desk/moderation/">Open the queue</a>' in sign_in(organizer).get(PAGE).content.decode()


def test_a_site_without_a_name_is_shown_with_a_link_for_those_who_may_set_it_up(read_troubles, sign_in, organizer):
    Installation.objects.update(is_set_up=False)
    troubles, page = read_troubles()
    assert "does not yet have its own name, contact and data controller" in troubles
    assert "Set up this site" not in page
    assert '<a href="/en/desk/installation/">Set up this site</a>' in sign_in(organizer).get(PAGE).content.decode()


def test_what_is_urgent_comes_first(read_troubles):
    Installation.objects.update(is_set_up=False)
    enqueue("operations.sweep", key="a")
    BackgroundTask.objects.filter(key="a").update(failed_at=clock.now())
    _troubles, page = read_troubles()
    assert page.index("notice stop") < page.index("notice wait")


def test_it_asks_as_many_queries_however_much_is_queued(read_troubles):
    read_troubles()
    with CaptureQueriesContext(connection) as few:
        read_troubles()
    for number in range(30):
        enqueue("operations.sweep", key=f"a{number}")
    with CaptureQueriesContext(connection) as many:
        read_troubles()
    assert len(few) == len(many)


def test_only_organizers_and_operators_of_the_installation_open_it(sign_in, moderator, participant, organizer, client):
    assert client.get(PAGE).status_code == 302
    for who, status in [(moderator, 403), (participant, 403), (organizer, 200)]:
        assert sign_in(who).get(PAGE).status_code == status


def test_the_desk_leads_there(sign_in, operator):
    assert '<a href="/en/desk/state/">' in sign_in(operator).get("/en/desk/").content.decode()
