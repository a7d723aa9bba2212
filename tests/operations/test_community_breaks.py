"""Calendar, directory and themes with a full disk, and with a mail server that is down: nothing is lost."""

import datetime
import errno

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError, connection

from plenara.accounts.models import Invitation
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.directory import actions as directory
from plenara.directory import emails
from plenara.directory.models import Listing, Proof
from plenara.directory.queries import verification
from plenara.events import actions as calendar
from plenara.events.models import CalendarFile, Event
from plenara.exports import actions
from plenara.exports.actions import DiskFull
from plenara.operations.environment import mailers
from plenara.themes.models import Theme, ThemeFile
from tests import world
from tests.directory import making as listings
from tests.events import making
from tests.events.test_import import calendar as written
from tests.events.test_import import event as read

WORDS = "Words of a meeting that take some room. " * 100
ICS = written(*(read(f"{n}@x.example", DESCRIPTION=WORDS) for n in range(40)))
TURTLE = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    + "".join(
        f'<https://x.example/X{n}> a skos:Concept ; skos:notation "X{n}" ; skos:prefLabel "Space {n}"@en ;'
        f' skos:definition "{WORDS[:1500]}"@en .\n'
        for n in range(60)
    )
).encode()


# --- a full disk ----------------------------------------------------------------------------------------------------


@pytest.fixture
def full(transactional_db):
    """A function that lets the database have no more room, until it is called again."""
    if connection.vendor != "sqlite":
        pytest.skip("LEFT OUT: only SQLite can be told how many pages a disk has room for")

    def fill(*, is_full):
        with connection.cursor() as cursor:
            if is_full:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA page_count")
                (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages if is_full else 1_073_741_823}")

    yield fill
    fill(is_full=False)


def kept():
    return [
        model.objects.count() for model in (Event, Listing, Theme, CalendarFile, ThemeFile, AuditEntry, BackgroundTask)
    ]


UPLOADS = [
    ("/en/my/events/import/", {"language": "en"}, "a.ics", ICS),
    ("/en/desk/themes/import/", {"vocabulary": "space"}, "a.ttl", TURTLE),
]


