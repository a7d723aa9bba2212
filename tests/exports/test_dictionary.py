"""The dictionary of the columns: each has a meaning, in six languages, the same wherever it is told."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from plenara.core.languages import CODES
from plenara.exports import actions
from plenara.exports.presenters import dictionary

pytestmark = pytest.mark.django_db
BASES = {"string", "integer", "boolean", "dateTime", "anyURI", "language"}  # of the standard, as this table uses them


def rows():
    text = "".join(dictionary.as_csv())
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_column_of_the_table_has_a_meaning_in_their_order():
    assert all(str(column.meaning) for column in dictionary.COLUMNS)
    assert {column.type for column in dictionary.COLUMNS} <= BASES


def test_the_table_of_it_has_every_column_and_code_in_six_languages():
    found = rows()
    assert list(found[0]) == ["name", "code", "type", *CODES]
    assert [row["name"] for row in found if not row["code"]] == list(dictionary.NAMES)
    assert all(row[language] for row in found for language in CODES)
    groups = {row["code"]: row["en"] for row in found if row["name"] == "stakeholder_group" and row["code"]}
    assert groups["civil_society"] == "Civil society"
    assert len(groups) == 6
    assert [row for row in found if row["name"] == "reason" and row["code"] == "WITHDRAWN"]


def test_the_metadata_are_those_of_csv_on_the_web(edition, consultation):
    made = actions.make(consultation)
    metadata = json.loads(made.path("contributions.csv-metadata.json").read_text())
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert metadata["url"] == "contributions.csv"
    assert metadata["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    for column in metadata["tableSchema"]["columns"]:
        assert set(column) <= {"name", "titles", "datatype", "required", "dc:description"}
        assert [each["@language"] for each in column["dc:description"]] == ["ar", "en", "es", "fr", "ru", "zh-Hans"]
        assert all(set(each) == {"@value", "@language"} for each in column["dc:description"])
    assert metadata["tableSchema"]["primaryKey"] == "number"


def test_every_cell_of_a_table_is_what_the_metadata_say(edition, reply, consultation, author, moderator, thread):
    from plenara.contributions.actions import withdraw
    from tests import world

    gone = world.published(author, moderator, thread, "To be withdrawn.")
    withdraw(actor=author, contribution=gone.contribution)
    made = actions.make(consultation)
    columns = json.loads(made.path("contributions.csv-metadata.json").read_text())["tableSchema"]["columns"]
    table = list(csv.reader(io.StringIO(made.path("contributions.csv").read_text("utf-8-sig"), newline="")))
    assert [column["titles"] for column in columns] == table[0]
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    shapes = {"integer": r"-?\d+", "boolean": "true|false", "dateTime": moment}
    for row in table[1:]:
        for column, cell in zip(columns, row, strict=True):
            datatype = column["datatype"]
            shape = datatype["format"] if isinstance(datatype, dict) else shapes.get(datatype, r"(?s:.*)")
            assert cell or not column["required"], column["name"]
            assert not cell or re.fullmatch(shape, cell), (column["name"], cell)


def test_the_handbook_lists_each_column_below_its_type():
    page = (Path(__file__).parents[2] / "docs" / "other-forms.md").read_text()
    for base in BASES:
        (listed,) = re.findall(rf"^- {base}: (.*(?:\n  .*)*)$", page, re.MULTILINE)
        assert re.findall(r"\w+", listed) == [each.name for each in dictionary.COLUMNS if each.type == base]
