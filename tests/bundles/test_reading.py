"""A bundle may be anybody's: links are not followed, a zip that is a trap is refused, sizes are bounded."""

import os
import stat
import zipfile

import pytest

from plenara.bundles.validation.errors import NotABundle
from plenara.bundles.validation.sources import Hashed, lines
from tests.bundles.bundles import row, write, zipped

DOCUMENT = row("a", document="documents/a.txt")


def with_document(tmp_path, **more):
    return write(tmp_path / "bundle", DOCUMENT, documents__a_txt="A paper.", **more)


def test_a_document_behind_a_link_is_not_read(tmp_path, errors_of):
    folder = with_document(tmp_path)
    (tmp_path / "secret").write_text("secret")
    (folder / "documents/a.txt").unlink()
    (folder / "documents/a.txt").symlink_to(tmp_path / "secret")
    errors = errors_of(folder)
    assert errors == [
        "contributions.jsonl, line 1, document: names 'documents/a.txt', "
        "which is a link; links in a bundle are not followed"
    ]


def test_a_folder_of_documents_behind_a_link_is_not_read(tmp_path, errors_of):
    folder = with_document(tmp_path)
    (folder / "documents").rename(tmp_path / "elsewhere")
    (folder / "documents").symlink_to(tmp_path / "elsewhere")
    assert "links in a bundle are not followed" in errors_of(folder)[0]


@pytest.mark.parametrize("name", ["consultation.json", "contributions.jsonl"])
def test_a_file_behind_a_link_is_not_read(name, tmp_path, errors_of):
    folder = write(tmp_path / "bundle")
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    assert f"{name}: is a link; links in a bundle are not followed" in errors_of(folder)


def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(tmp_path, errors_of):
    folder = write(tmp_path / "bundle")
    (folder / "contributions.jsonl").unlink()
    os.mkfifo(folder / "contributions.jsonl")
    assert errors_of(folder) == ["contributions.jsonl: is missing"]


@pytest.mark.parametrize("what", ["nothing", "a text", "an empty folder", "an empty zip"])
def test_a_path_that_is_no_bundle_is_refused_in_a_sentence(what, tmp_path, errors_of):
    path = tmp_path / "it"
    if what == "a text":
        path.write_text("hello")
    elif what == "an empty folder":
        path.mkdir()
    elif what == "an empty zip":
        zipfile.ZipFile(path, "w").close()
    with pytest.raises(NotABundle) as refused:
        errors_of(path)
    assert str(path) in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("inside", ["", "village-water/"])
def test_a_zip_has_its_files_at_the_top_or_in_its_one_folder(inside, tmp_path, errors_of):
    folder = with_document(tmp_path, manifest=True)
    assert errors_of(zipped(folder, tmp_path / "bundle.zip", inside)) == []


def trap(tmp_path, name, content=b"x", **how):
    """Return a zip of a right bundle with one more entry."""
    path = zipped(with_document(tmp_path), tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = how.pop("attributes", 0o100644 << 16)
        archive.writestr(entry, content, **how)
    return path


@pytest.mark.parametrize(
    "name", ["../evil", "documents/../../evil", "/etc/evil", "a\\..\\evil", "C:evil", "documents//x"]
)
def test_a_zip_with_a_path_that_leaves_the_folder_is_refused(name, tmp_path, errors_of):
    assert errors_of(trap(tmp_path, name)) == [f"{name}: a path that leaves the folder"]


def test_a_link_in_a_zip_is_not_followed(tmp_path, errors_of):
    folder = write(tmp_path / "bundle", DOCUMENT)
    path = zipped(folder, tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("documents/a.txt")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert "links in a bundle are not followed" in errors_of(path)[0]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, errors_of):
    path = trap(tmp_path, "documents/bomb", b"\0" * 30_000_000, compress_type=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    assert errors_of(path) == ["documents/bomb: unpacks to more than 200 times its size"]


def test_an_entry_packed_otherwise_is_refused(tmp_path, errors_of):
    path = trap(tmp_path, "documents/b", compress_type=zipfile.ZIP_LZMA)
    assert errors_of(path) == ["documents/b: is compressed with a method other than deflate"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_twice_is_refused(tmp_path, errors_of):
    assert errors_of(trap(tmp_path, "documents/a.txt")) == ["documents/a.txt: appears twice in the zip"]


def test_a_damaged_zip_is_refused(tmp_path, errors_of):
    path = zipped(with_document(tmp_path), tmp_path / "bundle.zip")
    data = bytearray(path.read_bytes())
    at = data.index(b"contributions.jsonl") + len("contributions.jsonl") + 10
    data[at : at + 20] = bytes(20)
    path.write_bytes(data)
    assert any("damaged" in error for error in errors_of(path))


def test_a_document_over_ten_megabytes_is_refused(tmp_path, errors_of):
    folder = with_document(tmp_path)
    with (folder / "documents/a.txt").open("wb") as file:
        file.truncate(10_000_001)
    assert errors_of(folder) == ["documents/a.txt: is larger than 10 MB"]


def test_the_manifest_is_compared_with_every_file(tmp_path, errors_of):
    folder = with_document(tmp_path, manifest=True, decisions_jsonl="")
    assert errors_of(folder) == []
    (folder / "documents/a.txt").write_text("Another paper.")
    assert errors_of(folder)[0].startswith("documents/a.txt: does not match its checksum in manifest-sha256.txt")


def test_a_file_that_the_manifest_does_not_know_is_refused(tmp_path, errors_of):
    folder = with_document(tmp_path, manifest=True)
    (folder / "summaries.jsonl").write_text("")
    assert errors_of(folder) == ["summaries.jsonl: is not in manifest-sha256.txt"]


def test_a_manifest_that_names_what_is_not_there_or_lies_outside_is_refused(tmp_path, errors_of):
    folder = with_document(tmp_path, manifest=True)
    with (folder / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  documents/b.txt\n{'0' * 64}  ../../etc/passwd\nnonsense\n")
    errors = errors_of(folder)
    assert errors[0] == "manifest-sha256.txt, line 4: names documents/b.txt, which is missing"
    assert errors[1] == "manifest-sha256.txt, line 5: names a path that leaves the folder"
    assert errors[2] == "manifest-sha256.txt, line 6: must be a checksum, two spaces and a path"


def test_lines_are_found_in_bounded_memory(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"one\n" + b"x" * 300_000 + b"\n\nfour")
    with path.open("rb") as file:
        found = list(lines(Hashed(file), most=200_000))
    assert found == [(1, b"one"), (2, None), (3, b""), (4, b"four")]
