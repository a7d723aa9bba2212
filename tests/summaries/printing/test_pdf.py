"""A summary as a PDF: contents, languages, accessibility."""

import io
import signal

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from plenara.documents.models import DocumentEdition
from plenara.documents.presenters import pdf
from plenara.summaries.printing.presenters import summaries
from tests.summaries.printing.conftest import ARABIC, CHINESE, text_of_pdf

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.typesets,
    pytest.mark.once,
    pytest.mark.skipif(not pdf.is_possible(), reason="LEFT OUT: there is no Pango on this machine"),
]


@pytest.fixture(scope="module")
def printed(place):
    """The PDFs of the summary, in English and Arabic."""
    edition = DocumentEdition.objects.select_related("consultation", "summary").get(pk=place.published.pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "SECONDS", 600)  # whatever else runs on the machine
        return {language: pdf.as_pdf(summaries.summary_paper(edition, language)) for language in ("en", "ar")}


@pytest.fixture
def read(printed):
    """A function that returns the PDF in a language as read."""
    return lambda language: PdfReader(io.BytesIO(printed[language]))


def elements(reader):
    """Yield the elements of the structure of a PDF."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop()
        found = found.get_object() if isinstance(found, IndirectObject) else found
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            yield found
            if "/K" in found:
                waiting.append(found["/K"])


def test_it_is_tagged_and_tells_its_title_and_language(read, published):
    reader = read("ar")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ar"
    assert root["/MarkInfo"]["/Marked"]
    assert "[ar] What was said" in reader.metadata.title
    assert reader.metadata.subject == "Governing the Internet (ar)"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    kinds = {each.get("/S") for each in elements(reader)}
    assert {"/H1", "/H2", "/P", "/BlockQuote", "/Table", "/TH", "/Link"} <= kinds


def test_words_in_another_language_say_so(read):
    tags = {(each["/S"], each["/Lang"]) for each in elements(read("en")) if "/Lang" in each}
    assert ("/BlockQuote", "ar") in tags
    assert ("/BlockQuote", "zh-Hans") in tags


def test_every_citation_is_a_note_with_its_byline_words_and_address(printed, read, edition, voices):
    reader = read("en")
    text = text_of_pdf(printed["en"])
    assert "Aminata Diallo · Civil society · for Réseau Sahel Numérique (not verified) · Mali" in text, text
    assert "three weeks before a meeting" in text
    assert CHINESE in text.replace(" ", "")
    addresses = {
        link.get_object()["/A"]["/URI"]
        for page in reader.pages
        for link in page.get("/Annots", [])
        if "/A" in link.get_object() and "/URI" in link.get_object()["/A"]
    }
    for each in (edition, *voices):
        assert f"http://127.0.0.1:8000/s/{each.symbol}" in addresses
        assert f"/s/{each.symbol}" in text


def test_both_sides_of_a_disagreement_stand_in_it(read):
    text = " ".join(page.extract_text() for page in read("en").pages)
    assert "Three weeks are enough." in " ".join(text.split())
    assert "Three weeks are too short." in " ".join(text.split())
    assert "opposing view" in text


def test_pages_are_numbered_and_carry_the_symbol(read, published):
    pages = [" ".join(page.extract_text().split()) for page in read("en").pages]
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
        assert published.symbol in page


def test_the_same_summary_gives_the_same_bytes(printed, published):
    assert pdf.as_pdf(summaries.summary_paper(published, "en")) == printed["en"]


def test_arabic_words_are_set_in_arabic_type(read):
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in read("ar").pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Naskh" in name for name in fonts), fonts
    assert ARABIC not in fonts  # it is drawn, not named


def test_nothing_is_fetched_from_anywhere(tmp_path):
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">stolen</text></svg>')
    page = (
        f'<html lang="en"><head><title>T</title><link rel="stylesheet" href="file://{tmp_path}/x.css"></head><body>'
        f'<p>Words</p><img alt="" src="file://{tmp_path}/secret.svg"><img alt="" src="http://127.0.0.1:9/a.png"></body></html>'
    )
    made = pdf.typeset(page, identifier="x")
    assert "Words" in text_of_pdf(made)
    assert "stolen" not in text_of_pdf(made)


def test_a_page_that_takes_too_long_is_given_up(monkeypatch, caplog):
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(pdf.Unset):
        pdf.typeset("<p>Words</p>", identifier="x")
    assert [each.error for each in caplog.records] == ["TimeoutExpired"]


def test_the_log_says_how_setting_failed_and_nothing_of_the_page(monkeypatch, tmp_path, caplog):
    broken = tmp_path / "typesetter.py"
    broken.write_text("import sys\nraise MemoryError(sys.stdin.read())")
    monkeypatch.setattr(pdf, "TYPESETTER", broken)
    with pytest.raises(pdf.Unset):
        pdf.typeset("<p>Words</p>", identifier="x")
    (record,) = caplog.records
    assert (record.exit, record.error) == (1, "MemoryError")
    assert "Words" not in str(vars(record))


def test_a_library_that_crashes_is_tried_once_more_and_the_log_says_where(monkeypatch, tmp_path, caplog):
    crashes = tmp_path / "typesetter.py"
    first = tmp_path / "first"
    first.touch()
    crashes.write_text(
        f"import faulthandler, os\nif os.path.exists({str(first)!r}):\n"
        f"    os.unlink({str(first)!r})\n    faulthandler._sigsegv()\nprint('%PDF-1.7')"
    )
    monkeypatch.setattr(pdf, "TYPESETTER", crashes)
    assert pdf.typeset("<p>Words</p>", identifier="x").startswith(b"%PDF-")
    (record,) = caplog.records
    assert (record.exit, "line 4" in record.error) == (-signal.SIGSEGV, True)

    crashes.write_text("import faulthandler\nfaulthandler._sigsegv()")
    with pytest.raises(pdf.Unset):
        pdf.typeset("<p>Words</p>", identifier="x")
    assert len(caplog.records) == 3
