"""What a faulty bundle costs: the work grows with its size, not with its square. Counted, never timed."""

import json

import pytest

from plenara.bundles.actions import contributions as importing
from plenara.bundles.validation import bundle as checking
from plenara.bundles.validation import fields, parsing
from plenara.bundles.validation.errors import NAMED, BundleErrors
from plenara.bundles.validation.parsing import Broken, line_of
from plenara.bundles.validation.schemas import Row, Schema
from plenara.contributions.models import Translation
from tests.bundles.bundles import consultation, row, write

MANY = 8_000


class Counted(str):
    """A text that counts how often it is compared."""

    compared = 0
    __slots__ = ()

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.fixture
def compared():
    """A function that says how many texts were compared."""
    Counted.compared = 0
    return lambda: Counted.compared


@pytest.fixture
def searched(monkeypatch):
    """The fields whose lines were looked for."""
    found = []

    def ask(text, path):
        found.append(path)
        return line_of(text, path)

    monkeypatch.setattr(checking, "line_of", ask)
    return found


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({"languages": ["xx"] * MANY}, "languages[19]"),
        ({"languages": ["en"] * (MANY + 1)}, "languages[20]"),
        ({"languages": [7] * MANY}, "languages[19]"),
        ({"title": {f"x{number}": "Water" for number in range(MANY)}}, "title.x19"),
        ({"threads": [1] * MANY}, "threads[19]"),
        ({f"x{number}": 1 for number in range(MANY)}, "x19"),
    ],
)
def test_of_very_many_errors_the_lines_of_the_first_alone_are_looked_for(changes, last, searched, tmp_path, errors_of):
    about = json.dumps(consultation(**changes), indent=1)
    errors = errors_of(write(tmp_path / "bundle", about=about))
    assert len(errors) == NAMED + 1
    assert errors[-1] in {f"and {MANY - NAMED} more", f"and {MANY - NAMED + 1} more"}
    searched.remove("symbol")
    assert len(searched) == NAMED and searched[-1] == last
    assert errors[NAMED - 1].startswith(f"consultation.json, line {line_of(about, last)}, {last}: ")


def test_of_very_many_errors_in_the_themes_too(searched, tmp_path, errors_of):
    errors = errors_of(write(tmp_path / "bundle", themes_json=json.dumps([{"code": ""}] * MANY)))
    assert len(errors) == NAMED + 1 and errors[-1].startswith("and ")
    searched.remove("symbol")
    assert len(searched) == NAMED


@pytest.mark.parametrize("key", ["codes", "languages"])
def test_a_long_list_without_error_compares_no_entry_with_all_before_it(key, compared, monkeypatch):
    monkeypatch.setattr(fields, "canonical_tag", lambda tag: tag)
    errors = BundleErrors()
    listed = [Counted(f"a{number}") for number in range(MANY)]
    field = fields.codes("a[0-9]+", 9, "codes") if key == "codes" else fields.languages()
    found = Schema({key: field})(Row({key: listed}, errors, "x", 1))
    assert found[key] == listed and not errors.count
    assert compared() < 3 * MANY


def test_an_object_with_a_key_twice_compares_no_key_with_all_others(compared):
    pairs = [(Counted(f"a{number}"), number) for number in [*range(MANY), MANY - 1]]
    with pytest.raises(Broken, match=f"has the key 'a{MANY - 1}' twice"):
        parsing._object(pairs)
    assert compared() < 3 * MANY


def test_numbers_of_statements_and_questions_are_compared_once(tmp_path, errors_of):
    threads = [{"number": 1 + number % 2, "slug": "x", "question": {"en": "?"}} for number in range(30)]
    errors = errors_of(write(tmp_path / "bundle", about=consultation(threads=threads)))
    assert errors[-1] == "and 8 more" and errors[0].endswith("threads[2].number: 1 appears twice")


def test_the_line_of_a_value_is_found_where_it_is():
    text = json.dumps({"a": {"b": [{"c": 1}, {"c": {"d": [[], [2]]}}]}, "b": '} " ]', "": {"": [3]}}, indent=1)
    lines = text.split("\n")
    for path, wanted in {
        "a.b[1].c.d[1][0]": "2", "b": '"b"', "a.b[1].c": '"c": {', "a.b[7]": '"b": [', "a.x.c": '"a": {', "z": "{",
    }.items():  # fmt: skip
        assert wanted in lines[line_of(text, path) - 1], path
    assert line_of(text, "a.b[0].c") < line_of(text, "a.b[1].c")


def test_a_line_of_the_manifest_that_is_longer_than_any_path_is_a_error(tmp_path, errors_of):
    folder = write(tmp_path / "bundle", manifest=True)
    with (folder / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  {'a/' * 3_000}a\n")
    assert errors_of(folder) == ["manifest-sha256.txt, line 3: must be a checksum, two spaces and a path"]


@pytest.mark.django_db
def test_an_import_goes_through_the_editions_of_a_row_a_few_times_and_not_once_for_each_translation(
    monkeypatch, tmp_path, bring_in
):
    asked = []

    def counted(one):
        asked.append(one["id"])
        return editions(one)

    editions = importing.editions
    monkeypatch.setattr(importing, "editions", counted)
    revisions = [{"number": number, "text": f"Words {number}.", "language": "en"} for number in range(40)]
    translations = [
        {"language": language, "text": f"[{language}] {number}", "revision": number}
        for number in range(40)
        for language in ("fr", "es", "pt", "fr")
    ]
    one = row("a1", text="Words 39.", revisions=revisions, translations=translations)
    bring_in(write(tmp_path / "bundle", one))
    assert Translation.objects.count() == 80
    assert len(asked) < 10
