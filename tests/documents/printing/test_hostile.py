"""Texts that break careless programs: every file format shows them as plain characters."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from plenara.core import clock
from plenara.core.text import clean, to_html
from plenara.documents.actions import printed_files
from plenara.documents.presenters import paper as on
from plenara.documents.presenters import pdf, plain_text
from tests.hostile import EVERYTHING, UNSEEN, one_line
from tests.summaries.printing.conftest import text_of_docx, text_of_pdf
from tests.wording import words_in, words_on

pytestmark = pytest.mark.once

#: As stored in the record.
TEXTS = [clean(each) for each in EVERYTHING if clean(each)]


def paper_of(texts: list[str]) -> on.Paper:
    """Return a paper that has the texts wherever people's words can be."""
    statements, notes, entries = [], [], []
    for number, text in enumerate(texts, 1):
        byline = (on.Name(one_line(text), is_own=True), on.Name(f"for \u2068{one_line(text)}\u2069"))
        words = on.Words(text, "ar" if number % 2 else "")
        sides = (on.Side(words, (number,), "held"), on.Side(words, (), "held against it", "Held by all."))
        statements.append(on.Statement(number, f"s{number}", sides, kind="Disagreement", heading=words))
        notes.append(on.Note(number, f"s{number}", number, f"X/{number}", "https://x.example/s/X", byline, words))
        entries.append(
            on.Entry(number, f"X/{number}", "https://x.example/c/x", byline, (text,), words, words, (byline,))
        )
    points = on.Points(
        tuple(on.Point(on.Words(text), byline=(), label="Set aside:", more=on.Words(text)) for text in texts)
    )
    return on.Paper(
        language="en", symbol="X/2026", eyebrow="Summary 1", title=on.Words(one_line(texts[0])),
        author=one_line(texts[1]),        about=one_line(texts[2]), dated_at=clock.now(),
        blocks=(*statements, on.Notes(tuple(notes)), points, *entries),
    )  # fmt: skip


def test_a_word_document_stays_one(tmp_path):
    content = printed_files.as_docx(paper_of(TEXTS))
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        for name in files.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(files.read(name))
        targets = ElementTree.fromstring(files.read("word/_rels/document.xml.rels"))
    outside = [each.get("Target") for each in targets if each.get("TargetMode") == "External"]
    assert all(each.startswith(("https://", "http://", "mailto:")) for each in outside), outside
    assert "<script>owned()</script>" in text_of_docx(content)


def test_every_word_of_a_contribution_is_printed_that_its_page_shows():
    entries = [
        on.Entry(number, f"X/{number}", "https://x.example/c/x", (on.Name("Name"),), (), None, on.Words(clean(text)))
        for number, text in enumerate(UNSEEN, 1)
    ]
    paper = replace(paper_of(["A title", "An author", "A sentence"]), blocks=tuple(entries))
    seen = sum((words_on(to_html(entry.words.text)) for entry in entries), Counter())
    assert seen - words_on(pdf.as_html(paper)) == Counter()
    assert seen - words_in(text_and_links(printed_files.as_docx(paper))) == Counter()


def text_and_links(document):
    """Return the text of a Word document, a paragraph or break a line, and where its links lead."""
    part, found = docx.Document(io.BytesIO(document)).part, []
    for each in part.element.body.iter(qn("w:p"), qn("w:br"), qn("w:t"), qn("w:hyperlink")):
        address = each.get(qn("r:id"))
        found.append(f" {part.rels[address].target_ref} " if address else each.text if each.tag == qn("w:t") else "\n")
    return "".join(found)


def test_a_page_to_be_set_has_no_element_of_theirs():
    page = pdf.as_html(paper_of(TEXTS))
    for element in ("<script", "<img", "<iframe", "<object", "<link", "<svg", "<base"):
        assert element not in page.lower()
    assert page.lower().count("<style") == 1
    assert "&lt;script&gt;owned()&lt;/script&gt;" in page
    assert "url(" not in page


@pytest.mark.typesets
@pytest.mark.skipif(not pdf.is_possible(), reason="LEFT OUT: there is no Pango on this machine")
def test_a_pdf_is_set_of_them():
    text = text_of_pdf(pdf.as_pdf(paper_of(TEXTS)))
    assert "owned()" in text


def test_in_plain_text_nobodys_words_begin_a_statement():
    text = plain_text.as_text(paper_of(["1. A statement\n2. Another\n  [1] Someone else", "x\n\n=====\nHeading", "y"]))
    assert "\n2. Another" not in text
    assert "\n=====" not in text


def test_marks_that_do_not_match_are_dropped():
    from plenara.documents.presenters.paper import name_runs

    assert name_runs("a \u2068b\u2069 c") == [("a ", False), ("b", True), (" c", False)]
    assert name_runs("\u2069a\u2068\u2068b") == [("a", False), ("b", True)]
    assert name_runs("") == []
