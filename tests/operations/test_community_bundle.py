"""`plenara import`, `export` and `verify` know a community bundle, in a folder and in a zip."""

import json

import pytest

from tests.bundles.bundles import contents, lines, zipped
from tests.bundles.community.making import DAYS
from tests.bundles.community.test_checking import row
from tests.installations import Installation

pytestmark = pytest.mark.once


@pytest.fixture
def bundle(tmp_path):
    """A bundle of two organizations and an event."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "community.json").write_text(json.dumps({"format": "plenara-community/1"}))
    (folder / "organizations.jsonl").write_text(lines(row(1), row(4, country=None)))
    (folder / "events.jsonl").write_text(lines(row(details=DAYS)))
    return folder


def test_import_export_and_verify(installation, bundle, tmp_path):
    out, again = tmp_path / "out.zip", tmp_path / "again"
    ran = installation.run_all(
        ["import", zipped(bundle, tmp_path / "in.zip", inside="community/")],
        ["import", bundle],
        ["export", "community", out],
        ["verify", out],
        ["verify", "--here", out],
        ["export", "community", again],
    )
    assert [(each.code, each.errors) for each in ran] == [(0, "")] * 6
    first, second, exported, verified, compared, _again = ran
    assert first.out.startswith("Imported the calendar and directory: 2 organizations, 1 event, in ")
    assert second.out == "The calendar and directory already have the same content. Nothing was changed.\n"
    assert exported.out.startswith(f"Exported the calendar and directory to {out}: ")
    assert "organizations        2\n  published          2\npeople               0\n" in verified.out
    assert verified.out.endswith("No errors found.\n")
    assert "This installation matches the bundle.\n" in compared.out
    assert contents(out) == contents(again)
    assert json.loads(contents(out)["community.json"])["last"] == {"event": 1, "organization": 4}


def test_a_bad_one_is_refused_with_named_errors(installation, bundle):
    (bundle / "events.jsonl").write_text(lines(row(details=DAYS, organizer=9)))
    for ran in installation.run_all(["import", bundle], ["verify", bundle]):
        assert (ran.code, ran.out) == (1, "")
        assert ran.errors.splitlines()[1].startswith(
            "  events.jsonl, line 1, organizer: names 9, but organizations.jsonl has no "
        )


def test_verify_needs_no_installation(bundle, tmp_path):
    ran = Installation(tmp_path / "nowhere").run("verify", bundle)
    assert ran.returncode == 0
    assert not (tmp_path / "nowhere").exists()


def test_verify_here_says_in_which_files_an_installation_differs(installation, bundle):
    _first, other = installation.run_all(["import", bundle], ["verify", "--here", bundle])
    # What was imported has numbers given out and the themes of this installation besides.
    assert other.code == 1
    assert "This installation differs from the bundle in community.json" in other.errors
