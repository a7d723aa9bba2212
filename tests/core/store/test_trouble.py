"""A storage that refuses, is slow, breaks off or is not there: reported in a sentence, soon, and without its keys."""

import socket
import time

import pytest

from plenara.core import store
from plenara.core.refusals import ActionRefused
from plenara.core.store import bucket
from tests import objects


@pytest.fixture
def used(settings, tmp_path):
    def use(url):
        settings.DATA, settings.DOCUMENTS = tmp_path, tmp_path / "documents"
        settings.STORAGES = objects.storages(url)
        return store.exports() / "a"

    return use


#: What a client says of redirects that lead nowhere, by how far it came.
OTHERWISE = {"redirects without end", "HTTPClientError", "did not answer a moment ago"}


@pytest.mark.parametrize("status", ["403", "500", "503", "301"])
def test_who_is_refused_hears_that_the_storage_is_away(used, status):
    with objects.Trouble(status) as trouble:
        file = used(trouble.url)
        for ask in (file.exists, file.read_bytes, file.listed, file.forget, lambda: file.put(b"x")):
            with pytest.raises(store.Away) as away:
                ask()
            assert isinstance(away.value, ActionRefused)
            assert objects.SECRET not in str(away.value) + away.value.reason + repr(away.value)
            assert status in away.value.reason or away.value.reason in OTHERWISE


def test_a_storage_that_is_refused_for_good_is_not_asked_again_and_again(used):
    with objects.Trouble("500") as trouble:
        with pytest.raises(store.Away):
            used(trouble.url).read_bytes()
        assert len(trouble.asked) == bucket.ATTEMPTS


def test_a_slow_storage_is_given_up_in_time_and_left_alone_for_a_while(used, monkeypatch):
    monkeypatch.setattr(bucket, "READ", 0.3)
    with objects.Trouble("slow") as trouble:
        file = used(trouble.url)
        with pytest.raises(store.Away):
            file.read_bytes()
        asked = len(trouble.asked)
        assert asked <= bucket.ATTEMPTS
        with pytest.raises(
            store.Away, match=r"We cannot reach the file storage at the moment. Try again in a few minutes."
        ):
            file.read_bytes()
        assert len(trouble.asked) == asked


def test_a_storage_that_came_back_is_used_again(used, monkeypatch):
    monkeypatch.setattr(bucket, "REST", 0.05)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    file = used(f"http://127.0.0.1:{port}")
    with pytest.raises(store.Away):
        file.exists()
    time.sleep(0.1)
    with pytest.raises(store.Away) as away:
        file.exists()
    assert away.value.reason != "did not answer a moment ago"


def test_a_body_that_breaks_off_is_asked_for_from_there_on(used):
    with objects.Trouble("breaks off", times=2) as trouble:
        assert used(trouble.url).read_bytes() == trouble.body
        assert [kind for kind, _part in trouble.asked] == ["GET"] * 3
        assert trouble.asked[0][1] == ""
        assert trouble.asked[1][1].startswith("bytes=") and trouble.asked[1][1] < trouble.asked[2][1]


def test_a_body_that_breaks_off_for_ever_is_given_up(used):
    with objects.Trouble("breaks off") as trouble, pytest.raises(store.Away):
        used(trouble.url).read_bytes()


def test_an_upload_that_fails_keeps_the_file_and_leaves_nothing_to_be_seen(used, tmp_path):
    path = tmp_path / "made"
    path.write_bytes(b"x" * 100)
    with objects.Trouble("500") as trouble, pytest.raises(store.Away):
        used(trouble.url).take(path)
    assert path.exists()
