"""A summary as a Word document: real headings, footnotes and properties; each word in its language and direction."""

import dataclasses
import io
import zipfile
from xml.etree import ElementTree

import pytest
from docx import Document

from plenara.documents.actions import printed_files
from plenara.documents.presenters import paper as on
from plenara.summaries.printing.presenters import summaries
from tests.summaries.printing.conftest import ARABIC, CHINESE

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # the form of a file: test_files.py makes it on both

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def made(published):
    """A function that writes the summary in a language."""
    return lambda language: printed_files.as_docx(summaries.summary_paper(published, language))


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return ElementTree.fromstring(files.read(name))


def test_it_opens_and_tells_its_title_and_language(made, published):
    document = Document(io.BytesIO(made("ar")))
    about = document.core_properties
    assert "[ar] What was said" in about.title
    assert (about.language, about.keywords, about.last_modified_by) == ("ar", published.symbol, "Plenara")
    assert about.created.replace(microsecond=0) == about.created


def test_headings_are_headings(made):
    styles = {each.style.name: each.text for each in Document(io.BytesIO(made("en"))).paragraphs}
    assert styles["Title"] == "What was said"
    assert "Heading 1" in styles
    assert styles["Heading 2"]


def test_each_citation_is_a_footnote_with_byline_words_and_a_link(made, edition, voices):
    content = made("en")
    notes = part(content, "word/footnotes.xml").findall(f"{W}footnote")
    texts = {note.get(f"{W}id"): "".join(note.itertext()) for note in notes}
    assert "Aminata Diallo" in texts["1"]
    assert "three weeks before a meeting" in texts["1"]
    assert ARABIC in texts["2"]
    assert CHINESE in texts["3"]
    references = [each.get(f"{W}id") for each in part(content, "word/document.xml").iter(f"{W}footnoteReference")]
    assert references == ["1", "2", "3"]
    links = part(content, "word/_rels/footnotes.xml.rels")
    assert [each.get("Target") for each in links] == [
        f"http://127.0.0.1:8000/s/{each.symbol}" for each in (edition, *voices)
    ]


def test_the_marks_of_neighbouring_notes_are_apart(published):
    paper = summaries.summary_paper(published, "en")
    side = on.Side(on.Words("Three weeks are enough."), notes=(1, 2, 3))
    notes = [block for block in paper.blocks if isinstance(block, on.Notes)]
    paper = dataclasses.replace(paper, blocks=(on.Statement(1, "s1", (side,)), *notes))
    body = part(printed_files.as_docx(paper), "word/document.xml")
    paragraph = next(each for each in body.iter(f"{W}p") if len(list(each.iter(f"{W}footnoteReference"))) == 3)
    run = "".join(
        each.text if each.tag == f"{W}t" else each.get(f"{W}id")
        for each in paragraph.iter()
        if each.tag in {f"{W}t", f"{W}footnoteReference"}
    )
    assert run.endswith(f"{side.words.text}1 2 3")


def test_arabic_goes_from_right_to_left_and_latin_words_in_it_do_not(made):
    document = part(made("ar"), "word/document.xml")
    paragraphs = [each for each in document.iter(f"{W}p") if "come too late" in "".join(each.itertext())]
    assert paragraphs[0].find(f"{W}pPr/{W}bidi") is not None
    assert document.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    for run in document.iter(f"{W}r"):
        letters = [letter for letter in "".join(run.itertext()) if letter.isalpha()]
        if letters and all(letter.isascii() for letter in letters):
            assert run.find(f"{W}rPr/{W}rtl") is None, "".join(run.itertext())


def test_words_have_their_language(made):
    notes = part(made("en"), "word/footnotes.xml")
    languages = {
        "".join(run.itertext()): run.find(f"{W}rPr/{W}lang").get(f"{W}val")
        for run in notes.iter(f"{W}r")
        if run.find(f"{W}rPr/{W}lang") is not None
    }
    assert languages[CHINESE] == "zh-CN"
    assert languages["three weeks before a meeting"] == "en"


def test_pages_are_numbered_by_fields(made):
    with zipfile.ZipFile(io.BytesIO(made("en"))) as files:
        feet = [files.read(name).decode() for name in files.namelist() if "footer" in name and name.endswith("xml")]
    assert len(feet) == 2
    assert all("PAGE" in foot and "NUMPAGES" in foot for foot in feet)


def test_properties_stand_in_the_order_that_word_wants(made):
    order = ["pStyle", "keepNext", "bidi", "spacing", "ind", "jc"]
    for name in ("document", "footnotes", "header1", "footer1"):
        for properties in part(made("ar"), f"word/{name}.xml").iter(f"{W}pPr"):
            found = [each.tag.removeprefix(W) for each in properties if each.tag.removeprefix(W) in order]
            assert found == sorted(found, key=order.index)


def test_the_same_summary_gives_the_same_bytes(made):
    assert made("en") == made("en")
