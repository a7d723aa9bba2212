"""A published summary with both sides of a disagreement, in English and Arabic, and what was printed of it."""

import io

import pytest

from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition, Side
from plenara.ledger.errands import run_all
from tests import world
from tests.summaries import making

BASE = "/{}/consultations/internet-governance/summaries/1/summary.{}"
PACKS = "/en/desk/consultations/internet-governance/packs/"
ARABIC = "يجب أن تصل الوثائق قبل ثلاثة أسابيع من الاجتماع."
CHINESE = "文件应当在会议之前三周送达。"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of its own, so that nothing is kept from another test."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def voices(moderator, thread):
    """Contributions in Arabic and Chinese, by people with names in those scripts."""
    speakers = (("سمير حداد", "ar", ARABIC), ("陈立文", "zh", CHINESE))
    thread.consultation.languages = ["ar", "en", "fr", "zh"]
    thread.consultation.save(update_fields=["languages"])
    return [
        world.published(world.person(name, country="EG"), moderator, thread, text, code)
        for name, code, text in speakers
    ]


@pytest.fixture
def published(rapporteur, organizer, translator, summary, statement, voices):
    """A summary with a concern and a disagreement, in English and Arabic."""
    made = document_actions.add_paragraph(
        actor=rapporteur,
        document=summary.document,
        kind="disagreement",
        text="Three weeks are enough.",
        against="Three weeks are too short.",
        heading="Time",
    )
    for edition, words, side in ((voices[0], ARABIC, Side.HELD), (voices[1], CHINESE, Side.AGAINST)):
        document_actions.cite(actor=rapporteur, paragraph=made, edition=edition, words=words, side=side)
    making.reviewed(translator, rapporteur, summary.document, "ar")
    found = making.published(rapporteur, organizer, making.fresh(summary))
    return DocumentEdition.objects.select_related("consultation", "summary").get(pk=found.pk)


@pytest.fixture
def printed(published):
    """That summary once what was owed is done."""
    run_all()
    return published


def text_of_pdf(content: bytes) -> str:
    """Return the words of a PDF, on one line."""
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def text_of_docx(content: bytes) -> str:
    """Return all the words of a Word document, its footnotes too."""
    import zipfile
    from xml.etree import ElementTree

    with zipfile.ZipFile(io.BytesIO(content)) as files:
        parts = [files.read(f"word/{name}.xml") for name in ("document", "footnotes")]
    return " ".join("".join(ElementTree.fromstring(part).itertext()) for part in parts)


def body(answer) -> bytes:
    """Return what an answer holds, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
