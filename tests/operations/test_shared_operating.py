"""Commands with a bucket: a backup holds what lies there, a restore puts it there, a check tries it."""

import json
import tarfile

import pytest

from plenara.operations.health import shared_machines
from tests import objects
from tests.bundles.bundles import contents, row, write


def url_of(server, prefix):
    secret = objects.SECRET.replace("/", "%2F").replace(":", "%3A")
    host = server.url.removeprefix("http://")
    return f"s3://{objects.KEY}:{secret}@{host}/{objects.BUCKET}/{prefix}?secure=0"


def test_documents_go_from_a_bucket_into_a_backup_and_from_it_into_another(
    installation,
    new_folder,
    objects_server,
    tmp_path,
):
    objects_server.clear()
    bundle = write(tmp_path / "bundle", row("a", document="documents/a.txt"), documents__a_txt="A paper.")
    backup = tmp_path / "backup.tar.gz"
    installation.names["PLENARA_STORAGE_URL"] = url_of(objects_server, "one")
    ran = installation.run_all(["import", bundle], ["backup", backup], ["export", "village-water", tmp_path / "out"])
    assert [each.code for each in ran] == [0, 0, 0], ran
    assert [name.split("/")[:2] for name in objects_server.names()] == [["one", "documents"]]
    assert list((installation.data / "documents").glob("??/*")) == []
    with tarfile.open(backup) as archive:
        assert sum(name.startswith("documents/") for name in archive.getnames()) == 1

    new_folder.names["PLENARA_STORAGE_URL"] = url_of(objects_server, "other")
    ran = new_folder.run_all(["restore", backup], ["export", "village-water", tmp_path / "again"])
    assert [each.code for each in ran] == [0, 0], ran
    assert contents(tmp_path / "again") == contents(tmp_path / "out")
    assert {name.split("/")[0] for name in objects_server.names()} == {"one", "other"}

    # Back into a folder: the setting alone says where they lie.
    assert json.loads((tmp_path / "out" / "consultation.json").read_text())["slug"] == "village-water"


def test_a_backup_without_its_documents_is_none(installation, tmp_path, objects_server):
    with objects.Trouble("403") as trouble:
        installation.names["PLENARA_STORAGE_URL"] = url_of(trouble, "one")
        (ran,) = installation.run_all(["backup", tmp_path / "backup.tar.gz"])
    assert ran.code == 1
    assert "We cannot reach the file storage at the moment" in ran.errors and "(HTTP 403" in ran.errors
    assert objects.SECRET not in ran.errors
    assert list(tmp_path.glob("*backup*")) == []


def test_the_check_names_the_bucket_and_leaves_nothing_there(shared, objects_server):
    (found,) = shared_machines.storage()
    assert (found.subject, found.is_wrong) == ("PLENARA_STORAGE_URL", False)
    assert "answers: papers at 127.0.0.1" in found.sentence
    assert objects_server.names() == []


@pytest.mark.parametrize("how", ["403", "500"])
def test_the_check_says_what_a_storage_refuses(shared, settings, how):
    with objects.Trouble(how) as trouble:
        settings.STORAGES = objects.storages(trouble.url)
        (found,) = shared_machines.storage()
    assert found.is_wrong
    assert how in found.sentence and objects.SECRET not in found.sentence


def test_the_check_says_that_a_bucket_is_missing(shared, settings, objects_server):
    settings.STORAGES = objects.storages(objects_server.url)
    settings.STORAGES["default"]["OPTIONS"]["bucket_name"] = "no-such-bucket"
    (found,) = shared_machines.storage()
    assert found.is_wrong and "NoSuchBucket" in found.sentence


def test_http_to_another_machine_is_worth_a_word(shared, settings, monkeypatch):
    settings.STORAGES = objects.storages("http://objects.example.org")
    monkeypatch.setattr("plenara.core.store.bucket.InBucket.put", lambda *_: None)
    found = next(iter(shared_machines.storage()))
    assert found.sentence == "uses http: papers are sent unencrypted. Remove secure=0." and not found.is_wrong


def test_without_a_bucket_there_is_nothing_to_try():
    assert list(shared_machines.storage()) == []
