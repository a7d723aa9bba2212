"""`bin/test --changed` runs the tests that a change can touch, the closest first, and says how many it leaves out."""

import gc
import subprocess

import pytest
from django.template.loader import render_to_string

from plenara.core import text
from tests import changed

EVENT, LIST = "plenara/events/dates.py", "plenara/site/templates/site/home.html"
RECORD = {
    "tests/events/test_dates.py::test_a_day_ends": (0.1, [EVENT]),
    "tests/events/test_page.py::test_a_page": (0.5, [EVENT, "plenara/events/public.py", LIST]),
    "tests/site/test_home.py::test_home": (0.4, ["plenara/site/views/public/home.py", LIST]),
    "tests/site/test_calendar.py::test_calendar": (0.2, [EVENT]),
}


def test_the_tests_that_called_into_a_changed_file_are_run_those_of_its_package_first():
    assert changed.selected([EVENT], RECORD) == (
        [
            "tests/events/test_dates.py::test_a_day_ends",
            "tests/events/test_page.py::test_a_page",
            "tests/site/test_calendar.py::test_calendar",
        ],
        0,
    )


def test_a_template_has_the_tests_that_rendered_it():
    tests, _left = changed.selected([LIST], RECORD)
    assert set(tests) == {"tests/events/test_page.py::test_a_page", "tests/site/test_home.py::test_home"}


def test_what_takes_longer_than_a_minute_is_left_out_and_counted():
    long = {**RECORD, "tests/events/test_long.py::test_long": (changed.BUDGET, [EVENT])}
    tests, left = changed.selected([EVENT], long)
    assert left == 1
    assert "tests/events/test_long.py::test_long" not in tests


def test_a_changed_test_file_is_run_whole():
    assert changed.selected(["tests/tooling/test_changed.py"], RECORD) == (["tests/tooling/test_changed.py"], 0)


@pytest.mark.parametrize(
    ("file", "beside"),
    [
        ("plenara/events/new_module.py", "tests/events/test_page.py"),
        ("tests/events/making.py", "tests/events/test_page.py"),
        ("docs/testing.md", "tests/tooling/test_docs.py"),
        ("bin/test", "tests/tooling/test_first_start.py"),
    ],
)
def test_what_no_test_has_called_into_has_the_tests_beside_it(file, beside):
    assert beside in changed.selected([file], RECORD)[0]


def test_a_run_adds_to_what_is_known_and_a_test_whose_file_is_gone_leaves(tmp_path, monkeypatch):
    monkeypatch.setattr(changed, "RECORD", tmp_path / "kept" / "touched.json")
    assert changed.read() == {}
    here = "tests/tooling/test_changed.py::test_here"
    changed.write({here: (0.5, [EVENT]), "tests/tooling/test_gone.py::test_gone": (0.5, [EVENT])})
    changed.write({f"{here}_too": (0.25, [LIST])})
    assert changed.read() == {here: (0.5, [EVENT]), f"{here}_too": (0.25, [LIST])}
    (tmp_path / "kept" / "touched.json").write_text("spoilt")
    assert changed.read() == {}


def test_what_differs_from_a_revision_and_what_is_new_has_changed(tmp_path, monkeypatch):
    def git(*arguments):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr(changed, "ROOT", tmp_path)
    git("init", "-q")
    for name in ("same.py", "other.py"):
        (tmp_path / name).write_text("1")
    git("add", ".")
    git("commit", "-qm", "first")
    (tmp_path / "other.py").write_text("2")
    (tmp_path / "new.py").write_text("3")
    assert changed.changed_files("HEAD") == ["new.py", "other.py"]


def test_a_run_records_the_files_that_a_test_calls_into_and_the_templates_that_it_renders(request):
    recorder = changed.Recorder(request.config, tool=3)
    gc.unfreeze()  # what `conftest.py` hides from it
    recorder.start()
    gc.freeze()
    try:
        assert text.plain("*words*") == "words"
        render_to_string("core/plain.html")
    finally:
        recorder.stop()
    called = {each.removeprefix(f"{changed.ROOT}/") for each in recorder.touched}
    assert {"plenara/core/text.py", "plenara/core/templates/core/plain.html"} <= called
    assert "plenara/core/atom.py" not in called