@pytest.mark.once
@pytest.mark.parametrize(("address", "fields", "name", "data"), UPLOADS, ids=["calendar", "Turtle"])
def test_with_the_disk_full_a_file_is_not_kept_in_part_and_is_taken_when_there_is_room(
    address, fields, name, data, full, client
):
    client.force_login(world.person("Wei Zhang", is_organizer=True))
    client.raise_request_exception = False
    before = kept()
    full(is_full=True)
    answer = client.post(address, {**fields, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 503
    assert "Choose this file again" in answer.content.decode()
    full(is_full=False)
    assert kept() == before
    assert client.post(address, {**fields, "file": SimpleUploadedFile(name, data)}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "fields", "name", "data"), UPLOADS, ids=["calendar", "Turtle"])
def test_a_file_for_which_there_is_no_room_while_it_comes_is_not_taken(
    address, fields, name, data, client, monkeypatch, settings
):
    def no_room(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", no_room)
    client.force_login(world.person("Wei Zhang", is_organizer=True))
    client.raise_request_exception = False
    before = kept()
    assert client.post(address, {**fields, "file": SimpleUploadedFile(name, data)}).status_code == 503
    assert kept() == before


@pytest.mark.once
def test_with_the_disk_full_nothing_is_proposed_in_part_and_the_form_counts_once_there_is_room(full):
    owner = world.person("Moussa Keita")
    given = {"details": making.details(description={"en": WORDS}), "language": "en", "key": "form"}
    before = kept()
    full(is_full=True)
    for _time in range(2):
        with pytest.raises(OperationalError):
            calendar.propose(actor=owner, **given)
    full(is_full=False)
    assert kept() == before
    assert calendar.propose(actor=owner, **given) == calendar.propose(actor=owner, **given)
    assert (Event.objects.count(), BackgroundTask.objects.filter(task="events.receipt").count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["export_community", "file_of", "save_made"])
def test_with_the_disk_full_the_earlier_bundle_is_served_and_the_task_comes_again(
    place, client, settings, tmp_path, monkeypatch
):
    settings.DATA = tmp_path
    curator = making.curator()
    making.published(world.person("Moussa Keita"), curator)
    before = actions.make_community()
    with clock.at(clock.now() + actions.PAUSE):
        listings.published(world.person("Noor Haddad"), curator)
        with monkeypatch.context() as broken:
            broken.setattr(actions, place, lambda *_args: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space")))
            with pytest.raises(DiskFull):
                actions.make_community()
            assert actions.enqueue_community_export()
            tasks.run_all()
        queued = BackgroundTask.objects.get(task="exports.make_community_export")
        assert (queued.done_at, queued.failed_at) == (None, None)
        assert actions.made_community() == before
        assert client.get("/exports/community/bundle.zip").status_code == 200
        assert not [path for path in actions.community_folder().iterdir() if path.name.startswith("part.")]
    with clock.at(clock.now() + actions.PAUSE * 3):
        tasks.run_all()
        assert actions.made_community() != before


# --- a mail server that is down -----------------------------------------------------------------------------------


@pytest.fixture
def down(settings):
    """A mail server that nobody answers for; called, it answers again."""
    works = settings.MAILERS
    settings.MAILERS = mailers("smtp://127.0.0.1:1")

    def come_back():
        settings.MAILERS = works

    return come_back


def send_proposal(client, owner, curator):
    calendar.propose(actor=owner, details=making.details(), language="en")
    directory.propose(actor=owner, kind="project", details=listings.PROJECT, language="en")
    return ["events.receipt", "directory.receipt"]


def send_proof(client, owner, curator):
    entry = listings.published(owner, curator)
    answer = client.post(f"/en/my/listings/{entry.pk}/verify/", {"mailbox": "info"})
    assert answer.status_code == 302
    return ["directory.send_proof"]


def send_invitations(client, owner, curator):
    entry = listings.verified(owner, curator)
    for page in ("representatives", "hand-over"):
        fields = {"address": f"{page}@far.example", "language": "en"}
        assert client.post(f"/en/my/listings/{entry.pk}/{page}/", fields).status_code == 302
    return ["accounts.send_invitation"] * 2


def send_decision(client, owner, curator):
    making.published(owner, curator)
    BackgroundTask.objects.update(due_at=clock.now())
    return ["moderation.notify_author"]


def send_question(client, owner, curator):
    entry = listings.published(owner, curator)
    Listing.objects.filter(pk=entry.pk).update(confirmed_at=clock.now() - datetime.timedelta(days=366))
    emails.enqueue_yearly_review()
    return ["directory.ask_owner"]


@pytest.mark.django_db
@pytest.mark.parametrize("send", [send_proposal, send_proof, send_invitations, send_decision, send_question])
def test_with_the_mail_server_down_e_mails_wait_and_each_goes_out_once_when_it_is_back(send, down, client, operator):
    owner, curator = world.person("Moussa Keita"), making.curator()
    client.force_login(owner)
    kinds = send(client, owner, curator)
    tasks.run_all(besides=("search.read",))
    waiting = BackgroundTask.objects.filter(task__in=kinds)
    assert sorted(waiting.values_list("task", flat=True)) == sorted(kinds)
    assert {(each.done_at, each.failed_at) for each in waiting} == {(None, None)}
    assert {each.attempts for each in waiting} == {1}
    client.force_login(operator)
    assert "ConnectionRefusedError" in client.get("/en/desk/background-tasks/").content.decode()
    down()
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):
        tasks.run_all(besides=("search.read",))
        tasks.run_all(besides=("search.read",))
    assert not waiting.filter(done_at=None).exists()
    message_ids = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(message_ids) == len(set(message_ids)) >= len(kinds)


@pytest.mark.django_db
def test_a_link_that_could_not_be_sent_until_it_was_over_is_sent_no_more_and_its_address_goes(down):
    owner, curator = world.person("Moussa Keita"), making.curator()
    entry = listings.published(owner, curator)
    directory.ask_for_proof(actor=owner, organization=entry, mailbox="info")
    down()
    BackgroundTask.objects.exclude(task="directory.send_proof").delete()
    with clock.at(clock.now() + verification.PROOF_LIFE + datetime.timedelta(hours=1)):
        tasks.run_all()
        assert not [letter for letter in mail.outbox if "verify/" in letter.body]
        queued = BackgroundTask.objects.get()
        assert queued.done_at
        assert queued.arguments == {}
        directory.ask_for_proof(actor=owner, organization=entry, mailbox="info")
        tasks.run_all()
    assert len([letter for letter in mail.outbox if "verify/" in letter.body]) == 1
    assert Proof.objects.count() == 2


@pytest.mark.django_db
def test_who_gave_up_at_the_e_mail_s_tenth_attempt_is_tried_again_from_the_desk(down, client, operator):
    owner, curator = world.person("Moussa Keita"), making.curator()
    entry = listings.verified(owner, curator)
    directory.name_representative(actor=owner, organization=entry, address="speaker@far.example")
    now = clock.now()
    for number in range(12):
        with clock.at(now + datetime.timedelta(days=number)):
            tasks.run_all(besides=("search.read",))
    given_up = BackgroundTask.objects.get(task="accounts.send_invitation")
    assert given_up.failed_at
    assert Invitation.objects.count() == 1
    client.force_login(operator)
    assert "failed" in client.get("/en/desk/background-tasks/").content.decode()
    down()
    with clock.at(now + datetime.timedelta(days=13)):
        assert client.post("/en/desk/background-tasks/", {"task": given_up.pk}).status_code == 302
        tasks.run_all(besides=("search.read",))
    given_up.refresh_from_db()
    assert given_up.done_at
