"""Two-column DOCX: marks that survive, right-to-left columns, and what Word and LibreOffice do to a file."""

import io
import re
import zipfile

import pytest
from docx import Document as Word
from docx.oxml.ns import qn

from plenara.core.refusals import InvalidInput
from plenara.documents.exchange import docx
from tests.documents import making as documents
from tests.documents.exchange import making

pytestmark = pytest.mark.django_db


def opened(data):
    return Word(io.BytesIO(data))


def rewritten(data, change):
    """Return a document whose main part was changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "word/document.xml":
                part = change(part.decode()).encode()
            new.writestr(info, part)
    return out.getvalue()


def test_a_row_is_a_part_of_a_statement_beside_its_source(two_sides, translator):
    documents.translated(translator, two_sides, "ar")
    rows = opened(making.away(two_sides, ending="docx")).tables[0].rows
    assert [cell.text for cell in rows[0].cells[1:]] == ["English", "العربية"]
    second = documents.source(two_sides.paragraphs.all()[1])
    assert [row.cells[1].text for row in rows[1:]] == [
        "What was said", "Documents come too late.", second.heading, second.text, second.against,
    ]  # fmt: skip
    assert rows[4].cells[2].text == f"[ar] {second.text}"
    assert [re.sub(r"\[.*", "", row.cells[0].text) for row in rows[1:]] == [
        "Title", "1", "2, heading", "2", "2, opposing view",
    ]  # fmt: skip


def test_the_mark_of_a_row_is_hidden(two_sides):
    for row in opened(making.away(two_sides, ending="docx")).tables[0].rows:
        marks = [run for run in row.cells[0].paragraphs[0].runs if "[" in run.text]
        assert len(marks) == 1
        assert marks[0].font.hidden


def runs_of(data, column):
    cells = [row.cells[column] for row in opened(data).tables[0].rows[1:]]
    return [(paragraph._p, run._r) for cell in cells for paragraph in cell.paragraphs for run in paragraph.runs]


def test_an_arabic_column_runs_from_right_to_left_also_where_it_is_empty(two_sides):
    found = runs_of(making.away(two_sides, "ar", "docx"), 2)
    assert found
    for paragraph, run in found:
        assert paragraph.pPr.find(qn("w:bidi")) is not None
        assert run.rPr.find(qn("w:rtl")) is not None
        assert run.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA"
        assert paragraph.pPr.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None  # what is typed there
    for paragraph, _run in runs_of(making.away(two_sides, "ar", "docx"), 1):
        assert paragraph.pPr is None or paragraph.pPr.find(qn("w:bidi")) is None


def test_a_chinese_column_has_its_letters_and_its_tag(two_sides):
    for _paragraph, run in runs_of(making.away(two_sides, "zh", "docx"), 2):
        assert run.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
        assert run.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "SimSun"


def test_what_left_is_read_as_it_was(two_sides, translator):
    documents.translated(translator, two_sides, "ar")
    found = docx.read(making.away(two_sides, ending="docx"))
    assert (found.document, found.language) == (two_sides.pk, "ar")
    second = documents.source(two_sides.paragraphs.all()[1])
    part = next(each for each in found.parts if each.part == "text" and each.paragraph == second.paragraph_id)
    assert (part.source, part.target) == (second.text, f"[ar] {second.text}")
    assert second.digest.startswith(part.source_digest)


def test_tracked_changes_are_read_as_accepted(two_sides):
    data = making.translated_docx(making.away(two_sides, ending="docx"), {"title": "KEEP"})
    tracked = (
        '<w:r><w:t>KEEP</w:t></w:r><w:ins w:id="1" w:author="x"><w:r><w:t> NEW</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>GONE</w:delText></w:r></w:del>'
        '<w:moveFrom w:id="3" w:author="x"><w:r><w:t>MOVED</w:t></w:r></w:moveFrom>'
    )
    found = docx.read(rewritten(data, lambda xml: re.sub(r"<w:r><w:t>KEEP</w:t></w:r>", tracked, xml)))
    assert found.parts[0].target == "KEEP NEW"


def test_a_row_that_was_deleted_with_tracking_is_not_there(two_sides):
    data = making.away(two_sides, ending="docx")

    def delete_first_row(xml):
        rows = xml.split("<w:tr>")
        rows[2] = f'<w:trPr><w:del w:id="9" w:author="x"/></w:trPr>{rows[2]}'
        return "<w:tr>".join(rows)

    assert len(docx.read(rewritten(data, delete_first_row)).parts) == len(docx.read(data).parts) - 1


def test_a_line_break_is_a_line_and_a_paragraph_is_one(two_sides):
    data = making.translated_docx(making.away(two_sides, ending="docx"), {"title": "one\ntwo\tthree"})
    assert docx.read(data).parts[0].target == "one\ntwo\tthree"


def test_rows_can_stand_in_another_order_and_others_be_added(two_sides):
    data = making.away(two_sides, ending="docx")
    document = opened(data)
    table = document.tables[0]
    table._tbl.append(table._tbl.tr_lst[1])
    table.add_row().cells[0].text = "A remark of mine"
    out = io.BytesIO()
    document.save(out)
    assert {each.part for each in docx.read(out.getvalue()).parts} == {"title", "heading", "text", "against"}


def test_a_document_of_ones_own_is_refused():
    out = io.BytesIO()
    Word().save(out)
    with pytest.raises(InvalidInput) as error:
        docx.read(out.getvalue())
    assert error.value.code == "unknown"


def test_two_renditions_pasted_into_one_file_are_refused(two_sides):
    data = making.away(two_sides, ending="docx")
    with pytest.raises(InvalidInput) as error:
        docx.read(rewritten(data, lambda xml: xml.replace("[title|", f"[document-{two_sides.pk}-fr] [title|", 1)))
    assert error.value.code == "unknown"


def test_a_table_of_many_rows_is_refused_at_once(two_sides):
    data = making.away(two_sides, ending="docx")
    row = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
    with pytest.raises(InvalidInput) as error:
        docx.read(rewritten(data, lambda xml: xml.replace("</w:tbl>", f"{row * 6_000}</w:tbl>", 1)))
    assert error.value.code == "bomb"


def test_what_helps_stands_below_the_table_and_is_not_read_back(two_sides, terms):
    data = making.away(two_sides, ending="docx")
    below = [paragraph.text for paragraph in opened(data).paragraphs]
    assert any(documents.WORDS_CITED in each for each in below)
    assert any("وثيقة" in each for each in below)
    assert not any("وثيقة" in each.target for each in docx.read(data).parts)
