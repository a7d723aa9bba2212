"""Spreadsheets of letters: each error is named, nothing enters until all rows are right, nothing hostile is opened."""

import io
import threading
import zipfile
from datetime import date

import openpyxl
import pytest
from django.db import connection

from plenara.contributions.actions import enter_sheet, save_sheet
from plenara.contributions.actions.entries import errors_of
from plenara.contributions.models import Contribution, Sheet, Version
from plenara.contributions.validation import spreadsheets
from plenara.core import clock
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.models import Item
from tests.contributions.entered import LETTER, STATEMENT, csv_of, entered, xlsx_of
from tests.core.test_macros import WITH


def rows_of(data):
    read = spreadsheets.read(data)
    assert read.errors == []
    return read.rows


def faulty(data):
    return [(each.row, each.column, each.sentence) for each in spreadsheets.read(data).errors]


def parts_of(data, **changed):
    """Return a workbook with some of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.rsplit("/", 1)[-1].split(".")[0], old.read(name)))
    return out.getvalue()


# --- reading ---


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16"), (",", "utf-16-le")]
)
def test_a_csv_is_read_however_a_spreadsheet_saves_it(delimiter, encoding):
    text = 'Une; deux,\r\ntrois "mots"\tici.\n\n«Fin» مرحبا'
    data = csv_of(LETTER | {"text": text}, delimiter=delimiter, encoding=encoding)
    [(number, values)] = rows_of(data)
    assert number == 2
    assert values["text"] == 'Une; deux,\ntrois "mots"\tici.\n\n«Fin» مرحبا'
    assert values["organization"] == "Union des riverains"


def test_a_workbook_is_read_with_its_dates_numbers_and_truths():
    row = LETTER | {"question": 1, "date": date(2026, 10, 5), "name_withheld": True, "in_reply_to": 3.0}
    serial = LETTER | {"question": 2.0, "date": 46300, "name_withheld": None}
    (two, first), (four, second) = rows_of(xlsx_of(row, {}, serial))
    assert (two, four) == (2, 4), "rows are numbered as the spreadsheet shows them"
    assert (first["question"], first["date"], first["name_withheld"], first["in_reply_to"]) == (
        "1",
        "2026-10-05",
        "yes",
        "3",
    )
    assert (second["question"], second["date"], second["name_withheld"]) == ("2", "2026-10-05", "")


def test_names_of_columns_may_have_any_order_and_spelling():
    header = b"Stakeholder Group;NAME-withheld;question;channel;date;language;text;capacity;consent"
    data = header + b"\r\nother;x;1;letter;;;;;\r\n"
    [(_number, values)] = rows_of(data)
    assert (values["stakeholder_group"], values["name_withheld"]) == ("other", "x")


def test_columns_that_are_missing_unknown_or_there_twice_are_named():
    assert [(row, column) for row, column, _sentence in faulty(b"question,question,colour,text\n1,2,red,Words\n")] == [
        (1, "B (question)"),
        (1, "C (colour)"),
        *((1, name) for name in ("channel", "date", "language", "stakeholder_group", "capacity", "consent")),
    ]
    data = csv_of(LETTER) + b",left over"
    assert [(row, column) for row, column, _sentence in faulty(data)] == [(2, "P")]


def test_a_formula_and_an_error_are_errors_and_nothing_is_calculated():
    data = xlsx_of(LETTER | {"text": '=HYPERLINK("http://evil.example")', "title": "#N/A"})
    assert [(row, column) for row, column, _s in faulty(data)] == [(2, "title"), (2, "text")]
    [(_number, values)] = rows_of(csv_of(LETTER | {"text": "=1+1 is what we say"}))
    assert values["text"] == "=1+1 is what we say", "in a CSV it is text as any other"


def test_what_no_page_can_show_is_taken_out():
    [(_number, values)] = rows_of(csv_of(LETTER | {"text": "Mots\x00 \x07\u202eici", "title": "ليس\u200fهنا"}))
    assert (values["text"], values["title"]) == ("Mots ici", "ليس\u200fهنا")


def test_merged_cells_give_their_value_to_the_first_alone():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(LETTER, STATEMENT)))
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    assert [values["question"] for _number, values in rows_of(out.getvalue())] == ["1", ""]


def disguised(workbook):
    """Return a workbook whose sheet has a name that no XML has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"sheet1.xml", b"sheet1.bin")
            new.writestr(name.replace("sheet1.xml", "sheet1.bin"), data)
    return out.getvalue()


