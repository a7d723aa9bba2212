"""The file of calendar, directory and themes: made by a task, served while nothing in it has gone."""

import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plenara.bundles.actions.community import import_community
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.life_cycle import State
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.directory.actions import entries
from plenara.directory.models import Listing
from plenara.events.models import Event
from plenara.exports import actions
from tests.bundles.community.making import DAYS, NOW, ORGANIZATION, published

pytestmark = pytest.mark.django_db
FILE = "/exports/community/bundle.zip"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of each test's own."""
    settings.DATA = tmp_path


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_where_nothing_was_published_there_is_no_file_and_none_is_queued(client):
    assert not actions.enqueue_community_export()
    assert client.get(FILE).status_code == 404
    assert client.get("/en/community/downloads/").status_code == 200


def test_the_worker_makes_it_and_readers_have_it_with_its_checksum(whole, client):
    assert client.get(FILE).status_code == 503
    assert actions.enqueue_community_export()
    assert not actions.enqueue_community_export()
    run_all()
    answer = client.get(FILE)
    packed = content(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    called = actions.made_community().download_name("bundle.zip")
    assert called in answer["Content-Disposition"]
    digest = hashlib.sha256(packed).hexdigest()
    assert content(client.get(f"{FILE}.sha256")).decode() == f"{digest}  {called}\n"
    assert "events.jsonl" in zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert client.get(FILE, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert answer.has_header("Last-Modified")


def test_what_is_downloaded_can_be_brought_in(whole, client, tmp_path):
    actions.make_community()
    path = tmp_path / "downloaded.zip"
    path.write_bytes(content(client.get(FILE)))
    _checked, outcome = import_community(path)
    assert outcome.is_nothing


@pytest.mark.parametrize("kind", ["event", "organization"])
def test_it_is_withheld_from_the_moment_at_which_something_went(kind, whole, client):
    actions.make_community()
    entry = Event.objects.get(number=1) if kind == "event" else Listing.objects.get(of=kind, number=2)
    entries.take_down(entry, State.REMOVED, reason="R2")
    for address in (FILE, f"{FILE}.sha256"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) >= 60
        assert "no-store" in answer["Cache-Control"]
    assert (
        "The earlier files are no longer available, because something may have been withdrawn or removed from the "
        "record." in client.get("/en/community/downloads/").content.decode()
    )
    actions.make_community()
    name = "events.jsonl" if kind == "event" else "organizations.jsonl"
    packed = zipfile.ZipFile(io.BytesIO(content(client.get(FILE))))
    assert b'"status": "removed"' in packed.read(name)


def test_what_only_grew_is_made_anew_at_once_or_within_the_hour_where_it_is_large(whole, client, monkeypatch):
    with clock.at(NOW):
        first = actions.make_community()
        published("event", DAYS)
        assert actions.community_for_download() == first
        assert actions.is_community_due()
        monkeypatch.setattr(actions, "SMALL", 0)
        assert actions.enqueue_community_export()
        assert BackgroundTask.objects.get(task="exports.make_community_export").due_at == NOW + actions.PAUSE
        assert not actions.is_community_due()


def test_made_twice_of_the_same_record_it_is_the_same_file(whole, tmp_path, settings):
    first = actions.make_community()
    assert actions.make_community() == first
    settings.DATA = tmp_path / "other"
    assert actions.make_community().files == first.files


def test_a_damaged_or_missing_file_is_reported_to_the_operator(whole):
    made = actions.make_community()
    assert list(actions.community_errors()) == []
    made.path(actions.COMMUNITY_NAME).write_bytes(b"x")
    assert "is damaged" in next(iter(actions.community_errors()))
    made.path(actions.COMMUNITY_NAME).unlink()
    assert "cannot be read" in next(iter(actions.community_errors()))


@pytest.mark.once
def test_the_page_says_what_there_is_in_every_language(whole, client):
    actions.make_community()
    for code in CODES:
        answer = client.get(f"/{code}/community/downloads/")
        assert answer.status_code == 200
        assert f'href="{FILE}"' in answer.content.decode()
    with translation.override("en"):
        assert (
            actions.made_community().files[actions.COMMUNITY_NAME].sha256
            in client.get("/en/community/downloads/").content.decode()
        )


@pytest.mark.once
def test_the_page_asks_as_often_whatever_there_is(whole, client):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/community/downloads/")
        return len(captured)

    actions.make_community()
    few = asked()
    for _each in range(10):
        published("organization", ORGANIZATION)
    assert asked() == few
    assert few <= 8
