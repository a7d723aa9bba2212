"""Exports in a bucket: one machine's worker makes them, another serves them, and what has gone is served by none."""

import hashlib

import pytest

from plenara.contributions.actions import withdraw
from plenara.core.store import Away
from plenara.exports import actions, integrity
from plenara.exports.actions import enqueue_exports
from plenara.exports.queries import files
from plenara.exports.queries.files import FILES
from plenara.operations import worker
from tests import objects
from tests.answers import make_exports

pytestmark = pytest.mark.django_db
HERE = "/exports/internet-governance/"


@pytest.fixture(autouse=True)
def _elsewhere(shared):
    pass


def test_another_machine_serves_what_this_one_made(shared, edition, client):
    make_exports()
    shared("second")
    for name, media_type in FILES.items():
        answer = client.get(f"{HERE}{name}")
        content = b"".join(answer.streaming_content)
        assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
        assert answer["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert answer["Content-Length"] == str(len(content))


def test_a_download_is_resumed_by_a_range(shared, edition, client):
    make_exports()
    whole = b"".join(client.get(f"{HERE}bundle.zip").streaming_content)
    part = client.get(f"{HERE}bundle.zip", headers={"range": "bytes=100-299"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-299/{len(whole)}")
    assert b"".join(part.streaming_content) == whole[100:300]
    assert client.get(f"{HERE}bundle.zip", headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    end = client.get(f"{HERE}bundle.zip", headers={"range": "bytes=-5"})
    assert b"".join(end.streaming_content) == whole[-5:]


def test_a_reader_who_has_it_gets_304_without_its_bytes(shared, edition, client, monkeypatch):
    make_exports()
    etag = client.head(f"{HERE}bundle.zip")["ETag"]
    kept = "plenara.core.store.bucket.InBucket.pieces"
    pieces = files.made(edition.consultation).folder.__class__.pieces
    read = []
    monkeypatch.setattr(kept, lambda self, part=None: read.append(self.name) or pieces(self, part))
    assert client.get(f"{HERE}bundle.zip", headers={"if-none-match": etag}).status_code == 304
    assert set(read) <= {"made.json"}


def test_what_was_made_before_goes_when_the_new_is_recorded(shared, edition, objects_server):
    make_exports()
    first = set(objects_server.names())
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)
    make_exports()
    second = set(objects_server.names())
    made = files.made(edition.consultation)
    assert {name.rpartition("/")[2] for name in second} == {"made.json", *(each.sha256 for each in made.files.values())}
    assert first - second


def test_what_was_withdrawn_on_one_machine_is_served_by_no_other(shared, edition, client):
    make_exports()
    shared("second")
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)
    assert client.get(f"{HERE}bundle.zip").status_code == 503


def test_a_kill_while_they_go_up_leaves_the_earlier_ones_in_force(shared, edition, client, monkeypatch):
    make_exports()
    before = b"".join(client.get(f"{HERE}bundle.zip").streaming_content)
    taken = []
    take = files.made(edition.consultation).folder.__class__.take

    def cut(self, path):
        if len(taken) == 2:
            raise Away("broke off")
        taken.append(path)
        take(self, path)

    monkeypatch.setattr("plenara.core.store.bucket.InBucket.take", cut)
    monkeypatch.setattr(actions, "FORMAT", "another")
    with pytest.raises(Away):
        make_exports()
    shared("second")
    assert b"".join(client.get(f"{HERE}bundle.zip").streaming_content) == before


def test_a_damaged_object_is_found_and_made_again(shared, edition, objects_server):
    make_exports()
    made = files.made(edition.consultation)
    file = made.path("bundle.zip")
    file.put(b"x" * file.size())
    assert any("bundle.zip is damaged" in error for error in integrity.errors())
    file.put(b"shorter")
    assert files.made(edition.consultation) is None
    make_exports()
    assert list(integrity.errors()) == []


def test_while_the_storage_is_away_downloads_say_so_and_the_record_can_be_read(shared, edition, client, settings):
    make_exports()
    with objects.Trouble("500") as trouble:
        settings.STORAGES = objects.storages(trouble.url)
        answer = client.get(f"{HERE}bundle.zip", headers={"accept-language": "en"})
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
        assert "We cannot reach the file storage at the moment. Try again in a few minutes." in answer.content.decode()
        assert client.get("/en/consultations/internet-governance/").status_code == 200
        assert client.get("/en/consultations/internet-governance/threads/1/").status_code == 200


def test_a_worker_enqueues_everything_else_while_the_storage_is_away(shared, edition, settings, monkeypatch):
    with objects.Trouble("403") as trouble:
        settings.STORAGES = objects.storages(trouble.url)
        with pytest.raises(Away):
            enqueue_exports()
        queued = []
        monkeypatch.setattr(worker, "enqueue_pending", lambda: queued.append("last"))
        worker._enqueue_what_is_due()
        assert queued == ["last"]