REFUSED = {
    "nothing": (lambda: b"", "empty"),
    "a header alone": (lambda: csv_of(), "no rows below"),
    "six megabytes": (lambda: b"a" * (6 << 20), "5 MB"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old format"),
    "Latin-1": (lambda: csv_of(LETTER, encoding="latin-1"), "UTF-8"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 80, "UTF-8"),
    "another picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes([0, 0, 0, 13]) * 20, "cannot be read as a spreadsheet"),
    "an endless cell": (lambda: b'question,text\n1,"' + b"a" * 200_000, "row 2"),
    "2,001 rows": (lambda: csv_of(*[LETTER] * 2001), "2000 rows"),
    "no workbook": (lambda: b"PK\x03\x04 nothing", "cannot be read"),
    "another zip": (lambda: parts_of(xlsx_of(LETTER), workbook="<no/>"), "cannot be read"),
    "a row beyond the last": (
        lambda: parts_of(xlsx_of(LETTER), sheet1=SHEET % '<row r="99999999999"><c r="A1"><v>1</v></c></row>'),
        "empty",
    ),
    "a column beyond the last": (
        lambda: parts_of(xlsx_of(LETTER), sheet1=SHEET % '<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
        "cannot be read",
    ),
    "billion laughs": (lambda: parts_of(xlsx_of(LETTER), sheet1=LAUGHS), "cannot be read"),
    "billion laughs in UTF-16": (lambda: parts_of(xlsx_of(LETTER), sheet1=LAUGHS.encode("utf-16")), "cannot be read"),
    "billion laughs under another name": (
        lambda: disguised(parts_of(xlsx_of(LETTER), sheet1=LAUGHS)),
        "cannot be read",
    ),
    "a bomb": (lambda: parts_of(xlsx_of(LETTER), theme1=b"\x00" * (41 << 20)), "too large"),
}
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>%s</sheetData></worksheet>"
)
LAUGHS = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>' + SHEET[21:] % "&c;"


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(what):
    make, sentence = REFUSED[what]
    with pytest.raises(InvalidInput, match=sentence) as refused:
        spreadsheets.read(make())
    assert refused.value.field == "file"


@pytest.mark.parametrize("case", ["a workbook", "macros of Excel 4", "a file of an older program"])
def test_a_workbook_with_macros_is_refused(case):
    with pytest.raises(InvalidInput, match="macros"):
        spreadsheets.read(WITH[case])


def test_a_hundred_thousand_columns_are_not_read():
    header = ",".join(spreadsheets.COLUMNS) + "," * 100_000
    assert len(rows_of(f"{header}\n{'x,' * 15}{',' * 100_000}\n".encode())) == 1
    many = ",".join(f"c{at}" for at in range(100_000))
    assert len(faulty(f"{many}\n1\n".encode())) < 150


def test_a_header_that_lies_about_its_size_is_not_believed():
    data = bytearray(parts_of(xlsx_of(LETTER), theme1=b"\x00" * (41 << 20)))
    at = data.find((41 << 20).to_bytes(4, "little"))
    while at >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
        at = data.find((41 << 20).to_bytes(4, "little"))
    with pytest.raises(InvalidInput):
        spreadsheets.read(bytes(data))


def test_the_templates_are_what_is_read():
    assert spreadsheets.template_csv().decode("utf-8-sig").strip().split(",") == list(spreadsheets.COLUMNS)
    data = spreadsheets.template_xlsx([("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0")])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["contributions"][1]] == list(spreadsheets.COLUMNS)
    assert {cell.data_type for cell in book["columns"][1]} == {"s"}, "a question may begin like a formula"
    with pytest.raises(InvalidInput, match="no rows below"):
        spreadsheets.read(data)


