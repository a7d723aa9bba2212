"""What is put into a room is there whole, is replaced at once, and goes when it is taken away."""

import datetime
import hashlib
import subprocess

import pytest

from plenara.core import clock, store
from plenara.core.store import bucket
from plenara.core.store.downloads import sha256_of


def made(room, content, name="made"):
    path = room.workshop() / f"{name}.part"
    path.write_bytes(content)
    return path


def test_what_is_put_is_read_again_byte_for_byte(room):
    file = room / "a" / "b.json"
    file.put(b"\x00\xff words")
    assert file.exists()
    assert file.read_bytes() == b"\x00\xff words"
    assert file.size() == 8
    assert file.name == "b.json"
    file.put(b"later")
    assert file.read_text() == "later"


def test_what_was_never_put_is_not_there(room):
    file = room / "none"
    assert not file.exists()
    assert room.listed() == {}
    for ask in (file.size, file.read_bytes, file.read_text, file.pieces, lambda: file.opened().__enter__()):
        with pytest.raises(FileNotFoundError):
            ask()


def test_a_file_made_in_the_workshop_is_moved_to_its_place(room):
    path = made(room / "a", b"x" * 100)
    (room / "a" / "x").take(path)
    assert not path.exists()
    assert (room / "a" / "x").size() == 100


def test_a_large_file_goes_up_in_parts_and_comes_back_whole(room):
    content = bytes(range(256)) * 80_000  # twenty megabytes
    (room / "large").take(made(room, content))
    assert (room / "large").size() == len(content)
    assert sha256_of(room / "large") == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("part", [range(1), range(5, 70_000), range(99_999, 100_000), range(50_000, 200_000)])
def test_a_part_of_a_file_is_those_bytes_alone(room, part):
    content = bytes(range(250)) * 400
    (room / "file").put(content)
    assert b"".join((room / "file").pieces(part)) == content[part.start : part.stop]


def test_an_empty_file_is_a_file(room):
    (room / "empty").put(b"")
    assert (room / "empty").exists()
    assert b"".join((room / "empty").pieces()) == b""


@pytest.mark.real_clock  # a disk has its own
def test_a_folder_lists_what_lies_below_it_with_size_and_time(room):
    for name in ("one/a", "one/b/c", "two/d"):
        folder, _slash, rest = name.partition("/")
        file = room / folder
        for each in rest.split("/"):
            file = file / each
        file.put(b"words")
    listed = (room / "one").listed()
    assert set(listed) == {"a", "b/c"}
    assert listed["a"].size == 5
    assert abs(listed["a"].changed_at - clock.now()) < datetime.timedelta(minutes=1)
    assert set(room.listed()) == {"one/a", "one/b/c", "two/d"}


def test_names_that_begin_alike_are_other_folders(room):
    (room / "1" / "a").put(b"x")
    (room / "12" / "a").put(b"x")
    assert set((room / "1").listed()) == {"a"}
    (room / "1").forget_all()
    assert set(room.listed()) == {"12/a"}


def test_a_listing_goes_on_where_an_answer_ends(room, monkeypatch):
    if isinstance(room, bucket.InBucket):
        call = bucket.Bucket.call
        few = {"list_objects_v2": {"MaxKeys": 2}}
        monkeypatch.setattr(
            bucket.Bucket, "call", lambda self, it, **parameters: call(self, it, **parameters, **few.get(it, {}))
        )
    for number in range(7):
        (room / f"{number}").put(b"")
    assert set(room.listed()) == set("0123456")


def test_what_is_forgotten_is_gone_and_may_be_forgotten_twice(room):
    (room / "a").put(b"x")
    (room / "a").forget()
    (room / "a").forget()
    (room / "none").forget_all()
    assert not (room / "a").exists()


def test_another_process_can_read_an_opened_file(room):
    (room / "a").put(b"words for another")
    with (room / "a").opened() as file:
        assert subprocess.run(["cat"], stdin=file, capture_output=True, check=True).stdout == b"words for another"


def test_the_rooms_are_apart(room):
    store.document("ab" + "0" * 62).put(b"x")
    assert set(store.documents().listed()) == {"ab/ab" + "0" * 62}
    assert store.exports().listed() == {}


def test_a_reader_keeps_what_was_there_when_another_takes_its_place(room):
    (room / "a").put(b"1" * 200_000)
    pieces = (room / "a").pieces()
    first = next(pieces)
    (room / "a").put(b"2" * 200_000)
    assert set(first + b"".join(pieces)) == {ord("1")}
