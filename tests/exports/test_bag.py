"""The BagIt package: valid by another program's reckoning, and any byte that changes is found."""

import zipfile

import bagit
import pytest

from plenara.bundles.format import MANIFEST
from plenara.cli import main
from plenara.contributions.models import Edition
from plenara.core.templatetags.plenara import datetime_utc
from plenara.exports import actions
from plenara.exports.queries import files as export_files
from tests.answers import give_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def unpacked(edition, reply, consultation, tmp_path):
    """The folder of the bag, unpacked."""
    give_paper(edition)
    made = actions.make(consultation)
    with zipfile.ZipFile(made.path("bagit.zip")) as archive:
        archive.extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    return folder


def test_it_is_valid_and_version_1_0(unpacked):
    bag = bagit.Bag(str(unpacked))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert sorted(bag.algorithms) == ["sha256", "sha512"]
    assert (unpacked / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def test_its_one_folder_is_named_as_the_file_and_holds_every_other_file(unpacked, consultation):
    assert unpacked.name == "internet-governance-bagit"
    assert {path.name for path in (unpacked / "data").iterdir()} == {
        "bundle", "contributions.csv", "contributions.csv-metadata.json", "contributions.jsonl", "contributions.txt",
        "dictionary.csv", "figures.json",
    }  # fmt: skip
    made = export_files.made(consultation)
    assert (unpacked / "data" / "contributions.csv").read_bytes() == made.path("contributions.csv").read_bytes()
    with zipfile.ZipFile(made.path("bundle.zip")) as bundle:
        for name in bundle.namelist():
            assert (unpacked / "data" / "bundle" / name).read_bytes() == bundle.read(name)
        assert MANIFEST in bundle.namelist()


def test_it_says_whose_it_is_what_it_is_of_and_how_much_it_holds(unpacked, consultation):
    info = bagit.Bag(str(unpacked)).info
    changed_at = export_files.made(consultation).record.changed_at
    files = [path for path in (unpacked / "data").rglob("*") if path.is_file()]
    assert info["Source-Organization"] == "Plenara"
    assert info["External-Identifier"] == consultation.symbol
    assert info["External-Description"] == consultation.title["en"]
    assert info["Record-As-Of"] == f"{changed_at:%Y-%m-%dT%H:%M:%S}Z"
    assert info["Bagging-Date"] == f"{changed_at:%Y-%m-%d}"
    assert info["Payload-Oxum"] == f"{sum(path.stat().st_size for path in files)}.{len(files)}"
    assert info["Licence"].startswith("https://creativecommons.org/")


def test_its_figures_are_those_that_its_bundle_gives(unpacked, capsys):
    folder = str(unpacked / "data" / "bundle")
    assert main(["verify", folder]) == 0
    assert "figures.json" in capsys.readouterr().out
    figures = unpacked / "data" / "figures.json"
    figures.write_text(figures.read_text().replace('"contributions": 2', '"contributions": 3'))
    assert main(["verify", folder]) == 1


@pytest.mark.parametrize(
    "name", ["data/contributions.csv", "data/bundle/contributions.jsonl", "bag-info.txt", "manifest-sha512.txt"]
)
def test_a_byte_that_changes_is_found(name, unpacked):
    file = unpacked / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(unpacked)).validate()


def test_a_file_that_is_missing_or_added_is_found(unpacked):
    (unpacked / "data" / "more.txt").write_text("more")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(unpacked)).validate()
    (unpacked / "data" / "more.txt").unlink()
    (unpacked / "data" / "dictionary.csv").unlink()
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(unpacked)).validate()


@pytest.mark.parametrize("title", ["A title\nBagging-Date: 1999-01-01", "Ten % of «everything»\r\nX: y", "百分之十"])
def test_a_title_begins_no_line_of_its_own(title, consultation, edition, tmp_path):
    consultation.title = {"en": title}
    consultation.save()
    with zipfile.ZipFile(actions.make(consultation).path("bagit.zip")) as archive:
        archive.extractall(tmp_path)
        lines = archive.read("internet-governance-bagit/bag-info.txt").decode().splitlines()
    assert [line.partition(":")[0] for line in lines].count("Bagging-Date") == 1
    bagit.Bag(str(tmp_path / "internet-governance-bagit")).validate()


def test_the_names_of_papers_of_an_import_may_hold_a_percent_sign(edition, consultation, tmp_path):
    give_paper(edition)
    edition.contribution.bundle = {"document": "documents/ten%0Apercent 100%.txt"}
    edition.contribution.save()
    assert Edition.objects.filter(paper__isnull=False).exists()
    with zipfile.ZipFile(actions.make(consultation).path("bagit.zip")) as archive:
        archive.extractall(tmp_path)
        manifest = archive.read("internet-governance-bagit/manifest-sha256.txt").decode()
    assert "  data/bundle/documents/ten%250Apercent 100%25.txt\n" in manifest


def test_sizes_beyond_what_an_old_zip_can_hold_are_announced_beforehand(tmp_path, monkeypatch):
    from plenara.bundles import targets

    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    file = targets.Zip(tmp_path / "a.zip")
    file.put("large.csv", [b"x" * 700, b"y" * 700], size=1400)
    file.end()
    assert zipfile.ZipFile(tmp_path / "a.zip").read("large.csv") == b"x" * 700 + b"y" * 700


def test_text_and_bundle_say_of_when_the_record_is(edition, consultation):
    made = actions.make(consultation)
    said = f"The record as of {datetime_utc(made.record.changed_at)}"
    assert made.path("contributions.txt").read_text().startswith(f"{said}\n\n")
    with zipfile.ZipFile(made.path("bundle.zip")) as bundle:
        assert bundle.comment.decode() == said
