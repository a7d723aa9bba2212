"""`plenara verify` calculates the figures of a bundle again, and lists differences from pages."""

import json

import pytest

from plenara.cli import main
from plenara.insights.queries.figures import figures_json, page_figures
from plenara.insights.queries.recomputation import FORMAT
from tests import world
from tests.bundles.bundles import consultation as row_of_consultation
from tests.bundles.bundles import row, write
from tests.installations import Installation

pytestmark = pytest.mark.once


@pytest.fixture
def bundle(tmp_path):
    """A bundle of two contributions, in a folder of its own."""
    rows = [row("a", published_at="2026-03-02T09:00:00Z"), row("b", language="fr")]
    (tmp_path / "kept").mkdir()
    return write(tmp_path / "kept" / "bundle", *rows)


@pytest.fixture
def figures(bundle, capsys):
    """The figures of the bundle, as `--json` prints them."""
    assert main(["verify", str(bundle), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def said(path, figures, **changed):
    path.write_text(json.dumps(figures | changed))
    return path


def test_the_figures_are_printed_and_as_json_they_are_all(bundle, figures, capsys):
    assert (figures["format"], figures["contributions"]) == (FORMAT, 2)
    assert main(["verify", str(bundle)]) == 0
    out = capsys.readouterr().out
    assert "on its pages         2 contributions\n" in out
    assert "  language           en 1, fr 1\n" in out
    assert "  days               1, from 2026-03-02 to 2026-03-02\n  undated            1\n" in out
    assert out.endswith("No errors found.\n")


def test_figures_that_lie_beside_it_are_compared(bundle, figures, capsys):
    said(bundle.parent / "figures.json", figures)
    assert main(["verify", str(bundle)]) == 0
    assert "figures.json match the bundle." in capsys.readouterr().out
    said(bundle.parent / "figures.json", figures, contributions=3, by_day={"2026-03-03": 1})
    assert main(["verify", str(bundle)]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "  by_day.2026-03-02: published nothing, recalculated 1",
        "  by_day.2026-03-03: published 1, recalculated nothing",
        "  contributions: published 3, recalculated 2",
    ]


def test_figures_of_another_consultation_that_lie_beside_it_are_left_alone(bundle, figures, capsys):
    said(bundle.parent / "figures.json", figures, consultation={"slug": "another"}, contributions=9)
    assert main(["verify", str(bundle)]) == 0
    assert "figures.json, which is for another" in capsys.readouterr().out


def test_figures_that_are_named_are_compared_whatever_they_are_of(bundle, figures, tmp_path, capsys):
    other = said(tmp_path / "other.json", figures, consultation={"slug": "another", "symbol": "X"})
    assert main(["verify", str(bundle), "--figures", str(other)]) == 1
    assert "consultation.slug: published another" in capsys.readouterr().err


def test_of_many_differences_the_first_twenty_are_named_and_the_others_counted(bundle, figures, tmp_path, capsys):
    many = said(tmp_path / "many.json", figures, votes={str(n): {"agree": n} for n in range(1, 31)})
    assert main(["verify", str(bundle), "--figures", str(many)]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert errors[0].endswith("has 30 figures that do not match the bundle.")
    assert (len(errors), errors[-1]) == (22, "  … and 10 more")


@pytest.mark.parametrize("content", ["", "[]", '{"format": "other/1"}', "[" * 100_000, '"\\ud800"', "\x00", "NaN"])
def test_a_file_that_holds_no_figures_is_refused_in_a_sentence(content, bundle, tmp_path, capsys):
    (tmp_path / "wrong.json").write_text(content)
    assert main(["verify", str(bundle), "--figures", str(tmp_path / "wrong.json")]) == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert error.startswith(f"plenara verify: {tmp_path / 'wrong.json'} is no")


def test_values_that_are_no_figures_are_named_and_nothing_breaks(bundle, figures, tmp_path, capsys):
    odd = said(tmp_path / "odd.json", figures, contributions="<b>", by_day=[1, [2]], countries=True, cells={"": None})
    assert main(["verify", str(bundle), "--figures", str(odd)]) == 1
    assert "  contributions: published <b>, recalculated 2" in capsys.readouterr().err


def test_figures_that_are_nested_too_deeply_are_named_and_nothing_breaks(bundle, figures, tmp_path, capsys):
    inner: object = 1
    for _level in range(400):
        inner = {"a": [inner]}
    deep = said(tmp_path / "deep.json", figures, replies=inner)
    assert main(["verify", str(bundle), "--figures", str(deep)]) == 1
    assert "recalculated nothing" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_reported_in_a_sentence(bundle, tmp_path, capsys):
    assert main(["verify", str(bundle), "--figures", str(tmp_path / "nothing.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_what_a_lie_says_cannot_move_the_cursor_or_fill_the_screen(bundle, figures, tmp_path, capsys):
    evil = said(tmp_path / "evil.json", figures, by_country={"\x1b[2J\n\rML": 1, "x" * 10_000: 2})
    assert main(["verify", str(bundle), "--figures", str(evil)]) == 1
    errors = capsys.readouterr().err
    assert "\x1b" not in errors
    assert max(len(line) for line in errors.splitlines()) < 300


@pytest.mark.django_db
def test_the_pages_of_this_installation_are_compared_when_asked(
    edition, consultation, monkeypatch, tmp_path, capsys, author, moderator, thread
):
    from plenara.bundles.queries.consultation import export
    from plenara.bundles.targets import written
    from plenara.operations import startup

    monkeypatch.setattr(startup, "start", lambda: None)
    monkeypatch.setattr(startup, "require_migrated", lambda: None)
    with written(tmp_path / "bundle.zip") as target:
        export(consultation, target)
    asked = ["verify", str(tmp_path / "bundle.zip"), "--here"]
    assert main(asked) == 0
    assert "The figures of this installation match the bundle." in capsys.readouterr().out
    world.published(author, moderator, thread, "The record goes on.")
    assert main(asked) == 1
    assert "  contributions: published 2, recalculated 1" in capsys.readouterr().err
    other = write(tmp_path / "elsewhere", about=row_of_consultation(slug="elsewhere", symbol="ELSE/1"))
    assert main(["verify", str(other), "--here"]) == 1
    assert "elsewhere is not on this installation" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_page_of_figures_gives_what_is_compared(edition, consultation, client):
    answer = client.get("/en/consultations/internet-governance/figures/figures.json")
    assert b"".join(answer.streaming_content).decode() == figures_json(page_figures(consultation))


def test_without_a_database_only_the_pages_of_this_installation_are_missing(tmp_path):
    path = write(tmp_path / "bundle")
    nowhere = Installation(tmp_path / "nowhere")
    assert nowhere.run("verify", path).returncode == 0
    ran = nowhere.run("verify", path, "--here")
    assert ran.returncode == 1
    assert "There is no database yet" in ran.stderr