# --- checking and entering ---


@pytest.fixture
def kept(db, noon, consultation, moderator):
    rows = rows_of(csv_of(LETTER, STATEMENT))
    assert errors_of(consultation, rows) == []
    return save_sheet(actor=moderator, consultation=consultation, name="letters.csv", sha256="0" * 64, rows=rows)


def test_every_rows_error_is_named(noon, consultation, moderator):
    entered(moderator, consultation, name="Already Here")
    rows = rows_of(
        csv_of(
            LETTER | {"question": "9", "consent": ""},
            STATEMENT,
            LETTER | {"date": "5 October"},
            STATEMENT,
            LETTER | {"name": "Already Here"},
        )
    )
    assert [(each.row, each.column) for each in errors_of(consultation, rows)] == [
        (2, "question"),
        (2, "consent"),
        (4, "date"),
        (5, "text"),
        (6, "text"),
    ]


def test_nothing_is_entered_before_it_is_confirmed_and_then_all_of_it(kept, consultation, moderator, other_moderator):
    assert not Contribution.objects.exists()
    assert enter_sheet(actor=moderator, sheet=kept) == 2
    assert {each.channel for each in Contribution.objects.all()} == {"letter", "meeting"}
    assert {each.entered_by for each in Contribution.objects.all()} == {moderator}
    assert Item.objects.filter(entered_by=moderator, why="pending").count() == 2
    assert [version.byline.name for version in Version.objects.order_by("pk")] == ["Awa Traoré", "Moussa Keïta"]
    kept.refresh_from_db()
    assert kept.rows == [], "the record of people’s consent stands once"


def test_a_double_click_and_the_same_file_again_enter_nothing(kept, consultation, moderator, other_moderator):
    enter_sheet(actor=moderator, sheet=kept)
    with pytest.raises(AlreadyDone, match="cannot enter it a second time"):
        enter_sheet(actor=moderator, sheet=kept)
    with pytest.raises(AlreadyDone, match="14 October 2026"):
        save_sheet(actor=other_moderator, consultation=consultation, name="x.csv", sha256="0" * 64, rows=[])
    assert Contribution.objects.count() == 2


def test_the_same_file_uploaded_again_before_it_is_confirmed_is_one(kept, consultation, other_moderator):
    rows = [(number, values) for number, values in kept.rows]
    again = save_sheet(actor=other_moderator, consultation=consultation, name="b.csv", sha256="0" * 64, rows=rows)
    assert again == kept
    assert Sheet.objects.count() == 1


def test_what_changed_since_the_check_stops_all_of_it(kept, consultation, moderator):
    entered(moderator, consultation)
    with pytest.raises(InvalidInput, match="has changed"):
        enter_sheet(actor=moderator, sheet=kept)
    assert Contribution.objects.count() == 1


def test_only_a_person_who_moderates_there_uploads_and_confirms(kept, consultation, participant, moderator_elsewhere):
    for somebody in (participant, moderator_elsewhere):
        with pytest.raises(NotPermitted):
            enter_sheet(actor=somebody, sheet=kept)
        with pytest.raises(NotPermitted):
            save_sheet(actor=somebody, consultation=consultation, name="x", sha256="1" * 64, rows=[])


@pytest.mark.once
def test_checking_takes_as_many_queries_for_many_rows_as_for_one(noon, consultation, django_assert_max_num_queries):
    rows = [(number, LETTER | {"name": f"Person {number}"}) for number in range(2, 302)]
    with django_assert_max_num_queries(3):
        assert errors_of(consultation, rows) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_enter_it_once(kept, moderator, other_moderator, noon):
    answers, ready = [], threading.Barrier(2)

    def confirm(somebody):
        ready.wait()
        try:
            with clock.at(noon):  # a thread begins with the clock on the wall
                answers.append(enter_sheet(actor=somebody, sheet=kept))
        except AlreadyDone:
            answers.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[each]) for each in (moderator, other_moderator)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(str, answers)) == ["2", "already"]
    assert Contribution.objects.count() == Item.objects.count() == 2
